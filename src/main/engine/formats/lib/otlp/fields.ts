/**
 * The messages of OTLP (opentelemetry-proto v1: common.proto, resource.proto, logs.proto, trace.proto, metrics.proto) as tables of their fields,
 * named as its JSON encoding names them. Fields that no table has are passed over, as protobuf wants it.
 */

export type OtlpKind = 'spans' | 'logs' | 'metrics';
/** What a field holds. Those in the plural are lists of numbers, which may be packed. `count`: 64 bits that are read as a number. */
export type Scalar = 'string' | 'hex' | 'base64' | 'fixed64' | 'int64' | 'uint32' | 'sint32' | 'fixed32' | 'double' | 'bool' | 'count' | 'signed' | 'counts' | 'uint64s' | 'doubles';
/** Field number to name, type and whether it repeats. */
export interface Fields {
  readonly [field: number]: readonly [name: string, type: Scalar | Fields, repeats?: true] | undefined;
}

/** As deep as values may be nested. */
export const MAX_DEPTH = 64;

export const anyValue: Record<number, readonly [string, Scalar | Fields, true?]> = { 1: ['stringValue', 'string'], 2: ['boolValue', 'bool'], 3: ['intValue', 'int64'], 4: ['doubleValue', 'double'], 7: ['bytesValue', 'base64'] };
const keyValue: Fields = { 1: ['key', 'string'], 2: ['value', anyValue] };
anyValue[5] = ['arrayValue', { 1: ['values', anyValue, true] }];
anyValue[6] = ['kvlistValue', { 1: ['values', keyValue, true] }];
export const resource: Fields = { 1: ['attributes', keyValue, true], 2: ['droppedAttributesCount', 'uint32'] };
export const scope: Fields = { 1: ['name', 'string'], 2: ['version', 'string'], 3: ['attributes', keyValue, true], 4: ['droppedAttributesCount', 'uint32'] };

const event: Fields = { 1: ['timeUnixNano', 'fixed64'], 2: ['name', 'string'], 3: ['attributes', keyValue, true], 4: ['droppedAttributesCount', 'uint32'] };
const link: Fields = { 1: ['traceId', 'hex'], 2: ['spanId', 'hex'], 3: ['traceState', 'string'], 4: ['attributes', keyValue, true], 5: ['droppedAttributesCount', 'uint32'], 6: ['flags', 'fixed32'] };
const span: Fields = {
  1: ['traceId', 'hex'], 2: ['spanId', 'hex'], 3: ['traceState', 'string'], 4: ['parentSpanId', 'hex'], 5: ['name', 'string'], 6: ['kind', 'uint32'],
  7: ['startTimeUnixNano', 'fixed64'], 8: ['endTimeUnixNano', 'fixed64'], 9: ['attributes', keyValue, true], 10: ['droppedAttributesCount', 'uint32'],
  11: ['events', event, true], 12: ['droppedEventsCount', 'uint32'], 13: ['links', link, true], 14: ['droppedLinksCount', 'uint32'],
  15: ['status', { 2: ['message', 'string'], 3: ['code', 'uint32'] }], 16: ['flags', 'fixed32'],
};
export const logRecord: Fields = {
  1: ['timeUnixNano', 'fixed64'], 2: ['severityNumber', 'uint32'], 3: ['severityText', 'string'], 5: ['body', anyValue], 6: ['attributes', keyValue, true],
  7: ['droppedAttributesCount', 'uint32'], 8: ['flags', 'fixed32'], 9: ['traceId', 'hex'], 10: ['spanId', 'hex'], 11: ['observedTimeUnixNano', 'fixed64'], 12: ['eventName', 'string'],
};

const exemplar: Fields = { 2: ['timeUnixNano', 'fixed64'], 3: ['asDouble', 'double'], 4: ['spanId', 'hex'], 5: ['traceId', 'hex'], 6: ['asInt', 'signed'], 7: ['filteredAttributes', keyValue, true] };
const numberPoint: Fields = { 3: ['timeUnixNano', 'fixed64'], 4: ['asDouble', 'double'], 5: ['exemplars', exemplar, true], 6: ['asInt', 'signed'], 7: ['attributes', keyValue, true], 8: ['flags', 'uint32'] };
const histogramPoint: Fields = {
  3: ['timeUnixNano', 'fixed64'], 4: ['count', 'count'], 5: ['sum', 'double'], 6: ['bucketCounts', 'counts'], 7: ['explicitBounds', 'doubles'], 8: ['exemplars', exemplar, true], 9: ['attributes', keyValue, true],
  10: ['flags', 'uint32'], 11: ['min', 'double'], 12: ['max', 'double'],
};
const buckets: Fields = { 1: ['offset', 'sint32'], 2: ['bucketCounts', 'uint64s'] };
const exponentialPoint: Fields = {
  1: ['attributes', keyValue, true], 3: ['timeUnixNano', 'fixed64'], 4: ['count', 'count'], 5: ['sum', 'double'], 6: ['scale', 'sint32'], 7: ['zeroCount', 'count'], 8: ['positive', buckets], 9: ['negative', buckets],
  10: ['flags', 'uint32'], 11: ['exemplars', exemplar, true], 12: ['min', 'double'], 13: ['max', 'double'], 14: ['zeroThreshold', 'double'],
};
const summaryPoint: Fields = { 3: ['timeUnixNano', 'fixed64'], 4: ['count', 'count'], 5: ['sum', 'double'], 6: ['quantileValues', { 1: ['quantile', 'double'], 2: ['value', 'double'] }, true], 7: ['attributes', keyValue, true], 8: ['flags', 'uint32'] };
const metric: Fields = {
  1: ['name', 'string'], 2: ['description', 'string'], 3: ['unit', 'string'], 5: ['gauge', { 1: ['dataPoints', numberPoint, true] }],
  7: ['sum', { 1: ['dataPoints', numberPoint, true], 2: ['aggregationTemporality', 'uint32'], 3: ['isMonotonic', 'bool'] }],
  9: ['histogram', { 1: ['dataPoints', histogramPoint, true], 2: ['aggregationTemporality', 'uint32'] }],
  10: ['exponentialHistogram', { 1: ['dataPoints', exponentialPoint, true], 2: ['aggregationTemporality', 'uint32'] }],
  11: ['summary', { 1: ['dataPoints', summaryPoint, true] }],
};

/** What field 1 of a message of each kind holds, again and again. */
export const RESOURCES: Readonly<Record<OtlpKind, Fields>> = {
  spans: { 1: ['resource', resource], 2: ['scopeSpans', { 1: ['scope', scope], 2: ['spans', span, true], 3: ['schemaUrl', 'string'] }, true], 3: ['schemaUrl', 'string'] },
  logs: { 1: ['resource', resource], 2: ['scopeLogs', { 1: ['scope', scope], 2: ['logRecords', logRecord, true], 3: ['schemaUrl', 'string'] }, true], 3: ['schemaUrl', 'string'] },
  metrics: { 1: ['resource', resource], 2: ['scopeMetrics', { 1: ['scope', scope], 2: ['metrics', metric, true], 3: ['schemaUrl', 'string'] }, true], 3: ['schemaUrl', 'string'] },
};
/** What is counted: log records, spans, points of metrics. */
export const RECORDS: ReadonlySet<Fields> = new Set([span, logRecord, numberPoint, histogramPoint, exponentialPoint, summaryPoint]);

/** How a field of the type stands in a message (protobuf's wire types). */
export function wireType(type: Scalar | Fields): number {
  if (typeof type !== 'string') return 2;
  if (type === 'fixed64' || type === 'double' || type === 'count' || type === 'signed') return 1;
  if (type === 'fixed32') return 5;
  return type === 'int64' || type === 'uint32' || type === 'sint32' || type === 'bool' ? 0 : 2;
}
/** The wire type of the items of a list of numbers that is not packed, -1 for all else. */
export function itemType(type: Scalar | Fields): number {
  return type === 'counts' || type === 'doubles' ? 1 : type === 'uint64s' ? 0 : -1;
}
