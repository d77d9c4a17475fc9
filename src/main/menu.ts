import { Menu } from 'electron';
import { menuTemplate, NEEDS_CASE } from './menu-template.ts';
import type { MenuOptions } from './menu-template.ts';

export interface AppMenu {
  /** Greys out what needs an open case. */
  setCaseOpen(open: boolean): void;
}

/** Puts the menu bar on the window (on a Mac: the screen). */
export function installMenu(options: MenuOptions): AppMenu {
  const menu = Menu.buildFromTemplate(menuTemplate(options));
  Menu.setApplicationMenu(menu);
  return {
    setCaseOpen(open) {
      for (const id of NEEDS_CASE) {
        const found = menu.getMenuItemById(id);
        if (found) found.enabled = open;
      }
    },
  };
}
