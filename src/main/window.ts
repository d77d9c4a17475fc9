/** The workbench window: sandboxed, showing nothing but the application's own page. */
import path from 'node:path';
import { BrowserWindow, nativeTheme, screen, session } from 'electron';
import type { MessagePortMain, Session, WebContents } from 'electron';
import { APP_ORIGIN, APP_PAGE, APP_SCHEME, appFiles } from './app-protocol.ts';
import { createRestartPolicy } from './restart-policy.ts';
import type { SettingsFile } from './settings.ts';
import { boundsOn, MIN_HEIGHT, MIN_WIDTH } from './window-bounds.ts';

/** The ground of theme.css, so that the window does not flash in another colour before the page is drawn. */
const GROUND = { dark: '#12171b', light: '#ffffff' };

export interface WindowOptions {
  /** out/preload/index.cjs */
  preload: string;
  /** out/renderer */
  pageFolder: string;
  settings: SettingsFile;
  /** fixed size and always drawn, for a picture of it */
  unattended: boolean;
  /** the page is there (again) and wants its ports: the engine's (none while it is down) and the shell's */
  onReady: () => void;
}
export interface AppWindow {
  readonly browser: BrowserWindow;
  setCase(name: string | null, file: string): void;
  sendPorts(name: 'ports' | 'engine-port', ports: MessagePortMain[]): void;
  focus(): void;
}

export function openWindow(options: WindowOptions): AppWindow {
  const { settings, unattended } = options;
  lockDown(session.defaultSession, options.pageFolder);
  const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea);
  const bounds = unattended ? { x: 0, y: 0, width: 1600, height: 1000 } : boundsOn(areas, settings.get().bounds);
  const browser = new BrowserWindow({
    ...bounds,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    title: 'Tidemark',
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      // Figures and times in the window go on while another window is in front.
      backgroundThrottling: !unattended,
      navigateOnDragDrop: false,
    },
  });
  const { webContents } = browser;
  stayOnPage(webContents);
  reviveWhenGone(webContents);
  if (!unattended) rememberBounds(browser, settings);
  browser.once('ready-to-show', () => {
    if (!unattended && settings.get().maximised) browser.maximize();
    browser.show();
  });
  // The title is the case's name, whatever the page calls itself.
  browser.on('page-title-updated', (event) => event.preventDefault());
  webContents.ipc.on('tidemark:ready', (event) => {
    if (event.senderFrame === webContents.mainFrame && event.senderFrame?.origin === APP_ORIGIN) options.onReady();
  });
  void browser.loadURL(APP_PAGE);

  return {
    browser,
    setCase(name, file) {
      browser.setTitle(name === null ? 'Tidemark' : `${name} - Tidemark`);
      browser.setRepresentedFilename(file);
    },
    sendPorts(name, ports) {
      if (!webContents.isDestroyed()) webContents.postMessage(`tidemark:${name}`, null, ports);
    },
    focus() {
      if (browser.isMinimized()) browser.restore();
      browser.show();
      browser.focus();
    },
  };
}

/** Serves the page, and denies everything a page could ask for: permissions, devices, downloads, the network. */
function lockDown(target: Session, pageFolder: string): void {
  target.protocol.handle(APP_SCHEME, appFiles(pageFolder));
  // Copying to the clipboard from a click is the one thing the window asks for.
  target.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === 'clipboard-sanitized-write'));
  target.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  target.setDevicePermissionHandler(() => false);
  target.on('will-download', (event) => event.preventDefault());
  target.webRequest.onBeforeRequest((request, answer) => {
    const { protocol } = new URL(request.url);
    answer({ cancel: ![`${APP_SCHEME}:`, 'data:', 'blob:', 'devtools:'].includes(protocol) });
  });
}

/** No navigation, no second window, no webview: a link in the page or a dropped file leads nowhere. */
function stayOnPage(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => {
    if (event.url !== APP_PAGE) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame ? event.url !== APP_PAGE : !event.url.startsWith('about:')) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** A page whose process died is loaded again, but not for ever. */
function reviveWhenGone(contents: WebContents): void {
  const policy = createRestartPolicy();
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    console.error(`the window's process ended: ${reason}`);
    const delay = policy.next();
    if (delay !== null) setTimeout(() => contents.isDestroyed() || contents.reload(), delay);
  });
}

function rememberBounds(browser: BrowserWindow, settings: SettingsFile): void {
  browser.on('close', () => settings.set({ bounds: browser.getNormalBounds(), maximised: browser.isMaximized() }));
}

/** Paths of what the build made, seen from out/main. */
export function builtFiles(mainFolder: string): { engine: string; preload: string; page: string } {
  return {
    engine: path.join(mainFolder, 'engine.js'),
    preload: path.join(mainFolder, '..', 'preload', 'index.cjs'),
    page: path.join(mainFolder, '..', 'renderer'),
  };
}
