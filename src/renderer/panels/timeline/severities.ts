/** The legend as filters: which severities the query lets through, and the query after one is switched. Pure. */
import { SEVERITIES } from '../../../shared/event.ts';
import type { Severity } from '../../../shared/event.ts';
import type { WindowReply } from '../../../shared/contract/events.ts';
import { filtersOf, withFilter, withoutFilter } from '../../../shared/query/print.ts';

/** The severities that the severity filters of a query leave; comparisons (severity>=high) are not taken apart. */
export function shownSeverities(query: string): Set<Severity> {
  const shown = new Set<Severity>(SEVERITIES);
  for (const filter of filtersOf(query)) {
    if (filter.field !== 'severity' || filter.values.length === 0) continue;
    const named = new Set(filter.values.map((value) => value.toLowerCase()));
    for (const severity of SEVERITIES) if (named.has(severity) === filter.negated) shown.delete(severity);
  }
  return shown;
}
/** Shows or hides one severity. */
export function toggleSeverity(query: string, severity: Severity): string {
  if (shownSeverities(query).has(severity)) {
    const including = filtersOf(query).some((filter) => filter.field === 'severity' && !filter.negated && filter.values.some((value) => value.toLowerCase() === severity));
    return including ? withoutFilter(query, 'severity', severity) : withFilter(query, 'severity', severity, 'exclude');
  }
  const excluded = filtersOf(query).some((filter) => filter.field === 'severity' && filter.negated && filter.values.some((value) => value.toLowerCase() === severity));
  return excluded ? withoutFilter(query, 'severity', severity) : withFilter(query, 'severity', severity, 'include');
}
/** Shows one severity alone; again shows all. */
export function onlySeverity(query: string, severity: Severity): string {
  const shown = shownSeverities(query);
  const rest = withoutFilter(query, 'severity');
  return shown.size === 1 && shown.has(severity) ? rest : withFilter(rest, 'severity', severity, 'include');
}

export interface Slice {
  from: number;
  to: number;
  total: number;
  /** in the order of SEVERITIES */
  counts: number[];
}
/** The window in at most `most` rows for a table: neighbouring buckets together, all lanes added up. */
export function slices(reply: WindowReply, most: number): Slice[] {
  if (reply.buckets <= 0) return [];
  const per = Math.max(1, Math.ceil(reply.buckets / most));
  const rows: Slice[] = [];
  for (let first = 0; first < reply.buckets; first += per) {
    const next = Math.min(reply.buckets, first + per);
    const counts = SEVERITIES.map((_, severity) => {
      let sum = 0;
      for (const lane of reply.lanes) for (let bucket = first; bucket < next; bucket++) sum += lane.counts[bucket * SEVERITIES.length + severity];
      return sum;
    });
    rows.push({ from: reply.from + first * reply.step, to: reply.from + next * reply.step, total: counts.reduce((a, b) => a + b, 0), counts });
  }
  return rows;
}

/** What lies under a moment of a lane. */
export interface Spot {
  lane: WindowReply['lanes'][number];
  bucket: number;
  from: number;
  to: number;
  total: number;
  counts: number[];
  gap: { from: number; to: number } | null;
}
export function spotAt(reply: WindowReply, laneIndex: number, time: number): Spot | null {
  const lane = reply.lanes[laneIndex];
  if (!lane) return null;
  const bucket = Math.floor((time - reply.from) / reply.step);
  const inside = bucket >= 0 && bucket < reply.buckets;
  const counts = SEVERITIES.map((_, severity) => (inside ? lane.counts[bucket * SEVERITIES.length + severity] : 0));
  return {
    lane, bucket, from: reply.from + bucket * reply.step, to: reply.from + (bucket + 1) * reply.step, counts,
    total: counts.reduce((a, b) => a + b, 0), gap: lane.gaps.find((gap) => time >= gap.from && time < gap.to) ?? null,
  };
}
