import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { SHORTCUTS } from '../renderer/app/shortcuts.ts';
import { menuTemplate, NEEDS_CASE } from './menu-template.ts';

function flat(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}
const template = (platform: NodeJS.Platform, packaged = true, command: (id: string) => void = () => undefined) => menuTemplate({ platform, packaged, command });

describe('menu', () => {
  it('shows the keys that the window listens to', () => {
    const commands = flat(template('linux')).filter((item) => item.id !== undefined);
    expect(commands.length).toBeGreaterThan(10);
    for (const { id, accelerator } of commands) {
      const shortcut = SHORTCUTS.find((candidate) => candidate.id === id);
      const shown = accelerator?.replace('CmdOrCtrl', 'mod').toLowerCase();
      expect(shortcut, id).toBeDefined();
      expect(shown, id).toBe(shortcut?.keys[0]);
    }
  });

  it('does not take the keys of its commands away from the window', () => {
    for (const item of flat(template('linux')).filter(({ id, accelerator }) => id !== undefined && accelerator !== undefined)) expect(item.registerAccelerator, item.id).toBe(false);
  });

  it('sends its own command', () => {
    const sent: string[] = [];
    for (const item of flat(template('linux', true, (id) => sent.push(id)))) {
      if (item.id !== undefined) (item.click as () => void)();
    }
    expect(sent).toEqual(flat(template('linux')).flatMap(({ id }) => id ?? []));
  });

  it('starts with what needs a case greyed out', () => {
    const grey = flat(template('linux')).filter(({ enabled }) => enabled === false).map(({ id }) => id);
    expect(new Set(grey)).toEqual(new Set<string | undefined>(NEEDS_CASE));
  });

  it('offers developer tools from a clone only', () => {
    const roles = (packaged: boolean) => flat(template('linux', packaged)).map(({ role }) => role);
    expect(roles(true)).not.toContain('toggleDevTools');
    expect(roles(false)).toContain('toggleDevTools');
  });
});
