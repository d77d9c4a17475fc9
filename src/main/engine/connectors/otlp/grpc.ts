/**
 * OTLP over gRPC: https://opentelemetry.io/docs/specs/otlp/#otlpgrpc. The three Export calls are unary, so that all there is to gRPC is a
 * frame around each message (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md) on node's HTTP/2: a library would bring its own
 * buffers, which could not be bounded together with those of HTTP.
 */
import http2 from 'node:http2';
import { MAX_BODY, Refusal } from '../lib/bodies.ts';
import { admit } from '../lib/token.ts';
import { CODE, exportProtobuf, statusProtobuf, type OtlpSignal } from './answers.ts';
import type { Intake } from './intake.ts';

const MAX_SENDERS = 500;
const MAX_CALLS = 100;
const CALL_MS = 60_000;
/** A sender that calls nothing for so long may go. */
const IDLE_MS = 600_000;
/** A sender may have so many bytes of one call on their way, and of all its calls. */
const CALL_WINDOW = 1 << 20;
const SENDER_WINDOW = 4 << 20;
const FRAME = 5;
const PATHS: ReadonlyMap<string, OtlpSignal> = new Map([
  ['/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'logs'], ['/opentelemetry.proto.collector.trace.v1.TraceService/Export', 'traces'],
  ['/opentelemetry.proto.collector.metrics.v1.MetricsService/Export', 'metrics'],
]);
const CODES: Readonly<Record<number, number>> = { 400: CODE.invalidArgument, 401: CODE.unauthenticated, 403: CODE.permissionDenied, 404: CODE.unimplemented, 413: CODE.resourceExhausted, 415: CODE.unimplemented, 503: CODE.unavailable };

export interface GrpcServer {
  server: http2.Http2Server;
  /** No more calls; senders go when those under way are answered. */
  close(): void;
  /** Senders that are still there are cut off. */
  destroy(): void;
}

export function grpcServer(intake: Intake): GrpcServer {
  const server = http2.createServer({ settings: { maxConcurrentStreams: MAX_CALLS, initialWindowSize: CALL_WINDOW, maxHeaderListSize: 16 << 10 } });
  server.maxConnections = MAX_SENDERS;
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.setLocalWindowSize(SENDER_WINDOW);
    session.setTimeout(IDLE_MS, () => session.close());
    session.on('close', () => sessions.delete(session));
    // A sender that broke off has had its answers, or sends again.
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream: http2.ServerHttp2Stream, headers) => {
    stream.on('error', () => stream.destroy());
    stream.setTimeout(CALL_MS, () => stream.close(http2.constants.NGHTTP2_CANCEL));
    void answer(intake, stream, headers);
  });
  return {
    server,
    close() {
      server.close();
      for (const session of sessions) session.close();
    },
    destroy() {
      for (const session of sessions) session.destroy();
    },
  };
}

async function answer(intake: Intake, stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): Promise<void> {
  if (!/^application\/grpc(?:\+proto)?(?:;|$)/.test(headers['content-type'] ?? '')) {
    intake.refusal(new Refusal(415, 'Something that is no gRPC was sent to the port of gRPC.'));
    // As gRPC wants it: who does not speak it gets an answer of HTTP.
    if (!stream.destroyed) stream.respond({ ':status': 415, 'content-type': 'text/plain' }, { endStream: true });
    return;
  }
  try {
    admit(headers, intake.token);
    const signal = PATHS.get(headers[':path'] ?? '');
    if (!signal) throw new Refusal(404, `There is no ${headers[':path'] ?? ''} here.`);
    intake.open();
    const { rejected, message } = await intake.take(signal, 'protobuf', await read(intake, stream, headers));
    if (stream.destroyed) return;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': 'identity,gzip' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(CODE.ok) }));
    stream.end(framed(exportProtobuf(rejected, message)));
  } catch (error) {
    refuse(stream, intake.refusal(error));
  }
}

/** The one message of a call. @throws Refusal */
async function read(intake: Intake, stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): Promise<Buffer> {
  const body = await intake.bodies.collect(stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>, MAX_BODY + FRAME);
  if (body.length < FRAME || body.length !== FRAME + body.readUInt32BE(1)) throw new Refusal(400, 'A call must have exactly one message.');
  const message = body.subarray(FRAME);
  if (body[0] === 0) return message;
  const encoding = headers['grpc-encoding'];
  if (body[0] !== 1 || encoding !== 'gzip') throw new Refusal(415, `grpc-encoding ${String(encoding)} is not read; send messages plain or with gzip.`);
  return await intake.bodies.gunzip(message);
}

function framed(message: Buffer): Buffer {
  const frame = Buffer.alloc(FRAME + message.length);
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, FRAME);
  return frame;
}

/** The status stands in the trailers, which here are all there is. */
function refuse(stream: http2.ServerHttp2Stream, { status, message, headers }: Refusal): void {
  if (stream.destroyed || stream.headersSent) return;
  const code = CODES[status] ?? CODE.internal;
  const retryAfter = Number(headers['Retry-After'] ?? 0);
  stream.respond(
    {
      ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': 'identity,gzip', 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message.slice(0, 500)),
      ...(retryAfter > 0 && { 'grpc-status-details-bin': statusProtobuf(code, message, retryAfter).toString('base64').replace(/=+$/, '') }),
    },
    { endStream: true },
  );
  // What the sender still has of its message is not waited for.
  if (!stream.readableEnded) stream.close(http2.constants.NGHTTP2_NO_ERROR);
}
