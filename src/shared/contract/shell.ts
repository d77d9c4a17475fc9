/** What the window asks of the main process (dialogs, PDF, theme); everything about data goes to the engine. */
import { z } from 'zod';
import { call, push } from './rpc.ts';

export type MenuCommand =
  | 'case.new' | 'case.open' | 'case.close' | 'case.copy' | 'ingest.files' | 'ingest.folder' | 'ingest.paste'
  | 'edit.undo' | 'edit.redo' | 'view.palette' | 'view.shortcuts' | 'report.incident' | 'export.events';

export const shell = {
  /** null when the user cancelled */
  pickFiles: call(z.object({ title: z.string(), folders: z.boolean().default(false), multiple: z.boolean().default(true), extensions: z.array(z.string()).default([]) })).returns<string[] | null>(),
  pickSave: call(z.object({ title: z.string(), suggestion: z.string(), extensions: z.array(z.string()) })).returns<string | null>(),
  /** Prints self-contained HTML to a PDF file through a hidden, scriptless window. */
  printPdf: call(z.object({ html: z.string(), path: z.string().min(1), title: z.string() })).returns<{ bytes: number; pages: number }>(),
  writeText: call(z.object({ path: z.string().min(1), text: z.string() })).returns<{ bytes: number }>(),
  showInFolder: call(z.object({ path: z.string() })).returns<void>(),
  setTheme: call(z.object({ theme: z.enum(['system', 'dark', 'light']) })).returns<void>(),
  /** Starts the engine again after it died. */
  restartEngine: call(z.object({})).returns<void>(),
  about: call(z.object({})).returns<{ version: string; electron: string; chrome: string; platform: string; defaultCaseFolder: string; startPaths: string[]; startCase: string; theme: 'system' | 'dark' | 'light' }>(),
  command: push<MenuCommand>(),
  /** Files and folders the program was given while it runs (started a second time, a case double-clicked): a case file to open, or evidence to read. */
  openPaths: push<string[]>(),
  engineState: push<{ state: 'running' | 'restarting' | 'dead'; message: string }>(),
};
