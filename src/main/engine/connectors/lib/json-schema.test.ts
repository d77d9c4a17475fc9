import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { originalOf } from '../../formats/lib/undecodable.ts';
import { checkOf, mismatch } from './json-schema.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-schema-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string): string => {
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

describe('records against a JSON Schema', () => {
  const schema = { type: 'object', required: ['user'], properties: { user: { type: 'object', properties: { 'a/b': { type: 'array', items: { minimum: 3 } } } } } };
  it.each([['draft-07', {}], ['2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema' }]])('say the path that fails, and keep the bytes as they were sent (%s)', async (name, more) => {
    const check = await checkOf(write(`${name}.json`, JSON.stringify({ ...more, ...schema })));
    const told = (record: unknown): string | null => {
      const bytes = Buffer.from(JSON.stringify(record));
      const line = mismatch(check, bytes, record);
      if (!line) return null;
      const { undecodable: reason } = JSON.parse(line.toString()) as { undecodable: string };
      expect(Buffer.from(originalOf(line, reason)?.bytes ?? []).equals(bytes)).toBe(true);
      return reason;
    };
    expect(told({ user: {} })).toBeNull();
    expect(told({})).toBe("Does not match the JSON Schema: The record must have required property 'user'.");
    expect(told({ user: { 'a/b': [3, 2] } })).toBe('Does not match the JSON Schema: /user/a~1b/1 must be >= 3.');
    expect(told(['x'])).toBe('Does not match the JSON Schema: The record must be object.');
  });

  it('is no matter where no file is named; a file that is no schema is refused', async () => {
    expect(await checkOf('')).toBeNull();
    expect(mismatch(null, new Uint8Array(0), 7)).toBeNull();
    await expect(checkOf(write('list.json', '[]'))).rejects.toThrow('not an object');
    await expect(checkOf(write('text.json', 'no'))).rejects.toThrow('cannot be read');
    await expect(checkOf(write('type.json', '{"type":7}'))).rejects.toThrow('no JSON Schema that can be used');
  });
});
