/** A request of OTLP in JSON: checked, and made one line. */
import { Malformed } from '../../formats/lib/otlp/check.ts';
import { brokenAt } from '../lib/broken-at.ts';
import type { OtlpSignal } from './answers.ts';

const LISTS = {
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'], traces: ['resourceSpans', 'scopeSpans', 'spans'], metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
} as const;
const POINTS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;
const END = Buffer.from('\n');

type Item = Readonly<Record<string, unknown>>;

/**
 * @returns how many log records, spans or points it has, and the document on a line of its own
 * @throws Malformed naming the place
 */
export function jsonDocument(body: Buffer, signal: OtlpSignal): { count: number; document: Uint8Array } {
  const request = itemOf(parsed(body.toString('utf8')), 'The body');
  const [resources, scopes, records] = LISTS[signal];
  let count = 0;
  for (const [resource, place] of items(request, resources, '')) {
    for (const [scope, inner] of items(resource, scopes, place)) {
      for (const [record, at] of items(scope, records, inner)) count += signal === 'metrics' ? pointsOf(record, at) : 1;
    }
  }
  // Fields that the request does not have are to be passed over: another of the lists would be read.
  const others = Object.keys(request).some((name) => name !== resources);
  return { count, document: others ? Buffer.from(`${JSON.stringify({ [resources]: request[resources] })}\n`) : Buffer.concat([oneLine(body), END]) };
}

/** A metric with no points of a known kind is a record all the same: it becomes a dead letter. */
function pointsOf(metric: Item, place: string): number {
  const kind = POINTS.find((name) => metric[name] !== undefined && metric[name] !== null);
  return kind ? items(itemOf(metric[kind], `${place}.${kind}`), 'dataPoints', `${place}.${kind}`).length : 1;
}

function items(holder: Item, name: string, place: string): [Item, string][] {
  const list = holder[name];
  const at = place === '' ? name : `${place}.${name}`;
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw new Malformed(`${at} is not a list.`);
  return list.map((item: unknown, i) => [itemOf(item, `${at}[${i}]`), `${at}[${i}]`]);
}
function itemOf(value: unknown, place: string): Item {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(`${place} is not an object.`);
  return value as Item;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const at = brokenAt(text);
    throw new Malformed(at >= text.length ? `The body ends before its JSON is complete (after ${text.length} characters).` : `The body is not valid JSON: ${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))} at character ${at + 1} does not belong there.`);
  }
}
/** JSON has no line ends outside of its blanks. */
function oneLine(body: Buffer): Buffer {
  return body.includes(10) || body.includes(13) ? Buffer.from(body.map((byte) => (byte === 10 || byte === 13 ? 32 : byte))) : body;
}
