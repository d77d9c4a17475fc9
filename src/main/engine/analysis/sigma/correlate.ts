/**
 * Correlations over the events that rules found (Sigma specification 2, "Correlation"; the aggregations of Sigma 1 become the same). Events
 * are gone through in the order of time. A correlation that looks for much (gt, gte, temporal) is met by the event that completes it within
 * the span, and looks afresh behind it; one that looks for little or for an exact number counts spans that begin with the first event of a group.
 */
import type { CompiledCorrelation, RuleSet } from './rule-set.ts';

export interface FoundEvent {
  /** id of the event in the case */
  event: number;
  /** microseconds UTC */
  time: number;
}
export interface CorrelationHit {
  /** index among rules and correlations */
  rule: number;
  /** the event that completed it */
  event: number;
  from: number;
  to: number;
  /** values of group-by fields, in their order */
  group: string[];
  /** what was compared: a number of events or values, a sum, an average */
  value: number;
  /** events it was made of, in the order of time, at most MOST_EVIDENCE */
  events: number[];
  /** how many there were */
  count: number;
}
const MOST_EVIDENCE = 20;
/** Events of one group within one span that are kept. */
const MOST_WINDOW = 100_000;

/** Values of a field of an event that a rule found; [] = it has none. `rule`: whose names for fields count. */
export type FieldReader = (event: number, rule: number, field: string) => readonly string[];

interface Entry extends FoundEvent {
  /** place in `of` */
  place: number;
  from: number;
  values: readonly string[];
}

/** near of Sigma 1: each event of the first rule, as long as those wanted are about it and those unwanted are not. */
function* nearby({ of, span, near }: CompiledCorrelation, entries: readonly Entry[]): Generator<Met, void, void> {
  if (!near) return;
  for (const entry of entries.filter(({ place }) => place === 0)) {
    // What is near is looked for by time, in which the entries stand.
    let from = 0;
    for (let to = entries.length; from < to; ) {
      const middle = (from + to) >> 1;
      if (entries[middle].time < entry.time - span) from = middle + 1;
      else to = middle;
    }
    const first = new Map<number, Entry>();
    for (let i = from; i < entries.length && entries[i].time <= entry.time + span && i - from < MOST_WINDOW; i++) if (!first.has(of[entries[i].place]) && entries[i].place > 0) first.set(of[entries[i].place], entries[i]);
    if (near.unwanted.some((rule) => first.has(rule)) || !near.wanted.every((rule) => first.has(rule))) continue;
    const window = [entry, ...near.wanted.flatMap((rule) => first.get(rule) ?? [])].sort((a, b) => a.time - b.time || a.event - b.event);
    yield { window, value: window.length };
  }
}

/** All correlations of a set, in the order in which they are about each other. `found`: events by rule. */
export function correlate(set: RuleSet, found: ReadonlyMap<number, readonly FoundEvent[]>, read: FieldReader): CorrelationHit[] {
  const hits: CorrelationHit[] = [];
  const byCorrelation = new Map<number, CorrelationHit[]>();
  set.correlations.forEach((correlation, i) => {
    const rule = set.rules.length + i;
    const mine = correlateOne(correlation, rule, found, byCorrelation, set.rules.length, read, set);
    byCorrelation.set(rule, mine);
    hits.push(...mine);
  });
  return hits;
}

function correlateOne(
  correlation: CompiledCorrelation, rule: number, found: ReadonlyMap<number, readonly FoundEvent[]>, inner: ReadonlyMap<number, readonly CorrelationHit[]>, rules: number, read: FieldReader, set: RuleSet,
): CorrelationHit[] {
  const groups = new Map<string, { values: string[]; entries: Entry[] }>();
  correlation.of.forEach((index, place) => {
    const fieldOf = (field: string): string => correlation.aliases[place]?.get(field) ?? field;
    const events: { event: number; time: number; from: number; group?: ReadonlyMap<string, string> }[] =
      index < rules
        ? (found.get(index) ?? []).map((one) => ({ ...one, from: one.time }))
        : (inner.get(index) ?? []).map((hit) => ({ event: hit.event, time: hit.to, from: hit.from, group: new Map(set.correlations[index - rules].groupBy.map((field, at) => [field, hit.group[at] ?? ''])) }));
    for (const { event, time, from, group } of events) {
      const valuesOf = (field: string): readonly string[] => {
        const known = group?.get(fieldOf(field));
        return known !== undefined ? [known] : read(event, index, fieldOf(field));
      };
      // An event without the field is of no group.
      const by = correlation.groupBy.map((field) => valuesOf(field)[0]);
      if (by.some((value) => value === undefined)) continue;
      const values = by as string[];
      const key = JSON.stringify(values.map((value) => value.toLowerCase()));
      const entry: Entry = { event, time, from, place, values: correlation.fields.length === 0 ? [] : countedValues(correlation.fields.map(valuesOf)) };
      const known = groups.get(key);
      if (known) known.entries.push(entry);
      else groups.set(key, { values, entries: [entry] });
    }
  });
  const hits: CorrelationHit[] = [];
  for (const { values, entries } of groups.values()) {
    entries.sort((a, b) => a.time - b.time || a.event - b.event);
    const few = correlation.compare.length > 0 && correlation.compare.some(({ sign }) => sign !== 'gt' && sign !== 'gte');
    for (const { window, value } of correlation.near ? nearby(correlation, entries) : few ? spans(correlation, entries) : sliding(correlation, entries)) {
      const last = window[window.length - 1];
      const events = [...new Set(window.map(({ event }) => event))];
      hits.push({ rule, event: last.event, from: Math.min(...window.slice(0, 1000).map(({ from }) => from)), to: last.time, group: values, value, events: events.slice(-MOST_EVIDENCE), count: events.length });
    }
  }
  return hits.sort((a, b) => a.to - b.to || a.event - b.event);
}

/** Several fields are counted as one value. */
function countedValues(fields: readonly (readonly string[])[]): readonly string[] {
  if (fields.length === 1) return fields[0];
  return fields.some((values) => values.length === 0) ? [] : [JSON.stringify(fields.map(([value]) => value))];
}

interface Met {
  window: Entry[];
  value: number;
}
function* sliding(correlation: CompiledCorrelation, entries: readonly Entry[]): Generator<Met, void, void> {
  let start = 0;
  const span = new Span(correlation);
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at];
    span.add(entry);
    while (entry.time - entries[start].time > correlation.span || at - start >= MOST_WINDOW) span.remove(entries[start++]);
    const value = span.met(() => entries.slice(start, at + 1));
    if (value === null || (correlation.absence && !staysAbsent(correlation, entries, start))) continue;
    yield { window: entries.slice(start, at + 1), value };
    start = at + 1;
    span.clear();
  }
}
/** Whether what must not be there does not come either, as long as the first event of the span has it open. */
function staysAbsent({ of, span, condition }: CompiledCorrelation, entries: readonly Entry[], start: number): boolean {
  const rules = new Set<number>();
  for (let i = start; i < entries.length && entries[i].time - entries[start].time <= span && i - start < MOST_WINDOW; i++) rules.add(of[entries[i].place]);
  return !condition || condition((index) => rules.has(index));
}
function* spans(correlation: CompiledCorrelation, entries: readonly Entry[]): Generator<Met, void, void> {
  for (let at = 0; at < entries.length; ) {
    let end = at;
    while (end < entries.length && entries[end].time - entries[at].time <= correlation.span) end++;
    const window = entries.slice(at, end);
    const span = new Span(correlation);
    for (const entry of window) span.add(entry);
    const value = span.met(() => window);
    if (value !== null) yield { window, value };
    at = end;
  }
}

/** Events of a span, counted as they come and go: what is looked at for each event does not grow with the span. */
class Span {
  readonly #correlation: CompiledCorrelation;
  readonly #events = new Map<number, number>();
  readonly #rules = new Map<number, number>();
  readonly #values = new Map<string, number>();
  #numbers = 0;
  #sum = 0;

  constructor(correlation: CompiledCorrelation) {
    this.#correlation = correlation;
  }

  clear(): void {
    this.#events.clear();
    this.#rules.clear();
    this.#values.clear();
    this.#numbers = 0;
    this.#sum = 0;
  }
  add(entry: Entry): void {
    this.#change(entry, 1);
  }
  remove(entry: Entry): void {
    this.#change(entry, -1);
  }
  #change({ event, place, values }: Entry, by: 1 | -1): void {
    count(this.#events, event, by);
    count(this.#rules, this.#correlation.of[place], by);
    for (const value of values) {
      count(this.#values, value.toLowerCase(), by);
      const number = value.trim() === '' ? Number.NaN : Number(value);
      if (Number.isNaN(number)) continue;
      this.#numbers += by;
      this.#sum += number * by;
    }
  }

  /** What is compared, when the correlation is met; else null. `window`: the events, for what cannot be counted. */
  met(window: () => readonly Entry[]): number | null {
    const { type, of, compare, condition, reduce } = this.#correlation;
    let value: number;
    if (type === 'temporal' || type === 'temporal_ordered') {
      // A number says how many of the rules have to be there; nothing says all of them.
      if (condition ? !condition((index) => this.#rules.has(index)) : compare.length === 0 && !of.every((index) => this.#rules.has(index))) return null;
      value = type === 'temporal' ? this.#rules.size : longestInOrder(of, window());
      if (type === 'temporal_ordered' && compare.length === 0 && value < (condition ? this.#rules.size : of.length)) return null;
    } else if (type === 'event_count') {
      value = this.#events.size;
    } else if (type === 'value_count') {
      value = this.#values.size;
    } else if (this.#numbers === 0) {
      return null;
    } else if ((type === 'value_sum' || type === 'value_avg') && !reduce) {
      value = type === 'value_sum' ? this.#sum : this.#sum / this.#numbers;
    } else {
      value = ranked(this.#correlation, window());
    }
    return compare.every((one) => holdsFor(one.sign, value, one.value)) ? value : null;
  }
}
function count<K>(counts: Map<K, number>, key: K, by: number): void {
  const left = (counts.get(key) ?? 0) + by;
  if (left === 0) counts.delete(key);
  else counts.set(key, left);
}
/** How many rules of a correlation came in its order, at best: the longest ascending sequence of places. */
function longestInOrder(of: readonly number[], window: readonly Entry[]): number {
  const best = new Array<number>(of.length).fill(0);
  for (const entry of window) {
    // A rule that is named twice may be either.
    for (let place = of.length - 1; place >= 0; place--) {
      if (of[place] !== of[entry.place]) continue;
      let before = 0;
      for (let i = 0; i < place; i++) before = Math.max(before, best[i]);
      best[place] = Math.max(best[place], before + 1);
    }
  }
  return best.reduce((most, length) => Math.max(most, length), 0);
}
/** The least, the greatest, or a percentile of what is counted. */
function ranked({ type, percentile, reduce }: CompiledCorrelation, window: readonly Entry[]): number {
  const numbers = window.flatMap((entry) => entry.values).filter((value) => value.trim() !== '').map(Number).filter((value) => !Number.isNaN(value));
  if (reduce === 'min') return numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  if (reduce === 'max') return numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const sorted = numbers.sort((a, b) => a - b);
  const at = ((type === 'value_median' ? 50 : Math.min(100, Math.max(0, percentile))) / 100) * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
}
function holdsFor(sign: CompiledCorrelation['compare'][number]['sign'], left: number, right: number): boolean {
  switch (sign) {
    case 'gt':
      return left > right;
    case 'gte':
      return left >= right;
    case 'lt':
      return left < right;
    case 'lte':
      return left <= right;
    case 'eq':
      return left === right;
    case 'neq':
      return left !== right;
  }
}
