import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRecord } from '../../formats/read-record.ts';
import { formats } from '../../formats/registry.ts';
import { clausesOf, holds } from './expression.ts';
import { Prefilter } from './prefilter.ts';
import { RecordView } from './record-view.ts';
import { RuleSet } from './rule-set.ts';

function candidates(clauses: string[][][], record: string): number[] {
  const filter = new Prefilter(clauses);
  filter.begin();
  const bytes = Buffer.from(record);
  filter.scan(bytes, 0, bytes.length, 0);
  return [...filter.candidates].sort((a, b) => a - b);
}

test('a rule is a candidate when each of its clauses has a text in the record, whatever else there is', () => {
  expect(candidates([[['abc']], [['bc', 'x']], [['abc'], ['zz']], [['abcd']]], 'zABC')).toEqual([0, 1]);
  expect(candidates([[['he', 'hers']], [['his']], [['she']]], 'ushers')).toEqual([0, 2]);
  expect(candidates([[['c:users']]], String.raw`"C:\\Users"`)).toEqual([0]);
  expect(new Prefilter([[], [['a']]]).always).toEqual([0]);
});

test('finds what a search for each text finds', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'D'), minLength: 1, maxLength: 5 }).map((one) => one.toLowerCase());
  fc.assert(
    fc.property(fc.array(fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }), fc.string({ unit: fc.constantFrom('a', 'b', 'C', 'd'), maxLength: 30 }), (clauses, record) => {
      const lower = record.toLowerCase();
      expect(candidates(clauses, record)).toEqual(clauses.flatMap((wanted, rule) => (wanted.every((clause) => clause.some((one) => lower.includes(one))) ? [rule] : [])));
    }),
    { numRuns: 2000 },
  );
});

test('no record that a rule matches is left out, however it is written', () => {
  const jsonl = formats.find(({ id }) => id === 'jsonl');
  if (!jsonl) throw new Error('there is no format jsonl');
  const unit = fc.constantFrom('a', 'B', 'c', 'é', '\\', '"', '/', ' ', '-', '\n', '=', 'x');
  const value = fc.string({ unit, minLength: 1, maxLength: 14 });
  const modifier = fc.constantFrom('', '|contains', '|startswith', '|endswith', '|contains|all', '|contains|windash', '|cased', '|neq');
  const encoders = [JSON.stringify, (record: object) => JSON.stringify(record).replaceAll('a', '\\u0061'), (record: object) => JSON.stringify(record).replaceAll('/', '\\/').replaceAll('é', '\\u00e9')];
  const quoted = (text: string): string => JSON.stringify(text.replaceAll(/[\\*?]/g, '\\$&'));
  let matched = 0;
  fc.assert(
    fc.property(value, fc.nat(), fc.nat(8), modifier, value, fc.constantFrom(...encoders), fc.boolean(), (text, from, length, how, other, encode, keyword) => {
      const part = text.slice(from % text.length, (from % text.length) + 1 + length);
      const values = `[${quoted(how.includes('contains') || keyword ? part : text)}${how === '|contains|all' ? '' : `, ${quoted(other)}`}]`;
      const set = new RuleSet([{ file: 'f', text: `title: R\nlogsource: {product: x}\ndetection:\n  s: ${keyword ? values : `{"f${how}": ${values}}`}\n  condition: s` }]);
      expect(set.problems).toEqual([]);
      const bytes = Buffer.from(encode({ f: text, g: 1 }));
      const read = (): ReturnType<typeof readRecord> => readRecord(jsonl, { path: 'x', modified: 1.7e15, zone: 'UTC', head: new Uint8Array(0) }, bytes);
      const plain = holds(set.rules[0].expression, new RecordView('jsonl', bytes, read), {});
      if (plain) matched++;
      expect(set.matcher('jsonl').match(bytes, read).length === 1, `${bytes.toString()} with ${JSON.stringify(clausesOf(set.rules[0].expression, 'jsonl'))}`).toBe(plain);
    }),
    { numRuns: 600 },
  );
  expect(matched).toBeGreaterThan(100);
});
