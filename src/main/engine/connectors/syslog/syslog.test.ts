import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { ALL_KEPT, type Chunk } from '../connector.ts';
import { syslogConnector } from './index.ts';

describe('the syslog receiver before a store that does not move', () => {
  it('lets TCP senders wait, drops datagrams and says so, holds no more than its bound, and loses nothing that was sent over TCP', async () => {
    const abort = new AbortController();
    const notes: string[] = [];
    const chunks = syslogConnector.read(syslogConnector.config.parse({ port: 0 }), {
      signal: abort.signal, cursor: '', idle: () => undefined, complete: (lines) => lines.length, note: (text) => void notes.push(text),
    })[Symbol.asyncIterator]();
    const first = chunks.next();
    while (notes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const port = Number(/:(\d+) /.exec(notes[0])?.[1]);
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const MESSAGES = 70_000;
    const padding = 'x'.repeat(900);
    let sent = 0;
    const sending = (async () => {
      while (sent < MESSAGES) {
        let text = '';
        for (const upTo = sent + 50; sent < upTo; sent++) text += `<14>1 - h app - - - ${sent} ${padding}\n`;
        if (!socket.write(text)) await once(socket, 'drain');
      }
      socket.end();
    })();
    const store: Chunk[] = [(await first).value as Chunk];
    let before = -1;
    while (sent !== before) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    // Nothing is stored, so it stands still long before all of the 65 MB: 16 MiB here, some in the kernel.
    expect(sent).toBeLessThan(MESSAGES * 0.7);
    const udp = dgram.createSocket('udp4');
    for (let i = 0; i < 30; i++) await new Promise((resolve) => udp.send(`<14>1 - h app - - - lost ${i}`, port, '127.0.0.1', resolve));
    udp.close();
    while (!notes.at(-1)?.includes('30 datagrams dropped')) await new Promise((resolve) => setTimeout(resolve, 20));
    let count = 0;
    let seen = 0;
    const take = async (chunk: Chunk): Promise<void> => {
      for (const [, number] of Buffer.from(chunk.lines).toString('latin1').matchAll(/- - - (\d+) x/g)) {
        expect(Number(number)).toBe(count);
        count++;
      }
      seen += chunk.lines.length;
      await chunk.stored?.(ALL_KEPT);
    };
    await take(store[0]);
    while (count < MESSAGES) await take((await chunks.next()).value as Chunk);
    await sending;
    expect(count).toBe(MESSAGES);
    expect(seen).toBeGreaterThan(MESSAGES * 900);
    abort.abort();
    expect((await chunks.next()).done).toBe(true);
  }, 30_000);
});
