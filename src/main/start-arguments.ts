/** What the program was started to do, read from its command line. */
import path from 'node:path';

export interface Start {
  kind: 'window';
  /** a case file to open, '' for none */
  case: string;
  /** files and folders to read into a new case */
  paths: string[];
}
export type Job =
  /** ingest without anybody watching: a case and a picture of it */
  | { kind: 'ingest'; out: string; paths: string[] }
  /** print an HTML file */
  | { kind: 'pdf'; html: string; out: string; title: string };

export const CASE_EXTENSION = '.tidemark';

/** Sorts files given by name: a case is opened (the last one, if there are several), everything else is read. */
export function startOf(paths: readonly string[]): Start {
  const cases = paths.filter((given) => given.toLowerCase().endsWith(CASE_EXTENSION));
  if (cases.length > 0) return { kind: 'window', case: cases[cases.length - 1], paths: [] };
  return { kind: 'window', case: '', paths: [...paths] };
}

/**
 * Reads process.argv. Chromium's and Node's own switches may stand anywhere before `--` and are passed over; paths are relative to `cwd`.
 * `appPath` is the application's folder where it is an argument itself (`electron FOLDER ...`), else ''.
 */
export function parseStart(argv: readonly string[], cwd: string, appPath: string): Start | Job {
  const options = new Map<string, string>();
  const paths: string[] = [];
  const rest = argv.slice(1);
  let skipApp = appPath !== '';
  for (let i = 0; i < rest.length; i++) {
    const argument = rest[i];
    if (argument === '--') {
      paths.push(...rest.slice(i + 1));
      break;
    }
    if (OPTIONS.has(argument)) options.set(argument, rest[++i] ?? '');
    else if (argument.startsWith('-')) options.set(argument, '');
    else if (skipApp && path.resolve(cwd, argument) === path.resolve(appPath)) skipApp = false;
    else paths.push(argument);
  }
  const absolute = paths.map((given) => path.resolve(cwd, given));
  const option = (name: string): string => {
    const value = options.get(name);
    if (!value) throw new StartError(`${name} is missing.`);
    return value;
  };
  if (options.has('--headless-job')) {
    if (absolute.length === 0) throw new StartError('No file or folder to read was given.');
    return { kind: 'ingest', out: path.resolve(cwd, option('--out')), paths: absolute };
  }
  if (options.has('--pdf-job')) {
    return { kind: 'pdf', html: path.resolve(cwd, option('--html')), out: path.resolve(cwd, option('--out')), title: option('--title') };
  }
  return startOf(absolute);
}

/** Options that are followed by their value. */
const OPTIONS = new Set(['--out', '--html', '--title']);

export class StartError extends Error {}
