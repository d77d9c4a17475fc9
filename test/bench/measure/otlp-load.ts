/** A sender of OTLP: logs in protobuf as a Collector sends them, as fast as they are answered. */
import http from 'node:http';
import http2 from 'node:http2';
import { attribute, BEGIN, Message, request } from '../../support/otlp-request.ts';
import { Random } from './random.ts';
import { HOSTS, PATHS, SERVICES, TEMPLATES } from './templates.ts';

export interface Load {
  protocol: 'http' | 'grpc';
  port: number;
  seconds: number;
  /** how many requests are under way at once: a Collector's ten by default */
  senders: number;
}
export interface Sent {
  /** records in requests that were answered with success */
  acknowledged: number;
  seconds: number;
  /** bytes of the requests */
  bytes: number;
  /** answers that told to wait */
  refused: number;
}

/** of one request, as the Collector's batch processor makes them */
const RECORDS = 1000;
const REQUESTS = 64;
const WAIT_MS = 100;
const NUMBERS = { debug: 5, info: 9, warn: 13, error: 17, fatal: 21 } as const;

/** Different requests of about 300 bytes a record, written before the clock starts. */
function requests(): Buffer[] {
  const r = new Random(7);
  const choice = TEMPLATES.flatMap((template) => new Array<(typeof TEMPLATES)[number]>(template.weight).fill(template));
  let n = 0;
  return Array.from({ length: REQUESTS }, () => request(r.of(SERVICES), Array.from({ length: RECORDS }, () => {
    const { level, say } = r.of(choice);
    const time = BEGIN + BigInt(n++) * 100_000_000n;
    return new Message().fixed64(1, time).number(2, NUMBERS[level]).text(3, level.toUpperCase()).message(5, new Message().text(1, say(r)))
      .message(6, attribute('url.path', r.of(PATHS))).message(6, attribute('http.response.status_code', r.of([200, 200, 200, 404, 500]))).message(6, attribute('k8s.node.name', r.of(HOSTS)))
      .message(6, attribute('user.id', `u-${r.below(5000)}`)).bytes(9, Buffer.from(r.hex(32), 'hex')).bytes(10, Buffer.from(r.hex(16), 'hex')).fixed64(11, time + 2_000_000n);
  })));
}

/** Sends for so many seconds; what is refused is sent again after a wait. */
export async function sendLoad({ protocol, port, seconds, senders }: Load): Promise<Sent> {
  const bodies = requests();
  const { post, close } = protocol === 'http' ? overHttp(port, senders) : overGrpc(port);
  const sent: Sent = { acknowledged: 0, seconds: 0, bytes: 0, refused: 0 };
  const begun = performance.now();
  let next = 0;
  const sender = async (): Promise<void> => {
    while (performance.now() - begun < seconds * 1000) {
      const body = bodies[next++ % bodies.length];
      while (!(await post(body))) {
        sent.refused++;
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      }
      sent.acknowledged += RECORDS;
      sent.bytes += body.length;
    }
  };
  await Promise.all(Array.from({ length: senders }, sender));
  sent.seconds = (performance.now() - begun) / 1000;
  close();
  return sent;
}

interface Way {
  /** true = stored, false = to be sent again */
  post(body: Buffer): Promise<boolean>;
  close(): void;
}

function overHttp(port: number, senders: number): Way {
  const agent = new http.Agent({ keepAlive: true, maxSockets: senders });
  return {
    post: async (body) => await new Promise((resolve, reject) => {
      const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Length': body.length };
      http.request({ host: '127.0.0.1', port, path: '/v1/logs', method: 'POST', agent, headers }, (response) => {
        response.resume().on('end', () => (response.statusCode === 200 || response.statusCode === 503 ? resolve(response.statusCode === 200) : reject(new Error(`It was answered with ${response.statusCode}.`))));
      }).on('error', reject).end(body);
    }),
    close: () => agent.destroy(),
  };
}

function overGrpc(port: number): Way {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  return {
    post: async (body) => await new Promise((resolve, reject) => {
      let status = '';
      const take = (headers: http2.IncomingHttpHeaders): void => void (status = String(headers['grpc-status'] ?? status));
      const stream = session.request({ ':method': 'POST', ':path': '/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'content-type': 'application/grpc', te: 'trailers' });
      stream.on('response', take).on('trailers', take).on('error', reject).on('close', () => (status === '0' || status === '14' ? resolve(status === '0') : reject(new Error(`The call ended with ${status}.`))));
      stream.resume();
      const head = Buffer.alloc(5);
      head.writeUInt32BE(body.length, 1);
      stream.write(head);
      stream.end(body);
    }),
    close: () => session.close(),
  };
}
