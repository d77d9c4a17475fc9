/** Everything about one user, host or address. */
import type { EntityPage, EntityType } from '../../../../shared/contract/threat.ts';
import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { FLAG, SEVERITIES } from '../../../../shared/event.ts';
import { withFilter } from '../../../../shared/query/print.ts';
import { offsetAt } from '../../search/result-set.ts';
import { valuesOf } from '../../search/tally.ts';
import { HOT } from '../../store/segment.ts';
import { ruleHits } from '../../store/sigma-store.ts';
import type { AnalysisContext } from '../analysis.ts';
import { resultOf } from '../case-series.ts';
import { attackOf } from '../sigma/attack.ts';

const BUCKETS = 120;
const LISTED = 30;
const MOST_VALUES = 20_000;
const OTHERS = ['user', 'host', 'ip', 'service'] as const;
const HOUR = 3600e6;

interface Counted {
  count: number;
  first: number;
  severity: number;
}

export async function entityPage({ scope, type, value }: { scope: Scope; type: EntityType; value: string }, context: AnalysisContext): Promise<EntityPage> {
  const { catalog, searcher, turns } = context;
  const result = await resultOf(context, { ...scope, query: withFilter(scope.query, type, value, 'include') }, 'Reading its events', (share) => share * 0.5);
  if (result.total === 0) throw new TidemarkError('not_found', `No event of this range names ${type === 'ip' ? 'the address' : `the ${type}`} ${value}.`);
  const from = scope.from ?? catalog.extent()?.from ?? 0;
  const to = scope.to ?? (catalog.extent()?.to ?? 0) + 1;
  const step = Math.max(1, (to - from) / BUCKETS);
  const page: EntityPage = { type, value, count: result.total, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, severities: [0, 0, 0, 0, 0], from, step, buckets: new Uint32Array(BUCKETS), hours: new Uint32Array(24), related: [], patterns: [], rules: [], indicators: [] };
  const others = OTHERS.filter((each) => each !== type).map((each) => ({ type: each, values: new Map<string, Counted>() }));
  const patterns = new Map<number, Counted>();
  const rules = new Map<number, number>();
  const indicators = new Map<string, EntityPage['indicators'][number]>();
  const hits = ruleHits(context.db);
  for (const [at, part] of result.parts.entries()) {
    await turns.next();
    context.progress(0.5 + (at / result.parts.length) * 0.5, 'Looking at its events');
    const { segment } = part;
    const { time, severity, flags, codes } = segment.hot;
    const readers = others.map(({ type: field, values }) => ({ values, valueOf: valuesOf(field, part, catalog, searcher.records) }));
    const offsets = new Set<number>();
    for (let k = 0; k < part.count; k++) {
      const i = offsetAt(part, k);
      offsets.add(i);
      page.severities[severity[i]]++;
      if ((flags[i] & FLAG.TIME_SUSPECT) === 0) {
        page.first = Math.min(page.first, time[i]);
        page.last = Math.max(page.last, time[i]);
        const bucket = Math.floor((time[i] - from) / step);
        if (bucket >= 0 && bucket < BUCKETS) page.buckets[bucket]++;
        page.hours[((Math.floor(time[i] / HOUR) % 24) + 24) % 24]++;
      }
      for (const { values, valueOf } of readers) {
        const other = valueOf(i);
        if (other !== null && other !== '' && other !== '-') note(values, other, time[i], severity[i]);
      }
      const template = segment.dicts[HOT.template][codes[HOT.template][i]];
      if (template !== 0) note(patterns, template, time[i], severity[i]);
    }
    for (const { rule, offsets: matched } of hits.of(segment.id)) {
      const n = matched.reduce((sum, offset) => sum + (offsets.has(offset) ? 1 : 0), 0);
      if (n > 0) rules.set(rule, (rules.get(rule) ?? 0) + n);
    }
    for (const [offset, found] of catalog.derived.indicatorsIn(segment)) {
      if (!offsets.has(offset)) continue;
      for (const { value: indicator, listName, note: says } of found) {
        const known = indicators.get(indicator);
        if (known) known.count++;
        else indicators.set(indicator, { value: indicator, list: listName, note: says, count: 1 });
      }
    }
  }
  page.related = others.flatMap(({ type: of, values }) => most(values).map(([name, { count, first: since }]) => ({ type: of, value: name, count, first: since })));
  page.patterns = most(patterns).map(([id, { count, first: since, severity }]) => ({ pattern: catalog.names[HOT.template][id] ?? '', count, severity: SEVERITIES[severity], first: since }));
  page.rules = [...rules].flatMap(([id, count]) => {
    const rule = hits.facts(id);
    if (!rule) return [];
    const { tactics, techniques } = attackOf(rule.tags);
    return [{ title: rule.title, level: rule.level, author: rule.author, count, tactics: tactics.map(({ name }) => name), techniques: techniques.map(({ id: technique, name }) => (name === '' ? technique : `${technique} ${name}`)) }];
  });
  page.indicators = [...indicators.values()].sort((a, b) => b.count - a.count).slice(0, LISTED);
  return page;
}

function note<K>(values: Map<K, Counted>, key: K, time: number, severity: number): void {
  const known = values.get(key);
  if (known) {
    known.count++;
    known.first = Math.min(known.first, time);
    known.severity = Math.max(known.severity, severity);
  } else if (values.size < MOST_VALUES) values.set(key, { count: 1, first: time, severity });
}
function most<K>(values: ReadonlyMap<K, Counted>): [K, Counted][] {
  return [...values].sort((a, b) => b[1].count - a[1].count).slice(0, LISTED);
}
