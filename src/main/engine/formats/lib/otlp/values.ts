/** OTLP's values (opentelemetry-proto common.proto, JSON encoding) as plain JSON. */
import { listOf, objectOf, textOf, wholeNumber, exactNumber } from '../traces/span-line.ts';

/** Deeper values become '…'. */
const MAX_DEPTH = 24;

/** AnyValue: {stringValue} | {boolValue} | {intValue: '10'} | {doubleValue} | {arrayValue} | {kvlistValue} | {bytesValue: base64}. */
export function anyValue(value: unknown, depth = 0): unknown {
  const any = objectOf(value);
  if (!any) return typeof value === 'object' ? null : value;
  if (depth > MAX_DEPTH) return '…';
  if (any.stringValue !== undefined) return textOf(any.stringValue);
  if (any.intValue !== undefined) {
    const whole = wholeNumber(any.intValue);
    return whole === null ? textOf(any.intValue) : exactNumber(whole);
  }
  if (any.arrayValue !== undefined) return listOf(objectOf(any.arrayValue)?.values).map((item) => anyValue(item, depth + 1));
  if (any.kvlistValue !== undefined) return Object.fromEntries(attributesOf(objectOf(any.kvlistValue)?.values, depth + 1));
  return any.boolValue ?? any.doubleValue ?? any.bytesValue ?? null;
}

/** A list of KeyValue as pairs. */
export function attributesOf(list: unknown, depth = 0): [string, unknown][] {
  return listOf(list).flatMap((item): [string, unknown][] => {
    const pair = objectOf(item);
    return pair ? [[textOf(pair.key), anyValue(pair.value, depth)]] : [];
  });
}

/** OTLP's 64-bit times: nanoseconds since 1970, 0 is none. */
export function timeOf(value: unknown): bigint | null {
  const ns = wholeNumber(value);
  return ns !== null && ns > 0n ? ns : null;
}

/** Keys in protobuf's own spelling (resource_spans) in JSON's (resourceSpans), at every level. Attribute names are values, so they stay. */
export function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  const object = objectOf(value);
  if (!object) return value;
  return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()), camelKeys(inner)]));
}
