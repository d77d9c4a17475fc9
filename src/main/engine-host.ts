/** Starts the engine process, watches it, starts it again when it dies, and hands out ports to it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MessageChannelMain, utilityProcess } from 'electron';
import type { MessagePortMain, UtilityProcess } from 'electron';
import { makeClient } from '../shared/contract/client.ts';
import { engineContract } from '../shared/contract/index.ts';
import type { EngineClient } from '../shared/contract/index.ts';
import { fromPortMain } from '../shared/contract/port-main.ts';
import type { ToEngine } from '../shared/engine-process.ts';
import engineFlags from './engine-flags.json' with { type: 'json' };
import { createRestartPolicy } from './restart-policy.ts';

interface EngineState {
  state: 'running' | 'restarting' | 'dead';
  message: string;
}
export interface EngineHostOptions {
  /** out/main/engine.js */
  script: string;
  dataDir: string;
  version: string;
  /** what the engine writes to its standard error is kept here */
  logFile: string;
  onState: (state: EngineState) => void;
  /** called for every engine that is started, before anybody is told that it runs */
  onStarted: (client: EngineClient) => Promise<void> | void;
}
export interface EngineHost {
  /** A new port to the running engine, for the window; null while there is none. */
  port(): MessagePortMain | null;
  /** The shell's own line to the running engine; null while there is none. */
  client(): EngineClient | null;
  /** Starts it now, however often it died. */
  restart(): void;
  /** Has it write everything down and end. Resolves when it has ended, at the latest after some seconds. */
  stop(): Promise<void>;
}

/** A checkpoint of a large case takes its time; a hung engine must not keep the program open for ever. */
const STOP_MS = 10_000;

export function createEngineHost(options: EngineHostOptions): EngineHost {
  const policy = createRestartPolicy();
  let child: UtilityProcess | null = null;
  let client: EngineClient | null = null;
  let timer: NodeJS.Timeout | null = null;
  let stopping: Promise<void> | null = null;

  function connect(to: UtilityProcess): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain();
    to.postMessage({ type: 'port' } satisfies ToEngine, [port2]);
    return port1;
  }

  function start(): void {
    timer = null;
    const execArgv = [`--js-flags=${engineFlags.join(' ')}`];
    const started = utilityProcess.fork(options.script, [], { execArgv, serviceName: 'Tidemark engine', stdio: ['ignore', 'inherit', 'pipe'], env: environment() });
    child = started;
    const lastWords = keepLog(started, options.logFile);
    started.postMessage({ type: 'init', dataDir: options.dataDir, version: options.version, user: userName() } satisfies ToEngine);
    const own = makeClient(engineContract, fromPortMain(connect(started)));
    client = own;
    started.once('exit', (code) => {
      if (child !== started) return;
      child = null;
      client = null;
      if (stopping) return;
      const reason = `It ended with code ${code}${lastWords() ? `: ${lastWords()}` : ''}.`;
      const delay = policy.next();
      if (delay === null) {
        options.onState({ state: 'dead', message: `${reason} It was started three times within a minute and ended each time. The log is ${options.logFile}.` });
        return;
      }
      options.onState({ state: 'restarting', message: reason });
      timer = setTimeout(start, delay);
    });
    Promise.resolve(options.onStarted(own)).then(
      () => child === started && options.onState({ state: 'running', message: '' }),
      (error: unknown) => console.error('the engine started, but what was open could not be opened again:', error),
    );
  }

  start();
  return {
    port: () => (child ? connect(child) : null),
    client: () => client,
    restart() {
      policy.reset();
      if (child || timer || stopping) return;
      options.onState({ state: 'restarting', message: '' });
      start();
    },
    stop() {
      stopping ??= new Promise((resolve) => {
        if (timer) clearTimeout(timer);
        const ending = child;
        if (!ending) {
          resolve();
          return;
        }
        const kill = setTimeout(() => {
          console.error('the engine did not end in time and was stopped; everything committed is kept');
          ending.kill();
          resolve();
        }, STOP_MS);
        ending.once('exit', () => {
          clearTimeout(kill);
          resolve();
        });
        ending.postMessage({ type: 'close' } satisfies ToEngine);
      });
      return stopping;
    },
  };
}

/** The engine's environment: an addon that was packed for this very Electron is used where there is one. */
function environment(): NodeJS.ProcessEnv {
  const packed = path.join(process.resourcesPath, 'native', 'better_sqlite3.node');
  if (process.env.TIDEMARK_SQLITE_BINDING || !fs.existsSync(packed)) return process.env;
  return { ...process.env, TIDEMARK_SQLITE_BINDING: packed };
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A user id without an entry in the system's list (containers).
    return process.env.USER ?? process.env.USERNAME ?? '';
  }
}

/** Copies standard error to the log and to ours. Returns the way to ask for the last line that tells something. */
function keepLog(child: UtilityProcess, file: string): () => string {
  let tail = '';
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const log = fs.createWriteStream(file, { flags: 'a' });
  log.on('error', (error) => console.error(`cannot write ${file}: ${error.message}`));
  log.write(`--- engine started ${new Date().toISOString()}\n`);
  child.stderr?.on('data', (chunk: Buffer) => {
    log.write(chunk);
    process.stderr.write(chunk);
    tail = (tail + chunk.toString('utf8')).slice(-4096);
  });
  child.once('exit', () => log.end());
  return () => /^\s*(?:\w*Error\b.*)$/m.exec(tail)?.[0].trim().slice(0, 300) ?? '';
}
