/** Messages of a real Apache Kafka on this machine to a searchable case, through the connection a person would add. */
import fs from 'node:fs';
import path from 'node:path';
import { KafkaServer, kafkaInstalled } from '../../support/kafka.ts';
import { Random } from './random.ts';
import type { StreamFigures } from './steps.ts';
import { SERVICES, TEMPLATES } from './templates.ts';
import { count, type Row } from './table.ts';

const TOPIC = 'bench';
const PARTITIONS = 4;
const MESSAGES = 400_000;
const AT_ONCE = 20_000;
const BEGIN = 1_772_323_200_000;

/** @param read connects and reads until so many messages are stored */
export async function measureKafka(folder: string, seed: number, read: (broker: string, topic: string, messages: number) => Promise<StreamFigures>): Promise<Row[]> {
  const what = 'Kafka to searchable case';
  if (!kafkaInstalled) return [{ what, value: null, figure: 'not measured', better: 'more', note: 'Apache Kafka is not here: build/setup fetches it where java and mvn are' }];
  const home = fs.mkdtempSync(path.join(folder, 'kafka-'));
  const kafka = await KafkaServer.start(home);
  try {
    await kafka.createTopic(TOPIC, PARTITIONS);
    const random = new Random(seed);
    for (let from = 0; from < MESSAGES; from += AT_ONCE) {
      await kafka.send(TOPIC, Array.from({ length: AT_ONCE }, (_, i) => ({ key: `k${random.below(1000)}`, value: message(random, from + i) })));
    }
    const { seconds, first, stored, rejected } = await read(kafka.plain, TOPIC, MESSAGES);
    if (stored !== MESSAGES || rejected > 0) throw new Error(`${MESSAGES} messages were sent; ${stored} are stored, ${rejected} rejected.`);
    const rate = (stored - first.stored) / (seconds - first.seconds);
    return [{ what, value: rate, figure: `${count(rate)}/s`, better: 'more', must: { value: 50_000, text: '50 000/s' }, note: `${count(MESSAGES)} messages of ${PARTITIONS} partitions, none lost or doubled; the first ${first.seconds.toFixed(1)} s after the connection was added, all after ${seconds.toFixed(1)} s` }];
  } finally {
    await kafka.kill();
    fs.rmSync(home, { recursive: true, force: true });
  }
}

function message(r: Random, i: number): string {
  const { level, say } = r.of(TEMPLATES);
  return `{"timestamp":"${new Date(BEGIN + i * 100).toISOString()}","level":"${level}","service":"${r.of(SERVICES)}","message":"${say(r)}","request_id":"${r.hex(32)}"}`;
}
