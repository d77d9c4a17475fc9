/** Reads topics of Apache Kafka, and of what speaks its protocol. */
import { connector, FatalError, type Chunk, type ReadContext } from '../connector.ts';
import { checkOf } from '../lib/json-schema.ts';
import { client, kafkaError } from './client.ts';
import { config, type Config } from './config.ts';
import { Consumption } from './consume.ts';
import { begin, Positions, topicStates, withAdmin } from './positions.ts';

/** Cluster and group of the connections of this process that read now. */
const reading = new Set<string>();

async function* read(given: Config, context: ReadContext): AsyncGenerator<Chunk, void, void> {
  const kafka = await client(given);
  const positions = Positions.from(context.cursor, given);
  let mine = '';
  try {
    let lost = 0n;
    try {
      await withAdmin(kafka, context.signal, async (admin) => {
        const states = await topicStates(admin, given.topics);
        mine = claim((await admin.describeCluster()).clusterId, positions.group);
        lost = await begin(admin, positions, states, given);
      });
    } catch (error) {
      throw kafkaError(error, given);
    }
    // Where it begins is kept before the first message: what comes while the connection is down is not left out.
    const { cursor } = positions;
    if (cursor !== context.cursor) yield { lines: new Uint8Array(0), cursor };
    yield* new Consumption(kafka, given, context, positions, lost, await checkOf(given.schema)).chunks();
  } finally {
    reading.delete(mine);
  }
}

/**
 * Two connections in one group would share the partitions, and each goes on at its own place when one comes (back) to it: what the other has stored
 * meanwhile would be stored once more. With other topics it would get none: kafkajs gives away partitions of the topics that the first member asked
 * for. So there is one at a time.
 * @throws FatalError when there is another one
 */
function claim(cluster: string, group: string): string {
  const key = JSON.stringify([cluster, group]);
  if (reading.has(key)) throw new FatalError(`Another connection of this case reads in the group '${group}' already: whenever the group shared its partitions out anew, messages would be stored twice or not be brought. Add a connection with a group of its own, or stop the other one.`);
  reading.add(key);
  return key;
}

export const kafkaConnector = connector({
  id: 'kafka',
  title: 'Kafka topics',
  description: 'Messages of topics of Apache Kafka, or of what speaks its protocol (Redpanda, Event Hubs): what they hold, and what comes. Each value is a record; the values are text or JSON. The group is told of a message when it is stored.',
  signal: 'logs',
  // What is checked is JSON, and what does not match is told in a way that only this format knows.
  format: ({ format, schema }) => (schema === '' ? format : 'http-json'),
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
