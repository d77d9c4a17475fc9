import http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { logRecord, request } from '../../../../../test/support/otlp-request.ts';
import { ALL_KEPT, type Chunk } from '../connector.ts';
import { exportJson, exportProtobuf, statusProtobuf } from './answers.ts';
import { otlpConnector } from './index.ts';

describe('answers of OTLP', () => {
  it('are the bytes that protobuf has for them', () => {
    expect(exportProtobuf(0, '')).toHaveLength(0);
    // ExportLogsServiceResponse{partial_success{rejected_log_records: 300, error_message: "no"}}
    expect(exportProtobuf(300, 'no').toString('hex')).toBe('0a0708ac0212026e6f');
    expect(JSON.parse(exportJson('traces', 2, 'no'))).toEqual({ partialSuccess: { rejectedSpans: '2', errorMessage: 'no' } });
    expect(exportJson('logs', 0, '')).toBe('{}');
    // google.rpc.Status{code: 14, message: "x", details: [Any(RetryInfo{retry_delay{seconds: 1}})]}
    expect(statusProtobuf(14, 'x', 1).toString('hex')).toBe(`080e1201781a30${'0a28'}${Buffer.from('type.googleapis.com/google.rpc.RetryInfo').toString('hex')}12040a020801`);
  });
});

describe('the OTLP receiver before a store that does not move', () => {
  it('holds no more than its bound, tells senders to wait, and says yes only to what was stored', async () => {
    const abort = new AbortController();
    let note = '';
    const chunks = otlpConnector.read(otlpConnector.config.parse({ port: 0, grpcPort: 0 }), {
      signal: abort.signal, cursor: '', idle: () => undefined, complete: (lines) => lines.length, note: (text) => void (note = text),
    })[Symbol.asyncIterator]();
    const first = chunks.next();
    while (note === '') await new Promise((resolve) => setTimeout(resolve, 5));
    const [, http, grpc] = /HTTP \S+:(\d+), gRPC \S+:(\d+)/.exec(note) ?? [];
    const body = Buffer.from(request('shop', Array.from({ length: 3000 }, (_, i) => logRecord(i, 'x'.repeat(1000)))));
    const codes: string[] = [];
    const posts: Promise<void>[] = [];
    // 3.2 MB each: when six of them are there 16 MiB are held, and nobody was told yes.
    while (codes.length < 3) {
      posts.push(fetch(`http://127.0.0.1:${http}/v1/logs`, { method: 'POST', headers: { 'content-type': 'application/x-protobuf' }, body }).then(({ status, headers }) => void codes.push(`${status} ${headers.get('retry-after')}`)));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    const refused = posts.length - 6;
    while (codes.length < refused) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(codes).toEqual(Array.from({ length: refused }, () => '503 1'));
    const session = http2.connect(`http://127.0.0.1:${grpc}`);
    const call = session.request({ ':method': 'POST', ':path': '/opentelemetry.proto.collector.logs.v1.LogsService/Export', 'content-type': 'application/grpc' });
    const answer = await new Promise<http2.IncomingHttpHeaders>((resolve, reject) => call.on('response', resolve).on('error', reject).end(Buffer.alloc(5)));
    expect(answer).toMatchObject({ 'grpc-status': '14' });
    expect(Buffer.from(String(answer['grpc-status-details-bin']), 'base64').toString('latin1')).toContain('google.rpc.RetryInfo');
    session.destroy();

    const chunk = (await first).value as Chunk;
    expect(chunk).toMatchObject({ stream: 'logs' });
    expect(codes).toHaveLength(refused);
    await chunk.stored?.(ALL_KEPT);
    while (codes.length <= refused) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(codes.at(-1)).toBe('200 null');
    await chunks.next();
    // The store fails: the chunk that was handed out is not stored.
    await chunks.return?.();
    await Promise.all(posts);
    expect(codes.slice(refused + 1)).toEqual(Array.from({ length: 5 }, () => '503 10'));
    abort.abort();
  }, 20_000);
});
