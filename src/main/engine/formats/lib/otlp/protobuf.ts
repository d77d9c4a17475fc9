/**
 * OTLP in protobuf, read by field tables (opentelemetry-proto v1: trace.proto, logs.proto, common.proto, resource.proto) into the objects that
 * its JSON encoding has, so that both are told alike: ids in hex, 64-bit numbers as digits, bytes in base64. Fields that no table names
 * are passed over. Loaded on demand: the reader is a library.
 */
import { Reader } from 'protobufjs/minimal.js';
import type { OtlpKind } from './lines.ts';

type Type = 'string' | 'hex' | 'base64' | 'fixed64' | 'int64' | 'uint32' | 'fixed32' | 'double' | 'bool' | Fields;
/** Field number to name, type and whether it repeats. */
interface Fields {
  readonly [field: number]: readonly [name: string, type: Type, repeats?: true] | undefined;
}

/** As deep as values may be nested. */
const MAX_DEPTH = 64;

const anyValue: Record<number, readonly [string, Type, true?]> = { 1: ['stringValue', 'string'], 2: ['boolValue', 'bool'], 3: ['intValue', 'int64'], 4: ['doubleValue', 'double'], 7: ['bytesValue', 'base64'] };
const keyValue: Fields = { 1: ['key', 'string'], 2: ['value', anyValue] };
anyValue[5] = ['arrayValue', { 1: ['values', anyValue, true] }];
anyValue[6] = ['kvlistValue', { 1: ['values', keyValue, true] }];
const resource: Fields = { 1: ['attributes', keyValue, true], 2: ['droppedAttributesCount', 'uint32'] };
const scope: Fields = { 1: ['name', 'string'], 2: ['version', 'string'], 3: ['attributes', keyValue, true], 4: ['droppedAttributesCount', 'uint32'] };
const event: Fields = { 1: ['timeUnixNano', 'fixed64'], 2: ['name', 'string'], 3: ['attributes', keyValue, true], 4: ['droppedAttributesCount', 'uint32'] };
const link: Fields = { 1: ['traceId', 'hex'], 2: ['spanId', 'hex'], 3: ['traceState', 'string'], 4: ['attributes', keyValue, true], 5: ['droppedAttributesCount', 'uint32'], 6: ['flags', 'fixed32'] };
const span: Fields = {
  1: ['traceId', 'hex'], 2: ['spanId', 'hex'], 3: ['traceState', 'string'], 4: ['parentSpanId', 'hex'], 5: ['name', 'string'], 6: ['kind', 'uint32'],
  7: ['startTimeUnixNano', 'fixed64'], 8: ['endTimeUnixNano', 'fixed64'], 9: ['attributes', keyValue, true], 10: ['droppedAttributesCount', 'uint32'],
  11: ['events', event, true], 12: ['droppedEventsCount', 'uint32'], 13: ['links', link, true], 14: ['droppedLinksCount', 'uint32'],
  15: ['status', { 2: ['message', 'string'], 3: ['code', 'uint32'] }], 16: ['flags', 'fixed32'],
};
const logRecord: Fields = {
  1: ['timeUnixNano', 'fixed64'], 2: ['severityNumber', 'uint32'], 3: ['severityText', 'string'], 5: ['body', anyValue], 6: ['attributes', keyValue, true],
  7: ['droppedAttributesCount', 'uint32'], 8: ['flags', 'fixed32'], 9: ['traceId', 'hex'], 10: ['spanId', 'hex'], 11: ['observedTimeUnixNano', 'fixed64'], 12: ['eventName', 'string'],
};
const RESOURCE_SPANS: Fields = { 1: ['resource', resource], 2: ['scopeSpans', { 1: ['scope', scope], 2: ['spans', span, true], 3: ['schemaUrl', 'string'] }, true], 3: ['schemaUrl', 'string'] };
const RESOURCE_LOGS: Fields = { 1: ['resource', resource], 2: ['scopeLogs', { 1: ['scope', scope], 2: ['logRecords', logRecord, true], 3: ['schemaUrl', 'string'] }, true], 3: ['schemaUrl', 'string'] };

/** One ResourceSpans or ResourceLogs (without its tag and length) as its JSON encoding has it. Throws an Error when it is damaged. */
export function readResource(bytes: Uint8Array, kind: OtlpKind): unknown {
  if (kind === 'metrics') return {};
  const reader = Reader.create(bytes);
  return message(reader, bytes.length, kind === 'spans' ? RESOURCE_SPANS : RESOURCE_LOGS, 0);
}

function message(reader: Reader, end: number, fields: Fields, depth: number): Record<string, unknown> {
  if (depth > MAX_DEPTH) throw new Error(`Values are nested deeper than ${MAX_DEPTH}.`);
  const found: Record<string, unknown> = {};
  while (reader.pos < end) {
    const tag = reader.uint32();
    const field = fields[tag >>> 3];
    const wire = tag & 7;
    if (!field || wire !== wireOf(field[1])) {
      reader.skipType(wire);
      continue;
    }
    const [name, type, repeats] = field;
    const value = typeof type === 'string' ? scalar(reader, type) : inner(reader, end, type, depth);
    if (!repeats) found[name] = value;
    else if (Array.isArray(found[name])) (found[name] as unknown[]).push(value);
    else found[name] = [value];
  }
  if (reader.pos !== end) throw new Error('A field is longer than the message around it.');
  return found;
}
function inner(reader: Reader, end: number, fields: Fields, depth: number): unknown {
  const length = reader.uint32();
  if (length > end - reader.pos) throw new Error('A field is longer than the message around it.');
  return message(reader, reader.pos + length, fields, depth + 1);
}

function wireOf(type: Type): number {
  if (typeof type !== 'string') return 2;
  if (type === 'fixed64' || type === 'double') return 1;
  if (type === 'fixed32') return 5;
  return type === 'int64' || type === 'uint32' || type === 'bool' ? 0 : 2;
}
function scalar(reader: Reader, type: string): unknown {
  switch (type) {
    case 'string':
      return reader.string();
    case 'hex':
      return hexOf(reader.bytes());
    case 'base64':
      return base64Of(reader.bytes());
    case 'fixed64':
      return reader.fixed64().toString();
    case 'int64':
      return reader.int64().toString();
    case 'fixed32':
      return reader.fixed32();
    case 'double':
      return finite(reader.double());
    case 'bool':
      return reader.bool();
    default:
      return reader.uint32();
  }
}
/** JSON has no NaN and infinities; OTLP's JSON writes them as text. */
function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
function hexOf(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}
function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
