/** Gathers samples, which come as a source has them, into chunks of one series each. */
import { METRIC_KINDS, seriesKey, type SeriesHead } from './series.ts';
import { encodeSamples, MAX_CHUNK_SAMPLES } from './series-codec.ts';

export interface SeriesChunk {
  /** seriesKey() of the series */
  key: string;
  series: SeriesHead;
  count: number;
  /** first and last time, microseconds UTC; samples stand in the blob in the order in which they came */
  from: number;
  to: number;
  /** of its finite values; NaN when it has none */
  min: number;
  max: number;
  /** for decodeSamples() */
  blob: Uint8Array<ArrayBuffer>;
}

export interface CollectorOptions {
  /** samples a chunk */
  chunkSamples: number;
  /** when so many samples wait in all, everything is handed on, however short: the bound of the memory used (16 bytes each, and the names) */
  heldSamples: number;
}
export const DEFAULT_COLLECTOR: CollectorOptions = { chunkSamples: 4096, heldSamples: 1 << 20 };

interface Open {
  key: string;
  series: SeriesHead;
  times: Float64Array;
  values: Float64Array;
  count: number;
}

export class SeriesCollector {
  readonly #options: CollectorOptions;
  readonly #emit: (chunk: SeriesChunk) => void;
  #open = new Map<string, Open>();
  /** parsers hand over the same object for the same series */
  #byHead = new WeakMap<SeriesHead, Open>();
  #held = 0;

  constructor(emit: (chunk: SeriesChunk) => void, options: CollectorOptions = DEFAULT_COLLECTOR) {
    if (options.chunkSamples < 1 || options.chunkSamples > MAX_CHUNK_SAMPLES) throw new RangeError(`A chunk holds 1 to ${MAX_CHUNK_SAMPLES} samples.`);
    this.#emit = emit;
    this.#options = options;
  }

  add(series: SeriesHead, timeUs: number, value: number): void {
    const open = this.#byHead.get(series) ?? this.#find(series);
    if (open.count === open.times.length) {
      const size = Math.min(this.#options.chunkSamples, open.count * 4);
      open.times = grown(open.times, size);
      open.values = grown(open.values, size);
    }
    open.times[open.count] = timeUs;
    open.values[open.count++] = value;
    this.#held++;
    if (open.count === this.#options.chunkSamples) this.#close(open);
    else if (this.#held >= this.#options.heldSamples) this.flush();
  }

  /** Hands on what waits, and forgets all series. */
  flush(): void {
    for (const open of this.#open.values()) this.#close(open);
    this.#open = new Map();
    this.#byHead = new WeakMap();
  }

  #find(series: SeriesHead): Open {
    const key = seriesKey(series.name, series.labels);
    let open = this.#open.get(key);
    if (!open) {
      const size = Math.min(8, this.#options.chunkSamples);
      this.#open.set(key, (open = { key, series, times: new Float64Array(size), values: new Float64Array(size), count: 0 }));
    } else if (METRIC_KINDS.indexOf(open.series.kind) === 0 && series.kind !== 'untyped') {
      // Its kind stood behind the first samples.
      open.series = series;
    }
    this.#byHead.set(series, open);
    return open;
  }

  #close(open: Open): void {
    const { key, series, count } = open;
    if (count === 0) return;
    const times = open.times.subarray(0, count);
    const values = open.values.subarray(0, count);
    const chunk: SeriesChunk = { key, series, count, from: Infinity, to: -Infinity, min: NaN, max: NaN, blob: encodeSamples({ times, values }) };
    for (let i = 0; i < count; i++) {
      if (times[i] < chunk.from) chunk.from = times[i];
      if (times[i] > chunk.to) chunk.to = times[i];
      if (!Number.isFinite(values[i])) continue;
      if (!(values[i] >= chunk.min)) chunk.min = values[i];
      if (!(values[i] <= chunk.max)) chunk.max = values[i];
    }
    open.count = 0;
    this.#held -= count;
    this.#emit(chunk);
  }
}

function grown(column: Float64Array, size: number): Float64Array {
  const larger = new Float64Array(size);
  larger.set(column);
  return larger;
}
