import { describe, expect, it } from 'vitest';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';

const of = (bytes: Uint8Array | string, path = 'x'): ReturnType<typeof recognise> => recognise(makeHead(path, typeof bytes === 'string' ? Buffer.from(bytes) : bytes), formats);

describe('recognise', () => {
  it('takes no binary data for a log, and says why', () => {
    const noise = Uint8Array.from({ length: 4096 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
    const elf = Buffer.concat([Buffer.from('\u007fELF\u0002\u0001\u0001\0\0\0'), Buffer.alloc(3000, '\0\u0001\u0002abc\0\0')]);
    for (const bytes of [noise, elf, new Uint8Array(5000)]) {
      const found = of(bytes);
      expect(found.format).toBeNull();
      expect(found.reason).toMatch(/binary|NUL/);
    }
  });

  it('reads a log with a hole of NULs, colour codes or Latin-1 in it', () => {
    const line = '{"time":"2026-10-01T00:00:00Z","msg":"x"}\n';
    expect(of(Buffer.concat([Buffer.from(line.repeat(5)), Buffer.alloc(500), Buffer.from(line.repeat(5))])).format?.id).toBe('jsonl');
    expect(of(Buffer.from('2026-10-01 00:00:00 caf\u00e9 \u00fcber\n'.repeat(9), 'latin1')).format).not.toBeNull();
    expect(of('\u001b[31mred\u001b[0m\n'.repeat(20)).format).not.toBeNull();
  });

  it('falls back to text, prefers the special to the general, and names the rest', () => {
    expect(of('just words\nand more\n').format?.id).toBe('text');
    const found = of('<34>1 2026-10-11T22:14:15.003Z host su - ID47 - no\n');
    expect(found.format?.id).toBe('rfc5424');
    expect(found.alternatives.map(({ format }) => format.id)).toContain('text');
    expect(found.alternatives.every(({ confidence }) => confidence <= found.confidence)).toBe(true);
  });

  it('lets a file name only break ties', () => {
    expect(of('{"msg":"a"}\n', 'syslog.csv').format?.id).toBe('jsonl');
  });

  it('keeps what is complete in the head: no cut line, no blank one, at most 400', () => {
    expect(makeHead('x', Buffer.from('a\r\n\n b\nc')).lines).toEqual(['a', ' b', 'c']);
    const long = makeHead('x', Buffer.from('0123456789\n'.repeat(10_000)));
    expect([long.bytes.length, long.lines.length]).toEqual([65536, 400]);
    expect(makeHead('x', Buffer.from(`${'y'.repeat(70_000)}\n`)).lines).toEqual([]);
  });
});
