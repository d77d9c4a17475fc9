/** The Kafka connector against a real Apache Kafka, where Java and its jars are there (`build/setup` fetches them with Maven). */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KafkaServer, kafkaInstalled, USER } from '../support/kafka.ts';
import { status, when } from '../support/live.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

if (!kafkaInstalled) console.warn('Apache Kafka is not there: its connector is not tried against the real one (java and mvn are needed to fetch it)');

const kcat = spawnSync('kcat', ['-V']).status === 0;
if (!kcat) console.warn('kcat is not installed: batches of librdkafka are not tried (Debian: apt-get install kcat)');

const START = Date.UTC(2026, 10, 21, 9);
const json = (i: number): { key: string; value: string } => ({ key: `k${i % 17}`, value: JSON.stringify({ time: new Date(START + i * 1000).toISOString(), level: 'info', service: 'shop', message: `order ${i}` }) });
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const sorted = (messages: string[]): string[] => [...messages].sort((a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1]));

describe.runIf(kafkaInstalled)('the Kafka connector', () => {
  let folder: string;
  let kafka: KafkaServer;
  let one: TempCase;
  beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-kafka-'));
    kafka = await KafkaServer.start(folder);
  }, 60_000);
  afterAll(async () => {
    await kafka.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => void (one = await TempCase.create()));
  afterEach(async () => await one.remove());

  async function connect(config: Record<string, unknown>): Promise<number> {
    const { id } = await one.engine.handlers.connectors.add({ connector: 'kafka', name: '', config: { brokers: [kafka.plain], wait: 0.3, ...config } }, context);
    return id;
  }

  it('brings every message of all partitions once, with its place, and goes on after a restart', async () => {
    await kafka.createTopic('orders', 3);
    await kafka.send('orders', range(0, 500).map(json));
    const { connectors, events } = one.engine.handlers;
    expect(await connectors.test({ connector: 'kafka', config: { brokers: [kafka.plain], topics: ['orders'] } }, context)).toEqual({ ok: true, message: 'The brokers answer. orders: 3 partitions, 500 messages.' });
    const id = await connect({ topics: ['orders'], group: 'case-1' });
    await when(one, id, ({ stored }) => stored >= 500);
    expect(await status(one, id)).toMatchObject({ state: 'ok', stored: 500, rejected: 0, note: expect.stringContaining('case-1, 3 partitions') as string });
    const { rows } = await one.page(everything());
    const detail = await events.get({ id: rows.id[7] }, context);
    expect(detail).toMatchObject({ service: 'shop', message: 'order 7' });
    expect(Object.fromEntries(detail.attributes.map(({ name, value }) => [name, value]))).toMatchObject({ 'kafka.topic': 'orders', 'kafka.key': 'k7', 'kafka.offset': expect.any(Number) as number });

    // Stopped while messages go on coming; started again, and after the case was closed too.
    await connectors.stop({ id }, context);
    expect(await kafka.committed('case-1', 'orders')).toBe(500);
    await kafka.send('orders', range(500, 700).map(json));
    await connectors.start({ id }, context);
    await kafka.send('orders', range(700, 800).map(json));
    await when(one, id, ({ stored }) => stored >= 800);
    await one.reopen();
    await kafka.send('orders', range(800, 900).map(json));
    await one.engine.handlers.connectors.start({ id }, context);
    await when(one, id, ({ stored }) => stored >= 100);
    expect(sorted(await one.messages())).toEqual(range(0, 900).map((i) => `order ${i}`));
  }, 60_000);

  it('believes the case, not the group, and tells the group only what is stored', async () => {
    await kafka.createTopic('truth', 1);
    await kafka.send('truth', range(0, 50).map(json));
    const id = await connect({ topics: ['truth'], group: 'case-2', batch: 100_000, wait: 600 });
    await when(one, id, ({ note, state }) => state === 'ok' && note.includes('case-2'));
    // Fifty have been taken (nothing more waits behind them) and are not stored: nothing may be committed.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await status(one, id)).stored).toBe(0);
    expect(await kafka.committed('case-2', 'truth')).toBe(0);
    await one.engine.handlers.connectors.stop({ id }, context);
    expect((await status(one, id)).stored).toBe(50);
    expect(await kafka.committed('case-2', 'truth')).toBe(50);
    // Somebody sets the group back, and far ahead.
    const admin = kafka.client.admin();
    await admin.connect();
    for (const [offset, upTo] of [['0', 60], ['65', 70]] as const) {
      await kafka.send('truth', range(upTo - 10, upTo).map(json));
      await admin.setOffsets({ groupId: 'case-2', topic: 'truth', partitions: [{ partition: 0, offset }] });
      await one.engine.handlers.connectors.start({ id }, context);
      await when(one, id, ({ state, note }) => state === 'ok' && note.includes('case-2'));
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await one.engine.handlers.connectors.stop({ id }, context);
    }
    await admin.disconnect();
    expect(sorted(await one.messages())).toEqual(range(0, 70).map((i) => `order ${i}`));
  }, 60_000);

  it('goes on after the broker was killed, and stores nothing twice', async () => {
    await kafka.createTopic('killed', 2);
    await kafka.send('killed', range(0, 300).map(json));
    const id = await connect({ topics: ['killed'] });
    await when(one, id, ({ stored }) => stored >= 300);
    await kafka.kill();
    const down = await when(one, id, ({ state }) => state === 'degraded' || state === 'open', 30_000);
    expect(down.error).toContain(kafka.plain);
    await kafka.run();
    await kafka.send('killed', range(300, 400).map(json));
    await one.engine.handlers.connectors.start({ id }, context);
    await when(one, id, ({ stored, state }) => stored >= 400 && state === 'ok', 60_000);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(sorted(await one.messages())).toEqual(range(0, 400).map((i) => `order ${i}`));
  }, 120_000);

  it('shares the partitions with another member, and gets them back', async () => {
    await kafka.createTopic('shared', 4);
    const id = await connect({ topics: ['shared'], group: 'case-4' });
    await when(one, id, ({ note }) => note.includes('4 partitions'));
    const other = kafka.client.consumer({ groupId: 'case-4', heartbeatInterval: 500 });
    const elsewhere: string[] = [];
    await other.connect();
    await other.subscribe({ topics: ['shared'], fromBeginning: true });
    await other.run({ eachMessage: async ({ message }) => await Promise.resolve(void elsewhere.push(String(message.value))) });
    await when(one, id, ({ note }) => note.includes('2 partitions'), 30_000);
    await kafka.send('shared', range(0, 200).map(json));
    const until = performance.now() + 15_000;
    while ((await status(one, id)).stored + elsewhere.length < 200 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
    const mine = (await status(one, id)).stored;
    expect(mine).toBeGreaterThan(0);
    expect(elsewhere.length).toBe(200 - mine);
    await other.disconnect();
    await when(one, id, ({ note }) => note.includes('4 partitions'), 30_000);
    await kafka.send('shared', range(200, 300).map(json));
    // What the other member read meanwhile is read for the case as well: the case's place counts.
    await when(one, id, ({ stored }) => stored >= 300, 20_000);
    expect(sorted(await one.messages())).toEqual(range(0, 300).map((i) => `order ${i}`));
  }, 90_000);

  it('lets one connection at a time read in a group, so that none stores what another has stored', async () => {
    await kafka.createTopic('once', 2);
    await kafka.send('once', range(0, 100).map(json));
    const { connectors } = one.engine.handlers;
    const first = await connect({ topics: ['once'], group: 'case-5' });
    await when(one, first, ({ stored }) => stored >= 100);
    const second = await connect({ brokers: [kafka.plain.replace('127.0.0.1', 'localhost')], topics: ['once'], group: 'case-5' });
    expect((await when(one, second, ({ state }) => state === 'stopped')).error).toContain("reads in the group 'case-5' already");
    await connectors.stop({ id: first }, context);
    await connectors.start({ id: second }, context);
    await when(one, second, ({ state, note }) => state === 'ok' && note.includes('2 partitions'), 30_000);
    // It begins where the group is: all of that is in the case.
    await kafka.send('once', range(100, 110).map(json));
    await when(one, second, ({ stored }) => stored >= 10);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(sorted(await one.messages())).toEqual(range(0, 110).map((i) => `order ${i}`));
  }, 90_000);

  it('reads text with line breaks as one record each, and only what is new when asked to', async () => {
    await kafka.createTopic('text', 1);
    await kafka.send('text', [{ value: 'old' }]);
    const id = await connect({ topics: ['text'], start: 'new' });
    await when(one, id, ({ note }) => note.includes('1 partition'));
    await kafka.send('text', [{ value: '2026-11-21T09:00:00Z ERROR it broke\nat a.b\n2026-11-21T09:00:01Z INFO forged' }, { value: null }, { value: '' }, { value: '2026-11-21T09:00:02Z INFO fine' }]);
    await when(one, id, ({ stored, note }) => stored >= 2 && note.includes('2 messages without a value'));
    expect(await one.messages()).toEqual(['it broke\n\tat a.b\n\t2026-11-21T09:00:01Z INFO forged', 'fine']);
  }, 30_000);

  it('keeps what does not match a JSON Schema, with the place where it does not', async () => {
    await kafka.createTopic('checked', 1);
    const values = ['{"order":1,"message":"fine"}', '{"order":"two"}', 'no json'];
    await kafka.send('checked', values.map((value) => ({ value })));
    const schema = one.write('schema.json', JSON.stringify({ type: 'object', properties: { order: { type: 'integer' } } }));
    const id = await connect({ topics: ['checked'], schema });
    await when(one, id, ({ read }) => read >= 3);
    expect(await status(one, id)).toMatchObject({ stored: 1, rejected: 2 });
    const { rows } = await one.engine.handlers.rejects.list({ after: 0, limit: 10 }, context);
    expect(rows.map(({ reason }) => reason)).toEqual(['Does not match the JSON Schema: /order must be integer.', 'The message at offset 2 of checked/0 is no JSON object.']);
    expect(await one.messages('order:1 kafka.offset:0')).toEqual(['fine']);
  }, 30_000);

  it('reads batches compressed by the broker (Java) and by librdkafka, in every way there is', async () => {
    const codecs = ['gzip', 'snappy', 'lz4', 'zstd'];
    const text = (n: number): string => JSON.stringify({ message: `order ${n}`, pad: 'tide '.repeat(n % 50), random: String(n * 7919 * 104_729) });
    for (const [c, codec] of codecs.entries()) {
      await kafka.createTopic(codec, 1, codec);
      await kafka.send(codec, range(c * 1000, c * 1000 + 1000).map((n) => ({ value: text(n) })));
    }
    const id = await connect({ topics: codecs });
    await when(one, id, ({ stored }) => stored >= 4000);
    let n = 4000;
    if (kcat) {
      await kafka.createTopic('kcat', 1);
      const other = await connect({ topics: ['kcat'] });
      for (const codec of codecs) {
        const input = range(n, n + 1000).map((i) => `${text(i)}\n`).join('');
        expect(spawnSync('kcat', ['-P', '-b', kafka.plain, '-t', 'kcat', '-z', codec, '-X', 'linger.ms=200'], { input }).status).toBe(0);
        n += 1000;
      }
      await when(one, other, ({ stored }) => stored >= 4000);
    }
    expect(sorted(await one.messages())).toEqual(range(0, n).map((i) => `order ${i}`));
  }, 60_000);

  it('signs in, over TLS too, and says what is wrong', async () => {
    await kafka.createTopic('locked', 1);
    await kafka.send('locked', [json(0)]);
    const { connectors } = one.engine.handlers;
    const test = async (config: Record<string, unknown>): Promise<string> => (await connectors.test({ connector: 'kafka', config: { brokers: [kafka.sasl], topics: ['locked'], ...config } }, context)).message;
    for (const sasl of ['plain', 'scram-sha-256', 'scram-sha-512']) expect(await test({ sasl, ...USER })).toContain('locked: 1 partition, 1 messages');
    const tls = { brokers: [kafka.tls], tls: true, sasl: 'scram-sha-512', ...USER };
    expect(await test({ ...tls, ca: kafka.ca })).toContain('1 messages');
    expect(await test(tls)).toContain('is not trusted');
    expect(await test({ ...tls, brokers: [kafka.plain] })).toMatch(/does not speak TLS|broke off/);
    expect(await test({ sasl: 'plain', user: 'ana' })).toContain('password of ana is needed');
    expect(await test({})).toContain('may want TLS or a user');
    expect(await test({ brokers: [kafka.plain], topics: ['lockde'] })).toMatch(/no topic 'lockde'.*locked/);
    expect(await test({ brokers: ['127.0.0.1:1'] })).toContain('No broker answers at 127.0.0.1:1');
    expect(await test({ brokers: ['nohost'] })).toContain("'brokers.0'");
    const wrong = await connect({ brokers: [kafka.sasl], topics: ['locked'], sasl: 'scram-sha-256', user: 'ana', password: 'wrong' });
    const stopped = await when(one, wrong, ({ state }) => state === 'stopped');
    expect(stopped.error).toContain('does not let ana in');
    expect(JSON.stringify(stopped)).not.toContain('wrong');
    const unknown = await connect({ topics: ['lockde'] });
    expect((await when(one, unknown, ({ state }) => state === 'stopped')).error).toContain("no topic 'lockde'");
    const right = await connect({ ...tls, topics: ['locked'], ca: kafka.ca });
    await when(one, right, ({ stored }) => stored >= 1);
  }, 60_000);
});
