/** tidemark: the engine on the command line. Standard output is the answer alone; everything else goes to standard error. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { TidemarkError } from '../../shared/contract/rpc.ts';
import { nowMicros } from '../../shared/time.ts';
import { createEngine } from '../engine/engine.ts';
import type { Engine } from '../engine/engine.ts';
import { parseArguments, UsageError } from './arguments.ts';
import { helpOf } from './command.ts';
import type { Command } from './command.ts';
import { COMMANDS } from './commands/registry.ts';
import { createOutput, PipeClosed } from './output.ts';
import { explainError } from './scope.ts';

const BAD_INPUT = 1;
const WRONG_USAGE = 2;
const INTERRUPTED = 130;

const HERE = fileURLToPath(new URL('./', import.meta.url));

/** From the nearest package.json above: the sources and the bundle lie at different depths. */
function toolVersion(): string {
  for (let folder = HERE; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (fs.existsSync(file)) return (JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version;
  }
  return '0';
}

/** The same folder as the window's, so that both know the same recent cases and declared formats. */
function dataDir(): string {
  const home = os.homedir();
  const base =
    process.platform === 'darwin' ? path.join(home, 'Library', 'Application Support')
    : process.platform === 'win32' ? (process.env.APPDATA ?? path.join(home, 'AppData', 'Roaming'))
    : (process.env.XDG_CONFIG_HOME ?? path.join(home, '.config'));
  return path.join(base, 'Tidemark', 'engine');
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A user id without an entry in the system's list (containers).
    return process.env.USER ?? '';
  }
}

/** The application packed for an Electron that needs an addon of its own has it beside itself. */
function choosePackedAddon(): void {
  const file = path.join(path.dirname(process.execPath), 'resources', 'native', 'better_sqlite3.node');
  if (process.versions.electron && !process.env.TIDEMARK_SQLITE_BINDING && fs.existsSync(file)) process.env.TIDEMARK_SQLITE_BINDING = file;
}

function helpText(): string {
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(9)} ${summary}`);
  return `tidemark COMMAND ...   (tidemark COMMAND --help tells more)\n\n${lines.join('\n')}\n`;
}

async function run(command: Command, words: readonly string[]): Promise<number> {
  const args = parseArguments(words, command.options);
  const out = createOutput(process.stdout);
  if (args.switches.has('help')) {
    await out.text(helpOf(command));
    await out.end();
    return 0;
  }
  const abort = new AbortController();
  const interrupt = (): void => {
    // Once asks, twice insists: what was committed is safe either way.
    if (abort.signal.aborted) process.exit(INTERRUPTED);
    abort.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  let engine: Engine | null = null;
  const live = process.stderr.isTTY;
  try {
    const code = await command.run(args, {
      engine: () => (engine ??= createEngine({ dataDir: dataDir(), workerDir: new URL('./', import.meta.url), toolVersion: toolVersion(), user: userName() })),
      out,
      note: (text) => void process.stderr.write(`${text}\n`),
      progress: (text) => void (live && process.stderr.write(`\r\u001b[K${text.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1))}`)),
      signal: abort.signal,
      json: args.switches.has('json'),
      now: nowMicros(),
    });
    await out.end();
    return abort.signal.aborted ? INTERRUPTED : code;
  } catch (error) {
    if (error instanceof PipeClosed) return 0;
    if (abort.signal.aborted) return INTERRUPTED;
    throw error;
  } finally {
    await (engine as Engine | null)?.close();
  }
}

/** The text a query error's position is about. */
function queryOf(command: Command, words: readonly string[]): string {
  const { values, positionals } = parseArguments(words, command.options);
  return values.pin ?? positionals.slice(1).join(' ');
}

async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process[name === undefined ? 'stderr' : 'stdout'].write(helpText());
    return name === undefined ? WRONG_USAGE : 0;
  }
  if (name === '--version') {
    process.stdout.write(`${toolVersion()}\n`);
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  try {
    if (!command) throw new UsageError(`There is no command "${name}". There are: ${COMMANDS.map((known) => known.name).join(', ')}.`);
    return await run(command, rest);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n${command ? `usage: tidemark ${command.usage}\n` : ''}`);
      return WRONG_USAGE;
    }
    if (error instanceof TidemarkError) process.stderr.write(`${explainError(error, command ? queryOf(command, rest) : '')}\n`);
    else process.stderr.write(`${error instanceof Error ? (process.env.TIDEMARK_DEBUG ? error.stack : error.message) : String(error)}\n`);
    return BAD_INPUT;
  }
}

choosePackedAddon();
process.exitCode = await main(process.argv.slice(2));
