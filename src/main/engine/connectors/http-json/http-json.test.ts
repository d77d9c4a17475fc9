import { describe, expect, it } from 'vitest';
import { ALL_KEPT, type Chunk } from '../connector.ts';
import { httpJsonConnector } from './index.ts';

describe('the http-json receiver before a store that does not move', () => {
  it('holds no more than its bound, says 503 beyond it, says yes only to what was stored, and no to the rest when the store fails', async () => {
    const abort = new AbortController();
    let note = '';
    const chunks = httpJsonConnector.read(httpJsonConnector.config.parse({ port: 0 }), {
      signal: abort.signal, cursor: '', idle: () => undefined, complete: (lines) => lines.length, note: (text) => void (note = text),
    })[Symbol.asyncIterator]();
    const first = chunks.next();
    while (note === '') await new Promise((resolve) => setTimeout(resolve, 5));
    const url = /http:\S+\//.exec(note)?.[0] ?? '';
    const body = Buffer.from(`[${Array.from({ length: 3000 }, (_, i) => JSON.stringify({ n: i, padding: 'x'.repeat(1000) })).join(',')}]`);
    const codes: number[] = [];
    const posts: Promise<void>[] = [];
    // 3 MB each: when six of them are there 16 MiB are held, the others are sent away, and nobody was told yes.
    while (codes.length < 4) {
      posts.push(fetch(url, { method: 'POST', body }).then((response) => void codes.push(response.status)));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    const refused = posts.length - 6;
    while (codes.length < refused) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(codes).toEqual(Array.from({ length: refused }, () => 503));
    const chunk = (await first).value as Chunk;
    expect(Buffer.from(chunk.lines).toString().trimEnd().split('\n')).toHaveLength(3000);
    await chunk.stored?.(ALL_KEPT);
    const second = chunks.next();
    while (codes.length <= refused) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(codes.at(-1)).toBe(200);
    await second;
    // The store fails: the chunk that was handed out is not stored.
    await chunks.return?.();
    await Promise.all(posts);
    expect(codes.slice(refused + 1)).toEqual([503, 503, 503, 503, 503]);
    abort.abort();
  }, 20_000);
});
