/**
 * InfluxDB line protocol (https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/):
 * `measurement,tag=value field=1.5,other=2i,text="…" 1465839830100400200`.
 * A field becomes the series measurement_field (as Telegraf names them for Prometheus), or measurement when it is called value.
 */
import type { SeriesHead } from '../series.ts';
import { lineBlocks, MAX_LINE_BYTES } from './line-blocks.ts';
import { CountingSink, epochGuess, HeadCache, makeHead, readNumber, Unreadable, type MetricParser } from './parser.ts';

/** A text field may hold line endings; one that goes over more lines is not closed. */
const MAX_TEXT_LINES = 200;

export const influx: MetricParser = {
  id: 'influx',
  title: 'InfluxDB line protocol',
  async read(chunks, sink) {
    const out = new CountingSink(sink);
    const heads = new HeadCache();
    /** lines of the block before that belong to a text field not closed yet */
    let open: OpenLines | undefined;
    for await (const block of lineBlocks(chunks)) {
      if (block.overlong) out.reject({ ...block.locate(0), reason: `The line is longer than ${MAX_LINE_BYTES >> 20} MiB.` });
      const pieces: Piece[] = [...(open?.pieces ?? []), ...block.lines.map((text, i) => ({ text, locate: () => block.locate(i) }))];
      open = undefined;
      for (let i = 0; i < pieces.length; ) {
        const { text } = pieces[i];
        if (text.trim() === '' || text.startsWith('#')) {
          i++;
          continue;
        }
        let used = 1;
        let reason = '';
        try {
          const line = readWhole(pieces, i, block.last || block.overlong);
          if (line === 'more') {
            open = { pieces: pieces.slice(i) };
            break;
          }
          used = line.used;
          emit(line.line, heads, out);
        } catch (error) {
          if (!(error instanceof Unreadable)) throw error;
          reason = error.message;
        }
        if (reason !== '') out.reject({ ...pieces[i].locate(), reason });
        i += used;
      }
    }
    return out.counts;
  },
};

interface Piece {
  text: string;
  locate: () => { offset: number; length: number; bytes: Uint8Array };
}
interface OpenLines {
  pieces: Piece[];
}

/** The line at pieces[i] with the following ones where a text goes on; 'more' when the next block has to be seen. */
function readWhole(pieces: readonly Piece[], i: number, final: boolean): { line: InfluxLine; used: number } | 'more' {
  let text = pieces[i].text;
  for (let used = 1; ; used++) {
    // Only a line with a quote can close the text.
    if (used === 1 || pieces[i + used - 1].text.includes('"')) {
      const line = readInfluxLine(text);
      if (line !== 'open') return { line, used };
    }
    if (used >= MAX_TEXT_LINES || text.length > MAX_LINE_BYTES || (final && i + used >= pieces.length)) throw new Unreadable('The quotes of a text field are not closed.');
    if (i + used >= pieces.length) return 'more';
    text += `\n${pieces[i + used].text}`;
  }
}

export interface InfluxLine {
  /** measurement and tags as they are written */
  key: string;
  fields: [name: string, value: number | string][];
  timeUs: number | null;
}

/** Reads one line; 'open' when it ends inside a text. Throws an Unreadable. */
export function readInfluxLine(line: string): InfluxLine | 'open' {
  const text = line.trimStart();
  const keyEnd = unescaped(text, 0, ' ');
  if (keyEnd >= text.length) throw new Unreadable('There are no fields behind the measurement.');
  const fields: [string, number | string][] = [];
  let at = keyEnd;
  while (text[at] === ' ') at++;
  for (;;) {
    const equals = unescaped(text, at, '= ,');
    if (text[equals] !== '=' || equals === at) throw new Unreadable('A field is not written as name=value.');
    const name = unescape(text.slice(at, equals));
    at = equals + 1;
    let end: number;
    if (text[at] === '"') {
      end = at + 1;
      while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
      if (end >= text.length) return 'open';
      fields.push([name, text.slice(at + 1, end).replace(/\\(["\\])/g, '$1')]);
      end++;
    } else {
      end = unescaped(text, at, ', ');
      fields.push([name, fieldValue(text.slice(at, end))]);
    }
    at = end;
    if (text[at] === ',') at++;
    else if (at >= text.length || text[at] === ' ') break;
    else throw new Unreadable('There is something behind the quotes of a text field.');
  }
  return { key: text.slice(0, keyEnd), fields, timeUs: timeOf(text.slice(at).trim()) };
}

function fieldValue(text: string): number {
  if (/^-?\d+[iu]$/.test(text)) return Number(text.slice(0, -1));
  if (/^(?:t|true)$/i.test(text)) return 1;
  if (/^(?:f|false)$/i.test(text)) return 0;
  const value = readNumber(text);
  if (value === undefined) throw new Unreadable(`The value "${text.slice(0, 40)}" is neither number, boolean nor a text in quotes.`);
  return value;
}

/** The unit (ns, us, ms, s) is that of the write request, which the lines do not hold: told by size, safe from 1973 on. */
function timeOf(text: string): number | null {
  if (text === '') return null;
  if (!/^-?\d{1,19}$/.test(text)) throw new Unreadable(`The time "${text.slice(0, 40)}" is not a whole number.`);
  // Nanoseconds do not fit a double: their last three digits go before it is made one.
  return text.length >= 18 ? Number(text.slice(0, -3)) : epochGuess(Number(text));
}

function emit({ key, fields, timeUs }: InfluxLine, heads: HeadCache, out: CountingSink): void {
  const series: SeriesHead[] = fields.map(([field]) => {
    const text = `${key} ${field}`;
    return heads.get(text) ?? heads.set(text, headOf(key, field));
  });
  fields.forEach(([, value], i) => {
    if (typeof value === 'string') out.text(series[i], timeUs, value);
    else out.sample(series[i], timeUs, value);
  });
}

function headOf(key: string, field: string): SeriesHead {
  const nameEnd = unescaped(key, 0, ',');
  const measurement = unescape(key.slice(0, nameEnd));
  if (measurement === '') throw new Unreadable('There is no measurement.');
  const tags: [string, string][] = [];
  for (let at = nameEnd + 1; at <= key.length; ) {
    const equals = unescaped(key, at, '=,');
    const end = unescaped(key, equals + 1, ',');
    if (key[equals] !== '=' || equals === at) throw new Unreadable('A tag is not written as name=value.');
    tags.push([unescape(key.slice(at, equals)), unescape(key.slice(equals + 1, end))]);
    at = end + 1;
  }
  return makeHead(field === 'value' ? measurement : `${measurement}_${field}`, tags, 'untyped', '', false);
}

/** The first of `stops` from `at` on that no backslash stands in front of, or the end. */
function unescaped(text: string, at: number, stops: string): number {
  for (; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (stops.includes(text[at])) return at;
  }
  return text.length;
}
/** A backslash only counts in front of what would end the word. */
function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\([,= ])/g, '$1') : text;
}
