/** What the facets show, from what the engine answered and what the query asks. Pure. */
import { SEVERITIES } from '../../../shared/event.ts';
import type { FacetReply } from '../../../shared/contract/events.ts';
import { filtersOf } from '../../../shared/query/print.ts';

export const DEFAULT_FIELDS = ['severity', 'service', 'host', 'source', 'level', 'status', 'user', 'ip', 'template'] as const;
/** Values shown before 'more', and after it. */
export const FEW = 6;
export const MANY = 100;

export type Mode = 'include' | 'exclude' | null;
export interface Value {
  value: string;
  count: number;
  /** of the events in scope, 0..1 */
  share: number;
  /** of the most frequent value shown, 0..1: the length of the bar */
  bar: number;
  /** whether the query asks for it or leaves it out */
  mode: Mode;
}
type Facet = FacetReply['facets'][number];

/** Which values of a field the query names, and in what sense; values in lower case, as keywords compare. */
export function modesOf(query: string, field: string): Map<string, Exclude<Mode, null>> {
  const modes = new Map<string, Exclude<Mode, null>>();
  for (const filter of filtersOf(query)) {
    if (filter.field !== field) continue;
    for (const value of filter.values) modes.set(value.toLowerCase(), filter.negated ? 'exclude' : 'include');
  }
  return modes;
}

/**
 * Values to show: most frequent first; severity always all five, gravest first. Values that the query names stay in the list
 * although the count says nothing of them any more, so that the filter can be taken back where it was set.
 */
export function valuesOf(facet: Facet | undefined, field: string, total: number, query: string, limit: number): Value[] {
  const counts = new Map((facet?.values ?? []).map(({ value, count }) => [value, count]));
  const modes = modesOf(query, field);
  const known = new Set([...counts.keys()].map((value) => value.toLowerCase()));
  const named = [...modes.keys()].filter((value) => value !== '' && !known.has(value));
  const list = field === 'severity' ? [...SEVERITIES].reverse() : [...[...counts.keys()].slice(0, limit), ...named];
  const highest = Math.max(1, ...list.map((value) => counts.get(value) ?? 0));
  return list.map((value) => {
    const count = counts.get(value) ?? 0;
    return { value, count, share: total > 0 ? count / total : 0, bar: count / highest, mode: modes.get(value.toLowerCase()) ?? null };
  });
}

/** 0.123 -> "12 %"; what is there is never shown as nothing. */
export function formatShare(share: number): string {
  if (share <= 0) return '0 %';
  const percent = share * 100;
  if (percent < 0.1) return '<0.1 %';
  return percent < 10 ? `${percent.toFixed(1).replace(/\.0$/, '')} %` : `${percent > 99.9 && percent < 100 ? '99.9' : Math.round(percent)} %`;
}
