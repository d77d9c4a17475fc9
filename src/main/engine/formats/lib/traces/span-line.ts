/**
 * One span as one line of JSON, the same for every tracing system, by OpenTelemetry's names:
 * timestamp, trace_id, span_id, parent_span_id, service.name, name, span.kind (lower case), otel.status_code and otel.status_description,
 * level (error; only where the span failed), event.duration (nanoseconds, ECS), exception.*, then the span's attributes, those of its
 * resource, events and links. Clocks are left as they are: Zipkin moves spans whose server seems to answer before it was asked (skew);
 * here every span keeps the time that was written.
 */
import { fitLine } from '../fit-line.ts';
import { AttributeNames } from './attribute-names.ts';

export interface SpanEvent {
  /** nanoseconds since 1970 */
  time: bigint | null;
  name: string;
  attributes: Pairs;
}
export interface SpanLink {
  traceId: string;
  spanId: string;
  attributes: Pairs;
}
export type Pairs = readonly (readonly [name: string, value: unknown])[];

export interface Span {
  /** nanoseconds since 1970; null when the span says none */
  start: bigint | null;
  /** nanoseconds; null when the span has not ended or says none */
  duration: bigint | null;
  traceId: string;
  spanId: string;
  /** '' for a root */
  parentSpanId: string;
  operation: string;
  service: string;
  /** '' when not said */
  kind: string;
  status: 'ERROR' | 'OK' | '';
  statusMessage: string;
  /** what else the span says about itself, under names of ours */
  own?: Pairs;
  attributes: Pairs;
  resource: Pairs;
  events: readonly SpanEvent[];
  links: readonly SpanLink[];
}

/** Characters of a service's name: every line repeats it. */
export const MAX_SERVICE = 1024;
const KINDS = new Set(['server', 'client', 'producer', 'consumer', 'internal']);

/** The line, with its ending. */
export function spanLine(span: Span): string {
  const entries = new Map<string, unknown>();
  const exception = new Map<string, unknown>();
  const events = span.events.map((event) => eventOf(event, exception));
  const set = (name: string, value: unknown): void => {
    if (value !== '' && value !== null && value !== undefined) entries.set(name, value);
  };
  const failed = span.status === 'ERROR';
  const said = span.statusMessage || text(exception.get('exception.message')) || text(exception.get('exception.type'));
  set('timestamp', isoTime(span.start));
  set('level', failed ? 'error' : '');
  set('service.name', span.service.slice(0, MAX_SERVICE));
  set('message', failed && said !== '' && span.operation !== '' ? `${span.operation}: ${said}` : span.operation || (failed ? said : ''));
  set('trace_id', span.traceId);
  set('span_id', span.spanId);
  set('parent_span_id', span.parentSpanId);
  set('name', span.operation);
  set('span.kind', KINDS.has(span.kind.toLowerCase()) ? span.kind.toLowerCase() : span.kind);
  if (span.duration !== null && span.duration >= 0n) set('event.duration', exactNumber(span.duration));
  set('otel.status_code', span.status);
  set('otel.status_description', span.statusMessage);
  for (const [name, value] of span.own ?? []) set(name, value);
  for (const [name, value] of exception) set(name, value);
  const names = new AttributeNames(entries);
  for (const [name, value] of span.attributes) names.add(name, value, 'attributes');
  for (const [name, value] of span.resource) names.add(name, value, 'resource');
  if (events.length > 0) set('events', events);
  if (span.links.length > 0) set('links', span.links.map(({ traceId, spanId, attributes }) => withAttributes({ trace_id: traceId, span_id: spanId }, attributes)));
  return fitLine(entries);
}

/** The event; what it says about an exception goes to `exception` instead, where the last one that does stays. */
function eventOf({ time, name, attributes }: SpanEvent, exception: Map<string, unknown>): Record<string, unknown> {
  let rest = attributes;
  if (attributes.some(([key]) => key.startsWith('exception.')) && exception.size === 0) {
    for (const [key, value] of attributes) if (key.startsWith('exception.')) exception.set(key, value);
    rest = attributes.filter(([key]) => !key.startsWith('exception.'));
  }
  const stamp = isoTime(time);
  return withAttributes({ ...(stamp !== null && { timestamp: stamp }), ...(name !== '' && { name }) }, rest);
}
function withAttributes(head: Record<string, unknown>, attributes: Pairs): Record<string, unknown> {
  return attributes.length === 0 ? head : { ...head, attributes: Object.fromEntries(attributes) };
}
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** As a number where that is exact, else as its digits. */
export function exactNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

const LAST_NS = 253402300800n * 1_000_000_000n;
/** ISO 8601 with six digits of a second, nine where needed; null for no time, or one outside the years 1970 to 9999. */
export function isoTime(ns: bigint | null): string | null {
  if (ns === null || ns <= 0n || ns >= LAST_NS) return null;
  const seconds = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  const fraction = (ns % 1_000_000_000n).toString().padStart(9, '0');
  return `${seconds}.${fraction.endsWith('000') ? fraction.slice(0, 6) : fraction}Z`;
}

/** A whole number written as number or text; null for anything else. A fraction is cut off. */
export function wholeNumber(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : null;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : null;
}
/** Nanoseconds of a number of `unit` nanoseconds each, its fraction regarded; null for anything else. */
export function nanoseconds(value: unknown, unit: 1 | 1000 | 1_000_000): bigint | null {
  const whole = wholeNumber(value);
  if (whole === null) return typeof value === 'string' && /^\d{1,20}\.\d{1,20}$/.test(value) ? nanoseconds(Number(value), unit) : null;
  const fraction = typeof value === 'number' ? value - Math.trunc(value) : 0;
  return whole * BigInt(unit) + BigInt(Math.round(fraction * unit));
}

/** An object as JSON has it; null for lists and all else. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}
/** The items of a list; none for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
/** Text and numbers as text; '' for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
