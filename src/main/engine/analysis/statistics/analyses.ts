/** What statistics answer in the analyse worker. */
import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { FIELDS } from '../../../../shared/event.ts';
import { columnOf, resolveField } from '../../../../shared/query/names.ts';
import { valuesOf } from '../../search/tally.ts';
import { SeriesStore } from '../../store/series-store.ts';
import type { Analyses, AnalysisContext } from '../analysis.ts';
import { resultOf } from '../case-series.ts';
import { compare } from './compare.ts';
import { numberOf, unitOf } from './observations.ts';
import { relate } from './relate.ts';

/** Events that are looked at to tell what has numbers, and names that are told. */
const LOOKED = 400;
const MOST_FIELDS = 200;
/** Of those that have a field, this share are numbers. */
const NUMERIC = 0.9;

const isColumn = (name: string): boolean => columnOf(resolveField(name)) !== undefined;

async function fields({ scope }: { scope: Scope }, context: AnalysisContext): Promise<{ name: string; title: string; unit: string; share: number }[]> {
  const { searcher, turns, db } = context;
  const result = await resultOf(context, scope, 'Finding the events of the query');
  const counts = new Map<string, { title: string; present: number; numbers: number }>();
  const add = (name: string, title: string, value: string | null): void => {
    if (value === null) return;
    const known = counts.get(name) ?? { title, present: 0, numbers: 0 };
    known.present++;
    if (Number.isFinite(numberOf(value))) known.numbers++;
    counts.set(name, known);
  };
  const columns = FIELDS.filter(({ kind }) => kind === 'number');
  const step = Math.max(1, Math.floor(result.total / LOOKED));
  let looked = 0;
  for (let place = 0; place < result.total && looked < LOOKED; place += step, looked++) {
    const [event] = result.slice(place, 1);
    const { segment, offset } = event;
    await turns.next();
    try {
      for (const { name, title } of columns) add(name, title, valuesOf(name, { segment, hits: 'all', count: segment.n }, context.catalog, searcher.records)(offset));
      for (const { name, value } of searcher.records.read(segment, offset)?.attributes ?? []) if (!isColumn(name)) add(name, name, value === null ? null : String(value));
    } catch (error) {
      if (error instanceof TidemarkError) throw error;
      // A field that stands only where the case file is damaged is not offered.
    }
  }
  const metrics = [...new Set(new SeriesStore(db).list('', 5000).rows.map(({ name }) => name))];
  return [
    ...[...counts].filter(([, { present, numbers }]) => numbers >= present * NUMERIC).map(([name, { title, numbers }]) => ({ name, title, unit: unitOf(name, context), share: numbers / Math.max(1, looked) }))
      // Columns first: what they mean is known.
      .sort((a, b) => Number(isColumn(b.name)) - Number(isColumn(a.name)) || b.share - a.share || (a.name < b.name ? -1 : 1)).slice(0, MOST_FIELDS),
    ...metrics.slice(0, MOST_FIELDS).map((name) => ({ name: `metric:${name}`, title: name, unit: unitOf(`metric:${name}`, context), share: 1 })),
  ];
}

export const statisticsAnalyses = { 'statistics.fields': fields, 'statistics.compare': compare, 'statistics.relate': relate } satisfies Analyses;
