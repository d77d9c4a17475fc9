/**
 * Fields without a column are found by what the store lets through before records are read back. Every answer is compared with a plain loop
 * over all records, however numbers and names are written in them.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadRecord } from '../../src/main/engine/formats/read-record.ts';
import { formats } from '../../src/main/engine/formats/registry.ts';
import { Catalog } from '../../src/main/engine/search/catalog.ts';
import { compile } from '../../src/main/engine/search/evaluate.ts';
import { RecordReader } from '../../src/main/engine/search/record-reader.ts';
import { keywordTest, numberTest, textTest } from '../../src/main/engine/search/values.ts';
import { openReader } from '../../src/main/engine/store/database.ts';
import { columnOf } from '../../src/shared/query/names.ts';
import type { CompareOp, Match, QueryNode } from '../../src/shared/query/ast.ts';
import { TempCase } from '../support/temp-case.ts';

let held: TempCase;
beforeAll(async () => {
  held = await TempCase.create();
});
afterAll(async () => await held.remove());

interface Asked {
  field: string;
  op: CompareOp;
  match: Match;
}
interface Looked {
  /** values of the attributes of each event, by names in lower case */
  events: { id: string; attributes: Map<string, string[]>; texts: string[] }[];
  found(node: QueryNode): string[];
  /** how many records were read back since last asked */
  readBack(): number;
  close(): void;
}

/** Segments of sources from `first` on, read by a catalog of its own. */
function look(first: number): Looked {
  const db = openReader(held.file);
  const catalog = new Catalog(db);
  for (const _ of catalog.load());
  const records = new RecordReader(catalog);
  let read = 0;
  const counting = { named: (source: number) => records.named(source), read: (...of: Parameters<RecordReader['read']>) => (read++, records.read(...of)) } as RecordReader;
  const segments = [...catalog.segments.values()].filter(({ source }) => source >= first);
  const events = segments.flatMap((segment) =>
    Array.from({ length: segment.n }, (_, i) => ({
      id: `${segment.id}.${i}`,
      attributes: byName(records.read(segment, i)?.attributes ?? []),
      texts: textsOf(records.read(segment, i)),
    })),
  );
  return {
    events,
    found(node) {
      const test = compile(node, { catalog, records: counting, idsOf: () => new Set() });
      return segments.flatMap((segment) => {
        const marks = new Uint8Array(segment.n).fill(1);
        test.run(segment, marks);
        return [...marks.keys()].filter((i) => marks[i] !== 0).map((i) => `${segment.id}.${i}`);
      });
    },
    readBack() {
      const before = read;
      read = 0;
      return before;
    },
    close: () => void db.close(),
  };
}
function byName(attributes: ReadRecord['attributes']): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { name, value } of attributes) {
    const known = values.get(name.toLowerCase());
    if (value === null) continue;
    if (known) known.push(String(value));
    else values.set(name.toLowerCase(), [String(value)]);
  }
  return values;
}
/** What an event says: its message and its values. */
function textsOf(record: ReadRecord | null): string[] {
  return record ? [record.message, ...Object.values(record.fields), ...Object.values(record.numbers).map(String), ...record.attributes.map(({ value: said }) => String(said ?? ''))] : [];
}
function passes({ op, match }: Asked): (value: string) => boolean {
  return (op === ':' || op === '=' || op === '!=') && match.type !== 'range' ? keywordTest(match, '') : numberTest(op, match);
}
function expected({ events }: Looked, asked: readonly Asked[]): string[] {
  const tests = asked.map((each) => ({ name: each.field.toLowerCase(), test: passes(each) }));
  return events.filter(({ attributes }) => tests.some(({ name, test }) => attributes.get(name)?.some(test))).map(({ id }) => id);
}
const nodesOf = (asked: readonly Asked[]): QueryNode => ({ kind: 'or', nodes: asked.map((each) => ({ kind: 'field', ...each })) });
async function sources(): Promise<number> {
  const db = openReader(held.file);
  const most = db.prepare<[], number | null>('SELECT max(id) FROM source').pluck().get() ?? 0;
  db.close();
  return await Promise.resolve(most + 1);
}

/** A JSON string or key with some of its letters as escapes. */
const escapedText = (text: string, every: number): string => `"${[...text].map((char, i) => (every > 0 && i % every === 0 ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char)).join('')}"`;
const number = fc.oneof(
  fc.constantFrom('4625', '4625.0', '4625.00', '4.625e3', '4625e0', '46250E-1', '46250.0e-1', '4624.9999999999999999', '899999999999998.95', '899999999999999', '4625.5', '-4625', '0', '-0', '-0.0', '0.0', '1.5', '1.50', '15e-1', '1e21', '1000000000000000000000', '1e-7', '0.0000001', '9007199254740993', '104', '1102'),
  fc.integer({ min: 0, max: 9999 }).map(String),
);
const text = fc.oneof(number.map((digits) => `"${digits}"`), number.map((digits) => escapedText(digits, 1)), fc.constantFrom('"two words"', '"tw\\u006f words"', '"two\\u0020words"', '"words, two"', '"a\\"4625\\nb"', '"x/4625"', '"über"', '"e4625"', 'true', 'null', '"\\u212a"'));
const value = fc.oneof({ weight: 3, arbitrary: number }, text, fc.array(number, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`), number.map((digits) => `{"deep": ${digits}, "Event": {"ID": ${digits}}}`), number.map((digits) => `{ "list":[1,{"EventID":${digits}}] }`));
const key = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('"EventID"', '"eventid"', '"event_id"', '"code"', '"Event"', '"nested.deep"', '"4625"', '"\\u0045ventID"', '"\u212aey"', '"k8s.pod"', '"größe"') },
  fc.constantFrom('EventID', 'code').chain((name) => fc.integer({ min: 1, max: 3 }).map((every) => escapedText(name, every))),
);
const line = fc.tuple(fc.constantFrom('plain', 'plain', 'plain', 'inner', 'inner', 'many'), fc.array(fc.tuple(key, value), { maxLength: 4 })).map(([kind, pairs]) => {
  const object = `{"ts":"2026-11-20T10:00:00Z",${kind === 'many' ? Array.from({ length: 130 }, (_, i) => `"f${i}":${i},`).join('') : ''}${pairs.map(([name, what]) => `${name}:${what},`).join('')}"message":"served 4625 in 12 ms"}`;
  return kind === 'inner' ? JSON.stringify({ time: '2026-11-20T10:00:00Z', log: object }) : object;
});
/** Of several words, which the filters know one by one. */
const PHRASES = ['two words', 'two', 'words two', 'served 4625 in', 'x/4625', 'a "4625', '4625\nb', 'b 4625', 'in 12'];
const FIELDS = ['EventID', 'eventid', 'event_id', 'code', 'nested.deep', 'event.id', 'Event.deep', 'code.list.1.EventID', '4625', 'key', 'k8s.pod', 'größe', 'log.EventID', 'absent'];
const asked: fc.Arbitrary<Asked> = fc.record({
  field: fc.constantFrom(...FIELDS),
  op: fc.constantFrom(':', ':', ':', '=', '>', '<='),
  match: fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('word' as const, 'phrase' as const), text: fc.constantFrom('4625', '4625.0', '1.5', '1.50', '-4625', '0', '-0', '1e+21', '1E+21', '1e-7', '9007199254740993', '104', '899999999999999', '1102', 'true', 'two words', 'x/4625', 'über', 'e4625', '15') }) },
    fc.constantFrom<Match>({ type: 'wildcard', pattern: '*' }, { type: 'wildcard', pattern: '46*' }, { type: 'wildcard', pattern: 'two *' }, { type: 'regex', source: '^46', flags: '' }, { type: 'range', low: '1', high: '4625' }),
  ),
});

describe('a field that has no column', () => {
  it('is found as a plain loop finds it, however its name and value are written', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 5, maxLength: 30 }), fc.array(fc.array(asked, { minLength: 1, maxLength: 3 }), { minLength: 30, maxLength: 30 }), async (lines, questions) => {
        const first = await sources();
        // Each line several times, so that it has a shape, and over more than one block.
        const all = Array.from({ length: 600 }, (_, i) => lines[(i * 7) % lines.length]);
        await held.ingest(held.write(`${run++}.jsonl`, `${all.join('\n')}\n`));
        const looked = look(first);
        expect(looked.events).toHaveLength(all.length);
        for (const question of questions) expect(looked.found(nodesOf(question)), JSON.stringify(question)).toEqual(expected(looked, question));
        for (const phrase of PHRASES) {
          const says = textTest({ type: 'phrase', text: phrase });
          expect(looked.found({ kind: 'text', match: { type: 'phrase', text: phrase } }), phrase).toEqual(looked.events.filter(({ texts }) => texts.some(says)).map(({ id }) => id));
        }
        looked.close();
      }),
      // Each run reads a file in: making a failure smaller would take minutes.
      { numRuns: 6, endOnFailure: true },
    );
  }, 60_000);

  it('is found in every format whose records carry names, by each value it has', async () => {
    for (const format of formats.filter(({ named }) => named)) {
      const first = await sources();
      const bytes = format.document?.() ?? Buffer.from(`${format.samples.map(({ record }) => record).join('\n')}\n`);
      const { stored } = await held.ingest(held.write(`${format.id}/document`, bytes), { format: format.id });
      // Those that no file can be read as are tested with the connector that writes them.
      if (stored === 0) continue;
      const looked = look(first);
      for (const [name, said] of looked.events.flatMap(({ attributes }) => [...attributes].flatMap(([of, values]) => values.map((one) => [of, one] as const)))) {
        if (columnOf(name) !== undefined) continue;
        const question: Asked[] = [{ field: name, op: ':', match: { type: 'phrase', text: said } }];
        expect(looked.found(nodesOf(question)), `${format.id} ${name}:${said}`).toEqual(expected(looked, question));
      }
      looked.close();
    }
  }, 60_000);

  it('is found where a block has it once, in a spelling that no word filter knows', async () => {
    const spellings = ['4.625e3', '4625E0', '46250e-1', '4624.9999999999999999', '4625.00', '"\\u0034625"', '{"EventID":4625e+0}', '4625'];
    const first = await sources();
    const rows = Array.from({ length: 8 * 512 }, (_, i) => `{"message":"m","EventID":${i % 512 === 77 ? spellings[Math.floor(i / 512)] : 7}}`);
    await held.ingest(held.write('once.jsonl', `${rows.join('\n')}\n`));
    const looked = look(first);
    const question = ['EventID', 'EventID.EventID'].map((field): Asked => ({ field, op: ':', match: { type: 'word', text: '4625' } }));
    expect(looked.found(nodesOf(question)).map((id) => Number(id.split('.')[1]))).toEqual(spellings.map((_, block) => block * 512 + 77));
    looked.close();
  });

  it('is not read back where its name or its number cannot be', async () => {
    const first = await sources();
    const rows = Array.from({ length: 2000 }, (_, i) => JSON.stringify({ ts: '2026-11-20T10:00:00Z', message: `took ${i} ms`, EventID: 4000 + i, float: i / 7, host: { name: `h${i % 3}` } }));
    await held.ingest(held.write('numbers.jsonl', `${rows.join('\n')}\n`));
    const looked = look(first);
    looked.readBack();
    expect(looked.found(nodesOf([{ field: 'EventID', op: ':', match: { type: 'word', text: '4625' } }]))).toHaveLength(1);
    expect(looked.readBack()).toBe(1);
    expect(looked.found(nodesOf([{ field: 'LogonType', op: '>', match: { type: 'word', text: '3' } }]))).toEqual([]);
    expect(looked.readBack()).toBe(0);
    looked.close();
  });
});
