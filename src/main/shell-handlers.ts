/** What the window may ask of the shell: dialogs, files the user chose to save, PDF, theme. */
import fs from 'node:fs';
import path from 'node:path';
import { app, dialog, nativeTheme, shell } from 'electron';
import type { BrowserWindow, FileFilter } from 'electron';
import type { ShellHandlers } from '../shared/contract/index.ts';
import { TidemarkError } from '../shared/contract/rpc.ts';
import { writeAtomically } from './atomic-write.ts';
import { CASE_EXTENSION } from './start-arguments.ts';
import type { Start } from './start-arguments.ts';
import { createGrants } from './grants.ts';
import { printPdf } from './pdf.ts';
import type { SettingsFile } from './settings.ts';

export interface ShellOptions {
  window: () => BrowserWindow;
  settings: SettingsFile;
  /** what the program was started with and has not been opened yet */
  start: () => Start;
  restartEngine: () => void;
}

export function shellHandlers(options: ShellOptions): ShellHandlers {
  const grants = createGrants();
  return {
    shell: {
      async pickFiles({ title, folders, multiple, extensions }) {
        const { canceled, filePaths } = await dialog.showOpenDialog(options.window(), {
          title,
          properties: [folders ? 'openDirectory' : 'openFile', ...(multiple ? (['multiSelections'] as const) : [])],
          filters: folders ? [] : filtersOf(extensions),
        });
        return canceled || filePaths.length === 0 ? null : filePaths;
      },
      async pickSave({ title, suggestion, extensions }) {
        const { canceled, filePath } = await dialog.showSaveDialog(options.window(), {
          title,
          defaultPath: path.resolve(app.getPath('documents'), suggestion),
          filters: filtersOf(extensions),
        });
        if (canceled || !filePath) return null;
        const chosen = withExtension(filePath, extensions);
        // The dialog asked about the name that was typed; the one with the extension may be another file's.
        if (chosen !== filePath && fs.existsSync(chosen) && !(await mayReplace(options.window(), chosen))) return null;
        grants.add(chosen);
        return chosen;
      },
      async printPdf({ html, path: file, title }) {
        return await printPdf(html, grants.require(file), title).catch(explain(file));
      },
      async writeText({ path: file, text }) {
        const granted = grants.require(file);
        return await Promise.resolve().then(() => ({ bytes: writeAtomically(granted, text) })).catch(explain(file));
      },
      showInFolder({ path: file }) {
        if (!path.isAbsolute(file) || !fs.existsSync(file)) throw new TidemarkError('not_found', `${file} is not there any more.`);
        shell.showItemInFolder(path.normalize(file));
      },
      setTheme({ theme }) {
        nativeTheme.themeSource = theme;
        options.settings.set({ theme });
      },
      restartEngine: () => options.restartEngine(),
      about() {
        const start = options.start();
        return {
          version: app.getVersion(),
          electron: process.versions.electron,
          chrome: process.versions.chrome,
          platform: process.platform,
          defaultCaseFolder: caseFolder(),
          startPaths: start.paths,
          startCase: start.case,
          theme: options.settings.get().theme,
        };
      },
    },
  };
}

/** Where cases go that nobody named a place for; made when it is first asked for, '' where it cannot be. */
function caseFolder(): string {
  const folder = path.join(app.getPath('documents'), 'Tidemark');
  try {
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    console.error(`cannot make ${folder}:`, error);
    return '';
  }
}

function filtersOf(extensions: readonly string[]): FileFilter[] {
  if (extensions.length === 0) return [];
  const name = extensions.includes(CASE_EXTENSION.slice(1)) ? 'Tidemark case' : extensions.map((extension) => extension.toUpperCase()).join(', ');
  return [{ name, extensions: [...extensions] }, { name: 'All files', extensions: ['*'] }];
}

/** Adds the first extension to a name that was typed without any of them (GTK's dialog does not). */
function withExtension(file: string, extensions: readonly string[]): string {
  if (extensions.length === 0 || extensions.some((extension) => file.toLowerCase().endsWith(`.${extension.toLowerCase()}`))) return file;
  return `${file}.${extensions[0]}`;
}

async function mayReplace(window: BrowserWindow, file: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: `${path.basename(file)} exists already. Replace it?`,
    detail: file,
    buttons: ['Cancel', 'Replace'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Make room, or choose another place.',
  EACCES: 'You may not write there. Choose another place.',
  EPERM: 'You may not write there. Choose another place.',
  EROFS: 'That disk can only be read. Choose another place.',
  ENOENT: 'The folder is not there any more. Choose another place.',
  EISDIR: 'That is a folder. Choose a file name.',
};
/** Turns an error of the file system into one that says what to do. */
function explain(file: string): (error: unknown) => never {
  return (error) => {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (error instanceof TidemarkError || !(code in REASONS)) throw error;
    throw new TidemarkError(code === 'ENOSPC' ? 'disk_full' : 'permission', `${file} could not be written. ${REASONS[code]}`);
  };
}
