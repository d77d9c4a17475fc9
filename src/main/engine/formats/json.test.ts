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
    ['a list behind and before other members', `{\n "apiVersion": "v1", "n": 1,\n "items": [\n ${A},\n ${B}\n ],\n "kind": "List",\n "metadata": {"resourceVersion": "", "x": [{"msg": "no"}]}, "next": null\n}\n`],
    ['such lists one after the other', `{"v":1,"items":[${A}],"next":"x"}{"v":1,"items":[${B}],"next":null}`],
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
    expect(read('{"msg":"x","steps":[{"time":"2026-10-01T00:00:00Z"}]}\n').id).toBe('jsonl');
    expect(read('{"id":1,"steps":[{"time":"2026-10-01T00:00:00Z"}]}\n{"id":2,"steps":[{"time":"2026-10-01T00:00:00Z"}]}\n').id).toBe('jsonl');
  });

  it('reads an envelope with other members alike however it is cut', () => {
    const text = `{"v":"a\\"]","items":[${A},{"v":"x","items":"y","msg":"own"}],"kind":"List","metadata":{"k":[1,{"msg":"no"}]},"n":-1.5e3}\n`;
    const buf = Buffer.from(text);
    const whole = read(text).sink;
    expect(whole.records.map(({ message }) => message)).toEqual(['a', 'own']);
    for (let cut = 0; cut < buf.length; cut++) {
      const sink = new CollectingSink(buf, false);
      const parser = json.open({ path: 'x', modified: 0, zone: 'UTC', head: buf });
      const at = parser.parse(buf, 0, cut, cut, false, sink);
      parser.parse(buf, at, buf.length, buf.length, true, sink);
      expect([sink.records, sink.rejects], `cut at ${cut}`).toEqual([whole.records, []]);
    }
  });

  it('goes on behind a broken object', () => {
    const { sink } = read(`{\n "msg": "cut\n off"}\n${A}\n{\n "msg":\n${B}\nrubbish\n${B}\n{"msg":`);
    expect(sink.records.map(({ message }) => message)).toEqual(['a', 'b']);
    expect(sink.rejects.length).toBeGreaterThanOrEqual(3);
  });
});
