import { expect, test } from 'vitest';
import { correlate, type CorrelationHit } from './correlate.ts';
import { RuleSet } from './rule-set.ts';

const base = (name: string): string => `title: ${name}\nname: ${name}\nlogsource: {product: x}\ndetection: {s: {kind: ${name}}, condition: s}`;
const S = 1e6;
interface Event {
  rule: string;
  /** seconds */
  at: number;
  fields?: Record<string, string>;
}

function run(correlation: string, events: readonly Event[], names = ['a', 'b']): CorrelationHit[] {
  const set = new RuleSet([{ file: 'f', text: [...names.map(base), correlation].join('\n---\n') }]);
  expect(set.problems).toEqual([]);
  const found = new Map(names.map((name, index) => [index, events.flatMap(({ rule, at }, event) => (rule === name ? [{ event, time: at * S }] : []))]));
  return correlate(set, found, (event, _rule, field) => {
    const value = events[event].fields?.[field];
    return value === undefined ? [] : [value];
  });
}
const times = (hits: readonly CorrelationHit[]): number[] => hits.map(({ to }) => to / S);
const correlation = (body: string): string => `title: C\ncorrelation:\n${body.split('\n').map((line) => `  ${line}`).join('\n')}`;

test('events are counted in a span that slides, group by group', () => {
  const rule = correlation('type: event_count\nrules: [a]\ngroup-by: [user]\ntimespan: 10s\ncondition: {gte: 3}');
  const at = (user: string, ...seconds: number[]): Event[] => seconds.map((second) => ({ rule: 'a', at: second, fields: { user } }));
  const hits = run(rule, [...at('ann', 0, 9, 18, 19, 20, 21), ...at('bob', 1, 2), ...at('Ann', 1000)]);
  expect(times(hits)).toEqual([19]);
  expect(hits[0]).toMatchObject({ group: ['ann'], value: 3, count: 3, events: [1, 2, 3], from: 9 * S });
  expect(times(run(rule, at('x', 0, 1, 2, 3, 4, 5)))).toEqual([2, 5]);
});

test('values are counted once', () => {
  const rule = correlation('type: value_count\nrules: [a]\ngroup-by: [ip]\ntimespan: 1m\ncondition: {field: user, gt: 1}');
  const at = (second: number, user: string): Event => ({ rule: 'a', at: second, fields: { ip: '::1', user } });
  expect(times(run(rule, [at(0, 'x'), at(1, 'X'), at(2, 'x'), at(50, 'y'), at(200, 'z')]))).toEqual([50]);
});

test('few events, and exact numbers, are counted from the first of a group on', () => {
  const rule = correlation('type: event_count\nrules: [a]\ntimespan: 10s\ncondition: {lt: 2}');
  expect(times(run(rule, [0, 5, 20, 40, 41].map((at) => ({ rule: 'a', at }))))).toEqual([20]);
});

test('rules near each other, in any order or in theirs', () => {
  const events: Event[] = [{ rule: 'b', at: 0 }, { rule: 'a', at: 5 }, { rule: 'b', at: 100 }, { rule: 'a', at: 200 }, { rule: 'b', at: 201 }];
  expect(times(run(correlation('type: temporal\nrules: [a, b]\ntimespan: 10s'), events))).toEqual([5, 201]);
  expect(times(run(correlation('type: temporal_ordered\nrules: [a, b]\ntimespan: 10s'), events))).toEqual([201]);
  expect(times(run(correlation('type: temporal\nrules: [a, b]\ntimespan: 10s\ncondition: b and not a'), events))).toEqual([100]);
});

test('a number says how many of the rules have to come, and in their order where that counts', () => {
  const names = ['a', 'b', 'c'];
  const events: Event[] = [{ rule: 'c', at: 0 }, { rule: 'a', at: 5 }, { rule: 'b', at: 100 }, { rule: 'a', at: 101 }, { rule: 'c', at: 200 }];
  const found = (type: string, least: number): number[] => times(run(correlation(`type: ${type}\nrules: [a, b, c]\ntimespan: 10s\ncondition: {gte: ${least}}`), events, names));
  expect([found('temporal', 2), found('temporal', 3), found('temporal_ordered', 2)]).toEqual([[5, 101], [], []]);
  expect(times(run(correlation('type: temporal_ordered\nrules: [a, b, c]\ntimespan: 10s\ncondition: {gte: 2}'), [{ rule: 'a', at: 0 }, { rule: 'c', at: 3 }], names))).toEqual([3]);
  expect(times(run(correlation('type: temporal_ordered\nrules: [a, b, c]\ntimespan: 10s\ncondition: a and (b or c)'), [{ rule: 'c', at: 0 }, { rule: 'a', at: 1 }, { rule: 'b', at: 50 }, { rule: 'a', at: 51 }, { rule: 'c', at: 52 }], names))).toEqual([]);
});

test('what must not be there must not come either, within the span', () => {
  const rule = correlation('type: temporal\nrules: [a, b, c]\ntimespan: 10s\ncondition: a and b and not c');
  const at = (...list: [string, number][]): Event[] => list.map(([name, second]) => ({ rule: name, at: second }));
  const found = (...list: [string, number][]): number[] => times(run(rule, at(...list), ['a', 'b', 'c']));
  expect(found(['a', 0], ['b', 5])).toEqual([5]);
  expect(found(['a', 0], ['b', 5], ['c', 9])).toEqual([]);
  expect(found(['a', 0], ['b', 5], ['c', 11])).toEqual([5]);
  expect(found(['c', 0], ['a', 5], ['b', 9])).toEqual([]);
  expect(found(['c', 0], ['a', 11], ['b', 12])).toEqual([12]);
});

test('aliases and rules may be called by id or by name', () => {
  const set = new RuleSet([{ file: 'f', text: `${base('a')}\nid: one\n---\n${correlation('type: event_count\nrules: [one]\ngroup-by: [who]\ntimespan: 10s\ncondition: {gte: 2}\naliases:\n  who: {a: user}')}` }]);
  expect(set.problems).toEqual([]);
  expect(set.correlations[0].aliases[0].get('who')).toBe('user');
  expect(new RuleSet([{ file: 'f', text: `${base('a')}\n---\n${correlation('type: event_count\nrules: [a]\ntimespan: 10s\ncondition: {gte: 2}\naliases:\n  who: {z: user}')}` }]).problems.map(({ code }) => code)).toEqual(['bad_correlation']);
});

test('aliases name the field of each rule', () => {
  const rule = correlation('type: temporal\nrules: [a, b]\ngroup-by: [who]\ntimespan: 10s\naliases:\n  who: {a: user, b: account}');
  expect(times(run(rule, [{ rule: 'a', at: 0, fields: { user: 'x' } }, { rule: 'b', at: 1, fields: { account: 'y' } }, { rule: 'b', at: 2, fields: { account: 'x' } }]))).toEqual([2]);
});

test.each([
  ['value_sum', '{field: n, gte: 100}', [2]],
  ['value_avg', '{field: n, gt: 30}', [2]],
  ['value_percentile', '{field: n, gt: 50, percentile: 90}', [2]],
  ['value_median', '{field: n, gt: 10}', [1, 2]],
])('%s', (type, condition, wanted) => {
  const rule = correlation(`type: ${type}\nrules: [a]\ntimespan: 1m\ncondition: ${condition}`);
  expect(times(run(rule, [10, 20, 80].map((n, at) => ({ rule: 'a', at, fields: { n: String(n) } }))))).toEqual(wanted);
});

test('correlations of correlations, wherever they stand', () => {
  const many = 'title: M\nname: many\ncorrelation: {type: event_count, rules: [a], group-by: [u], timespan: 10s, condition: {gte: 2}}';
  const both = 'title: C\ncorrelation: {type: temporal_ordered, rules: [many, b], group-by: [u], timespan: 1m}';
  const fields = { u: 'x' };
  const events = [{ rule: 'a', at: 0, fields }, { rule: 'a', at: 1, fields }, { rule: 'b', at: 30, fields }];
  expect(times(run(`${both}\n---\n${many}`, events).filter(({ rule }) => rule === 3))).toEqual([30]);
});

test('aggregations of Sigma 1', () => {
  const old = (condition: string): { set: RuleSet; hits: (events: [number, string, string][]) => number[] } => {
    const set = new RuleSet([{ file: 'f', text: `title: R\nlogsource: {product: x}\ndetection:\n  s: {k: 1}\n  t: {k: 2}\n  u: {k: 3}\n  timeframe: 1m\n  condition: ${condition}` }]);
    expect(set.problems).toEqual([]);
    expect(set.rules.every(({ silent }) => silent)).toBe(true);
    return { set, hits: (events) => correlate(set, new Map(set.rules.map((_, index) => [index, events.flatMap(([at, u], event) => (set.rules.length === 1 || u === String(index) ? [{ event, time: at * S }] : []))])), (event, _rule, field) => [field === 'u' ? events[event][1] : events[event][2]]).map(({ to }) => to / S) };
  };
  expect(old('s | count() > 1').hits([[0, 'a', ''], [1, 'a', ''], [100, 'a', '']])).toEqual([1]);
  expect(old('s | count(v) by u >= 2').hits([[0, 'a', 'x'], [1, 'b', 'y'], [2, 'a', 'y']])).toEqual([2]);
  expect(old('s | max(v) > 7').hits([[0, 'a', '3'], [1, 'a', '8']])).toEqual([1]);
  expect(old('s | near t').hits([[0, '0', ''], [59, '1', ''], [500, '1', '']])).toEqual([59]);
  expect(old('s | near t').hits([[0, '1', ''], [59, '0', ''], [500, '0', '']])).toEqual([59]);
  // s, with t and without u, within a minute before or after it.
  const without = old('s | near t and not u');
  expect(without.hits([[0, '0', ''], [10, '1', '']])).toEqual([10]);
  expect(without.hits([[0, '0', ''], [10, '1', ''], [59, '2', '']])).toEqual([]);
  expect(without.hits([[0, '2', ''], [59, '0', ''], [60, '1', '']])).toEqual([]);
  expect(without.hits([[0, '2', ''], [61, '0', ''], [62, '1', ''], [500, '0', '']])).toEqual([62]);
});

test('references that lead nowhere are problems', () => {
  const codes = (text: string): string[] => new RuleSet([{ file: 'f', text }]).problems.map(({ code }) => code);
  expect(codes('title: C\ncorrelation: {type: event_count, rules: [z], timespan: 10s, condition: {gte: 2}}')).toEqual(['unknown_rule']);
  expect(codes('title: C\ncorrelation: {type: sideways, rules: [z], timespan: 10s}')).toEqual(['unknown_correlation']);
  expect(codes('title: C\ncorrelation: {type: event_count, rules: [z], condition: {gte: 2}}')).toEqual(['no_timeframe']);
  expect(codes('title: C\ncorrelation: {type: value_count, rules: [z], timespan: 1h, condition: {gte: 2}}')).toEqual(['bad_correlation']);
  const loop = (name: string, of: string): string => `title: ${name}\nname: ${name}\ncorrelation: {type: temporal, rules: [${of}], timespan: 1h}`;
  expect(codes(`${loop('p', 'q')}\n---\n${loop('q', 'p')}`)).toEqual(['bad_correlation', 'bad_correlation']);
  expect(codes(`${base('a')}\n---\n${base('a')}\n---\ntitle: C\ncorrelation: {type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}}`)).toEqual(['ambiguous_rule']);
});

test('rules that a correlation is about are silent unless it generates', () => {
  const set = (generate: boolean): boolean => new RuleSet([{ file: 'f', text: `${base('a')}\n---\ntitle: C\ncorrelation: {type: event_count, rules: [a], timespan: 10s, condition: {gte: 2}, generate: ${generate}}` }]).silent(0);
  expect([set(false), set(true)]).toEqual([true, false]);
});
