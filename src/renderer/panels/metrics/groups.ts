/** Series as a person tells them apart: by metric name, and within a name by the labels that differ. Pure. */
import type { Series } from '../../../shared/contract/metrics.ts';
import { allLabels, keyOf, keyText, type SeriesKey } from '../../state/series-key.ts';

/** So many lines are told apart, and are asked for at once. */
export const MOST_CHOSEN = 12;

export interface Group<T> {
  name: string;
  series: T[];
}
/** Series of one name together, in the order in which the names come first. */
export function groupSeries<T extends { name: string }>(rows: readonly T[]): Group<T>[] {
  const groups = new Map<string, Group<T>>();
  for (const row of rows) {
    const group = groups.get(row.name);
    if (group) group.series.push(row);
    else groups.set(row.name, { name: row.name, series: [row] });
  }
  return [...groups.values()];
}

const LONGEST = 120;

/** The labels in which series of one name differ, and those that all of them share. */
export interface ToldApart {
  /** `host=a code=500`; '' = nothing tells it from the others, or there are no others */
  own: string;
  /** `job=api` */
  shared: string;
}
export function toldApart(series: readonly Pick<SeriesKey, 'labels'>[]): ToldApart[] {
  const known = series.map(({ labels }) => new Map(labels));
  const values = new Map<string, Set<string | undefined>>();
  for (const { labels } of series) for (const [name] of labels) values.set(name, new Set());
  for (const mine of known) for (const [name, all] of values) all.add(mine.get(name));
  const differs = (name: string): boolean => (values.get(name)?.size ?? 0) > 1;
  return series.map(({ labels }) => ({ own: allLabels({ labels: labels.filter(([name]) => differs(name)) }), shared: allLabels({ labels: labels.filter(([name]) => !differs(name)) }) }));
}

/**
 * What the series of one chart are called in its legend: what tells them apart, the source where two differ in nothing else.
 * @param sourceName what a source is called
 * @returns one text for each series, in their order; '' where there is only one series
 */
export function differingLabels(series: readonly SeriesKey[], sourceName: (id: number) => string): string[] {
  if (series.length < 2) return series.map(() => '');
  const texts = toldApart(series).map(({ own }) => own);
  const seen = new Map<string, number>();
  for (const text of texts) seen.set(text, (seen.get(text) ?? 0) + 1);
  return texts.map((text, index) => {
    const alike = (seen.get(text) ?? 0) > 1;
    const told = alike ? `${text} ${sourceName(series[index].source)}`.trim() : text;
    return cut(told === '' ? 'without labels' : told);
  });
}
function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** What remains chosen when one is switched; a thirteenth is not taken. */
export function toggled(chosen: readonly SeriesKey[], one: SeriesKey): SeriesKey[] {
  const text = keyText(one);
  const left = chosen.filter((other) => keyText(other) !== text);
  if (left.length < chosen.length) return left;
  return chosen.length < MOST_CHOSEN ? [...chosen, keyOf(one)] : [...chosen];
}
/** All of a group are chosen, as many as there is room for; when there is nothing (more) to choose, none. */
export function toggledGroup(chosen: readonly SeriesKey[], group: readonly SeriesKey[]): SeriesKey[] {
  const texts = new Set(group.map(keyText));
  const known = new Set(chosen.map(keyText));
  const missing = group.filter((one) => !known.has(keyText(one)));
  if (missing.length === 0 || chosen.length >= MOST_CHOSEN) return chosen.filter((one) => !texts.has(keyText(one)));
  return [...chosen, ...missing.map(keyOf)].slice(0, MOST_CHOSEN);
}

/** The rows of the chosen series, in the order of choice; null where the case has no such series (any more). */
export function findChosen(chosen: readonly SeriesKey[], rows: readonly Series[]): (Series | null)[] {
  const byKey = new Map(rows.map((row) => [keyText(row), row]));
  return chosen.map((key) => byKey.get(keyText(key)) ?? null);
}
