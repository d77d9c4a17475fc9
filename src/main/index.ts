/** The shell: one window, one engine, and the lines between them. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, MessageChannelMain, nativeTheme, protocol } from 'electron';
import { shellContract } from '../shared/contract/index.ts';
import type { CaseInfo } from '../shared/contract/cases.ts';
import type { EngineClient, ShellContract } from '../shared/contract/index.ts';
import { fromPortMain } from '../shared/contract/port-main.ts';
import { serve } from '../shared/contract/serve.ts';
import type { Served } from '../shared/contract/serve.ts';
import { APP_SCHEME } from './app-protocol.ts';
import { createEngineHost } from './engine-host.ts';
import { runHeadlessJob } from './headless-job.ts';
import { installMenu } from './menu.ts';
import { printPdf } from './pdf.ts';
import { openSettings } from './settings.ts';
import { shellHandlers } from './shell-handlers.ts';
import { parseStart, startOf, StartError } from './start-arguments.ts';
import type { Job, Start } from './start-arguments.ts';
import { builtFiles, openWindow } from './window.ts';
import type { AppWindow } from './window.ts';

const NOTHING: Start = { kind: 'window', case: '', paths: [] };

function readArguments(): Start | Job {
  try {
    return parseStart(process.argv, process.cwd(), app.isPackaged ? '' : app.getAppPath());
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

/** Opens the workbench. `ready` tells when both the page and the engine answer. */
function openWorkbench(start: Start, unattended: boolean): { window: AppWindow; ready: Promise<EngineClient> } {
  const files = builtFiles(path.dirname(fileURLToPath(import.meta.url)));
  const userData = app.getPath('userData');
  const settings = openSettings(path.join(userData, 'settings.json'), (error) => console.error('settings:', error));
  nativeTheme.themeSource = settings.get().theme;

  let pending = start;
  /** the case that is open, to be opened again after the engine died */
  let openCase: { path: string; readOnly: boolean } | null = null;
  let page: Served<ShellContract> | null = null;
  let engineWasDown = false;
  let engineIsUp: (client: EngineClient) => void = () => undefined;
  let pageIsUp: () => void = () => undefined;
  const ready = Promise.all([
    new Promise<EngineClient>((resolve) => (engineIsUp = resolve)),
    new Promise<void>((resolve) => (pageIsUp = resolve)),
  ]).then(([client]) => client);

  function opened(info: CaseInfo | null): void {
    openCase = info && { path: info.path, readOnly: info.readOnly };
    // What the program was started with has been taken up; a page that is loaded again must not do it again.
    if (info) pending = NOTHING;
    menu.setCaseOpen(info !== null);
    window.setCase(info?.name ?? null, info?.path ?? '');
  }

  const menu = installMenu({ platform: process.platform, packaged: app.isPackaged, command: (command) => page?.emit('shell', 'command', command) });
  const handlers = shellHandlers({ window: () => window.browser, settings, start: () => pending, restartEngine: () => host.restart() });
  const window = openWindow({
    preload: files.preload,
    pageFolder: files.page,
    settings,
    unattended,
    onReady() {
      page?.close();
      const shellLine = new MessageChannelMain();
      page = serve(shellContract, handlers, fromPortMain(shellLine.port1), { onInternal: (call, error) => console.error(call, error) });
      // Without an engine the page gets a line that leads nowhere, and the next engine's as soon as there is one.
      window.sendPorts('ports', [host.port() ?? new MessageChannelMain().port1, shellLine.port2]);
      pageIsUp();
    },
  });

  const host = createEngineHost({
    script: files.engine,
    dataDir: path.join(userData, 'engine'),
    version: app.getVersion(),
    logFile: path.join(userData, 'logs', 'engine.log'),
    onState(state) {
      // The first engine's port went to the page when it asked for its ports.
      if (state.state === 'running' && engineWasDown) {
        const port = host.port();
        if (port) window.sendPorts('engine-port', [port]);
      }
      engineWasDown = state.state !== 'running';
      page?.emit('shell', 'engineState', state);
    },
    async onStarted(client) {
      client.cases.onOpened(opened);
      const last = openCase;
      // Forgotten before it is opened again: a case on which the engine dies at once is not tried twice.
      opened(null);
      if (last) await client.cases.open(last).catch((error: unknown) => console.error(`${last.path} could not be opened again:`, error));
      engineIsUp(client);
    },
  });

  /** Somebody started the program again, or double-clicked a case. */
  function openPaths(paths: readonly string[]): void {
    window.focus();
    if (paths.length > 0) page?.emit('shell', 'openPaths', [...paths]);
  }
  app.on('second-instance', (_event, _argv, _cwd, data) => {
    const second = data as Start;
    openPaths(second.case ? [second.case] : second.paths);
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    if (page) openPaths([file]);
    else pending = startOf([file]);
  });
  app.on('window-all-closed', () => app.quit());
  quitAfter(() => host.stop());
  return { window, ready };
}

/** Holds quitting back until the engine has written everything down. */
function quitAfter(stop: () => Promise<void>): void {
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
}

/** Does a job that needs no person and ends with its exit code. */
async function runJob(job: Job): Promise<void> {
  // A profile of its own: a running workbench keeps the usual one locked.
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-job-'));
  app.setPath('userData', profile);
  process.on('exit', () => fs.rmSync(profile, { recursive: true, force: true, maxRetries: 3 }));
  await app.whenReady();
  let code = 1;
  try {
    if (job.kind === 'pdf') {
      // The hidden window is the only one; closing it must not end the program before the file is written.
      app.on('window-all-closed', () => undefined);
      console.log(JSON.stringify(await printPdf(fs.readFileSync(job.html, 'utf8'), job.out, job.title)));
      code = 0;
    } else {
      const { window, ready } = openWorkbench(NOTHING, true);
      code = await runHeadlessJob(await ready, window.browser, job.out, job.paths);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
  process.exitCode = code;
  app.once('quit', () => process.exit(code));
  app.quit();
}

// The name decides where settings lie; it is the same packed and from a clone.
app.setName('Tidemark');
app.setAboutPanelOptions({ applicationName: 'Tidemark', applicationVersion: app.getVersion(), copyright: 'Apache License 2.0. Source code and licences of its parts come with the program.' });
protocol.registerSchemesAsPrivileged([{ scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);

const start = readArguments();
if (start.kind !== 'window') {
  void runJob(start);
} else if (!app.requestSingleInstanceLock(start)) {
  // The workbench that runs already takes the paths.
  app.quit();
} else {
  let early = start;
  const remember = (event: Electron.Event, file: string): void => {
    event.preventDefault();
    early = startOf([file]);
  };
  // A Mac names the file that was double-clicked before the application is ready.
  app.on('open-file', remember);
  void app.whenReady().then(() => {
    app.off('open-file', remember);
    openWorkbench(early, false);
  });
}
