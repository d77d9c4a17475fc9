import { describe, expect, it } from 'vitest';
import { text } from '../formats/text.ts';
import { BatchBuilder, MAX_RECORD } from './batch.ts';
import { Feeder } from './feeder.ts';

function feed(bytes: Uint8Array, step: number): ReturnType<BatchBuilder['take']> {
  const builder = new BatchBuilder();
  builder.source({ modified: Date.now() * 1000, now: Date.now() * 1000, service: '', dedupWindow: 0, named: false });
  const feeder = new Feeder(text.open({ path: 'x.txt', modified: Date.now() * 1000, zone: 'UTC', head: bytes.subarray(0, 1000) }), builder, 0);
  for (let at = 0; at < bytes.length; at += step) feeder.push(bytes.subarray(at, at + step), false);
  feeder.push(new Uint8Array(0), true);
  return builder.take();
}

describe('Feeder', () => {
  it.each([64 << 10, 1 << 20])('keeps the lines around one that is too long, fed %i bytes at a time', (step) => {
    const long = 'x'.repeat(2 * MAX_RECORD);
    const batch = feed(Buffer.from(`first line here\n${long}\nlast line here\n`), step);
    expect(batch.read).toBe(3);
    expect(batch.segments.reduce((sum, segment) => sum + segment.n, 0)).toBe(2);
    expect(batch.rejects.map(({ offset, length }) => ({ offset, length }))).toEqual([{ offset: 16, length: long.length }]);
  });

  it('counts every line once however the input is cut', () => {
    const lines = Array.from({ length: 200 }, (_, i) => `line ${i} of the file`).join('\n');
    for (const step of [1, 7, 100, 5000]) expect(feed(Buffer.from(lines), step).read).toBe(200);
  });
});
