/** What is in the menu bar, as data. Its commands go to the window, which has the one table of what they do (and of their keys). */
import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../shared/contract/shell.ts';

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' };

/** Commands that need an open case; greyed out without one. */
export const NEEDS_CASE: readonly MenuCommand[] = ['case.close', 'case.copy', 'ingest.paste', 'edit.undo', 'edit.redo', 'report.incident', 'export.events'];

export interface MenuOptions {
  platform: NodeJS.Platform;
  /** developer tools and reload are offered when running from a clone */
  packaged: boolean;
  command: (command: MenuCommand) => void;
}

export function menuTemplate({ platform, packaged, command }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  /**
   * The accelerator is shown, not registered: keys reach the window first, which knows whether a text field has the focus,
   * and must not run a command a second time. (A Mac registers it in any case, and only for keys the window left alone.)
   */
  const item = (id: MenuCommand, label: string, accelerator?: string): MenuItemConstructorOptions => ({
    id,
    label,
    enabled: !NEEDS_CASE.includes(id),
    ...(accelerator ? { accelerator, registerAccelerator: false } : {}),
    click: () => command(id),
  });
  const developer: MenuItemConstructorOptions[] = packaged ? [] : [SEPARATOR, { role: 'reload', accelerator: 'F5' }, { role: 'toggleDevTools', accelerator: 'F12' }];
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        item('case.new', 'New Case…', 'CmdOrCtrl+N'),
        item('case.open', 'Open Case…', 'CmdOrCtrl+O'),
        item('case.copy', 'Copy Case to a File…'),
        item('case.close', 'Close Case', 'CmdOrCtrl+W'),
        ...(mac ? [] : [SEPARATOR, { role: 'quit' } as const]),
      ],
    },
    {
      label: '&Edit',
      submenu: [
        item('edit.undo', 'Undo', 'CmdOrCtrl+Z'),
        item('edit.redo', 'Redo', 'CmdOrCtrl+Shift+Z'),
        SEPARATOR,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        item('view.palette', 'Command Palette…', 'CmdOrCtrl+K'),
        SEPARATOR,
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'resetZoom' },
        { role: 'togglefullscreen' },
        ...developer,
      ],
    },
    {
      label: '&Case',
      submenu: [
        item('ingest.files', 'Add Files…', 'CmdOrCtrl+I'),
        item('ingest.folder', 'Add a Folder…', 'CmdOrCtrl+Shift+I'),
        item('ingest.paste', 'Add Pasted Text…', 'CmdOrCtrl+Shift+V'),
        SEPARATOR,
        item('report.incident', 'Incident Report…', 'CmdOrCtrl+P'),
        item('export.events', 'Export This Result…', 'CmdOrCtrl+E'),
      ],
    },
    {
      role: 'help',
      submenu: [item('view.shortcuts', 'Keyboard Shortcuts', '?'), ...(mac ? [] : [SEPARATOR, { role: 'about' } as const])],
    },
  ];
}
