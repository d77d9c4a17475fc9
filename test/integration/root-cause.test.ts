/** From files as collectors write them to the service that is to blame. */
import { afterEach, expect, it } from 'vitest';
import { TempCase, context } from '../support/temp-case.ts';

const ONSET = Date.UTC(2026, 9, 1, 10, 2) / 1000;
const nanos = (second: number): string => `${Math.round(second * 1000)}000000`;
const iso = (second: number): string => new Date(second * 1000).toISOString();

/** Two minutes before and two after: the gateway calls cart, which asks stock; from ONSET on cart finds nothing. */
function files(): { spans: string; logs: string; metrics: string } {
  const spans = ['TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano'];
  const logs = ['Timestamp,TimeUnixNano,PodName,TraceID,SpanID,Log'];
  const metrics = ['TimeStamp,PodName,CpuUsage(m),MemoryUsage(Mi)'];
  for (let i = 0; i < 80; i++) {
    const at = ONSET - 120 + i * 3 + 0.5;
    const trace = `t${i}`.padEnd(16, '0');
    const span = (id: string, parent: string, pod: string, name: string, from: number, to: number): void => void spans.push(`${trace},${id},${parent},${pod},${name},${nanos(at + from)},${nanos(at + to)}`);
    span('a1', 'root', 'gateway-6f6cfc45b-h5m2n', 'GET /cart', 0, 0.06);
    span('a2', 'a1', 'gateway-6f6cfc45b-h5m2n', 'HTTP GET', 0.001, 0.055);
    span('b1', 'a2', 'cart-5b67c48447-mv5hb', '/api/cart', 0.002, 0.05);
    span('b2', 'b1', 'cart-5b67c48447-mv5hb', 'HTTP GET', 0.01, 0.03);
    span('c1', 'b2', 'stock-64469b5b48-25zj6', '/api/stock', 0.012, 0.028);
    const log = (pod: string, id: string, after: number, text: string): void => void logs.push(`${iso(at + after)},${nanos(at + after)},${pod},${trace},${id},"{""log"":""18:00:00 ${text}\\n"",""stream"":""stdout""}"`);
    log('cart-5b67c48447-mv5hb', 'b1', 0.004, 'INFO  c.CartService#31 look for it');
    log('stock-64469b5b48-25zj6', 'c1', 0.014, 'INFO  s.StockService#12 found');
    if (at < ONSET) log('cart-5b67c48447-mv5hb', 'b1', 0.04, 'INFO  c.CartService#34 found it');
    else {
      log('cart-5b67c48447-mv5hb', 'b1', 0.04, 'ERROR c.CartService#37 found nothing');
      log('gateway-6f6cfc45b-h5m2n', 'a1', 0.058, 'ERROR g.Gateway#9 no cart');
    }
  }
  logs.push(`1754-08-30T22:43:41.128654848Z,-6795364578871345152,cart-5b67c48447-mv5hb,,,"{""log"":""INFO  c.CartService#31 look for it\\n"",""stream"":""stdout""}"`);
  for (let minute = -6; minute < 4; minute++) for (const pod of ['cart-5b67c48447-mv5hb', 'stock-64469b5b48-25zj6', 'gateway-6f6cfc45b-h5m2n']) metrics.push(`${ONSET + minute * 60},${pod},${4 + ((minute * 7) % 3)},512`);
  return { spans: spans.join('\n'), logs: logs.join('\n'), metrics: metrics.join('\n') };
}

let made: TempCase | undefined;
afterEach(async () => await made?.remove());

it('reads spans, logs and metrics, and puts the service that changed first, with the time named and without', async () => {
  made = await TempCase.create();
  const { spans, logs, metrics } = files();
  const { sources } = await made.ingest([made.write('trace.csv', spans), made.write('log.csv', logs), made.write('metrics.csv', metrics)]);
  expect(Object.fromEntries(sources.map(({ format, rejected }) => [format, rejected]))).toEqual({ csv: 0, 'csv-metrics': 0, 'csv-spans': 0 });
  const { rank } = made.engine.handlers.rootCause;

  const named = await rank({ at: (ONSET + 20) * 1e6, normal: null, run: '' }, context);
  expect(named.suspects[0]).toMatchObject({ service: 'cart', rank: 1, quieted: false });
  expect(named.suspects[0].score).toBeGreaterThan(0.7);
  expect(named.suspects[0].explains).toContain('gateway');
  expect(named.suspects[0].reasons[0].text).toContain('CartService#3');
  expect(named.edges).toEqual(expect.arrayContaining([expect.objectContaining({ caller: 'cart', callee: 'stock' })]));
  expect(named.impact.business[0]).toContain('go through cart');
  expect(named.impact.security).toEqual(['Nothing in the case tells.']);

  const found = await rank({ at: null, normal: null, run: '' }, context);
  expect(found.atFrom).toBe('detected');
  expect(Math.abs((found.at ?? 0) / 1e6 - ONSET)).toBeLessThan(10);
  expect(found.suspects[0].service).toBe('cart');

  // Named four minutes late, when all is over.
  const late = await rank({ at: (ONSET + 240) * 1e6, normal: null, run: '' }, context);
  expect(late).toMatchObject({ atFrom: 'detected', suspects: [{ service: 'cart' }, ...late.suspects.slice(1)] });
  expect(Math.abs((late.at ?? 0) / 1e6 - ONSET)).toBeLessThan(10);

  // The evidence leads to its events.
  const { scope, events } = found.suspects[0].reasons[0];
  const page = await made.page(scope ?? { query: '-*', from: null, to: null });
  expect(page.total).toBeGreaterThan(0);
  expect(events.length).toBeGreaterThan(0);

  // Marked wrong, it comes last.
  const [{ like, key, title }] = found.suspects;
  await made.engine.handlers.findings.mark({ like, key, title, verdict: 'wrong', note: '' }, context);
  const again = await rank({ at: null, normal: null, run: '' }, context);
  expect(again.suspects.at(-1)).toMatchObject({ service: 'cart', quieted: true });
}, 60_000);

it('lists a change shortly before, and counts it for the service whose files it changed', async () => {
  made = await TempCase.create();
  const { spans, logs } = files();
  const commit = (id: string, minutes: number, message: string, file: string): object => ({ id: id.repeat(40), message, timestamp: iso(ONSET - minutes * 60), author: { name: 'Ana Lima', email: 'ana@shop.example' }, added: [], removed: [], modified: [file] });
  const commits = [commit('a', 300, 'Count what is left', 'stock/src/Stock.java'), commit('b', 12, 'Return early', 'cart/src/Cart.java')];
  const push = { ref: 'refs/heads/main', before: '1'.repeat(40), after: 'b'.repeat(40), created: false, deleted: false, forced: false, commits, head_commit: commits[1], repository: { id: 1, name: 'shop', full_name: 'shop/shop', html_url: 'https://git.example/shop/shop' }, pusher: { name: 'ana' } };
  await made.ingest([made.write('trace.csv', spans), made.write('log.csv', logs), made.write('push.json', JSON.stringify(push))]);
  const { suspects, changes } = await made.engine.handlers.rootCause.rank({ at: ONSET * 1e6, normal: null, run: '' }, context);
  const commitsOf = changes.filter(({ services }) => services.length > 0);
  expect(commitsOf.map(({ text, services, what }) => [what, text.replace(/^\w{7} /, ''), services])).toEqual([['git', 'Return early', ['cart']], ['git', 'Count what is left', ['stock']]]);
  expect(suspects[0].service).toBe('cart');
  expect(suspects[0].parts.change).toBeGreaterThan(0);
  expect(suspects[0].reasons.find(({ kind }) => kind === 'change')?.text).toContain('12 min before it started');
}, 60_000);

it('says that nothing tells where nothing does', async () => {
  made = await TempCase.create();
  const { rank } = made.engine.handlers.rootCause;
  expect(await rank({ at: null, normal: null, run: '' }, context)).toMatchObject({ at: null, suspects: [] });
  expect(await rank({ at: ONSET * 1e6, normal: null, run: '' }, context)).toMatchObject({ at: ONSET * 1e6, suspects: [], periods: { traces: null, logs: null, metrics: null } });
}, 60_000);
