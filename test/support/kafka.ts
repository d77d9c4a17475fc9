/** A real Apache Kafka of one node (KRaft) for tests, in a folder of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Kafka, logLevel, Partitioners, type Message } from 'kafkajs';
import { KAFKA_JARS } from '../../build/lib/kafka.mjs';

export const kafkaInstalled = fs.existsSync(KAFKA_JARS) && spawnSync('java', ['-version']).status === 0;
export const USER = { user: 'ana', password: 'correct horse' };

const START_MS = 50_000;
const CLASSES = path.join(KAFKA_JARS, '*');
// Little memory, and no time spent on making it fast.
const JAVA = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', CLASSES];

async function freePorts(n: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: n }, async () => await new Promise<net.Server>((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => resolve(server));
  })));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map(async (server) => await new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false)).once('close', () => socket.destroy());
    socket.once('connect', () => socket.end());
  });
}

export class KafkaServer {
  readonly plain: string;
  readonly sasl: string;
  readonly tls: string;
  readonly ca: string;
  readonly client: Kafka;
  readonly #folder: string;
  #process: ChildProcess | null = null;

  private constructor(folder: string, [plain, sasl, tls, controller]: number[]) {
    this.#folder = folder;
    this.plain = `127.0.0.1:${plain}`;
    this.sasl = `127.0.0.1:${sasl}`;
    this.tls = `localhost:${tls}`;
    this.ca = path.join(folder, 'ca.pem');
    this.client = new Kafka({ brokers: [this.plain], logLevel: logLevel.NOTHING, retry: { retries: 20, initialRetryTime: 100, maxRetryTime: 500 } });
    const pem = (name: string): string => fs.readFileSync(path.join(folder, name), 'utf8').trim().replaceAll('\n', '\\n');
    const key = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', path.join(folder, 'key.pem'), '-out', this.ca]);
    if (key.status !== 0) throw new Error(`openssl: ${String(key.stderr)}`);
    const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="admin" user_${USER.user}="${USER.password}";`;
    fs.writeFileSync(path.join(folder, 'server.properties'), `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://${this.plain},SASL://${this.sasl},TLS://${this.tls},CONTROLLER://127.0.0.1:${controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl.plain.sasl.jaas.config=${login}
listener.name.tls.plain.sasl.jaas.config=${login}
${['sasl', 'tls'].flatMap((listener) => ['256', '512'].map((n) => `listener.name.${listener}.scram-sha-${n}.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;`)).join('\n')}
listener.name.tls.ssl.keystore.type=PEM
listener.name.tls.ssl.keystore.certificate.chain=${pem('ca.pem')}
listener.name.tls.ssl.keystore.key=${pem('key.pem')}
log.dirs=${path.join(folder, 'data').replaceAll('\\', '/')}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
`);
    const scram = ['256', '512'].flatMap((n) => ['--add-scram', `SCRAM-SHA-${n}=[name=${USER.user},password=${USER.password}]`]);
    const format = spawnSync('java', [...JAVA, 'kafka.tools.StorageTool', 'format', '-t', '4L6g3nShTeMCtKaX86swAA', ...scram, '-c', path.join(folder, 'server.properties')]);
    if (format.status !== 0) throw new Error(`Kafka's storage could not be made: ${String(format.stderr)}${String(format.stdout)}`);
  }

  static async start(folder: string): Promise<KafkaServer> {
    const server = new KafkaServer(folder, await freePorts(4));
    try {
      await server.run();
    } catch (error) {
      await server.kill();
      throw error;
    }
    return server;
  }

  /** Resolves when it answers. */
  async run(): Promise<void> {
    const log = fs.openSync(path.join(this.#folder, 'server.log'), 'a');
    this.#process = spawn('java', [...JAVA, 'kafka.Kafka', path.join(this.#folder, 'server.properties')], { stdio: ['ignore', log, log] });
    fs.closeSync(log);
    const until = performance.now() + START_MS;
    while (!(await answers(Number(this.plain.split(':')[1])))) {
      if (performance.now() > until || this.#process.exitCode !== null) throw new Error(`Kafka did not start: ${fs.readFileSync(path.join(this.#folder, 'server.log'), 'utf8').slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const admin = this.client.admin();
    await admin.connect();
    await admin.listTopics();
    await admin.disconnect();
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (!running || running.exitCode !== null) return;
    await new Promise<void>((resolve) => (running.once('exit', () => resolve()), running.kill('SIGKILL')));
  }

  /** @param compression the broker compresses so what it is sent, in the way of Java's libraries */
  async createTopic(topic: string, numPartitions: number, compression = 'producer'): Promise<void> {
    const admin = this.client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic, numPartitions, configEntries: [{ name: 'compression.type', value: compression }] }], waitForLeaders: true });
    await admin.disconnect();
  }

  async send(topic: string, messages: Message[]): Promise<void> {
    const producer = this.client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    for (let at = 0; at < messages.length; at += 2000) await producer.send({ topic, messages: messages.slice(at, at + 2000) });
    await producer.disconnect();
  }

  /** What the group has said that it has read: the sum over the partitions. */
  async committed(groupId: string, topic: string): Promise<number> {
    const admin = this.client.admin();
    await admin.connect();
    const [{ partitions }] = await admin.fetchOffsets({ groupId, topics: [topic] });
    await admin.disconnect();
    return partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  }
}
