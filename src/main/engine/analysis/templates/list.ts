/** The analysis 'patterns.list': every pattern of a query, in a range and beside another. One pass over the events of the query. */
import { FLAG, SEVERITIES } from '../../../../shared/event.ts';
import { MOST_PATTERNS, type PatternList, type PatternRow } from '../../../../shared/contract/patterns.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { HOT } from '../../store/segment.ts';
import { isGrouped } from '../../store/patterns.ts';
import { quietedLikes } from '../../store/finding-marks.ts';
import type { AnalysisContext } from '../analysis.ts';
import { resultOf } from '../case-series.ts';
import { patternFindings } from './findings.ts';

/** Rare: in a range of at least so many events at most so many, and at most one in so many. */
const RARE_OF = 1000;
const RARE_COUNT = 5;
const RARE_SHARE = 1000;
const MOST_SERVICES_OF_ROW = 3;

interface Bounds {
  from: number | null;
  to: number | null;
}
interface Tally extends Pick<PatternRow, 'count' | 'other' | 'first' | 'last' | 'severities' | 'line'> {
  services: Map<number, number>;
}

export async function listPatterns(input: { scope: Scope; other: Bounds | 'before' | null; buckets: number }, context: AnalysisContext): Promise<PatternList> {
  const { catalog, turns } = context;
  const { scope, buckets } = input;
  const result = await resultOf(context, { ...scope, from: null, to: null }, 'finding the events', (done) => done * 0.4);
  const extent = catalog.extent() ?? { from: 0, to: 0 };
  const from = scope.from ?? extent.from;
  const to = scope.to ?? extent.to + 1;
  const other = otherRange(input.other, scope, from, extent);
  const tallies = new Map<number, Tally>();
  let total = 0;
  let otherTotal = 0;
  for (const [n, { segment, hits, count }] of result.parts.entries()) {
    const { time, flags, severity, codes } = segment.hot;
    const templates = codes[HOT.template];
    const services = codes[HOT.service];
    const serviceDict = segment.dicts[HOT.service];
    const byCode = Array.from(segment.dicts[HOT.template], (id) => (id === 0 ? undefined : tallyOf(tallies, id, buckets)));
    for (let k = 0; k < count; k++) {
      const i = hits === 'all' ? k : hits[k];
      if ((flags[i] & FLAG.TIME_SUSPECT) !== 0) continue;
      const tally = byCode[templates[i]];
      if (!tally) continue;
      const t = time[i];
      if (t < tally.first) tally.first = t;
      if (t > tally.last) tally.last = t;
      if (t >= from && t < to) {
        total++;
        tally.count++;
        tally.severities[severity[i]]++;
        tally.line[Math.min(buckets - 1, Math.floor(((t - from) * buckets) / (to - from)))]++;
        const service = serviceDict[services[i]];
        if (service !== 0) tally.services.set(service, (tally.services.get(service) ?? 0) + 1);
      } else if (other && t >= other.from && t < other.to) {
        otherTotal++;
        tally.other++;
      }
    }
    context.progress(0.4 + (0.55 * n) / result.parts.length, 'counting patterns');
    await turns.next();
  }
  const compared = other !== null && otherTotal > 0 && total > 0 ? other : null;
  const span = Math.min(to, extent.to + 1) - Math.max(from, extent.from);
  // What of the other range is in this one is counted here only.
  const shared = compared ? Math.max(0, Math.min(to, compared.to) - Math.max(from, compared.from)) : 0;
  const rate = compared ? (compared.to - compared.from - shared) / span : Number.NaN;
  const templates = templatesOf(context, tallies);
  const rows: PatternRow[] = [];
  for (const [id, tally] of tallies) {
    if (tally.count === 0 && (compared === null || tally.other === 0)) continue;
    rows.push(rowOf(id, tally, { text: catalog.names[HOT.template][id] ?? '', templates: templates.get(id) ?? 1, total, compared: compared !== null, rate, services: catalog.names[HOT.service] }));
  }
  rows.sort((a, b) => b.count - a.count || b.other - a.other || a.id - b.id);
  const findings = patternFindings(rows, { scope, from, to, other: compared, otherSpan: compared ? compared.to - compared.from - shared : 0, total, otherTotal, quieted: quietedLikes(context.db) });
  const half = MOST_PATTERNS >> 1;
  const listed = rows.length <= MOST_PATTERNS ? rows : [...rows.slice(0, half), ...rows.slice(rows.length - half)];
  return { from, to, other: compared, total, otherTotal, patterns: listed, more: rows.length - listed.length, findings, grouped: isGrouped(context.db), unreadable: result.unreadable + context.searcher.notLoaded };
}

/** What the range is compared with, as far as the case has events there; null when it has none. */
function otherRange(other: Bounds | 'before' | null, scope: Scope, from: number, extent: { from: number; to: number }): { from: number; to: number } | null {
  if (other === null || (other === 'before' && scope.from === null)) return null;
  const range = other === 'before' ? { from: extent.from, to: from } : { from: Math.max(other.from ?? extent.from, extent.from), to: Math.min(other.to ?? extent.to + 1, extent.to + 1) };
  return range.from < range.to ? range : null;
}

function tallyOf(tallies: Map<number, Tally>, id: number, buckets: number): Tally {
  let tally = tallies.get(id);
  if (!tally) {
    tally = { count: 0, other: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, severities: new Uint32Array(SEVERITIES.length), line: new Uint32Array(buckets), services: new Map() };
    tallies.set(id, tally);
  }
  return tally;
}

/** How many templates each pattern has. */
function templatesOf({ catalog }: AnalysisContext, tallies: ReadonlyMap<number, Tally>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const [template, pattern] of catalog.patternOf) if (template !== pattern && tallies.has(pattern)) counts.set(pattern, (counts.get(pattern) ?? 1) + 1);
  return counts;
}

function rowOf(id: number, tally: Tally, { text, templates, total, compared, rate, services }: { text: string; templates: number; total: number; compared: boolean; rate: number; services: readonly string[] }): PatternRow {
  const { count, other, first, last, severities, line } = tally;
  const most = [...tally.services].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return {
    id, text, templates, count, other, first, last, severities, line,
    services: most.slice(0, MOST_SERVICES_OF_ROW).map(([service, n]) => ({ service: services[service] ?? '', count: n })), serviceCount: most.length,
    isNew: compared && count > 0 && other === 0, isGone: compared && count === 0 && other > 0,
    isRare: total >= RARE_OF && count > 0 && count <= RARE_COUNT && count * RARE_SHARE <= total,
    ratio: compared && count > 0 && other > 0 ? (count / other) * rate : Number.NaN,
  };
}
