/** What goes to the terminal or the pipe. */
import type { Writable } from 'node:stream';
import { splitUnsafe } from '../../shared/unsafe-text.ts';

/** The reader of our output has gone (`| head`): stop quietly. */
export class PipeClosed extends Error {}

export interface Output {
  /** Writes text as it is; resolves when more may come. Throws PipeClosed when nobody reads any more. */
  text(text: string): Promise<void>;
  /** One JSON value on a line of its own. */
  json(value: unknown): Promise<void>;
  /** Resolves when everything has left. */
  end(): Promise<void>;
}

/** Rows are gathered to writes of about this many characters. */
const CHUNK = 64 * 1024;

export function createOutput(stream: Writable): Output {
  let failure: Error | null = null;
  let waiting = '';
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure = error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' ? new PipeClosed() : error;
  });
  const flush = async (): Promise<void> => {
    const chunk = waiting;
    waiting = '';
    if (chunk) await new Promise<void>((resolve) => stream.write(chunk, () => resolve()));
    if (failure) throw failure;
  };
  const text = async (more: string): Promise<void> => {
    waiting += more;
    if (waiting.length >= CHUNK || failure) await flush();
  };
  return { text, json: async (value) => await text(`${JSON.stringify(value)}\n`), end: flush };
}

/** Text from data for a terminal: one line, control characters and what reorders text as marks, so that nothing in a log can act. */
export function visible(text: string): string {
  return splitUnsafe(text.replaceAll('\n', '⏎').replaceAll('\t', ' ')).map((part) => (part.kind === 'text' ? part.text : `‹${part.text}›`)).join('');
}

/** Cells wider than this are cut in tables; --json has them whole. */
const MAX_CELL = 120;

export interface Column {
  title: string;
  align?: 'right';
}
/** A table with one line a row; the last column is not padded and not cut. Cells are made visible. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => row.map((cell, i) => (i < columns.length - 1 ? cut(visible(cell)) : visible(cell))));
  const widths = columns.map(({ title }, i) => shown.reduce((most, row) => Math.max(most, widthOf(row[i])), widthOf(title)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => {
      const padding = ' '.repeat(Math.max(0, widths[i] - widthOf(cell)));
      if (columns[i].align === 'right') return padding + cell;
      return i === columns.length - 1 ? cell : cell + padding;
    }).join('  ').trimEnd();
  return [line(columns.map(({ title }) => title)), ...shown.map(line)].map((text) => `${text}\n`).join('');
}
const widthOf = (text: string): number => [...text].length;
const cut = (text: string): string => (text.length <= MAX_CELL ? text : `${[...text].slice(0, MAX_CELL - 1).join('')}…`);

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });
/** 1,204,331 */
export function count(value: number): string {
  return grouped.format(value);
}
const TIME_UNITS = [[86_400e6, 'd'], [3600e6, 'h'], [60e6, 'min'], [1e6, 's']] as const;
/** Microseconds in the two largest units that count, whole seconds: "2 h 13 min". */
export function timeSpan(microseconds: number): string {
  const index = TIME_UNITS.findIndex(([size]) => microseconds >= size);
  if (index < 0) return `${(microseconds / 1e6).toFixed(3)} s`;
  const [size, unit] = TIME_UNITS[index];
  const large = Math.floor(microseconds / size);
  const next = TIME_UNITS[index + 1];
  const small = next ? Math.floor((microseconds - large * size) / next[0]) : 0;
  return `${count(large)} ${unit}${next && small > 0 ? ` ${small} ${next[1]}` : ''}`;
}
const BYTE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];
/** 4.2 MB */
export function bytes(value: number): string {
  let unit = 0;
  let amount = value;
  for (; amount >= 1000 && unit < BYTE_UNITS.length - 1; unit++) amount /= 1000;
  return `${unit === 0 ? amount : amount.toFixed(amount < 10 ? 1 : 0)} ${BYTE_UNITS[unit]}`;
}
