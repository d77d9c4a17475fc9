/**
 * Reads topics as a member of a consumer group. The case's cursor says where to go on, not the group; the group is told what is stored, after
 * it is stored, so that other programs can see how far this one is.
 */
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Chunk, ReadContext } from '../connector.ts';
import { Batcher } from '../lib/batcher.ts';
import type { Check } from '../lib/json-schema.ts';
import { isTurnOver, kafkaError } from './client.ts';
import type { Config } from './config.ts';
import { Lines } from './lines.ts';
import { endsBefore, type Positions } from './positions.ts';

/** Without a sign of life for so long, the group is told that this member is gone; brokers take 6 s to 30 min. */
const SESSION_MS = 15_000;
const HEARTBEAT_MS = 3000;
/** So long a broker keeps a question for messages open; also how long pausing and leaving may take. */
const FETCH_MS = 1000;
/** Nothing heard of the group for so long: something hangs. */
const PATIENCE_MS = 120_000;
const LEAVE_MS = 5000;
const NOTE_MS = 1000;
/** Bytes that are handed to the batcher at once, so that a chunk never ends inside of them. */
const PIECE = 256 << 10;
/** Room for the places of messages behind the last one. */
const SLACK = 4 << 10;
const CAPACITY = 16 << 20;

export class Consumption {
  readonly #config: Config;
  readonly #context: ReadContext;
  readonly #consumer: Consumer;
  /** what is taken of each partition, what is on its way to the disk and what is on it */
  readonly #taken: Positions;
  readonly #out: Positions;
  readonly #batcher: Batcher;
  /** topic -> partitions that are this member's now */
  #assigned = new Map<string, Set<number>>();
  /** of each partition: how many messages wait behind what was taken */
  readonly #behind = new Map<string, number>();
  #empty = 0;
  readonly #lost: bigint;
  readonly #check: Check | null;
  #closing = false;
  #failure: Error | null = null;
  #heardAt = performance.now();
  #notedAt = 0;

  constructor(kafka: Kafka, config: Config, context: ReadContext, positions: Positions, lost: bigint, check: Check | null) {
    this.#check = check;
    this.#config = config;
    this.#context = context;
    this.#taken = positions;
    this.#out = positions.copy();
    this.#lost = lost;
    this.#batcher = new Batcher(() => this.#resume(), { lines: config.batch, wait: config.wait * 1000, capacity: CAPACITY });
    this.#consumer = kafka.consumer({
      groupId: positions.group, allowAutoTopicCreation: false, sessionTimeout: SESSION_MS, heartbeatInterval: HEARTBEAT_MS, maxWaitTimeInMs: FETCH_MS,
      maxBytesPerPartition: 1 << 20, maxBytes: 8 << 20,
    });
  }

  async *chunks(): AsyncGenerator<Chunk, void, void> {
    const { signal } = this.#context;
    const close = (): void => this.#close();
    const watch = setInterval(() => this.#watch(), 1000);
    signal.addEventListener('abort', close, { once: true });
    try {
      if (signal.aborted) close();
      else await this.#start();
      for await (const chunk of this.#batcher.chunks(() => this.#out.cursor)) {
        const reached = this.#out.copy();
        yield { ...chunk, stored: async (kept) => {
          await chunk.stored?.(kept);
          await this.#commit(reached);
        } };
      }
      if (this.#failure !== null) throw this.#failure as Error;
    } finally {
      clearInterval(watch);
      signal.removeEventListener('abort', close);
      this.#close();
      await this.#leave();
    }
  }

  async #start(): Promise<void> {
    const consumer = this.#consumer;
    const { GROUP_JOIN, REBALANCING, HEARTBEAT, CRASH, STOP } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload: { memberAssignment } }) => this.#joined(memberAssignment as Record<string, number[]>));
    // From now on others may have the partitions; which are ours is told when the group has joined again.
    consumer.on(REBALANCING, () => this.#assigned.clear());
    consumer.on(HEARTBEAT, () => this.#heard());
    consumer.on(CRASH, ({ payload: { error } }) => this.#fail(kafkaError(error, this.#config)));
    consumer.on(STOP, () => this.#assigned.clear());
    try {
      await consumer.connect();
      // Only for what no position is known of, and where the retention has deleted what was to be read: never leave anything out.
      await consumer.subscribe({ topics: [...new Set(this.#config.topics)], fromBeginning: true });
      await consumer.run({ autoCommit: false, eachBatch: async (payload) => await this.#take(payload) });
    } catch (error) {
      throw kafkaError(error, this.#config);
    }
  }

  #joined(assignment: Record<string, number[]>): void {
    this.#assigned = new Map(Object.entries(assignment).map(([topic, partitions]) => [topic, new Set(partitions)]));
    for (const [topic, partitions] of this.#assigned) {
      for (const partition of partitions) {
        const next = this.#taken.get(topic, partition);
        if (next !== undefined) this.#consumer.seek({ topic, partition, offset: String(next) });
      }
    }
    this.#behind.clear();
    this.#heard();
    this.#note(true);
  }

  #heard(): void {
    this.#heardAt = performance.now();
    if (!this.#closing) this.#context.idle();
  }

  /** Takes the messages that Kafka brought of one partition, from the position on. */
  async #take({ batch, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const { topic, partition } = batch;
    if (this.#batcher.full) this.#pause();
    // What was fetched before the pause still comes; it waits here, so that what is held stays bounded.
    while (this.#batcher.full && !this.#closing && isRunning()) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await heartbeat();
    }
    if (this.#closing || !isRunning() || isStale()) return;
    const from = this.#taken.get(topic, partition) ?? 0n;
    const high = BigInt(batch.highWatermark);
    if (high >= 0n && high < from) return this.#fail(endsBefore(topic, partition, from, high));
    const { messages } = batch;
    // Compressed batches come whole, also when they begin before what was asked for.
    let first = 0;
    while (first < messages.length && BigInt(messages[first].offset) < from) first++;
    const lines = new Lines(topic, partition, PIECE + SLACK, this.#check);
    const hand = (next: bigint): void => {
      this.#taken.set(topic, partition, next);
      const { count } = lines;
      this.#batcher.add(lines.take(), count, undefined, () => this.#out.set(topic, partition, next));
    };
    for (let i = first; i < messages.length; i++) {
      const message = messages[i];
      // In front of the line, so that a chunk's bound holds.
      if (lines.size > 0 && lines.size + (message.value?.length ?? 0) > PIECE) hand(BigInt(message.offset));
      if (!lines.add(message)) this.#empty++;
    }
    const next = first < messages.length ? BigInt(messages[messages.length - 1].offset) + 1n : from;
    if (lines.size > 0) hand(next);
    else if (next > from) this.#taken.set(topic, partition, next);
    this.#behind.set(`${topic} ${partition}`, Number(high > next ? high - next : 0n));
    this.#note(false);
  }

  #pause(): void {
    for (const [topic, partitions] of this.#assigned) this.#consumer.pause([{ topic, partitions: [...partitions] }]);
  }
  #resume(): void {
    if (!this.#closing) this.#consumer.resume(this.#consumer.paused());
  }

  /** Tells the group what is stored of the partitions that are this member's. */
  async #commit(reached: Positions): Promise<void> {
    const offsets = reached.all().filter(({ topic, partition }) => this.#assigned.get(topic)?.has(partition));
    this.#note(false);
    if (offsets.length === 0) return;
    try {
      await this.#consumer.commitOffsets(offsets);
    } catch (error) {
      // The case knows where to go on; the group is told with the next chunk.
      if (!isTurnOver(error) && !this.#closing) throw kafkaError(error, this.#config);
    }
  }

  #note(now: boolean): void {
    const at = performance.now();
    if (this.#closing || (!now && at - this.#notedAt < NOTE_MS)) return;
    this.#notedAt = at;
    const partitions = [...this.#assigned.values()].reduce((sum, each) => sum + each.size, 0);
    const behind = [...this.#behind.values()].reduce((sum, each) => sum + each, 0);
    this.#context.note([
      partitions === 0 ? `Group ${this.#taken.group} has given its partitions to other members` : `Group ${this.#taken.group}, ${partitions} partition${partitions === 1 ? '' : 's'}`,
      behind > 0 && `${behind} messages behind`, this.#empty > 0 && `${this.#empty} messages without a value left out`, this.#lost > 0n && `${this.#lost} messages were deleted by the topic before they were read`,
    ].filter(Boolean).join(', ') + '.');
  }

  #watch(): void {
    if (!this.#closing && performance.now() - this.#heardAt > PATIENCE_MS) this.#fail(new Error(`Nothing was heard of the group for ${PATIENCE_MS / 1000} s.`));
    this.#note(false);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#close();
  }

  /** Nothing more is taken; what is held still goes out. */
  #close(): void {
    this.#closing = true;
    this.#batcher.end();
  }

  async #leave(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    // A broker that does not answer is not waited for.
    await Promise.race([this.#consumer.disconnect().catch(() => undefined), new Promise<void>((resolve) => (timer = setTimeout(resolve, LEAVE_MS)))]);
    clearTimeout(timer);
  }
}
