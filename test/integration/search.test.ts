import fs from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeOf } from '../support/query-arbitraries.ts';
import { context, everything, TempCase, whenComplete } from '../support/temp-case.ts';
import { generate, matches, SEVERITY, type Written } from '../support/written-events.ts';

let held: TempCase;
let events: Written[];
const files = new Map<string, string>();

beforeAll(async () => {
  held = await TempCase.create();
  const made = generate();
  events = made.events;
  for (const [name, text] of made.files) files.set(name, held.write(name, text));
  const summary = await held.ingest([...files.values()]);
  expect(summary).toMatchObject({ read: events.length, stored: events.length, duplicates: 0, rejected: 0 });
});
afterAll(async () => await held.remove());

const serialOf = (message: string): string => /\be\d+e\b/.exec(message)?.[0] ?? message;
const wanted = (query: string): Written[] => {
  const node = nodeOf(query);
  return events.filter((event) => matches(node, event));
};
async function found(query: string): Promise<string[]> {
  return (await held.messages(query)).map(serialOf);
}

describe('every kind of query finds what a plain loop over the records finds', () => {
  it.each([
    '', '*', 'timeout', 'TIMEOUT', 'time', 'e77e', 'unïcode', '10.1.2.3', '10.1.2', 'timed-out', 'out', 'gateway timed-out', '"connection reset"', '"reset by"', '"connection by"', '"tab\tstop"', 'stop',
    'time*', '*out', 'conn*reset', 'e?7e', 'gate*', '*ïcod*', 'nothing_has_this', 'shard', 'region', 'request',
    '/e\\d7e/', '/^gateway/', '/GATEWAY/', '/GATEWAY/i', '/peer$/', '/(disk|peer)/', '/a b/', '/connection .* peer/', '/\\bretry=[3-5]\\b/', 'raw:/"region":"eu"/', 'raw:/^</', 'raw:kernel',
    'service:api', 'service:API', 'service!=api', 'service:a*', 'service:/^(api|cron)$/', 'service:(api OR cron)', 'host:web-1', 'host:web', 'host:web-?', 'level:warn', 'level!=warn',
    'message:timeout', 'message:"connection reset"', 'message:conn*', 'message:/disk/', 'message:eu', 'source:a.jsonl', 'source!=a.jsonl', 'format:rfc3164', 'format:json*', 'signal:logs', 'signal:metrics',
    'severity:high', 'severity:low..high', 'facility:auth', 'severity>=medium', 'severity<low', 'severity!=info', 'severity:critical', 'severity>high',
    'status:500', 'status!=500', 'status:5xx', 'status>=400', 'status:400..499', 'status:[500 TO *]', 'status<300', 'latency_ms>900', 'latency_ms:100..200', 'latency_ms<=12.5', 'latency>0.5s', 'latency_ms=12.5',
    'ip:10.1.2.3', 'ip:10.1.0.0/16', 'ip:10.1.2.0/30', 'ip!=10.0.0.0/8', 'ip:0.0.0.0/0', 'ip:2001:db8::/32', 'ip:192.168.*', 'ip:192.168.7.7/32',
    'user:ana', 'user:a*', 'url:/api/v1*', 'url:*id=1*', 'request_id:r-42', 'trace_id:*7',
    'has:user', 'has:ip', 'has:status', 'has:latency_ms', 'has:host', 'has:region', 'has:shard', 'has:nested.deep', 'has:nobody', '-has:service', 'host:*', 'host!=*', 'has:severity',
    'region:eu', 'region:EU', 'region!=eu', 'shard:7', 'shard>=14', 'shard:3..5', 'shard<2', 'flag:true', 'nested.deep:"two words"', 'nested.deep:two', 'nested.deep:two*', 'esc:/q/', 'facility:aut*', 'method:POST', 'bytes>9000', 'bytes:100..200', 'user_agent:curl*',
    'time>=2026-11-20T10:30', 'time:2026-11-20T10:15..2026-11-20T10:20', 'after:2026-11-20T10:40:30', 'before:2026-11-20T10:05', 'time<2026-11-20T10:00:00.5', 'time:2026-11-19', 'time:2026-11-20T10:00:01',
    'is:suspect', 'is:inferred', '-is:inferred', 'is:pinned', 'is:noted',
    'timeout -service:api', 'NOT (timeout OR disk)', '(severity>=high OR status:404) AND NOT service:api', 'NOT NOT timeout', 'NOT (service:api AND NOT (region:eu OR shard>10))', 'timeout AND disk', 'has:ip ip:10.0.0.0/8 status>=500 OR service:cron severity:info',
  ])('%s', async (query) => {
    expect((await found(query)).toSorted()).toEqual(wanted(query).map(({ serial }) => serial).toSorted());
  });

  it('for pinned and noted events', async () => {
    const { investigations } = held.engine.handlers;
    const { id } = await investigations.create({ title: 'x' }, context);
    const { rows } = await held.page(everything('service:cron'), { rank: 0 }, 'asc', 7);
    await investigations.pin({ id, eventIds: [...rows.id], note: '' }, context);
    const serials = rows.message.map(serialOf).toSorted();
    expect((await found('is:pinned')).toSorted()).toEqual(serials);
    expect((await found('is:pinned service:api')).length).toBe(0);
    expect(await found('NOT is:pinned')).toHaveLength(events.length - 7);
    await investigations.unpin({ id, eventIds: [rows.id[0]] }, context);
    expect((await found('is:pinned')).toSorted()).toEqual(serials.filter((serial) => serial !== serialOf(rows.message[0])));
  });

  it('for any nesting of them', async () => {
    const leaf = fc.constantFrom('timeout', '"connection reset"', 'conn*', '/disk|peer/', 'service:api', 'service!=db', 'severity>=high', 'status:5xx', 'ip:10.1.0.0/16', 'has:user', 'region:eu', 'shard>10', 'time>=2026-11-20T10:30', 'latency_ms>500', 'is:inferred', 'source:s.log', 'raw:kernel');
    const { query } = fc.letrec<{ query: string; leaf: string; not: string; and: string; or: string }>((tie) => ({
      query: fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('not'), tie('and'), tie('or')),
      leaf,
      not: tie('query').map((part) => `NOT (${part})`),
      and: fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a}) (${b})`),
      or: fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a}) OR (${b})`),
    }));
    await fc.assert(
      fc.asyncProperty(query, async (text) => {
        const { total, rows } = await held.page(everything(text), { rank: 0 }, 'asc', 50);
        const expected = wanted(text);
        expect(total).toBe(expected.length);
        const serials = new Set(expected.map(({ serial }) => serial));
        expect(rows.message.map(serialOf).filter((serial) => !serials.has(serial))).toEqual([]);
      }),
      { numRuns: 25 },
    );
  }, 20_000);

  it('and refuses a query that cannot be read, with the place', async () => {
    await expect(held.page(everything('severity:bad'))).rejects.toMatchObject({ code: 'query' });
  });
});

describe('pages', () => {
  const byTime = (list: Written[]): number[] => list.map(({ time }) => time).toSorted((a, b) => a - b);

  it('are in time order, every event once, and descending is ascending backwards', async () => {
    const asc: number[] = [];
    const desc: number[] = [];
    const times: number[] = [];
    while (asc.length < events.length) {
      const up = await held.page(everything(), { rank: asc.length });
      const down = await held.page(everything(), { rank: desc.length }, 'desc');
      expect(up.rows.id.length).toBeGreaterThan(0);
      asc.push(...up.rows.id);
      times.push(...up.rows.time);
      desc.push(...down.rows.id);
    }
    expect(new Set(asc).size).toBe(events.length);
    expect(desc.toReversed()).toEqual(asc);
    expect(times).toEqual(byTime(events));
  });

  it('start at any rank, time and event, in both orders, under any query and range', async () => {
    const queries = ['', 'severity>=medium', 'timeout OR disk', 'region:eu'];
    const first = Math.min(...events.map(({ time }) => time));
    const span = Math.max(...events.map(({ time }) => time)) - first;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...queries), fc.constantFrom('asc' as const, 'desc' as const), fc.integer({ min: 0, max: 1000 }), fc.integer({ min: -100, max: 1100 }), fc.option(fc.integer({ min: 0, max: 900 })), async (query, order, share, moment, cut) => {
        const from = cut === null ? null : first + Math.round((span * cut) / 1000);
        const to = from === null ? null : from + Math.round(span / 5);
        const scope = { query, from, to };
        const inside = wanted(query).filter(({ time }) => (from === null || time >= from) && (to === null || time < to));
        const times = byTime(inside);
        if (order === 'desc') times.reverse();
        const rank = Math.floor((times.length * share) / 1000);
        const page = await held.page(scope, { rank }, order, 30);
        expect([page.total, page.rank]).toEqual([times.length, rank]);
        expect([...page.rows.time]).toEqual(times.slice(rank, rank + 30));
        const time = first + Math.round((span * moment) / 1000);
        const jumped = await held.page(scope, { time }, order, 10);
        const expected = times.findIndex((t) => (order === 'asc' ? t >= time : t <= time));
        expect(jumped.rank).toBe(expected < 0 ? times.length : expected);
        expect([...jumped.rows.time]).toEqual(times.slice(jumped.rank, jumped.rank + 10));
        if (page.rows.id.length > 3) {
          const next = await held.page(scope, { after: page.rows.id[2] }, order, 5);
          expect([...next.rows.id]).toEqual([...page.rows.id.slice(3, 8)]);
          expect(next.rank).toBe(rank + 3);
          expect(await held.engine.handlers.events.rank({ scope, order, id: page.rows.id[1] }, context)).toEqual({ rank: rank + 1, exact: true });
        }
      }),
      { numRuns: 30 },
    );
  }, 20_000);
});

describe('further columns of a page', () => {
  it('are fields and attributes by any spelling, empty where an event has none', async () => {
    const columns = ['shard', 'SHARD', 'region', 'user', 'user.name', 'status', 'message', 'nobody'];
    const reply = await held.engine.handlers.events.page({ scope: everything(), order: 'asc', at: { rank: 100 }, limit: 500, columns }, context);
    expect(reply.extra.map((values) => values.length)).toEqual(columns.map(() => 500));
    const bySerial = new Map(events.map((event) => [event.serial, event]));
    const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
    reply.rows.message.forEach((message, i) => {
      const event = bySerial.get(serialOf(message));
      const { shard, region } = event?.attributes ?? {};
      const { user, status } = event?.columns ?? {};
      expect(reply.extra.map((values) => values[i])).toEqual([shard, shard, region, user, user, status, message, ''].map(text));
    });
    expect(reply.extra[0].filter((value) => value !== '').length).toBeGreaterThan(10);
  });
});

describe('counts', () => {
  const tally = (list: Written[], value: (event: Written) => string | undefined): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const event of list) {
      const key = value(event);
      if (key !== undefined && key !== '') counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };
  const valueOf = (field: string) => (event: Written): string | undefined => {
    if (field === 'severity') return SEVERITY[event.severity];
    if (field === 'source') return files.get(event.file);
    const value = event.columns[field] ?? event.attributes[field];
    return value === undefined || value === null ? undefined : String(value);
  };

  it.each(['', 'severity>=high', 'timeout', 'region:eu shard>3'])('facets of %s', async (query) => {
    const fields = ['service', 'host', 'level', 'severity', 'status', 'user', 'ip', 'source', 'shard', 'method', 'nobody'];
    const reply = await whenComplete(async () => await held.engine.handlers.events.facets({ scope: everything(query), fields, limit: 1000 }, context));
    for (const { field, values, distinct, present, counted } of reply.facets) {
      const counts = tally(wanted(query), valueOf(field));
      expect({ field, values: Object.fromEntries(values.map(({ value, count }) => [value, count])) }).toEqual({ field, values: Object.fromEntries(counts) });
      expect(distinct).toBe(counts.size);
      expect(present).toBe([...counts.values()].reduce((sum, n) => sum + n, 0));
      expect(values.map(({ count }) => count)).toEqual(values.map(({ count }) => count).toSorted((a, b) => b - a));
      expect(counted).toBe(wanted(query).length);
    }
  });

  it('by field and by step', async () => {
    const reply = await held.engine.handlers.events.count({ scope: everything('severity>=medium'), by: 'service', every: 60e6, limit: 100 }, context);
    const list = wanted('severity>=medium');
    expect(reply.total).toBe(list.length);
    expect(Object.fromEntries(reply.groups.map(({ value, count }) => [value, count]))).toEqual(Object.fromEntries(tally(list, valueOf('service'))));
    const series = tally(list, (event) => (valueOf('service')(event) ? `${Math.floor(event.time / 60e6) * 60e6} ${valueOf('service')(event)}` : undefined));
    expect(Object.fromEntries(reply.series.map(({ time, value, count }) => [`${time} ${value}`, count]))).toEqual(Object.fromEntries(series));
  });

  it.each(['none', 'source', 'service', 'host', 'format', 'signal'] as const)('the histogram by %s, bucket by bucket', async (lanes) => {
    const from = Date.UTC(2026, 10, 20, 10, 3) * 1000;
    const to = Date.UTC(2026, 10, 20, 10, 43) * 1000;
    for (const [query, step] of [['', 60e6], ['severity>=medium', 7e6 + 500_000], ['timeout', 480e6]] as const) {
      const buckets = (to - from) / step;
      const reply = await whenComplete(async () => await held.engine.handlers.events.window({ scope: { query, from, to }, buckets, lanes, maxLanes: 200 }, context));
      expect(reply).toMatchObject({ from, to, step, more: 0 });
      const counts = new Map<string, number>();
      for (const event of wanted(query)) {
        if (event.time < from || event.time >= to) continue;
        const lane = lanes === 'none' ? '' : lanes === 'format' ? event.format : lanes === 'signal' ? 'logs' : (valueOf(lanes)(event) ?? '');
        const key = `${lane} ${Math.floor((event.time - from) / step)} ${event.severity}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      const given = new Map<string, number>();
      for (const lane of reply.lanes) lane.counts.forEach((n, i) => n > 0 && given.set(`${lane.key} ${Math.floor(i / 5)} ${i % 5}`, n));
      expect(Object.fromEntries(given)).toEqual(Object.fromEntries(counts));
      const severities = SEVERITY.map((_, severity) => wanted(query).filter((event) => event.time >= from && event.time < to && event.severity === severity).length);
      expect(reply.severities).toEqual(severities);
      // Also when most lanes are not given.
      const few = await whenComplete(async () => await held.engine.handlers.events.window({ scope: { query, from, to }, buckets, lanes, maxLanes: 1 }, context));
      expect(few.severities).toEqual(severities);
      expect(reply.lanes.every((lane) => lane.total === lane.counts.reduce((sum, n) => sum + n, 0))).toBe(true);
    }
  });

  it('the whole range holds every believable event', async () => {
    const reply = await whenComplete(async () => await held.engine.handlers.events.window({ scope: everything(), buckets: 333, lanes: 'service', maxLanes: 2 }, context));
    expect(reply.lanes).toHaveLength(2);
    expect(reply.more).toBe(new Set(events.map((event) => valueOf('service')(event) ?? '')).size - 2);
    expect(reply.from).toBe(Math.min(...events.map(({ time }) => time)));
  });
});

describe('one event', () => {
  it('is what its record says, and raw is the bytes that its provenance names', async () => {
    const { rows } = await held.page(everything('has:severity'), { rank: 0 }, 'asc', 1000);
    const bySerial = new Map(events.map((event) => [event.serial, event]));
    const bytes = new Map([...files].map(([name, file]) => [file, { name, data: fs.readFileSync(file) }]));
    for (let i = 0; i < 1000; i += 9) {
      const detail = await held.engine.handlers.events.get({ id: rows.id[i] }, context);
      const event = bySerial.get(serialOf(detail.message));
      if (!event) throw new Error(detail.message);
      const { path: file, offset, length, sha256 } = detail.provenance;
      expect(bytes.get(file)?.name).toBe(event.file);
      expect(bytes.get(file)?.data.toString('utf8', offset, offset + length)).toBe(event.raw);
      expect(detail.raw).toBe(event.raw);
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(detail).toMatchObject({ time: event.time, severity: SEVERITY[event.severity], service: event.columns.service ?? '', host: event.columns.host ?? '', message: event.message });
      for (const { name, value } of detail.fields) expect({ name, value: String(value) }).toEqual({ name, value: String(event.columns[name]) });
    }
  });

  it('has the neighbours of its file around it, over the borders of segments', async () => {
    for (const [file] of files) {
      const own = events.filter((event) => event.file === file);
      for (const place of [0, 1, 700, own.length - 1]) {
        const { rows } = await held.page(everything(own[place].serial));
        const reply = await held.engine.handlers.events.context({ id: rows.id[0], before: 150, after: 150 }, context);
        expect(reply.rows.message.map(serialOf)).toEqual(own.slice(Math.max(0, place - 150), place + 151).map(({ serial }) => serial));
        expect(reply.index).toBe(Math.min(150, place));
      }
    }
  });

  it('is not there under an id that nobody has', async () => {
    await expect(async () => await held.engine.handlers.events.get({ id: 2 ** 40 }, context)).rejects.toMatchObject({ code: 'not_found' });
  });
});

it('answers the same after the case was closed and opened', async () => {
  const before = await Promise.all(['timeout', 'region:eu', ''].map(found));
  await held.reopen();
  await whenComplete(async () => {
    const reply = await held.page(everything());
    return { ...reply, complete: reply.total === events.length };
  });
  expect(await Promise.all(['timeout', 'region:eu', ''].map(found))).toEqual(before);
});
