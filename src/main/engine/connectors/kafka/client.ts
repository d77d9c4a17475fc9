/** kafkajs as this connector uses it: made of a configuration, and its errors in words that say what to do. */
import fs from 'node:fs/promises';
import type { Kafka, KafkaConfig } from 'kafkajs';
import { FatalError } from '../connector.ts';
import type { Config } from './config.ts';

/** kafkajs tries again so often by itself; what lasts longer is the runner's business, which tells people. */
const RETRY = { retries: 2, initialRetryTime: 200, maxRetryTime: 1000, restartOnFailure: async () => await Promise.resolve(false) };
const CONNECT_MS = 10_000;
const REQUEST_MS = 30_000;
const MAX_CA = 1 << 20;

type Library = typeof import('kafkajs');

/** Loads the library and connects to nothing yet. @throws FatalError for a configuration that cannot work */
export async function client(config: Config): Promise<Kafka> {
  const { brokers, tls, ca, sasl, user, password } = config;
  if (sasl !== 'none' && user === '') throw new FatalError(`Signing in with ${sasl} needs a user.`);
  if (sasl !== 'none' && password === '') throw new FatalError(`The password of ${user} is needed. It is not kept in the case: add the connection again with it.`);
  const ssl: KafkaConfig['ssl'] = tls && ca !== '' ? { ca: [await authority(ca)] } : tls;
  // Large, and only needed where there is such a connection.
  const imported: Library & { default?: Library } = await import('kafkajs');
  // It is CommonJS: by name Node gives only what it makes out by looking at it, and CompressionCodecs is not among that.
  const { Kafka: Client, logLevel, CompressionCodecs, CompressionTypes } = imported.default ?? imported;
  const { unlz4, unsnappy, unzstd } = await import('./codecs.ts');
  for (const [type, decompress] of [[CompressionTypes.Snappy, unsnappy], [CompressionTypes.LZ4, unlz4], [CompressionTypes.ZSTD, unzstd]] as const) {
    CompressionCodecs[type] = () => ({ decompress: async (data: Buffer) => await Promise.resolve(decompress(data)), compress: async () => await Promise.reject(new Error('Nothing is sent.')) });
  }
  return new Client({
    clientId: 'tidemark', brokers, ssl, connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS, retry: RETRY, logLevel: logLevel.NOTHING,
    ...(sasl === 'none' ? {} : { sasl: { mechanism: sasl, username: user, password } as KafkaConfig['sasl'] }),
  });
}

async function authority(file: string): Promise<string> {
  try {
    if ((await fs.stat(file)).size > MAX_CA) throw new Error('it is larger than 1 MiB');
    const text = await fs.readFile(file, 'utf8');
    if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error('it is no PEM file with a certificate');
    return text;
  } catch (error) {
    throw new FatalError(`The certificate ${file} cannot be read: ${messageOf(error)}.`);
  }
}

interface Cause {
  name: string;
  message: string;
  /** of the protocol: UNKNOWN_MEMBER_ID */
  type: string;
  /** of the system or of TLS: ECONNREFUSED */
  code: string;
}
/** An error and what caused it, outermost first. */
function causes(error: unknown): Cause[] {
  const found: Cause[] = [];
  for (let one = error; one instanceof Error && found.length < 10; one = one.cause) {
    const { type, code } = one as { type?: unknown; code?: unknown };
    found.push({ name: one.name, message: one.message, type: typeof type === 'string' ? type : '', code: typeof code === 'string' ? code : '' });
  }
  return found;
}
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

/** Answers of a broker that mean that the members of the group are being counted anew: this one's turn is over, nothing is broken. */
const TURN_OVER = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID']);
export function isTurnOver(error: unknown): boolean {
  return causes(error).some(({ type }) => TURN_OVER.has(type));
}

/** An error of kafkajs in words for a person: FatalError when trying again is no use. */
export function kafkaError(error: unknown, { brokers, sasl, user, group, tls }: Config): Error {
  if (error instanceof FatalError) return error;
  const all = causes(error);
  const has = (test: (cause: Cause) => boolean): boolean => all.some(test);
  const said = all.at(-1)?.message.replace(/\.$/, '') ?? messageOf(error);
  const at = brokers.join(', ');
  if (has(({ name, type }) => name === 'KafkaJSSASLAuthenticationError' || type === 'SASL_AUTHENTICATION_FAILED')) return new FatalError(`${at} does not let ${user} in with ${sasl}: ${said}. Check the mechanism, the user and the password, and add the connection again.`);
  if (has(({ type }) => type === 'TOPIC_AUTHORIZATION_FAILED')) return new FatalError(`${user || 'Nobody without a user'} may not read the topics. Whoever runs the cluster has to allow Read and Describe on them.`);
  if (has(({ type }) => type === 'GROUP_AUTHORIZATION_FAILED')) return new FatalError(`${user || 'Nobody without a user'} may not use the consumer group${group === '' ? '' : ` '${group}'`}. Whoever runs the cluster has to allow Read on it, or name another one.`);
  if (has(({ type }) => type === 'UNKNOWN_TOPIC_OR_PARTITION')) return new Error('A topic is not there (any more). If it was deleted, add a connection without it.');
  if (has(({ name, message }) => name === 'KafkaJSNotImplemented' && /compression/i.test(message))) return new FatalError(`Messages are compressed in a way that is not read: ${said}.`);
  if (has(({ code, message }) => code.startsWith('ERR_TLS_CERT') || /CERT|SIGNATURE/.test(code) || /certificate/i.test(message))) return new FatalError(`The certificate of ${at} is not trusted: ${said}. Name the file of the authority that vouches for it.`);
  if (has(({ code, message }) => code === 'ERR_SSL_WRONG_VERSION_NUMBER' || /wrong version number|packet length too long/i.test(message))) return new FatalError(`${at} does not speak TLS on this port. Turn TLS off, or name the port for TLS.`);
  if (has(({ code }) => code === 'ENOTFOUND')) return new Error(`There is no machine called so: ${said}.`);
  if (has(({ code, name }) => code === 'ECONNREFUSED' || name === 'KafkaJSNoBrokerAvailableError' || name === 'KafkaJSBrokerNotFound')) return new Error(`No broker answers at ${at}: ${said}.`);
  if (has(({ name, code }) => name === 'KafkaJSConnectionClosedError' || name === 'KafkaJSConnectionError' || code === 'ECONNRESET')) {
    return new Error(`The connection to ${at} broke off: ${said}.${sasl === 'none' || !tls ? ` If it always does, the broker may want ${[!tls && 'TLS', sasl === 'none' && 'a user'].filter(Boolean).join(' or ')}.` : ''}`);
  }
  return new Error(`Kafka: ${said}.`);
}
