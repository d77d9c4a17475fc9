import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { TrendReply } from '../../../src/shared/contract/trends.ts';
import type { Finding } from '../../../src/shared/finding.ts';
import type { FakeState } from '../fake-engine.ts';
import { START } from './events.ts';

const STEP = 60e6;
const LENGTH = 120;
const HORIZON = 24;

function limitFinding(title: string, limit: number): Finding {
  const end = START + LENGTH * STEP;
  return {
    key: 'f1', like: 'forecast:limit:memory', detector: 'forecast', title: `${title} reaches ${limit} in about 14 min`, why: 'It is 80 now and rises by the forecast.', evidence: [{ label: 'limit', value: String(limit) }],
    severity: 'high', score: 0.6, from: START, to: end, scope: { query: '', from: START, to: end }, events: [], quieted: false,
  };
}

/** A line that rises by half a step, with a wave; five methods; nothing in an empty case. */
export function trendRoom(state: FakeState): EngineHandlers['trends'] {
  return {
    forecast: ({ subject, horizon, method, limit, step, scope }): TrendReply => {
      const empty = state.events.length === 0;
      const short = scope.query === 'short';
      const length = empty ? 0 : short ? 5 : LENGTH;
      const value = (t: number): number => 20 + 0.5 * t + 3 * Math.sin(t / 4);
      const ahead = horizon ?? HORIZON;
      const line = (by: (k: number) => number): Float64Array => Float64Array.from({ length: ahead }, (_, k) => value(length + k) + by(k));
      const title = subject.of === 'metric' ? 'memory{host="a"}' : scope.query === '' ? 'Events' : `Events of ${scope.query}`;
      return {
        title, measured: { name: 'memory', unit: '', kind: 'gauge', cumulative: false }, start: START, step: step ?? STEP, values: Float64Array.from({ length }, (_, t) => value(t)), filled: 0, seasons: [24],
        trend: length < 3 ? null : { direction: 'rising', p: 0.0004, slope: 30, lower: 28, upper: 32 },
        origins: length < 8 ? 0 : 8, compared: length < 8 ? 0 : Math.min(ahead, 40),
        methods: length < 8 ? [] : [
          { id: 'combination', title: 'Combination of methods', reference: false, weight: 1, mae: 1.2, mase: 0.6, smape: 2.1 },
          { id: 'ets', title: 'Exponential smoothing (ETS)', reference: false, weight: 0.5, mae: 1.1, mase: 0.55, smape: 2 },
          { id: 'theta', title: 'Theta (dynamic, optimised)', reference: false, weight: 0.5, mae: 1.4, mase: 0.7, smape: 2.6 },
          { id: 'naive', title: 'Last value', reference: true, weight: 0, mae: 3.1, mase: 1.5, smape: 5.5 },
        ],
        coverage: length < 8 ? [] : [{ level: 0.8, share: 0.82 }, { level: 0.95, share: 0.96 }],
        forecast: length < 8 ? null : { method: method === '' ? 'combination' : method, start: START + length * STEP, values: line(() => 0), intervals: [{ level: 0.8, lower: line((k) => -2 - k / 4), upper: line((k) => 2 + k / 4) }, { level: 0.95, lower: line((k) => -4 - k / 2), upper: line((k) => 4 + k / 2) }] },
        came: new Float64Array(length < 8 ? 0 : ahead).fill(Number.NaN), limit, findings: limit === null || length < 8 ? [] : [limitFinding(title, limit)], limitNote: '',
      };
    },
  };
}
