/** The WebSocket connector against clients and servers of ws and of Node. */
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket as Client, WebSocketServer, type ClientOptions } from 'ws';
import { listening, portOf, status, when } from '../support/live.ts';
import { context, TempCase } from '../support/temp-case.ts';

let one: TempCase;
const ends: (() => void)[] = [];
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await one.remove();
});

async function connected(port: number, path = '/', options: ClientOptions = {}): Promise<Client> {
  const client = new Client(`ws://127.0.0.1:${port}${path}`, options);
  ends.push(() => client.terminate());
  await once(client, 'open');
  client.on('error', () => undefined);
  return client;
}
async function refusal(port: number, path = '/', options: ClientOptions = {}): Promise<number> {
  const client = new Client(`ws://127.0.0.1:${port}${path}`, options);
  client.on('error', () => undefined);
  const [, response] = (await once(client, 'unexpected-response')) as [unknown, http.IncomingMessage];
  client.terminate();
  return response.statusCode ?? 0;
}
const event = (n: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({ time: new Date(Date.UTC(2026, 9, 1, 12, 0, n)).toISOString(), level: 'warn', service: 'till', message: `event ${n}`, ...more });
const messages = (from: number, count: number): string[] => Array.from({ length: count }, (_, i) => `event ${from + i}`);

describe('the WebSocket connector, listening', () => {
  it('takes objects, lists, lines and binary messages, from ws and from Node’s own client', async () => {
    const { id, port } = await listening(one, 'websocket', {});
    const client = await connected(port);
    client.send(JSON.stringify(event(0, { order: { id: 991 } }), null, 2));
    client.send(JSON.stringify([event(1), event(2)]));
    client.send(Buffer.from(`${JSON.stringify(event(3))}\n${JSON.stringify(event(4))}\n`));
    const own = new WebSocket(`ws://127.0.0.1:${port}/`);
    await new Promise((resolve) => own.addEventListener('open', resolve, { once: true }));
    own.send(JSON.stringify(event(5)));
    await when(one, id, ({ stored }) => stored === 6);
    expect(await one.messages()).toEqual(messages(0, 6));
    expect(await one.messages('order.id:991')).toEqual(['event 0']);
    expect((await when(one, id, ({ note }) => note.includes('2 connected'))).note).toBe(`Listens on ws://127.0.0.1:${port}/, 2 connected.`);
    own.close();
  });

  it('keeps what is no JSON, or does not match, as dead letters with the reason', async () => {
    const schema = one.write('schema.json', JSON.stringify({ type: 'object', required: ['service'] }));
    const { id, port } = await listening(one, 'websocket', { schema });
    const client = await connected(port);
    for (const text of ['<script>', '', JSON.stringify(event(1)), '{"message":"no service"}', '[7]']) client.send(text);
    await when(one, id, ({ stored, rejected }) => stored === 1 && rejected === 4);
    const { rows } = await one.engine.handlers.rejects.list({ after: 0, limit: 10 }, context);
    expect(rows.map(({ reason }) => reason)).toEqual([
      'A message was refused: The message is not valid JSON: "<" at character 1 does not belong there.', 'A message was refused: The message is empty.',
      "Does not match the JSON Schema: The record must have required property 'service'.", 'A message was refused: Element 0 is a number, not an object.',
    ]);
    expect((await when(one, id, ({ note }) => note.includes('no JSON'))).note).toContain('; 3 messages were no JSON, the last: A message was refused');
  });

  it('reads the lines of another format', async () => {
    const { id, port } = await listening(one, 'websocket', { format: 'logfmt' });
    const client = await connected(port);
    client.send('ts=2026-10-01T12:00:00Z level=error msg="event 0"\nts=2026-10-01T12:00:01Z level=info msg="event 1"\n');
    client.send('ts=2026-10-01T12:00:02Z level=info msg="event 2"');
    await when(one, id, ({ stored }) => stored === 3);
    expect(await one.messages()).toEqual(messages(0, 3));
  });

  it('lets in who has the token, no pages, only its path, and no giants', async () => {
    const { id, port } = await listening(one, 'websocket', { token: 'geheim', path: '/in' });
    expect(await refusal(port, '/in')).toBe(401);
    expect(await refusal(port, '/in', { headers: { Authorization: 'Bearer x' } })).toBe(401);
    expect(await refusal(port, '/', { headers: { Authorization: 'Bearer geheim' } })).toBe(404);
    const client = await connected(port, '/in', { headers: { Authorization: 'Bearer geheim' } });
    client.send(JSON.stringify(event(0)));
    client.send('x'.repeat(2 << 20));
    const [code] = (await once(client, 'close')) as [number];
    expect(code).toBe(1009);
    await when(one, id, ({ stored, note }) => stored === 1 && note.includes('3 refused'));
    const open = await listening(one, 'websocket', {});
    expect(await refusal(open.port, '/', { origin: 'https://evil.example' })).toBe(403);
    expect((await fetch(`http://127.0.0.1:${open.port}/`)).status).toBe(426);
    const { id: everyone } = await one.engine.handlers.connectors.add({ connector: 'websocket', name: '', config: { address: '0.0.0.0', port: 0 } }, context);
    expect((await when(one, everyone, ({ state }) => state === 'stopped')).error).toContain('Set a token');
  });

  it('loses nothing of a sender that is faster than the store, and stores the rest when it is stopped', async () => {
    const { id, port } = await listening(one, 'websocket', {});
    const client = await connected(port);
    const padding = 'x'.repeat(2000);
    for (let i = 0; i < 12_000; i++) client.send(JSON.stringify({ n: i, padding }));
    await when(one, id, ({ stored }) => stored > 0);
    await when(one, id, ({ stored }) => stored === 12_000, 50_000);
    for (let i = 0; i < 10; i++) client.send(JSON.stringify(event(i)));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const gone = once(client, 'close');
    await one.engine.handlers.connectors.stop({ id }, context);
    expect(await status(one, id)).toMatchObject({ state: 'stopped', error: '', stored: 12_010 });
    expect((await gone)[0]).toBe(1001);
    await one.engine.handlers.connectors.start({ id }, context);
    const again = await connected(await portOf(one, id));
    again.send(JSON.stringify(event(99)));
    await when(one, id, ({ stored }) => stored === 12_011);
    expect(await one.engine.handlers.events.sources({}, context)).toHaveLength(1);
  }, 60_000);
});

describe('the WebSocket connector, connecting', () => {
  async function serve(port = 0): Promise<{ server: WebSocketServer; port: number; heard: http.IncomingMessage[] }> {
    const server = new WebSocketServer({ port, host: '127.0.0.1' });
    await once(server, 'listening');
    const heard: http.IncomingMessage[] = [];
    server.on('connection', (socket, request) => {
      heard.push(request);
      socket.send(JSON.stringify(event(heard.length)));
    });
    ends.push(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    return { server, port: (server.address() as AddressInfo).port, heard };
  }

  it('takes what a server sends, and comes again when the server was away', async () => {
    const first = await serve();
    const url = `ws://127.0.0.1:${first.port}/feed`;
    expect(await one.engine.handlers.connectors.test({ connector: 'websocket', config: { url, token: 'geheim' } }, context)).toEqual({ ok: true, message: `${url} answers.` });
    const { id } = await one.engine.handlers.connectors.add({ connector: 'websocket', name: '', config: { url, token: 'geheim' } }, context);
    await when(one, id, ({ stored }) => stored === 1);
    expect(first.heard[1].headers.authorization).toBe('Bearer geheim');
    expect(await status(one, id)).toMatchObject({ state: 'ok', note: `Connected to ${url}.` });
    for (const client of first.server.clients) client.terminate();
    first.server.close();
    expect((await when(one, id, ({ state }) => state === 'degraded')).error).toContain(url);
    await serve(first.port);
    await when(one, id, ({ stored, state }) => stored === 2 && state === 'ok', 30_000);
    expect(await one.messages()).toEqual(['event 1', 'event 2']);
    expect(fs.readFileSync(one.file).includes('geheim')).toBe(false);
  });

  it('says what is wrong with an address', async () => {
    const { test } = one.engine.handlers.connectors;
    const server = http.createServer((_request, response) => response.writeHead(401).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    expect(await test({ connector: 'websocket', config: { url: `ws://127.0.0.1:${port}/` } }, context)).toEqual({ ok: false, message: `ws://127.0.0.1:${port}/ refused the connection with 401. Check the token.` });
    expect((await test({ connector: 'websocket', config: { url: 'ws://127.0.0.1:1/' } }, context)).message).toContain('cannot be reached');
    await expect((async () => await test({ connector: 'websocket', config: { url: 'http://127.0.0.1/' } }, context))()).resolves.toMatchObject({ ok: false });
  });
});
