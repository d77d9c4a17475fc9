/** Reads topics of Apache Kafka, and of what speaks its protocol. */
import { connector, FatalError, type Chunk, type ReadContext } from '../connector.ts';
import { client, kafkaError } from './client.ts';
import { config, type Config } from './config.ts';
import { Consumption } from './consume.ts';
import { begin, Positions, topicStates, withAdmin } from './positions.ts';

async function* read(given: Config, context: ReadContext): AsyncGenerator<Chunk, void, void> {
  const kafka = await client(given);
  const positions = Positions.from(context.cursor, given);
  let lost: bigint;
  try {
    lost = await withAdmin(kafka, context.signal, async (admin) => await begin(admin, positions, await topicStates(admin, given.topics), given));
  } catch (error) {
    throw kafkaError(error, given);
  }
  // Where it begins is kept before the first message: what comes while the connection is down is not left out.
  const { cursor } = positions;
  if (cursor !== context.cursor) yield { lines: new Uint8Array(0), cursor };
  yield* new Consumption(kafka, given, context, positions, lost).chunks();
}

export const kafkaConnector = connector({
  id: 'kafka',
  title: 'Kafka topics',
  description: 'Messages of topics of Apache Kafka, or of what speaks its protocol (Redpanda, Event Hubs): what they hold, and what comes. Each value is a record; the values are text or JSON. The group is told of a message when it is stored.',
  signal: 'logs',
  format: ({ format }) => format,
  mode: 'live',
  config,
  target: ({ brokers, topics }) => `kafka ${brokers[0]} ${topics.join(' ')}`,
  async test(given, signal) {
    try {
      const states = await withAdmin(await client(given), signal, async (admin) => await topicStates(admin, given.topics));
      return `The brokers answer. ${states.map(({ topic, partitions }) => `${topic}: ${partitions.length} partition${partitions.length === 1 ? '' : 's'}, ${partitions.reduce((sum, { low, high }) => sum + high - low, 0n)} messages`).join('; ')}.`;
    } catch (error) {
      if (signal.aborted) throw new FatalError('Nobody waits any more.');
      throw kafkaError(error, given);
    }
  },
  read,
});
