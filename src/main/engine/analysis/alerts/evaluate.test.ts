import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../../../shared/alert.ts';
import { sketchIndex, sketchQuantile } from '../../store/sketch.ts';
import { ERROR, REQUEST } from '../requests.ts';
import { PANE } from '../windows/panes.ts';
import { Drawing, evaluate, type Judged } from './evaluate.ts';
import { holds, worse, type Episode } from './episodes.ts';
import { LatencyCells } from './latency-cells.ts';
import { RequestPanes } from './request-panes.ts';
import { SeriesPanes } from './series-panes.ts';

interface Row {
  second: number;
  mark: number;
  latency: number;
}
const RULE: Judged = { metric: 'error_count', operator: '>', threshold: 2, window: 10, windows: 'sliding', hold: 0, noData: 'ok' };
function panesOf(rows: readonly Row[]): RequestPanes {
  const panes = new RequestPanes();
  for (const { second, mark, latency } of rows) panes.add(second, mark, latency);
  return panes;
}
const burst = (from: number, n: number, mark = ERROR): Row[] => Array.from({ length: n }, (_, i) => ({ second: from + i, mark, latency: Number.NaN }));
const seconds = (episode: Episode): (number | null)[] => [episode.started, episode.fired, episode.ended, episode.resolved].map((time) => (time === null ? null : time / PANE));

/** The value of a metric by its definition, from the events of a window. */
function valueOf(metric: Metric, all: readonly Row[], within: readonly Row[]): number {
  const requests = within.filter(({ mark }) => (mark & REQUEST) !== 0);
  const errors = (rows: readonly Row[]): number => rows.filter(({ mark }) => (mark & ERROR) !== 0).length;
  const some = all.some(({ mark }) => (mark & REQUEST) !== 0);
  const timed = requests.map(({ latency }) => latency).filter((latency) => latency >= 0);
  const quantile = (q: number): number => sketchQuantile([...new Set(timed.map(sketchIndex))].sort((a, b) => a - b).map((index) => ({ index, n: timed.filter((ms) => sketchIndex(ms) === index).length })), q);
  switch (metric) {
    case 'error_rate': return some ? (requests.length === 0 ? Number.NaN : (100 * errors(requests)) / requests.length) : within.length === 0 ? Number.NaN : (100 * errors(within)) / within.length;
    case 'error_count': return errors(within);
    case 'total_requests': return some ? requests.length : Number.NaN;
    case 'latency_avg': return timed.length === 0 ? Number.NaN : timed.reduce((sum, ms) => sum + ms, 0) / timed.length;
    case 'latency_p50': return quantile(0.5);
    case 'latency_p99': return quantile(0.99);
    default: return within.length;
  }
}
/** The same alerts, second by second. */
function naive(rule: Judged, rows: readonly Row[], to: number): (number | null)[][] {
  const seen = rows.filter(({ mark, latency }) => (rule.metric === 'total_requests' ? (mark & REQUEST) !== 0 : rule.metric.startsWith('latency') ? (mark & REQUEST) !== 0 && latency >= 0 : true));
  if (seen.length === 0) return [];
  const last = to + 1;
  const start = Math.min(Math.min(...seen.map(({ second }) => second)) + rule.window, last);
  const found: (number | null)[][] = [];
  let open: { started: number; fired: number | null; ended: number } | null = null;
  let held = false;
  for (let k = start; k <= last; k++) {
    const value = valueOf(rule.metric, rows, rows.filter(({ second }) => second >= k - rule.window && second < k));
    held = Number.isNaN(value) ? rule.noData === 'alert' || (rule.noData === 'keep' && held) : holds(value, rule.operator, rule.threshold);
    if (held) {
      open ??= { started: k, fired: null, ended: k };
      open.ended = k;
      if (open.fired === null && k - open.started >= rule.hold) open.fired = k;
    } else if (open && open.fired === null) open = null;
    else if (open && k - open.ended >= rule.window) {
      found.push([open.started, open.fired, open.ended, k]);
      open = null;
    }
  }
  if (open) found.push([open.started, open.fired, open.ended, null]);
  return found;
}

describe('evaluate', () => {
  it('finds what the definition finds, for every metric', () => {
    const row = fc.record({ second: fc.integer({ min: 0, max: 90 }), mark: fc.integer({ min: 0, max: 3 }), latency: fc.constantFrom(Number.NaN, 0, 3, 40, 500, 501, 1200) });
    const rule: fc.Arbitrary<Judged> = fc.record({
      metric: fc.constantFrom<Metric>('error_rate', 'error_count', 'total_requests', 'event_count', 'latency_avg', 'latency_p50', 'latency_p99'), operator: fc.constantFrom('>', '>=', '<', '<=', '=='),
      threshold: fc.constantFrom(0, 1, 2, 5, 50, 100, 500), window: fc.integer({ min: 1, max: 40 }), windows: fc.constant('sliding'), hold: fc.constantFrom(0, 1, 7), noData: fc.constantFrom('ok', 'alert', 'keep'),
    });
    fc.assert(fc.property(rule, fc.array(row, { maxLength: 60 }), fc.integer({ min: 0, max: 60 }), (judged, rows, later) => {
      const to = Math.max(0, ...rows.map(({ second }) => second)) + later;
      expect(evaluate(judged, panesOf(rows), [{ from: -1e15, to: to * PANE }]).map(seconds)).toEqual(naive(judged, rows, to));
    }), { numRuns: 300 });
  });
  it('fires once, though the value hovers about the threshold', () => {
    const rows = [...burst(0, 1, 0), ...burst(20, 3), ...burst(31, 3), ...burst(45, 3), { second: 100, mark: 0, latency: Number.NaN }];
    // 20..22: 3 errors from second 23 on until 30; then the windows of the next burst follow within 10 s.
    expect(evaluate(RULE, panesOf(rows), [{ from: -1e15, to: 100 * PANE }]).map(seconds)).toEqual([[23, 23, 55, 65]]);
    expect(evaluate({ ...RULE, window: 4 }, panesOf(rows), [{ from: -1e15, to: 100 * PANE }]).map(seconds)).toEqual([[23, 23, 24, 28], [34, 34, 35, 39], [48, 48, 49, 53]]);
  });
  it('waits until the rule has held for long enough', () => {
    const rows = [...burst(0, 1, 0), ...burst(20, 3), { second: 60, mark: 0, latency: Number.NaN }];
    expect(evaluate({ ...RULE, hold: 8 }, panesOf(rows), [{ from: -1e15, to: 60 * PANE }])).toEqual([]);
    expect(evaluate({ ...RULE, hold: 7 }, panesOf(rows), [{ from: -1e15, to: 60 * PANE }]).map(seconds)).toEqual([[23, 30, 30, 40]]);
    // Time ends while it is waited for: it is pending.
    expect(evaluate({ ...RULE, hold: 8 }, panesOf(rows), [{ from: -1e15, to: 25 * PANE }]).map(seconds)).toEqual([[23, null, 26, null]]);
  });
  it('tells the worst value and when it was', () => {
    const rows = [...burst(0, 1, 0), ...burst(20, 5), { second: 60, mark: 0, latency: Number.NaN }];
    expect(evaluate(RULE, panesOf(rows), [{ from: -1e15, to: 60 * PANE }])[0]).toMatchObject({ peak: 5, peakAt: 25 * PANE });
    expect(evaluate({ ...RULE, metric: 'event_count', operator: '<', threshold: 3 }, panesOf(rows), [{ from: -1e15, to: 60 * PANE }])[0]).toMatchObject({ peak: 0, peakAt: 11 * PANE });
  });
  it('judges once where all there is is shorter than a window', () => {
    expect(evaluate({ ...RULE, window: 300 }, panesOf(burst(0, 4)), [{ from: -1e15, to: 3 * PANE }]).map(seconds)).toEqual([[4, 4, 4, null]]);
  });
  it('counts requests only where there are any', () => {
    const rule: Judged = { ...RULE, metric: 'total_requests', operator: '<', threshold: 10 };
    expect(evaluate(rule, panesOf(burst(0, 30)), [{ from: -1e15, to: 30 * PANE }])).toEqual([]);
    expect(evaluate(rule, panesOf(burst(0, 30, REQUEST)), [{ from: -1e15, to: 40 * PANE }]).map(seconds)).toEqual([[31, 31, 41, null]]);
  });
  it('judges windows by the clock when they tumble', () => {
    const rows = [...burst(1, 1, 0), ...burst(8, 4), { second: 50, mark: 0, latency: Number.NaN }];
    // Two errors in [0, 10), two in [10, 20): no window has three. Sliding ones have.
    expect(evaluate({ ...RULE, windows: 'tumbling' }, panesOf(rows), [{ from: -1e15, to: 50 * PANE }])).toEqual([]);
    expect(evaluate(RULE, panesOf(rows), [{ from: -1e15, to: 50 * PANE }])).toHaveLength(1);
    expect(evaluate({ ...RULE, windows: 'tumbling', threshold: 1 }, panesOf(rows), [{ from: -1e15, to: 50 * PANE }]).map(seconds)).toEqual([[20, 20, 29, 39]]);
  });
  it('draws the worst value of each stretch', () => {
    const drawing = new Drawing(0, 60 * PANE, 6);
    evaluate(RULE, panesOf([...burst(0, 1, 0), ...burst(25, 5)]), [{ from: -1e15, to: 60 * PANE }], null, drawing);
    expect([...drawing.worst]).toEqual([Number.NaN, 0, 4, 5, 0, 0]);
  });
});

describe('evaluate over stretches', () => {
  const rows = [...burst(0, 1, 0), ...burst(20, 5), ...burst(5000, 40, 0), ...burst(5100, 8)];
  const known = [{ from: 0, to: 26 * PANE }, { from: 5000 * PANE, to: 5107 * PANE }];
  it('ends an alert where nothing more was recorded, and leaves the last one open', () => {
    expect(evaluate(RULE, panesOf(rows), known).map(seconds)).toEqual([[23, 23, 27, 27], [5103, 5103, 5108, null]]);
  });
  it('has nothing to say of the time in between', () => {
    const rule: Judged = { ...RULE, metric: 'event_count', operator: '<', threshold: 1 };
    expect(evaluate(rule, panesOf(rows), known).map(seconds)).toEqual([[11, 11, 20, 27], [5050, 5050, 5100, null]]);
    expect(evaluate(rule, panesOf(rows), [{ from: 0, to: 5107 * PANE }])[1]).toMatchObject({ started: 35 * PANE, ended: 5000 * PANE });
  });
  it('keeps to a range', () => {
    expect(evaluate(RULE, panesOf(rows), known, { from: 25 * PANE, to: 27 * PANE }).map(seconds)).toEqual([[25, 25, 26, null]]);
    expect(evaluate(RULE, panesOf(rows), known, { from: 30 * PANE, to: 5000 * PANE })).toEqual([]);
  });
});

describe('SeriesPanes', () => {
  const times = Float64Array.from([0, 10, 20, 30, 40], (second) => second * PANE);
  const at = (panes: SeriesPanes, window: number): Episode[] => evaluate({ ...RULE, metric: 'series', window, threshold: 4 }, panes, [{ from: -1e15, to: 40 * PANE }]);
  it('is the mean of the samples in a window', () => {
    expect(at(new SeriesPanes({ times, values: Float64Array.from([1, 1, 9, 9, 1]) }, null), 10).map(({ peak, started }) => [peak, started / PANE])).toEqual([[9, 21]]);
    expect(at(new SeriesPanes({ times, values: Float64Array.from([1, Number.NaN, 9, Number.POSITIVE_INFINITY, 1]) }, null), 20)[0].peak).toBe(9);
  });
  it('is what a counter went up a second, whatever it began with', () => {
    expect(at(new SeriesPanes({ times, values: Float64Array.from([1000, 1000, 1050, 40, 40]) }, 10), 10).map(({ peak, started }) => [peak, started / PANE])).toEqual([[5, 21]]);
  });
});

describe('LatencyCells', () => {
  it('adds up what was met, in whatever order it came', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: -520, max: 520 })), { maxLength: 700 }), fc.integer({ min: 1, max: 300 }), (entries, every) => {
      const cells = new LatencyCells();
      const wanted = new Map<string, number>();
      for (const [i, [slot, index]] of entries.entries()) {
        cells.add(slot, index);
        if (i % every === 0) cells.settle(10);
        wanted.set(`${slot} ${index}`, (wanted.get(`${slot} ${index}`) ?? 0) + 1);
      }
      cells.settle(10);
      const found = new Map<string, number>();
      for (let slot = 0; slot < 10; slot++) cells.each(slot, (index, n) => found.set(`${slot} ${index}`, n));
      expect(found).toEqual(wanted);
    }));
  });
});

describe('worse', () => {
  it('goes by what the rule asks for', () => {
    expect([worse(1, 2, '>'), worse(1, 2, '<'), worse(Number.NaN, 2, '<'), worse(1, Number.NaN, '>')]).toEqual([2, 1, 2, 1]);
  });
});
