/** What happened second by second to one group of events: counts of events, errors and requests, and latencies. */
import { sketchIndex } from '../../store/sketch.ts';
import { countMark, ERROR, errorRate, noRequests, REQUEST, type RequestCounts } from '../requests.ts';
import { PaneIndex, type PaneOrder } from '../windows/panes.ts';
import { LatencyCells } from './latency-cells.ts';
import { WindowSketch } from './window-sketch.ts';
import type { Metric } from '../../../../shared/alert.ts';
import type { Measured } from './measured.ts';

const COLUMNS = ['events', 'errors', 'requests', 'failed'] as const satisfies (keyof RequestCounts)[];
const QUANTILES: Partial<Record<Metric, number>> = { latency_p50: 0.5, latency_p95: 0.95, latency_p99: 0.99 };

export class RequestPanes implements Measured {
  readonly #index = new PaneIndex();
  readonly #cells = new LatencyCells();
  #sums = COLUMNS.map(() => new Uint32Array(64));
  #latency = new Float64Array(64);
  #timed = new Uint32Array(64);
  /** sources whose events are in it */
  readonly sources = new Set<number>();
  /** those of them that have requests of it */
  readonly requestSources = new Set<number>();
  readonly totals = noRequests();
  timed = 0;

  /** An event with its marks (requests.ts); latency in milliseconds, NaN = none. That of a request counts. */
  add(pane: number, mark: number, latency: number): void {
    const slot = this.#index.slot(pane);
    if (slot >= this.#latency.length) this.#grow();
    countMark(this.totals, mark);
    this.#sums[0][slot]++;
    if ((mark & ERROR) !== 0) this.#sums[1][slot]++;
    if ((mark & REQUEST) === 0) return;
    this.#sums[2][slot]++;
    if ((mark & ERROR) !== 0) this.#sums[3][slot]++;
    if (!(latency >= 0)) return;
    this.#latency[slot] += latency;
    this.#timed[slot]++;
    this.timed++;
    this.#cells.add(slot, sketchIndex(latency));
  }

  #grow(): void {
    const length = this.#latency.length * 2;
    const wider = (column: Uint32Array): Uint32Array<ArrayBuffer> => {
      const into = new Uint32Array(length);
      into.set(column);
      return into;
    };
    this.#sums = this.#sums.map(wider);
    this.#timed = wider(this.#timed);
    const latency = new Float64Array(length);
    latency.set(this.#latency);
    this.#latency = latency;
  }

  order(): PaneOrder {
    return this.#index.order();
  }

  first(metric: Metric): number | null {
    const { numbers, slots } = this.#index.order();
    const has = this.#basis(metric);
    const place = slots.findIndex((slot) => has[slot] > 0);
    return place < 0 ? null : numbers[place];
  }
  /** What has to be there for a metric to say anything of this group at all. */
  #basis(metric: Metric): Uint32Array {
    if (metric === 'total_requests') return this.#sums[2];
    return metric.startsWith('latency') ? this.#timed : this.#sums[0];
  }

  window(metric: Metric): { enter(slot: number): void; leave(slot: number): void; value(): number } {
    const counts = noRequests();
    let latency = 0;
    let timed = 0;
    const q = QUANTILES[metric];
    const sketch = q === undefined ? null : new WindowSketch();
    if (sketch) this.#cells.settle(this.#index.size);
    // Which it is goes by the whole group: a minute without requests is no reason to measure the rate by lines of its log.
    const byRequests = this.totals.requests > 0;
    const move = (slot: number, sign: 1 | -1): void => {
      COLUMNS.forEach((name, i) => (counts[name] += sign * this.#sums[i][slot]));
      latency += sign * this.#latency[slot];
      timed += sign * this.#timed[slot];
      if (sketch) this.#cells.each(slot, (index, n) => sketch.add(index, sign * n));
    };
    const value = (): number => {
      switch (metric) {
        case 'error_rate': return byRequests && counts.requests === 0 ? Number.NaN : 100 * errorRate(counts);
        case 'error_count': return counts.errors;
        case 'total_requests': return byRequests ? counts.requests : Number.NaN;
        case 'event_count': return counts.events;
        case 'latency_avg': return timed === 0 ? Number.NaN : latency / timed;
        default: return sketch && q !== undefined ? sketch.quantile(q) : Number.NaN;
      }
    };
    return { enter: (slot) => move(slot, 1), leave: (slot) => move(slot, -1), value };
  }
}
