import { describe, expect, it } from 'vitest';
import { json } from './json.ts';
import { jsonl } from './jsonl.ts';
import { CollectingSink } from './lib/collect.ts';
import { makeHead, recognise } from './recognise.ts';

function read(text: string): { id: string | undefined; sink: CollectingSink } {
  const buf = Buffer.from(text);
  const sink = new CollectingSink(buf, false);
  json.open({ path: 'x', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  return { id: recognise(makeHead('x.log', buf), [jsonl, json]).format?.id, sink };
}
const A = '{"time":"2026-10-01T00:00:00Z","msg":"a"}';
const B = '{"time":"2026-10-01T00:00:01Z","msg":"b"}';

describe('json', () => {
  it.each([
    ['a list', `[${A},\n${B}]\n`],
    ['a list on one line', `[${A},${B}]`],
    ['a list inside an object', `{"Records":[${A},${B}]}`],
    ['a list inside an object, printed', `{\n  "Records": [\n    ${A},\n    ${B}\n  ]\n}\n`],
    ['objects over lines', `${A.replace(',', ',\n ')}\n${B.replace(',', ',\n ')}\n`],
  ])('cuts %s', (_name, text) => {
    const { id, sink } = read(text);
    expect(id).toBe('json');
    expect(sink.records.map(({ message }) => message)).toEqual(['a', 'b']);
    expect(sink.rejects).toEqual([]);
  });

  it('leaves one object a line to JSON lines, lists of plain values in it too', () => {
    expect(read(`${A}\n${B}\n`).id).toBe('jsonl');
    expect(read('{"errors":[{"code":1}],"time":"2026-10-01T00:00:00Z","msg":"x"}\n').id).toBe('jsonl');
  });

  it('goes on behind a broken object', () => {
    const { sink } = read(`{\n "msg": "cut\n off"}\n${A}\n{\n "msg":\n${B}\nrubbish\n${B}\n{"msg":`);
    expect(sink.records.map(({ message }) => message)).toEqual(['a', 'b']);
    expect(sink.rejects.length).toBeGreaterThanOrEqual(3);
  });
});
