/** The http-json connector against real HTTP requests. */
import fs from 'node:fs';
import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listening, status, when } from '../support/live.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

let one: TempCase;
beforeEach(async () => void (one = await TempCase.create()));
afterEach(async () => await one.remove());

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}
async function post(port: number, body: string | Uint8Array, headers: Record<string, string> = {}, path = '/', method = 'POST'): Promise<Answer> {
  const request: RequestInit = { method, headers, body: typeof body === 'string' ? body : Buffer.from(body) };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, request);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}
const event = (n: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({ time: new Date(Date.UTC(2026, 9, 1, 12, 0, n)).toISOString(), level: 'warn', service: 'till', message: `event ${n}`, ...more });

describe('the http-json connector', () => {
  it('takes an object, lines, lists and gzip, and answers when they are on the disk', async () => {
    const { id, port } = await listening(one, 'http-json', {});
    expect(await post(port, JSON.stringify(event(0, { order: { id: 991 } }), null, 2))).toMatchObject({ status: 200, body: { stored: 1, rejected: 0 } });
    // Answered, so it is stored.
    expect(await status(one, id)).toMatchObject({ stored: 1 });
    expect(await one.messages()).toEqual(['event 0']);
    const answers = await Promise.all([
      post(port, `${JSON.stringify(event(1))}\n\n${JSON.stringify(event(2))}\n`),
      post(port, JSON.stringify([event(3), event(4)])),
      post(port, gzipSync(JSON.stringify([event(5)])), { 'Content-Encoding': 'gzip' }),
      post(port, '[]'),
    ]);
    expect(answers.map((answer) => [answer.status, answer.body.stored])).toEqual([[200, 2], [200, 2], [200, 1], [200, 0]]);
    expect(await one.messages('service:till order.id:991')).toEqual(['event 0']);
    expect(await one.messages()).toEqual([0, 1, 2, 3, 4, 5].map((n) => `event ${n}`));
    const { rows } = await one.page(everything());
    expect(rows.time[5]).toBe(Date.UTC(2026, 9, 1, 12, 0, 5) * 1000);
  });

  it('refuses what is broken with the place and keeps it as a dead letter', async () => {
    const { id, port } = await listening(one, 'http-json', {});
    expect(await post(port, `${JSON.stringify(event(1))}\n{"message": <script>}\n`)).toMatchObject({ status: 400, body: { error: 'Line 2 is not valid JSON: "<" at character 13 does not belong there.' } });
    expect(await post(port, '[{}, 7]')).toMatchObject({ status: 400, body: { error: 'Element 1 is a number, not an object.' } });
    expect(await post(port, gzipSync('{"a":1}').subarray(0, 15), { 'Content-Encoding': 'gzip' })).toMatchObject({ status: 400 });
    expect(await post(port, 'x', { 'Content-Encoding': 'br' })).toMatchObject({ status: 415 });
    expect(await status(one, id)).toMatchObject({ stored: 0, rejected: 2, state: 'ok' });
    const { rows: rejects } = await one.engine.handlers.rejects.list({ after: 0, limit: 10 }, context);
    expect(rejects.map(({ reason }) => reason)).toEqual(['A posted body was refused: Line 2 is not valid JSON: "<" at character 13 does not belong there.', 'A posted body was refused: Element 1 is a number, not an object.']);
  });

  it('lets in who has the token, no pages, and only posts to its path, within bounds', async () => {
    const { port } = await listening(one, 'http-json', { token: 'geheim', path: '/in' });
    const body = JSON.stringify(event(1));
    expect(await post(port, body, {}, '/in')).toMatchObject({ status: 401 });
    expect((await post(port, body, { Authorization: 'Bearer wrong' }, '/in')).headers.get('www-authenticate')).toBe('Bearer');
    const right = { Authorization: 'Bearer geheim' };
    expect(await post(port, body, right)).toMatchObject({ status: 404 });
    expect(await post(port, body, right, '/in', 'PUT')).toMatchObject({ status: 405 });
    expect(await post(port, body, { ...right, Origin: 'https://evil.example' }, '/in?x=1')).toMatchObject({ status: 200 });
    expect(await post(port, Buffer.alloc((16 << 20) + 1, 32), right, '/in')).toMatchObject({ status: 413 });
    expect(await post(port, gzipSync(Buffer.alloc(40 << 20, 32)), { ...right, 'Content-Encoding': 'gzip' }, '/in')).toMatchObject({ status: 413 });
    const open = await listening(one, 'http-json', {});
    expect(await post(open.port, body, { Origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await one.messages()).toEqual(['event 1']);
  });

  it('does not listen to the world without a token, and does not forget that it had one', async () => {
    const { connectors } = one.engine.handlers;
    const connectorsOf = async (): Promise<{ needs: string[] }[]> => await one.engine.handlers.connectors.list({}, context);
    expect(await connectors.test({ connector: 'http-json', config: { port: 0, address: '0.0.0.0' } }, context)).toMatchObject({ ok: false, message: expect.stringContaining('Set a token') as string });
    expect(await connectors.test({ connector: 'http-json', config: { port: 0, address: '0.0.0.0', token: 'x' } }, context)).toMatchObject({ ok: true });
    const { id } = await connectors.add({ connector: 'http-json', name: '', config: { port: 0, address: '0.0.0.0' } }, context);
    expect(await when(one, id, ({ state }) => state === 'stopped')).toMatchObject({ failuresTotal: 0, error: expect.stringContaining('Set a token') as string });
    const with_ = await listening(one, 'http-json', { token: 'geheim' });
    expect(JSON.stringify(await status(one, with_.id))).not.toContain('geheim');
    expect((await status(one, with_.id)).needs).toEqual([]);
    await one.reopen();
    expect((await connectorsOf()).map(({ needs }) => needs)).toEqual([[], ['token']]);
    await one.engine.handlers.connectors.start({ id: with_.id }, context);
    expect(await when(one, with_.id, ({ state }) => state === 'stopped')).toMatchObject({ error: expect.stringContaining('had a token') as string });
    await one.engine.handlers.connectors.start({ id: with_.id, secrets: { token: 'geheim' } }, context);
    expect(await when(one, with_.id, ({ state }) => state === 'ok')).toMatchObject({ needs: [], note: expect.stringContaining('with a token') as string });
    expect(JSON.stringify(await connectorsOf())).not.toMatch(/geheim|\$secrets/);
    expect(fs.readFileSync(one.file).includes('geheim')).toBe(false);
  });

  it('checks records against a JSON Schema and says where they do not match', async () => {
    const schema = one.write('schema.json', JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', required: ['message'], properties: { order: { type: 'object', properties: { id: { type: 'integer' } } } } }));
    const { id, port } = await listening(one, 'http-json', { schema });
    expect(await post(port, JSON.stringify([event(1), event(2, { order: { id: 'x' } }), { time: 1 }]))).toMatchObject({ status: 200, body: { stored: 1, rejected: 2 } });
    const { rows: rejects } = await one.engine.handlers.rejects.list({ after: 0, limit: 10 }, context);
    expect(rejects.map(({ reason }) => reason)).toEqual(['Does not match the JSON Schema: /order/id must be integer.', "Does not match the JSON Schema: The record must have required property 'message'."]);
    expect(await status(one, id)).toMatchObject({ stored: 1, rejected: 2 });
    const { connectors } = one.engine.handlers;
    expect(await connectors.test({ connector: 'http-json', config: { port: 0, schema: one.write('no.json', '{"type":"nothing"}') } }, context)).toMatchObject({ ok: false, message: expect.stringContaining('no JSON Schema') as string });
    expect(await connectors.test({ connector: 'http-json', config: { port: 0, schema: '/nowhere.json' } }, context)).toMatchObject({ ok: false, message: expect.stringContaining('cannot be read') as string });
  });

  it('answers 503 rather than holding what the store cannot take, and every record it said yes to is there', async () => {
    const { port } = await listening(one, 'http-json', {});
    const padding = 'x'.repeat(2000);
    const body = Buffer.from(Array.from({ length: 2000 }, (_, i) => JSON.stringify(event(i % 60, { padding }))).join('\n'));
    const agent = new http.Agent({ keepAlive: true, maxSockets: 12 });
    let stored = 0;
    let refused = 0;
    await Promise.all(Array.from({ length: 24 }, async () => {
      const code = await new Promise<number>((resolve, reject) => {
        const request = http.request({ port, host: '127.0.0.1', method: 'POST', agent }, (response) => {
          response.resume().on('end', () => {
            if (response.statusCode === 503) expect(response.headers['retry-after']).toBe('1');
            resolve(response.statusCode ?? 0);
          });
        });
        request.on('error', reject).end(body);
      });
      if (code === 200) stored += 2000;
      else refused++;
      expect([200, 503]).toContain(code);
    }));
    agent.destroy();
    expect(stored).toBeGreaterThan(0);
    expect((await one.page(everything())).total).toBe(stored);
    expect(stored / 2000 + refused).toBe(24);
  }, 40_000);
});
