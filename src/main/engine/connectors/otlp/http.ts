/** OTLP over HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp */
import http from 'node:http';
import { Refusal } from '../lib/bodies.ts';
import { admit } from '../lib/token.ts';
import { CODE, exportJson, exportProtobuf, statusJson, statusProtobuf, type OtlpSignal } from './answers.ts';
import type { Encoding, Intake } from './intake.ts';

const MAX_SENDERS = 500;
const REQUEST_MS = 60_000;
const PATHS: ReadonlyMap<string, OtlpSignal> = new Map([['/v1/logs', 'logs'], ['/v1/traces', 'traces'], ['/v1/metrics', 'metrics']]);
const TYPES: ReadonlyMap<string, Encoding> = new Map([['application/x-protobuf', 'protobuf'], ['application/json', 'json']]);
const CODES: Readonly<Record<number, number>> = { 401: CODE.unauthenticated, 403: CODE.permissionDenied, 404: CODE.unimplemented, 405: CODE.unimplemented, 413: CODE.resourceExhausted, 415: CODE.invalidArgument, 400: CODE.invalidArgument, 503: CODE.unavailable };

export function httpServer(intake: Intake): http.Server {
  const server = http.createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS / 3, connectionsCheckingInterval: 5000 }, (request, response) => void answer(intake, request, response));
  server.maxConnections = MAX_SENDERS;
  return server;
}

async function answer(intake: Intake, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const encoding = TYPES.get((request.headers['content-type'] ?? '').split(';', 1)[0].trim().toLowerCase());
  try {
    const signal = check(intake.token, request);
    if (!encoding) throw new Refusal(415, 'Send application/x-protobuf or application/json.');
    intake.open();
    const { rejected, message } = await intake.take(signal, encoding, await intake.bodies.read(request));
    reply(response, 200, encoding, encoding === 'json' ? exportJson(signal, rejected, message) : exportProtobuf(rejected, message));
  } catch (error) {
    const { status, message, headers } = intake.refusal(error);
    if (!request.complete) {
      // What is left of the body is thrown away, so that the sender comes to read the answer.
      response.setHeader('Connection', 'close');
      request.resume();
    }
    const code = CODES[status] ?? CODE.internal;
    reply(response, status, encoding ?? 'json', encoding === 'protobuf' ? statusProtobuf(code, message) : statusJson(code, message), headers);
  }
}

/** @throws Refusal for what is no business of a receiver of OTLP */
function check(token: string, request: http.IncomingMessage): OtlpSignal {
  admit(request.headers, token);
  const signal = PATHS.get((request.url ?? '').split('?', 1)[0]);
  if (!signal) throw new Refusal(404, `Post to ${[...PATHS.keys()].join(', ')}`);
  if (request.method !== 'POST') throw new Refusal(405, 'Only POST is answered here.', { Allow: 'POST' });
  return signal;
}

function reply(response: http.ServerResponse, status: number, encoding: Encoding, body: string | Buffer, headers: Record<string, string> = {}): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'Content-Type': encoding === 'json' ? 'application/json' : 'application/x-protobuf', 'Content-Length': Buffer.byteLength(body), ...headers });
  response.end(body);
}
