/** Receives JSON over HTTP: a body is one object, one a line, or an array of them. It is answered when it is stored. */
import http from 'node:http';
import { z } from 'zod';
import { undecodable } from '../../formats/lib/undecodable.ts';
import { connector, type Chunk, type ReadContext } from '../connector.ts';
import { Batcher } from '../lib/batcher.ts';
import { Bodies, busy, notStored, Refusal } from '../lib/bodies.ts';
import { BodyError, recordsOf } from '../lib/json-records.ts';
import { checkedLines, checkOf, schemaField, type Check } from '../lib/json-schema.ts';
import { bindField, listenOn, place, portField } from '../lib/listen.ts';
import { receive } from '../lib/receiving.ts';
import { admit, checkToken, tokenCursor, tokenField } from '../lib/token.ts';

const config = z.object({
  address: bindField,
  port: portField(5580),
  path: z.string().regex(/^\/[^?#\s]*$/, 'A path begins with / and has no ? or #.').default('/').meta({ title: 'Path' }),
  token: tokenField,
  schema: schemaField,
});
type Config = z.output<typeof config>;

const MAX_SENDERS = 500;
const REQUEST_MS = 60_000;

/** @throws Refusal for what is no business of this connection */
function check(request: http.IncomingMessage, { path, token }: Config): void {
  admit(request.headers, token);
  if ((request.url ?? '').split('?', 1)[0] !== path) throw new Refusal(404, `Post to ${path}`);
  if (request.method !== 'POST') throw new Refusal(405, 'Only POST is answered here.', { Allow: 'POST' });
}

class Receiver {
  readonly batcher = new Batcher();
  readonly #config: Config;
  readonly #check: Check | null;
  readonly #bodies = new Bodies();

  constructor(given: Config, check: Check | null) {
    this.#config = given;
    this.#check = check;
  }

  async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    try {
      check(request, this.#config);
      if (this.batcher.full) throw busy();
      const body = await this.#bodies.read(request);
      reply(response, 200, await this.#take(body));
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal(500, error instanceof Error ? error.message : String(error));
      if (!request.complete) {
        // What is left of the body is thrown away, so that the sender comes to read the answer.
        response.setHeader('Connection', 'close');
        request.resume();
      }
      reply(response, refusal.status, { error: refusal.message }, refusal.headers);
    }
  }

  /** Resolves when everything of the body is on the disk. */
  async #take(body: Buffer): Promise<{ stored: number; rejected: number }> {
    let records;
    try {
      records = recordsOf(body);
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      await this.#store(Buffer.from(undecodable(`A posted body was refused: ${error.message}`, NaN, body)), 1);
      throw new Refusal(400, error.message);
    }
    // While it was read others may have come in front of it.
    if (this.batcher.full) throw busy();
    const { lines, rejected } = checkedLines(this.#check, records);
    await this.#store(lines, records.length);
    return { stored: records.length - rejected, rejected };
  }

  async #store(lines: Buffer, count: number): Promise<void> {
    if (count === 0) return;
    const stored = await new Promise<boolean>((resolve) => this.batcher.add(lines, count, resolve));
    if (!stored) throw notStored();
  }
}

function reply(response: http.ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}

async function* read(given: Config, context: ReadContext): AsyncGenerator<Chunk, void, void> {
  checkToken(given, context.cursor);
  const receiver = new Receiver(given, await checkOf(given.schema));
  const { batcher } = receiver;
  let failure: Error | null = null;
  const server = http.createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS / 3, connectionsCheckingInterval: 5000 }, (request, response) => void receiver.answer(request, response));
  server.maxConnections = MAX_SENDERS;
  const port = await listenOn(server, 'HTTP', given.address, given.port);
  server.on('error', (error) => {
    failure = error;
    batcher.end();
  });
  try {
    yield* receive(batcher, tokenCursor(given.token), context, {
      said: () => `Listens on http://${place(given.address, port)}${given.path}${given.token === '' ? '' : ' (with a token)'}.`,
      close() {
        server.close();
        server.closeIdleConnections();
      },
      failure: () => failure,
    });
  } finally {
    // Answers on their way have a moment to leave.
    setTimeout(() => server.closeAllConnections(), 200).unref();
  }
}

export const httpJsonConnector = connector({
  id: 'http-json',
  title: 'JSON over HTTP',
  description: 'Listens for JSON that programs post: an object, one on each line, or a list of them, also with gzip. A post is answered when its records are stored.',
  signal: 'logs',
  format: 'http-json',
  mode: 'live',
  config,
  target: ({ address, port, path }) => `http://${place(address, port)}${path}`,
  async test(given) {
    checkToken(given, '');
    await checkOf(given.schema);
    const server = http.createServer();
    const port = await listenOn(server, 'HTTP', given.address, given.port);
    server.close();
    return `${place(given.address, port)} is free to listen on.`;
  },
  read,
});
