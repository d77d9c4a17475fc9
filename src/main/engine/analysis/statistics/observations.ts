/** Values of fields and metrics out of a case, as statistics take them. */
import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { columnOf, resolveField } from '../../../../shared/query/names.ts';
import { rates } from '../../metrics/statistics.ts';
import { offsetAt } from '../../search/result-set.ts';
import { isAttribute, valuesOf, type ValueOf } from '../../search/tally.ts';
import { SeriesStore } from '../../store/series-store.ts';
import type { AnalysisContext } from '../analysis.ts';
import { resultOf } from '../case-series.ts';

/** Events that are looked at, an even share of more: of columns, and of attributes, for which records are read back. */
const MOST_BY_COLUMN = 400_000;
const MOST_BY_RECORD = 30_000;
/** Samples of metrics that are looked at. */
const MOST_SAMPLES = 400_000;

/** One entry an event (or sample), in no order. */
export interface Observations {
  times: Float64Array;
  /** as the fields asked for; null = it has none */
  values: (string | null)[][];
  total: number;
  looked: number;
  unreadable: number;
}

const METRIC = 'metric:';
export function isMetric(field: string): boolean {
  return field.startsWith(METRIC);
}

export function unitOf(field: string, context: AnalysisContext): string {
  if (!isMetric(field)) return columnOf(resolveField(field))?.unit ?? '';
  const row = seriesOf(field, context).at(0);
  return row ? (row.cumulative ? `${row.unit === '' ? '' : row.unit}/s` : row.unit) : '';
}

/** Numbers are what reads as one, whole; '' and words are none. */
export function numberOf(text: string | null): number {
  return text === null || text.trim() === '' ? Number.NaN : Number(text);
}

/** Values of fields of the same events. */
export async function eventObservations(scope: Scope, fields: readonly string[], context: AnalysisContext): Promise<Observations> {
  const { catalog, searcher, turns, progress } = context;
  const result = await resultOf(context, scope, 'Finding the events of the query', (done) => done * 0.3);
  const names = fields.map((field) => resolveField(field));
  const records = names.some((name) => isAttribute(name, catalog));
  const limit = records ? MOST_BY_RECORD : MOST_BY_COLUMN;
  const step = Math.max(1, result.total / limit);
  const times: number[] = [];
  const values: (string | null)[][] = fields.map(() => []);
  let unreadable = result.unreadable + searcher.notLoaded;
  let place = 0;
  let next = 0;
  for (const part of result.parts) {
    let readers: ValueOf[] | null = null;
    for (let k = 0; k < part.count; k++, place++) {
      if (place < next) continue;
      next += step;
      const offset = offsetAt(part, k);
      try {
        readers ??= names.map((name) => valuesOf(name, part, catalog, searcher.records));
        const row = readers.map((read) => read(offset));
        times.push(part.segment.hot.time[offset]);
        row.forEach((value, f) => values[f].push(value));
      } catch (error) {
        if (error instanceof TidemarkError) throw error;
        // Told with the answer.
        unreadable++;
      }
      if (records) await turns.next();
    }
    progress(0.3 + (0.5 * place) / Math.max(1, result.total), 'Reading values');
    await turns.next();
  }
  return { times: Float64Array.from(times), values, total: result.total, looked: times.length, unreadable };
}

function seriesOf(field: string, { db }: AnalysisContext): ReturnType<SeriesStore['list']>['rows'] {
  const name = field.slice(METRIC.length);
  return new SeriesStore(db).list(name, 5000).rows.filter((row) => row.name === name);
}

/** Samples of a metric in the range of a scope; its query does not matter. `by`: a label, or 'series'. */
export async function metricObservations(scope: Scope, field: string, by: string, context: AnalysisContext): Promise<Observations> {
  const rows = seriesOf(field, context);
  if (rows.length === 0) throw new TidemarkError('not_found', `There is no metric ${field.slice(METRIC.length)} in this case.`);
  const store = new SeriesStore(context.db);
  const total = rows.reduce((sum, { n }) => sum + n, 0);
  const step = Math.max(1, total / MOST_SAMPLES);
  const times: number[] = [];
  const values: (string | null)[] = [];
  const groups: (string | null)[] = [];
  let inRange = 0;
  let next = 0;
  for (const [i, row] of rows.entries()) {
    const stored = store.samples(row.id, scope.from, scope.to);
    const line = row.cumulative ? rates(stored) : stored;
    const group = by === '' ? '' : by === 'series' ? row.labels.map(([name, value]) => `${name}=${value}`).join(' ') || row.name : (row.labels.find(([name]) => name === by)?.[1] ?? null);
    for (let k = 0; k < line.times.length; k++, inRange++) {
      if (inRange < next) continue;
      next += step;
      times.push(line.times[k]);
      values.push(String(line.values[k]));
      groups.push(group);
    }
    context.progress((0.8 * i) / rows.length, 'Reading samples');
    await context.turns.next();
  }
  return { times: Float64Array.from(times), values: [values, groups], total: inRange, looked: times.length, unreadable: 0 };
}

/** Means of a field by step of time, where it has any. */
export async function meansByStep(scope: Scope, field: string, step: number, context: AnalysisContext): Promise<Map<number, number>> {
  const { times, values } = isMetric(field) ? await metricObservations(scope, field, '', context) : await eventObservations(scope, [field], context);
  const sums = new Map<number, { sum: number; n: number }>();
  for (let i = 0; i < times.length; i++) {
    const value = numberOf(values[0][i]);
    if (!Number.isFinite(value)) continue;
    const bucket = Math.floor(times[i] / step);
    const known = sums.get(bucket);
    if (known) {
      known.sum += value;
      known.n++;
    } else sums.set(bucket, { sum: value, n: 1 });
  }
  return new Map([...sums].map(([bucket, { sum, n }]) => [bucket, sum / n]));
}
