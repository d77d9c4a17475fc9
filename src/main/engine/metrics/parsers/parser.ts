/**
 * The shape of a parser of metrics: bytes in, calls of a sink out. Parsers stream: they keep one line, or one element of a JSON document,
 * not the file. What cannot be a sample goes to reject() with the reason; nothing is dropped without a word.
 */
import { makeLabels, SERIES_LIMITS, type MetricKind, type SeriesHead } from '../series.ts';

export interface Reject {
  /** of the first byte in the stream */
  offset: number;
  /** how many bytes of the stream are meant */
  length: number;
  /** why, in a sentence */
  reason: string;
  /** the bytes, at most the first 64 KiB of them */
  bytes: Uint8Array;
}

export interface MetricSink {
  /**
   * One sample. The same object comes for the same series again and again (though not always), so it serves as a key of a WeakMap.
   * @param timeUs microseconds UTC; null = the source gives no time (a scrape: the time of the file counts)
   */
  sample(series: SeriesHead, timeUs: number | null, value: number): void;
  /** A value that is text (Influx strings): no sample, but said. */
  text?(series: SeriesHead, timeUs: number | null, value: string): void;
  /** An example of what was counted in a series; traceId '' when it names none. */
  exemplar?(series: SeriesHead, timeUs: number | null, value: number, traceId: string): void;
  /** What a family of series is about; more than one call may come for a name. */
  help?(name: string, help: string): void;
  reject(reject: Reject): void;
}

/** What was read: `samples` + `texts` values, and how many calls the others got. */
export interface MetricCounts {
  samples: number;
  texts: number;
  exemplars: number;
  rejects: number;
  /** lines of the text formats that describe families */
  helpLines: number;
  typeLines: number;
  unitLines: number;
}

export interface MetricContext {
  /** what the user gave; names a series that has no name of its own */
  path: string;
  /** microseconds UTC: the file's last change, for times that write no year */
  modified: number;
  /** IANA zone for times that name none */
  zone: string;
}

export interface MetricParser {
  readonly id: string;
  readonly title: string;
  /** Reads the stream to its end. Throws only what `chunks` throws and an Error when nothing of the stream can be read. */
  read(chunks: AsyncIterable<Uint8Array>, sink: MetricSink, context: MetricContext): Promise<MetricCounts>;
}

const REJECT_BYTES = 64 << 10;

/** Counts on the way to the sink, so that every parser counts alike. */
export class CountingSink {
  readonly counts: MetricCounts = { samples: 0, texts: 0, exemplars: 0, rejects: 0, helpLines: 0, typeLines: 0, unitLines: 0 };
  readonly #sink: MetricSink;
  constructor(sink: MetricSink) {
    this.#sink = sink;
  }
  sample(series: SeriesHead, timeUs: number | null, value: number): void {
    this.counts.samples++;
    this.#sink.sample(series, timeUs, value);
  }
  text(series: SeriesHead, timeUs: number | null, value: string): void {
    this.counts.texts++;
    this.#sink.text?.(series, timeUs, value);
  }
  exemplar(series: SeriesHead, timeUs: number | null, value: number, traceId: string): void {
    this.counts.exemplars++;
    this.#sink.exemplar?.(series, timeUs, value, traceId);
  }
  help(name: string, help: string): void {
    this.#sink.help?.(name, help.slice(0, SERIES_LIMITS.help));
  }
  reject({ offset, length, reason, bytes }: Reject): void {
    this.counts.rejects++;
    this.#sink.reject({ offset, length, reason, bytes: bytes.subarray(0, REJECT_BYTES) });
  }
}

/** What a record cannot be read for; caught by the parser, which rejects the record with the message. */
export class Unreadable extends Error {}

/** A head of a series, or an Unreadable thrown where name or labels are beyond the limits. */
export function makeHead(
  name: string, pairs: readonly (readonly [string, string])[], kind: MetricKind, unit: string, cumulative: boolean,
): SeriesHead {
  if (name === '') throw new Unreadable('The series has no name.');
  if (name.length > SERIES_LIMITS.name) throw new Unreadable(`The name of the series is longer than ${SERIES_LIMITS.name} characters.`);
  const labels = makeLabels(pairs);
  if (typeof labels === 'string') throw new Unreadable(labels);
  return { name, labels, kind, unit: unit.slice(0, SERIES_LIMITS.unit), cumulative };
}

/** Characters of texts that are remembered: about as many bytes, and some hundred more for each. */
const CACHED_CHARACTERS = 16 << 20;
const CACHED_HEADS = 100_000;
/** A longer text is worth neither the memory nor the hashing. */
const CACHED_TEXT = 4096;

/** Remembers the heads of series by the text they were read from, because files say the same series again and again. When full it starts anew. */
export class HeadCache {
  readonly #heads = new Map<string, SeriesHead>();
  #characters = 0;
  get(text: string): SeriesHead | undefined {
    return this.#heads.get(text);
  }
  set(text: string, head: SeriesHead): SeriesHead {
    if (text.length > CACHED_TEXT) return head;
    if (this.#heads.size >= CACHED_HEADS || this.#characters >= CACHED_CHARACTERS) this.clear();
    this.#heads.set(text, head);
    this.#characters += text.length;
    return head;
  }
  clear(): void {
    this.#heads.clear();
    this.#characters = 0;
  }
}

/** The name for a series whose source names none: the file's name without folders and endings. */
export function nameOfPath(path: string): string {
  const file = path.split(/[\\/!]/).pop() ?? '';
  return file.replace(/(?:\.(?:csv|tsv|txt|json|gz|zst|bz2|xz))+$/i, '').slice(0, 200) || 'value';
}

/** Labels that are joined: later ones win. */
export function joinLabels(...lists: readonly (readonly (readonly [string, string])[])[]): [string, string][] {
  return [...new Map(lists.flat())];
}

/** Seconds or milliseconds since 1970 as microseconds, told apart by size: seconds reach 1e11 in the year 5138. */
export function epochGuess(value: number): number {
  const size = Math.abs(value);
  return Math.round(size >= 1e17 ? value / 1e3 : size >= 1e14 ? value : size >= 1e11 ? value * 1e3 : value * 1e6);
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** A number as Go and most others write it, including NaN and infinities in any case; undefined when it is none. */
export function readNumber(text: string): number | undefined {
  if (DECIMAL.test(text)) return Number(text);
  switch (text.toLowerCase()) {
    case 'nan': case '+nan': case '-nan': return NaN;
    case 'inf': case '+inf': case 'infinity': case '+infinity': return Number.POSITIVE_INFINITY;
    case '-inf': case '-infinity': return Number.NEGATIVE_INFINITY;
    default: return undefined;
  }
}

