/** What a receiver of OTLP answers, in protobuf and JSON: the three ExportServiceResponses (they are the same bytes) and google.rpc.Status. */

/** What is sent: logs, traces or metrics. */
export type OtlpSignal = 'logs' | 'traces' | 'metrics';

/** google.rpc.Code, as far as it is said here. */
export const CODE = { ok: 0, invalidArgument: 3, permissionDenied: 7, resourceExhausted: 8, unimplemented: 12, internal: 13, unavailable: 14, unauthenticated: 16 } as const;

const REJECTED: Readonly<Record<OtlpSignal, string>> = { logs: 'rejectedLogRecords', traces: 'rejectedSpans', metrics: 'rejectedDataPoints' };
const MAX_MESSAGE = 2000;

/** How many were taken is not said; of those that were not, the number and the reason. */
export function exportJson(signal: OtlpSignal, rejected: number, message: string): string {
  // 64-bit numbers are text in protobuf's JSON.
  return JSON.stringify(rejected === 0 ? {} : { partialSuccess: { [REJECTED[signal]]: String(rejected), errorMessage: message } });
}
export function exportProtobuf(rejected: number, message: string): Buffer {
  return rejected === 0 ? Buffer.alloc(0) : part(1, Buffer.concat([number(1, rejected), text(2, message)]));
}

export function statusJson(code: number, message: string): string {
  return JSON.stringify({ code, message });
}
/** @param retryAfter seconds, 0 = trying again is no use */
export function statusProtobuf(code: number, message: string, retryAfter = 0): Buffer {
  const retry = retryAfter === 0 ? [] : [part(3, Buffer.concat([text(1, 'type.googleapis.com/google.rpc.RetryInfo'), part(2, part(1, number(1, retryAfter)))]))];
  return Buffer.concat([number(1, code), text(2, message), ...retry]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}
function number(field: number, value: number): Buffer {
  return Buffer.from([field * 8, ...varint(value)]);
}
function part(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2, ...varint(bytes.length)]), bytes]);
}
function text(field: number, value: string): Buffer {
  return part(field, Buffer.from(value.slice(0, MAX_MESSAGE)));
}
