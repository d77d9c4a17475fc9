/**
 * The Prometheus text formats: 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/), OpenMetrics 1.0
 * (https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md), quoted UTF-8 names of Prometheus 3, and lines of
 * `promtool tsdb dump`, which name the series with __name__. Lenient where the specifications are strict: a sample that can be read is read.
 */
import { countsUp, SERIES_LIMITS, unitOfName, type MetricKind, type SeriesHead } from '../series.ts';
import { lineBlocks, MAX_LINE_BYTES } from './line-blocks.ts';
import { CountingSink, epochGuess, HeadCache, makeHead, readNumber, Unreadable, type MetricParser } from './parser.ts';

/** Families whose TYPE and UNIT are remembered; names of more are read as untyped. */
const MAX_FAMILIES = 100_000;

const KINDS: Readonly<Record<string, MetricKind>> = {
  counter: 'counter', gauge: 'gauge', histogram: 'histogram', summary: 'summary', untyped: 'untyped', unknown: 'untyped',
  gaugehistogram: 'gauge', stateset: 'gauge', info: 'gauge',
};
/** What samples of a family add to its name. */
const SUFFIX = /_(?:bucket|sum|count|total|created|info|gcount|gsum)$/;

export const exposition: MetricParser = {
  id: 'exposition',
  title: 'Prometheus text and OpenMetrics',
  async read(chunks, sink) {
    const out = new CountingSink(sink);
    const reader = new ExpositionReader(out);
    for await (const block of lineBlocks(chunks)) {
      if (block.overlong) out.reject({ ...block.locate(0), reason: `The line is longer than ${MAX_LINE_BYTES >> 20} MiB.` });
      reader.hint(block.lines);
      for (let i = 0; i < block.lines.length; i++) {
        const reason = reader.line(block.lines[i]);
        if (reason !== '') out.reject({ ...block.locate(i), reason });
      }
    }
    return out.counts;
  },
};

interface Family {
  kind: MetricKind;
  unit: string;
}

class ExpositionReader {
  readonly #out: CountingSink;
  readonly #families = new Map<string, Family>();
  readonly #heads = new HeadCache();
  /** whole times are seconds (OpenMetrics), not milliseconds; undefined until something tells */
  #seconds: boolean | undefined;
  readonly #scanner = new Scanner();

  constructor(out: CountingSink) {
    this.#out = out;
  }

  /** Looks ahead, because what tells the two flavours apart may stand behind the first time. Only the first block counts. */
  hint(lines: readonly string[]): void {
    if (this.#seconds !== undefined || lines.length === 0) return;
    let counter = '';
    this.#seconds = lines.some((line) => {
      if (line.startsWith('#')) {
        counter = /^# TYPE (\S+) counter$/.exec(line)?.[1] ?? counter;
        return line === '# EOF' || line.startsWith('# UNIT ') || /^# TYPE \S+ (?:unknown|info|stateset|gaugehistogram)$/.test(line);
      }
      // Families of counters are named without _total, and only OpenMetrics has exemplars.
      return (counter !== '' && line.startsWith(`${counter}_total`)) || (line.length < 10_000 && / # \{[^}]*\} [-+.\dNI]/.test(line));
    });
  }

  /** Reads a line. Returns why it cannot be read, or ''. */
  line(line: string): string {
    const text = line.trim();
    if (text === '') return '';
    try {
      if (text.charCodeAt(0) === 35) this.#comment(text);
      else this.#sample(text);
      return '';
    } catch (error) {
      if (error instanceof Unreadable) return error.message;
      throw error;
    }
  }

  #comment(text: string): void {
    const [, keyword, rest] = /^#[ \t]+(HELP|TYPE|UNIT)[ \t]+(.*)$/s.exec(text) ?? [];
    if (keyword === undefined) return;
    const scanner = this.#scanner.over(rest);
    const name = rest.startsWith('"') ? scanner.quoted() : scanner.until(' \t');
    const value = scanner.rest().trim();
    if (name.length > SERIES_LIMITS.name) throw new Unreadable(`The name is longer than ${SERIES_LIMITS.name} characters.`);
    if (keyword === 'HELP') {
      this.#out.counts.helpLines++;
      this.#out.help(name, value.replace(/\\([\\n"])/g, (_, c: string) => (c === 'n' ? '\n' : c)));
    } else if (keyword === 'TYPE') {
      const kind = KINDS[value.toLowerCase()];
      if (kind === undefined) throw new Unreadable(`There is no type "${value.slice(0, 40)}" of metrics.`);
      this.#out.counts.typeLines++;
      this.#describe(name, { kind });
    } else {
      this.#out.counts.unitLines++;
      this.#describe(name, { unit: value.slice(0, SERIES_LIMITS.unit) });
    }
  }

  #describe(name: string, what: Partial<Family>): void {
    const known = this.#families.get(name);
    if (!known && this.#families.size >= MAX_FAMILIES) return;
    const family = { kind: 'untyped' as MetricKind, unit: '', ...known, ...what };
    if (known?.kind === family.kind && known.unit === family.unit) return;
    this.#families.set(name, family);
    this.#heads.clear();
  }

  #sample(text: string): void {
    const scanner = this.#scanner.over(text);
    const end = scanner.endOfSeries();
    const key = text.slice(0, end);
    const head = this.#heads.get(key) ?? this.#heads.set(key, this.#head(key));
    scanner.at = end;
    scanner.blanks();
    const number = scanner.until(' \t');
    const value = readNumber(number);
    if (value === undefined) throw new Unreadable(number === '' ? 'There is no value behind the series.' : `The value "${number.slice(0, 40)}" is not a number.`);
    let timeUs: number | null = null;
    const rest = scanner.rest().trim();
    const exemplarAt = rest.startsWith('#') ? 0 : rest.search(/[ \t]#/);
    const time = exemplarAt < 0 ? rest : rest.slice(0, exemplarAt).trim();
    if (time !== '') timeUs = this.#time(time);
    const exemplar = exemplarAt < 0 ? undefined : readExemplar(rest.slice(rest.indexOf('#', exemplarAt) + 1).trim());
    this.#out.sample(head, timeUs, value);
    if (exemplar) this.#out.exemplar(head, exemplar.timeUs, exemplar.value, exemplar.traceId);
  }

  #time(text: string): number {
    const value = readNumber(text);
    if (value === undefined || !Number.isFinite(value)) throw new Unreadable(`The time "${text.slice(0, 40)}" is not a number.`);
    // 0.0.4 writes whole milliseconds, OpenMetrics seconds with or without decimals.
    const seconds = this.#seconds === true || !/^[+-]?\d+$/.test(text);
    // Some exporters write OpenMetrics with milliseconds: a time beyond the year 5138 is none.
    return seconds ? epochGuess(value) : Math.round(value * 1e3);
  }

  #head(text: string): SeriesHead {
    const { name, labels } = readSeries(text);
    const family = this.#families.get(name) ?? this.#families.get(name.replace(SUFFIX, ''));
    const kind = name.endsWith('_created') && family ? 'gauge' : (family?.kind ?? 'untyped');
    const unit = family?.unit !== '' && family ? family.unit : unitOfName(name);
    return makeHead(name, labels, kind, unit, countsUp(name, kind));
  }
}

/** name, name{labels}, {"quoted name", labels} or {__name__="name", labels}. Throws an Unreadable. */
export function readSeries(text: string): { name: string; labels: [string, string][] } {
  const scanner = new Scanner().over(text);
  let name = scanner.until(' \t{');
  const labels: [string, string][] = [];
  scanner.blanks();
  if (scanner.take('{')) {
    scanner.blanks();
    while (!scanner.take('}')) {
      const quoted = scanner.peek() === '"';
      const label = quoted ? scanner.quoted() : scanner.until(' \t=,}{"');
      if (label === '') throw new Unreadable('A label has no name.');
      scanner.blanks();
      if (scanner.take('=')) {
        scanner.blanks();
        const value = scanner.quoted();
        if (label === '__name__' && name === '') name = value;
        else labels.push([label, value]);
      } else if (quoted && name === '' && labels.length === 0) {
        name = label;
      } else {
        throw new Unreadable(`The label ${label.slice(0, 40)} has no value.`);
      }
      scanner.blanks();
      if (scanner.take(',')) scanner.blanks();
      else if (scanner.peek() !== '}') throw new Unreadable('The labels are not closed with }.');
    }
  }
  if (name === '') throw new Unreadable('The series has no name.');
  return { name, labels };
}

/** {labels} value [seconds] */
function readExemplar(text: string): { timeUs: number | null; value: number; traceId: string } {
  const scanner = new Scanner().over(text);
  const end = text.startsWith('{') ? scanner.endOfSeries() : -1;
  const [value, time, more] = end < 0 ? [] : text.slice(end).trim().split(/[ \t]+/);
  const number = readNumber(value ?? '');
  const seconds = time === undefined ? null : readNumber(time);
  if (number === undefined || seconds === undefined || more !== undefined) throw new Unreadable('What stands behind # is not an exemplar: {labels} value time.');
  const { labels } = readSeries(`x${text.slice(0, end)}`);
  const traceId = labels.find(([name]) => /^trace_?id$/i.test(name))?.[1] ?? '';
  return { timeUs: seconds === null || !Number.isFinite(seconds) ? null : epochGuess(seconds), value: number, traceId };
}

/** A place in a line. */
class Scanner {
  #text = '';
  at = 0;
  over(text: string): this {
    this.#text = text;
    this.at = 0;
    return this;
  }
  peek(): string {
    return this.#text.charAt(this.at);
  }
  take(c: string): boolean {
    if (this.#text.charAt(this.at) !== c) return false;
    this.at++;
    return true;
  }
  blanks(): void {
    for (let c = this.#text.charCodeAt(this.at); c === 32 || c === 9; c = this.#text.charCodeAt(++this.at));
  }
  /** up to one of these characters, or the end */
  until(stops: string): string {
    const from = this.at;
    while (this.at < this.#text.length && !stops.includes(this.#text[this.at])) this.at++;
    return this.#text.slice(from, this.at);
  }
  rest(): string {
    return this.#text.slice(this.at);
  }
  /** "text" with \\ \" \n in it; other escapes stand for themselves, as Prometheus reads them. */
  quoted(): string {
    if (!this.take('"')) throw new Unreadable('There should be a text in quotes.');
    const text = this.#text;
    const from = this.at;
    let escaped = false;
    for (; ; this.at++) {
      if (this.at >= text.length) throw new Unreadable('A quote is not closed.');
      const c = text.charCodeAt(this.at);
      if (c === 34) break;
      if (c === 92) {
        escaped = true;
        this.at++;
      }
    }
    const inside = text.slice(from, this.at++);
    return escaped ? inside.replace(/\\([\\n"])/g, (_, c: string) => (c === 'n' ? '\n' : c)) : inside;
  }
  /** Where the text of the series (name and labels) ends. Labels are looked through for the brace that is in no quotes. */
  endOfSeries(): number {
    const text = this.#text;
    let at = 0;
    while (at < text.length && text.charCodeAt(at) !== 32 && text.charCodeAt(at) !== 9 && text.charCodeAt(at) !== 123) at++;
    let open = at;
    while (text.charCodeAt(open) === 32 || text.charCodeAt(open) === 9) open++;
    if (text.charCodeAt(open) !== 123) return at;
    let quoted = false;
    for (let i = open + 1; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (quoted && c === 92) i++;
      else if (c === 34) quoted = !quoted;
      else if (c === 125 && !quoted) return i + 1;
    }
    throw new Unreadable('The labels are not closed with }.');
  }
}
