/** Service health from what was read to what is told, through the whole engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceSettings, type ServicesReply } from '../../src/shared/contract/services.ts';
import { context, TempCase, everything } from '../support/temp-case.ts';

const START = Date.UTC(2026, 9, 1, 8);
const MINUTES = 180;

/** Three services with 12 requests a minute; payment fails from minute 60 to 75, cart is silent from minute 100 on, and a log without requests. */
function log(): string {
  const lines: string[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    for (let i = 0; i < 12; i++) {
      const timestamp = new Date(START + minute * 60_000 + i * 5000).toISOString();
      const bad = minute >= 60 && minute < 75 && i < 6;
      lines.push(JSON.stringify({ timestamp, service: 'payment', level: bad ? 'error' : 'info', message: bad ? `card declined by gateway ${i}` : `charged order ${i}`, status: bad ? 503 : 200, latency_ms: 20 + i }));
      lines.push(JSON.stringify({ timestamp, service: 'front', level: 'info', message: `GET /cart ${i}`, status: 200, latency_ms: 40 }));
      if (minute < 100) lines.push(JSON.stringify({ timestamp, service: 'cart', level: 'info', message: `cart ${i} read`, status: 200, latency_ms: 5 }));
    }
    lines.push(JSON.stringify({ timestamp: new Date(START + minute * 60_000 + 1).toISOString(), service: 'cron', level: minute === 7 ? 'fatal' : 'info', message: minute === 7 ? 'disk full' : 'tick' }));
  }
  return `${lines.join('\n')}\n`;
}

describe('services of a case', () => {
  let made: TempCase;
  const ask = async (query = '', run = ''): Promise<ServicesReply> => await made.engine.handlers.services.get({ scope: everything(query), buckets: 18, run }, context);
  beforeAll(async () => {
    made = await TempCase.create();
    await made.ingest(made.write('app.jsonl', log()));
  });
  afterAll(async () => await made.remove());

  it('are counted, judged and ranked', async () => {
    const { services, from, to, step } = await ask();
    expect([from, to, step]).toEqual([START * 1000, (START + MINUTES * 60_000) * 1000, 60e6]);
    expect(services.map(({ service, health }) => [service, health])).toEqual([['cart', 'silent'], ['payment', 'healthy'], ['cron', 'healthy'], ['front', 'healthy']]);
    const payment = services.find(({ service }) => service === 'payment');
    expect(payment).toMatchObject({ basis: 'requests', requests: MINUTES * 12, failed: 90, errors: 90, outages: 1, outageTime: 15 * 60e6 });
    expect(payment?.line.errors[6]).toBe(60);
    expect(payment?.latency?.p50).toBeGreaterThan(24);
    expect(payment?.latency?.p50).toBeLessThan(27);
    expect(payment?.objective).toMatchObject({ met: false, minutes: MINUTES });
    expect(payment?.objective.uptime).toBeCloseTo(165 / 180, 6);
    expect(services.find(({ service }) => service === 'cron')).toMatchObject({ basis: 'events', requests: 0, events: MINUTES, errors: 1 });
  });

  it('have outages that lead to their events', async () => {
    const { outages, recovery } = await ask();
    expect(outages.map(({ service, state, from, to }) => [service, state, (from / 1000 - START) / 60_000, (to / 1000 - START) / 60_000])).toEqual([
      ['payment', 'unhealthy', 60, 75],
      ['cart', 'silent', expect.closeTo(99.92, 1), expect.closeTo(179.92, 1)],
    ]);
    expect((await made.page(outages[0].scope)).total).toBe(90);
    expect(recovery).toMatchObject({ outages: 1, outageMean: 15 * 60e6, investigations: 0 });
  });

  it('have kinds of events of high risk, the rarest and worst first', async () => {
    const { risks } = await ask();
    expect(risks[0]).toMatchObject({ service: 'cron', title: 'disk full', severity: 'critical', count: 1 });
    expect(risks[0].parts.map(({ part }) => part)).toEqual(['severity', 'rare']);
    expect(risks[1]).toMatchObject({ service: 'payment', count: 90, score: expect.closeTo(0.42, 6) as number });
    for (const risk of risks) expect((await made.page(risk.scope)).total).toBe(risk.count);
  });

  it('are those of the query and the range', async () => {
    const { services } = await ask('service:front');
    expect(services.map(({ service }) => service)).toEqual(['front']);
    const from = (START + 60 * 60_000) * 1000;
    const reply = await made.engine.handlers.services.get({ scope: { query: 'service:payment', from, to: from + 15 * 60e6 }, buckets: 3, run: '' }, context);
    expect(reply.services[0]).toMatchObject({ health: 'unhealthy', why: 'error rate 50 % (90 of 180 requests) is over 20 %' });
  });

  it('go by the settings of the case, and by what people called wrong', async () => {
    const { services: room, findings } = made.engine.handlers;
    await room.setSettings({ settings: serviceSettings.parse({ rules: { degradedErrorRate: 0.04 }, services: { payment: { availability: 0.9 } } }) }, context);
    const { services, outages } = await ask();
    const payment = services.find(({ service }) => service === 'payment');
    expect(payment?.health).toBe('degraded');
    expect(payment?.objective).toMatchObject({ availability: 0.9, met: true });
    await findings.mark({ ...outages[0], verdict: 'wrong', note: '' }, context);
    const after = await ask();
    expect(after.outages.find(({ key }) => key === outages[0].key)?.quieted).toBe(true);
    expect(after.recovery.outages).toBe(0);
  });

  it('tell how far they are', async () => {
    const told: unknown[] = [];
    const stop = made.engine.onPush((name, value) => void (name === 'analysis.progress' && told.push(value)));
    await ask('', 'mine');
    stop();
    expect(told.length).toBeGreaterThan(0);
    expect(told[0]).toMatchObject({ run: 'mine' });
  });
});
