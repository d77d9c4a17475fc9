/** A counterpart that does everything wrong: nothing is lost, nothing doubled, and what is told of the connection is true each time. */
import type http from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { jaegerConnector } from '../../src/main/engine/connectors/jaeger/index.ts';
import { Connected } from '../support/connections.ts';
import { serveHttp } from '../support/live.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Services of the fake server, each with one trace of three spans. */
const SERVICES = ['cart', 'checkout', 'search', 'shipping'];
const at = (Date.now() - 3600e3) * 1000;
const traceOf = (service: string): unknown => ({
  traceID: Buffer.from(service.padEnd(8)).toString('hex').padEnd(32, '0'),
  spans: [1, 2, 3].map((n) => ({ traceID: Buffer.from(service.padEnd(8)).toString('hex').padEnd(32, '0'), spanID: `000000000000000${n}`, operationName: `${service} ${n}`, startTime: at + n, duration: 10, processID: 'p1', references: [], tags: [], logs: [], warnings: null })),
  processes: { p1: { serviceName: service, tags: [] } },
});
type Wrong = 'hang' | 'page' | 'cut' | 'reset' | '500' | '429' | '429 later' | 'other json' | 'binary';

/** Answers as Jaeger does, except for one thing wrong at the first request for each key of `wrong` ('services', or the name of a service). */
function server(wrong: Map<string, Wrong[]>): http.RequestListener {
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const key = pathname === '/api/services' ? 'services' : (searchParams.get('service') ?? '');
    const right = JSON.stringify({ data: pathname === '/api/services' ? SERVICES : [traceOf(key)], total: 0, limit: 0, offset: 0, errors: null });
    const how = wrong.get(key)?.shift();
    switch (how) {
      case undefined: return void response.writeHead(200, { 'content-type': 'application/json' }).end(right);
      case 'hang': return;
      case 'page': return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><script>alert(1)</script>');
      case 'cut':
        response.writeHead(200, { 'content-length': right.length }).write(right.slice(0, right.length / 2), () => response.destroy());
        return;
      case 'reset': return void request.socket.destroy();
      case '500': return void response.writeHead(500).end('out of cheese');
      case '429': return void response.writeHead(429).end('slow down');
      case '429 later': return void response.writeHead(429, { 'retry-after': '1' }).end();
      case 'other json': return void response.writeHead(200).end('{"data":{"not":["a",{"list":1}]}}');
      case 'binary': return void response.writeHead(200).end(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 31) & 255)));
    }
  };
}

async function connected(answer: http.RequestListener): Promise<{ held: Connected; url: string }> {
  const { url, stop } = await serveHttp(answer);
  const held = new Connected([jaegerConnector]);
  ends.push(async () => await held.remove(), stop);
  return { held, url };
}
const spans = (held: Connected): number => held.store.ledger().stored;

describe('a counterpart', () => {
  it('that hangs, answers garbage, breaks off, refuses and asks for patience, everywhere once: all of it is there once in the end', async () => {
    const wrong = new Map<string, Wrong[]>([['services', ['reset']], ['cart', ['hang', 'page']], ['checkout', ['cut', '500']], ['search', ['429', 'binary']], ['shipping', ['other json', '429 later']]]);
    const { held, url } = await connected(server(wrong));
    const { id } = held.connections.add('jaeger', '', { url, settle: 0 });
    await held.when(id, ({ state }) => state === 'stopped', 20_000);
    expect(held.status(id)).toMatchObject({ error: '', failures: 0, failuresTotal: 9, breaker: 'closed', stored: 12, rejected: 0 });
    expect(held.store.ledger()).toEqual({ read: 12, stored: 12, duplicates: 0, rejected: 0 });
  }, 30_000);

  it('that is down at the start, comes, dies in the middle and comes again', async () => {
    let up = false;
    const wrong = new Map<string, Wrong[]>();
    const good = server(wrong);
    const { held, url } = await connected((request, response) => {
      if (up) good(request, response);
      else request.socket.destroy();
    });
    const { id } = held.connections.add('jaeger', '', { url, settle: 0 });
    const open = await held.when(id, ({ state }) => state === 'open');
    expect(open).toMatchObject({ breaker: 'open', heardAt: null, stored: 0, failures: 3 });
    expect(open.error).toContain('cannot be reached');
    // Half of it, then down again.
    wrong.set('search', Array.from({ length: 100 }, () => 'reset' as const));
    up = true;
    await held.when(id, ({ stored }) => stored === 6);
    const down = await held.when(id, ({ state, breaker }) => state === 'open' && breaker === 'open');
    expect(down.heardAt).not.toBeNull();
    expect(spans(held)).toBe(6);
    wrong.clear();
    await held.when(id, ({ state }) => state === 'stopped');
    expect(held.status(id)).toMatchObject({ error: '', failures: 0, breaker: 'closed' });
    expect(held.store.ledger()).toEqual({ read: 12, stored: 12, duplicates: 0, rejected: 0 });
  }, 30_000);

  it('that refuses for good is not asked again, and says why', async () => {
    let asked = 0;
    const { held, url } = await connected((_request, response) => {
      asked++;
      response.writeHead(401).end();
    });
    const { id } = held.connections.add('jaeger', '', { url, settle: 0 });
    await held.when(id, ({ state }) => state === 'stopped');
    expect(held.status(id).error).toContain('give a token that may read');
    expect(asked).toBe(1);
  });

  it('is read through while the wall clock of this machine jumps', async () => {
    const wrong = new Map<string, Wrong[]>([['services', ['500', '500', '500', '500']], ['checkout', ['500']]]);
    const { held, url } = await connected(server(wrong));
    const real = Date.now;
    try {
      const { id } = held.connections.add('jaeger', '', { url, settle: 0 });
      await held.when(id, ({ state }) => state === 'open');
      Date.now = () => real() - 1800_000;
      await held.when(id, ({ stored }) => stored >= 3);
      Date.now = () => real() + 1800_000;
      await held.when(id, ({ state }) => state === 'stopped');
      expect(held.status(id)).toMatchObject({ error: '', breaker: 'closed' });
    } finally {
      Date.now = real;
    }
    expect(spans(held)).toBe(12);
  }, 20_000);
});
