/** OTLP in files, JSON or protobuf: which of them, and its records as lines. */
import type { Head, Recognition } from '../../format.ts';
import { encodedLines, withHead } from '../encoded-lines.ts';
import type { Choose } from '../json-elements.ts';
import { decodeUtf8 } from '../json-text.ts';
import { elementLines } from '../traces/element-lines.ts';
import { binaryLines } from './binary-lines.ts';
import type { OtlpKind } from './fields.ts';
import { resourceLines } from './lines.ts';
import { camelKeys } from './values.ts';
import { wireOf } from './wire.ts';

const HEAD_BYTES = 64 << 10;
/** Names of the lists in an envelope; batches is Grafana Tempo's. */
const LISTS: Readonly<Record<string, OtlpKind>> = {
  resourceSpans: 'spans', resource_spans: 'spans', batches: 'spans', resourceLogs: 'logs', resource_logs: 'logs', resourceMetrics: 'metrics', resource_metrics: 'metrics',
};
const OPENING = /^\ufeff?\s*(?:\[\s*)?\{\s*(?:"(?:result|trace)"\s*:\s*\{\s*)?"(resourceSpans|resource_spans|batches|resourceLogs|resource_logs|resourceMetrics|resource_metrics)"\s*:\s*\[/;
const MENTION = /"(resource_?[Ss]pans|batches|resource_?[Ll]ogs)"\s*:\s*\[/g;

/** An envelope, a list of them, or one in the answer of Jaeger's or Tempo's API. */
const choose: Choose = (path) => {
  const bare = path.replace(/^\*\.?/, '').replace(/^(?:result|trace)\.?/, '');
  if (bare === '') return 'enter';
  const [list, element, more] = bare.split('.');
  if (!Object.hasOwn(LISTS, list) || more !== undefined) return 'skip';
  return element === '*' ? 'take' : 'enter';
};

/** What most records of the file's head are, and in what encoding; null when it is no OTLP of spans or logs. */
function tell(head: Uint8Array, whole: boolean, text: string): { kind: OtlpKind; reason: string } | null {
  const opening = OPENING.exec(text);
  if (opening && (opening[1] !== 'batches' || /"(?:scopeSpans|instrumentationLibrarySpans)"/.test(text))) {
    let spans = 0;
    let logs = 0;
    for (const [, name] of text.matchAll(MENTION)) if (LISTS[name] === 'spans') spans++; else logs++;
    if (spans + logs === 0) return { kind: 'metrics', reason: '' };
    return { kind: spans >= logs ? 'spans' : 'logs', reason: `the file begins with "${opening[1]}"${spans > 0 && logs > 0 ? `, and holds ${spans} envelopes of spans, ${logs} of logs` : ''}` };
  }
  const wire = wireOf(head, whole);
  return wire && { kind: wire.kind, reason: `the file begins with ${wire.kind} of OTLP in protobuf${wire.framing === 'plain' ? '' : ', each message behind its length'}` };
}

/** A file that mixes spans and logs counts as what most of its head's envelopes are. Files of nothing but metrics are not recognised here. */
export function recogniseOtlp(head: Head, kind: OtlpKind): Recognition | null {
  const told = tell(head.bytes, head.bytes.length < HEAD_BYTES, head.text);
  return told?.kind === kind ? { confidence: 0.995, reason: told.reason } : null;
}

/** @param chosen what the stream is of where it does not say so itself */
export async function* decodeOtlp(stream: AsyncIterable<Uint8Array>, chosen: OtlpKind): AsyncGenerator<Uint8Array, void, void> {
  const { head, chunks } = await withHead(stream, HEAD_BYTES);
  // Protobuf first: its first bytes may pass for a line end and a brace.
  const wire = wireOf(head, head.length < HEAD_BYTES, chosen);
  const isJson = wire === null && /^\ufeff?\s*[[{]/.test(decodeUtf8(head, 0, Math.min(head.length, 256)));
  if (!isJson && !wire) throw new Error('This is no OTLP: neither JSON nor a protobuf message of spans or logs. If the file holds something else, add it again and choose its format.');
  yield* encodedLines(wire ? binaryLines(chunks, wire) : elementLines(chunks, choose, { value: jsonLines }, 'span or log record of OTLP'));
}

function* jsonLines(path: string, value: unknown): Generator<string, void, void> {
  const list = path.split('.').at(-2) ?? '';
  yield* resourceLines(LISTS[list] ?? 'spans', list.includes('_') ? camelKeys(value) : value);
}
