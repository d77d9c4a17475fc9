/** Gathers the samples of a source by series and packs them into chunks, in the parse worker. */
import type { MetricSink, Reject } from '../metrics/parsers/parser.ts';
import { encodeSamples, MAX_CHUNK_SAMPLES } from '../metrics/series-codec.ts';
import type { RejectRecord } from './batch.ts';
import { seriesKey, type SeriesHead } from '../metrics/series.ts';

interface SampleChunk {
  n: number;
  /** microseconds UTC, of its samples */
  t0: number;
  t1: number;
  data: Uint8Array;
}
interface BuiltSeries {
  head: SeriesHead;
  help: string;
  chunks: SampleChunk[];
}
export interface BuiltSamples {
  /** samples, texts and rejects */
  read: number;
  /** samples in the chunks */
  stored: number;
  series: BuiltSeries[];
  rejects: RejectRecord[];
}

/** Names whose help is remembered. */
const MAX_HELP = 20_000;

interface Gathered {
  head: SeriesHead;
  times: Float64Array;
  values: Float64Array;
  n: number;
  chunks: SampleChunk[];
}

export class SampleBuilder implements MetricSink {
  /** how often the records that come now were tried, this time counted */
  attempts = 1;
  readonly #modified: number;
  #byKey = new Map<string, Gathered>();
  // Heads come again as the same objects: looking one up by its key each time would cost more than the sample.
  #byHead = new WeakMap<SeriesHead, Gathered>();
  readonly #help = new Map<string, string>();
  #rejects: RejectRecord[] = [];
  #read = 0;
  #stored = 0;

  /** @param modified microseconds UTC: the time of samples whose source gives none */
  constructor(modified: number) {
    this.#modified = modified;
  }

  /** Samples and rejects since the last take(). */
  get pending(): number {
    return this.#stored + this.#rejects.length;
  }

  sample(head: SeriesHead, timeUs: number | null, value: number): void {
    let gathered = this.#byHead.get(head);
    if (!gathered) {
      const key = seriesKey(head.name, head.labels);
      gathered = this.#byKey.get(key);
      if (!gathered) this.#byKey.set(key, (gathered = { head, times: new Float64Array(16), values: new Float64Array(16), n: 0, chunks: [] }));
      this.#byHead.set(head, gathered);
    }
    if (gathered.n === MAX_CHUNK_SAMPLES) close(gathered);
    if (gathered.n === gathered.times.length) {
      gathered.times = grown(gathered.times);
      gathered.values = grown(gathered.values);
    }
    gathered.times[gathered.n] = timeUs ?? this.#modified;
    gathered.values[gathered.n++] = value;
    this.#read++;
    this.#stored++;
  }

  text(series: SeriesHead, _timeUs: number | null, value: string): void {
    const bytes = new TextEncoder().encode(value.slice(0, 4096));
    this.reject({ offset: 0, length: bytes.length, reason: `The value of ${series.name} is text: only numbers are kept of metrics.`, bytes });
  }

  help(name: string, help: string): void {
    if (this.#help.size < MAX_HELP) this.#help.set(name, help);
  }

  reject(reject: Reject): void {
    this.#read++;
    this.#rejects.push({ ...reject, attempts: this.attempts });
  }

  /** Everything since the last call. */
  take(): BuiltSamples {
    const series: BuiltSeries[] = [];
    for (const gathered of this.#byKey.values()) {
      close(gathered);
      series.push({ head: gathered.head, help: this.#help.get(gathered.head.name) ?? '', chunks: gathered.chunks });
    }
    const taken = { read: this.#read, stored: this.#stored, series, rejects: this.#rejects };
    this.#byKey = new Map();
    this.#byHead = new WeakMap();
    this.#rejects = [];
    this.#read = 0;
    this.#stored = 0;
    return taken;
  }
}

function close(gathered: Gathered): void {
  const { n } = gathered;
  if (n === 0) return;
  const times = gathered.times.subarray(0, n);
  const values = gathered.values.subarray(0, n);
  let t0 = Number.POSITIVE_INFINITY;
  let t1 = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time < t0) t0 = time;
    if (time > t1) t1 = time;
  }
  gathered.chunks.push({ n, t0, t1, data: encodeSamples({ times, values }) });
  gathered.n = 0;
}

function grown(old: Float64Array): Float64Array {
  const larger = new Float64Array(Math.min(MAX_CHUNK_SAMPLES, old.length * 4));
  larger.set(old);
  return larger;
}
