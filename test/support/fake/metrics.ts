/** Metrics of the engine in memory: a counter for two hosts, a latency, memory, a gauge with an outage and a peak. Test only. */
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { Series, SeriesLine } from '../../../src/shared/contract/metrics.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { FakeState } from '../fake-engine.ts';
import { START, seeded } from './events.ts';

const STEP = 60e6;
const SAMPLES = 30 * 60;
const PEAK = 1130;
const OUTAGE = [620, 700] as const;

const NOTHING = { kind: 'gauge', unit: '', cumulative: false, help: '', source: 1 } as const;
const HEADS: readonly (Pick<Series, 'name' | 'labels'> & Partial<Series>)[] = [
  { name: 'http_request_duration_seconds', labels: [['host', 'web-1'], ['job', 'api']], unit: 'seconds', help: 'Time to answer.' },
  { name: 'http_requests_total', labels: [['code', '200'], ['host', 'web-1'], ['job', 'api']], kind: 'counter', cumulative: true, help: 'Requests served.' },
  { name: 'http_requests_total', labels: [['code', '500'], ['host', 'web-1'], ['job', 'api']], kind: 'counter', cumulative: true },
  { name: 'http_requests_total', labels: [['code', '200'], ['host', 'web-2'], ['job', 'api']], kind: 'counter', cumulative: true },
  { name: 'node_memory_used_bytes', labels: [['host', 'web-1']], unit: 'bytes' },
  { name: 'node_memory_used_bytes', labels: [['host', '<img src=x onerror=alert(1)>']], unit: 'bytes' },
  { name: 'pool_in_use', labels: [], unit: 'connections', help: 'Connections taken from the pool.' },
];
const SCALE = [0.08, 220, 4, 180, 3.1e9, 2.4e9, 20] as const;

function makeSeries(): Series[] {
  const fixed = HEADS.map((head, index): Series => ({ ...NOTHING, ...head, id: index + 1, n: SAMPLES, t0: START, t1: START + (SAMPLES - 1) * STEP }));
  const many = Array.from({ length: 240 }, (_, core): Series => ({ ...NOTHING, id: 100 + core, name: 'system_cpu_ratio', labels: [['core', String(core)]], unit: 'ratio', n: SAMPLES, t0: START, t1: START + (SAMPLES - 1) * STEP }));
  return [...fixed, ...many];
}
/** Values of a series; NaN in the outage. */
function valuesOf(id: number): Float64Array {
  const random = seeded(id);
  const level = SCALE[id - 1] ?? 0.4;
  return Float64Array.from({ length: SAMPLES }, (_, at) => {
    if (at >= OUTAGE[0] && at < OUTAGE[1]) return NaN;
    const value = level * (1 + 0.25 * Math.sin(at / 170 + id) + 0.12 * (random() - 0.5));
    return at >= PEAK && at < PEAK + 20 ? value * 3.2 : value;
  });
}
function lineOf(id: number, from: number, to: number, buckets: number): SeriesLine {
  const values = valuesOf(id);
  const empty = (): Float64Array => new Float64Array(buckets).fill(NaN);
  const width = (to - from) / buckets;
  const line: SeriesLine = { id, time: Float64Array.from({ length: buckets }, (_, index) => from + index * width), min: empty(), max: empty(), mean: empty(), z: empty(), n: 0 };
  const counts = new Uint32Array(buckets);
  for (let at = 0; at < SAMPLES; at++) {
    const bucket = Math.floor((START + at * STEP - from) / width);
    if (bucket < 0 || bucket >= buckets || Number.isNaN(values[at])) continue;
    const first = counts[bucket]++ === 0;
    line.min[bucket] = first ? values[at] : Math.min(line.min[bucket], values[at]);
    line.max[bucket] = first ? values[at] : Math.max(line.max[bucket], values[at]);
    line.mean[bucket] = first ? values[at] : line.mean[bucket] + (values[at] - line.mean[bucket]) / counts[bucket];
    const z = at === PEAK ? 14.2 : 0.8;
    if (!(line.z[bucket] >= z)) line.z[bucket] = z;
    line.n++;
  }
  return line;
}

export function metricRooms(state: FakeState): Pick<EngineHandlers, 'metrics'> {
  const all = makeSeries();
  const series = (): Series[] => (state.scenario === 'case' ? all : []);
  return {
    metrics: {
      list: ({ text, limit }) => {
        const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
        const rows = series().filter(({ name, labels }) => words.every((word) => `${name} ${JSON.stringify(labels)}`.toLowerCase().includes(word)));
        return { rows: rows.slice(0, limit), total: rows.length };
      },
      lines: ({ ids, from, to, buckets }) => ({
        lines: ids.map((id) => {
          const one = series().find((row) => row.id === id);
          if (!one) throw new TidemarkError('not_found', `There is no series ${id}.`);
          return lineOf(id, from ?? one.t0 ?? 0, to ?? (one.t1 ?? 0) + 1, buckets);
        }),
      }),
      samples: ({ id, limit }) => {
        const value = valuesOf(id);
        return { time: Float64Array.from({ length: Math.min(limit, SAMPLES) }, (_, at) => START + at * STEP), value: value.slice(0, limit), truncated: limit < SAMPLES };
      },
    },
  };
}
