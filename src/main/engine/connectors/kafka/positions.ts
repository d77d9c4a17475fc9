/** Where a connection goes on in each partition: kept in the case with the messages, so that none is stored twice or left out. */
import { randomUUID } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import { z } from 'zod';
import { FatalError } from '../connector.ts';
import type { Config } from './config.ts';

const cursorSchema = z.object({
  group: z.string(),
  /** topic -> partition -> offset of the first message that is not stored, as text: offsets have 64 bits */
  next: z.record(z.string(), z.record(z.string(), z.string().regex(/^\d+$/))),
});

export class Positions {
  readonly group: string;
  readonly #next = new Map<string, Map<number, bigint>>();

  constructor(group: string) {
    this.group = group;
  }

  /** What a cursor says; '' = nothing yet. */
  static from(cursor: string, { group }: Config): Positions {
    if (cursor === '') return new Positions(group || `tidemark-${randomUUID()}`);
    const kept = cursorSchema.parse(JSON.parse(cursor));
    const positions = new Positions(group || kept.group);
    for (const [topic, partitions] of Object.entries(kept.next)) for (const [partition, offset] of Object.entries(partitions)) positions.set(topic, Number(partition), BigInt(offset));
    return positions;
  }

  get(topic: string, partition: number): bigint | undefined {
    return this.#next.get(topic)?.get(partition);
  }

  set(topic: string, partition: number, next: bigint): void {
    let partitions = this.#next.get(topic);
    if (!partitions) this.#next.set(topic, (partitions = new Map<number, bigint>()));
    partitions.set(partition, next);
  }

  copy(): Positions {
    const other = new Positions(this.group);
    for (const { topic, partition, offset } of this.all()) other.set(topic, partition, BigInt(offset));
    return other;
  }

  all(): { topic: string; partition: number; offset: string }[] {
    return [...this.#next].flatMap(([topic, partitions]) => [...partitions].map(([partition, next]) => ({ topic, partition, offset: String(next) })));
  }

  get cursor(): string {
    return JSON.stringify({ group: this.group, next: Object.fromEntries([...this.#next].map(([topic, partitions]) => [topic, Object.fromEntries([...partitions].map(([partition, next]) => [partition, String(next)]))])) });
  }
}

export interface TopicState {
  topic: string;
  partitions: { partition: number; low: bigint; high: bigint }[];
}

/** Runs `ask` with a connection that is closed again. */
export async function withAdmin<R>(kafka: Kafka, signal: AbortSignal, ask: (admin: Admin) => Promise<R>): Promise<R> {
  const admin = kafka.admin();
  const leave = (): void => void admin.disconnect().catch(() => undefined);
  signal.addEventListener('abort', leave, { once: true });
  try {
    await admin.connect();
    return await ask(admin);
  } finally {
    signal.removeEventListener('abort', leave);
    await admin.disconnect();
  }
}

/** The partitions of the topics and what they hold. @throws FatalError when there is no such topic */
export async function topicStates(admin: Admin, topics: readonly string[]): Promise<TopicState[]> {
  const there = (await admin.listTopics()).filter((name) => !name.startsWith('__'));
  const missing = topics.filter((topic) => !there.includes(topic) && !topic.startsWith('__'));
  if (missing.length > 0) {
    const shown = there.sort().slice(0, 20);
    throw new FatalError(`There is no topic '${missing[0]}', or it may not be read. ${there.length === 0 ? 'The broker names none.' : `There are: ${shown.join(', ')}${there.length > shown.length ? ` and ${there.length - shown.length} more` : ''}.`}`);
  }
  const states: TopicState[] = [];
  for (const topic of new Set(topics)) {
    const offsets = await admin.fetchTopicOffsets(topic);
    states.push({ topic, partitions: offsets.map(({ partition, low, high }) => ({ partition, low: BigInt(low), high: BigInt(high) })) });
  }
  return states;
}

/**
 * Decides where each partition that has no position yet begins: where its group was, else as the configuration says.
 * @returns how many messages the topics have deleted (their retention) before they could be read
 * @throws Error when a topic ends before what was read of it
 */
export async function begin(admin: Admin, positions: Positions, states: readonly TopicState[], { start }: Config): Promise<bigint> {
  // A partition that comes later is read from its first message.
  const first = positions.all().length === 0;
  const committed = new Map<string, bigint>();
  for (const { topic, partitions } of await admin.fetchOffsets({ groupId: positions.group, topics: states.map(({ topic }) => topic) })) {
    for (const { partition, offset } of partitions) if (Number(offset) >= 0) committed.set(`${topic} ${partition}`, BigInt(offset));
  }
  let lost = 0n;
  for (const { topic, partitions } of states) {
    for (const { partition, low, high } of partitions) {
      const known = positions.get(topic, partition);
      const next = known ?? committed.get(`${topic} ${partition}`) ?? (first && start === 'new' ? high : low);
      // Right after a broker has failed it may know less than it said before; so this is tried again.
      if (known !== undefined && known > high) throw endsBefore(topic, partition, known, high);
      if (known !== undefined && known < low) lost += low - known;
      positions.set(topic, partition, next < low || next > high ? low : next);
    }
  }
  return lost;
}

export function endsBefore(topic: string, partition: number, next: bigint, high: bigint): Error {
  return new Error(`Partition ${partition} of '${topic}' ends at offset ${high}, but it was read up to ${next} already. If the topic was deleted and made anew, add a new connection for it.`);
}
