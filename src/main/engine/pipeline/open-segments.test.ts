import { describe, expect, it } from 'vitest';
import type { SourceRow } from '../store/case-store.ts';
import { NONE, OpenSegments } from './open-segments.ts';

const source = (more: Partial<SourceRow> = {}): SourceRow => ({ id: 1, format: 'jsonl', zone: 'UTC', service: '', dedupWindow: 0, ...more }) as SourceRow;
const part = (length: number): { start: number; bytes: Uint8Array; modified: number } => ({ start: 0, bytes: new Uint8Array(length), modified: 0 });

describe('the open segment of a live source', () => {
  it('goes on, but not twice in half a second, and not when the source is read otherwise', () => {
    let now = 0;
    const open = new OpenSegments(() => now);
    expect(open.of(source(), 10)).toBe(NONE);
    open.committed(source(), { segment: 7, events: 3, parts: [part(10)] });
    now = 499;
    expect(open.of(source(), 10)).toBe(NONE);
    now = 500;
    expect(open.of(source(), 10)).toMatchObject({ segment: 7, events: 3 });
    expect(open.of(source({ zone: 'Europe/Berlin' }), 10)).toBe(NONE);
    expect(open.of(source({ id: 2 }), 10)).toBe(NONE);
  });

  it('ends when it is worth being one, and keeps no buffer that it is a small part of', () => {
    let now = 0;
    const open = new OpenSegments(() => (now += 1000));
    open.committed(source(), { segment: 7, events: 3, parts: [part(100_000)] });
    expect(open.of(source(), 200_000)).toBe(NONE);
    expect(open.of(source(), 100_000).segment).toBe(7);
    open.committed(source(), { segment: 7, events: 1024, parts: [part(10)] });
    expect(open.of(source(), 1)).toBe(NONE);
    open.committed(source(), { segment: 8, events: 1, parts: [{ start: 0, bytes: new Uint8Array(1 << 20).subarray(5, 15), modified: 0 }] });
    expect(open.of(source(), 1).parts[0].bytes.buffer.byteLength).toBe(10);
    open.committed(source(), NONE);
    expect(open.of(source(), 1)).toBe(NONE);
  });
});
