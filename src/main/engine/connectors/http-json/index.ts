/** Receives JSON over HTTP: a body is one object, one a line, or an array of them. It is answered when it is stored. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { undecodable } from '../../formats/lib/undecodable.ts';
import { connector, FatalError, type Chunk, type ReadContext } from '../connector.ts';
import { Batcher } from '../lib/batcher.ts';
import { bindField, isLoopback, listenError, place, portField } from '../lib/listen.ts';
import { Bodies, busy, Refusal } from './body.ts';
import { BodyError, recordsOf } from './records.ts';
import { schemaCheck, type Check } from './schema.ts';

const config = z.object({
  address: bindField,
  port: portField(5580),
  path: z.string().regex(/^\/[^?#\s]*$/, 'A path begins with / and has no ? or #.').default('/').meta({ title: 'Path' }),
  token: z.string().max(1000).default('').meta({ title: 'Token', description: 'Senders must show it as "Authorization: Bearer TOKEN". Needed for every address but 127.0.0.1. It is not kept in the case.', secret: true }),
  schema: z.string().default('').meta({ title: 'JSON Schema', description: 'A file that every record must match; what does not becomes a dead letter that says where.', format: 'file' }),
});
type Config = z.output<typeof config>;

const MAX_SENDERS = 500;
const REQUEST_MS = 60_000;
/** What the connection's cursor says when there was a token: it is not kept, and must not be forgotten silently. */
const WITH_TOKEN = 'token';

function checkToken({ address, token }: Config, cursor: string): void {
  if (token !== '') return;
  if (!isLoopback(address)) throw new FatalError(`Everyone who can reach ${address} could write into the case. Set a token, or listen on 127.0.0.1.`);
  if (cursor === WITH_TOKEN) throw new FatalError('This connection had a token, which is not kept in the case. Add the connection again with its token.');
}

async function listen(server: http.Server, address: string, port: number): Promise<number> {
  try {
    server.listen({ host: address, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, 'HTTP', address, port);
  }
  return (server.address() as AddressInfo).port;
}

/** In a time that does not tell how much of it is right. */
function same(given: string, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}

/** @throws Refusal for what is no business of this connection */
function admit(request: http.IncomingMessage, { path, token }: Config): void {
  const bearer = /^Bearer +(\S.*)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (token !== '' && !same(bearer.trim(), token)) throw new Refusal(401, 'Send the token of this connection: Authorization: Bearer TOKEN', { 'WWW-Authenticate': 'Bearer' });
  // Any page in a browser may post to this machine; without a token that must not write into a case.
  if (token === '' && request.headers.origin !== undefined) throw new Refusal(403, 'Pages in a browser are only let in with a token.');
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
      admit(request, this.#config);
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
    const parts: Buffer[] = [];
    let rejected = 0;
    let records;
    try {
      records = recordsOf(body);
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      await this.#store([Buffer.from(undecodable(`A posted body was refused: ${error.message}`, NaN, body))], 1);
      throw new Refusal(400, error.message);
    }
    for (const { bytes, value } of records) {
      const wrong = this.#check?.(value) ?? '';
      if (wrong === '') {
        parts.push(bytes, END);
      } else {
        rejected++;
        parts.push(Buffer.from(undecodable(`Does not match the JSON Schema: ${wrong}.`, NaN, bytes)));
      }
    }
    await this.#store(parts, records.length);
    return { stored: records.length - rejected, rejected };
  }

  async #store(parts: readonly Buffer[], lines: number): Promise<void> {
    if (lines === 0) return;
    const stored = await new Promise<boolean>((resolve) => this.batcher.add(Buffer.concat(parts), lines, resolve));
    if (!stored) throw new Refusal(503, 'It could not be stored; send it again later.', { 'Retry-After': '10' });
  }
}
const END = Buffer.from('\n');

function reply(response: http.ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}

async function* read(given: Config, { signal, cursor, note, idle }: ReadContext): AsyncGenerator<Chunk, void, void> {
  checkToken(given, cursor);
  const receiver = new Receiver(given, given.schema === '' ? null : await schemaCheck(given.schema));
  const { batcher } = receiver;
  let failure: Error | null = null;
  const server = http.createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS / 3, connectionsCheckingInterval: 5000 }, (request, response) => void receiver.answer(request, response));
  server.maxConnections = MAX_SENDERS;
  const port = await listen(server, given.address, given.port);
  const close = (): void => {
    server.close();
    server.closeIdleConnections();
    batcher.end();
  };
  server.on('error', (error) => {
    failure = error;
    close();
  });
  signal.addEventListener('abort', close, { once: true });
  try {
    if (signal.aborted) close();
    note(`Listens on http://${place(given.address, port)}${given.path}${given.token === '' ? '' : ' (with a token)'}.`);
    idle();
    const here = given.token === '' ? '' : WITH_TOKEN;
    if (here !== cursor) yield { lines: new Uint8Array(0), cursor: here };
    yield* batcher.chunks(here);
    if (failure !== null) throw failure as Error;
  } finally {
    signal.removeEventListener('abort', close);
    close();
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
    if (given.schema !== '') await schemaCheck(given.schema);
    const server = http.createServer();
    const port = await listen(server, given.address, given.port);
    server.close();
    return `${place(given.address, port)} is free to listen on.`;
  },
  read,
});
