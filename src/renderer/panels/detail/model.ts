/** What the detail shows, worked out from the answers. Pure. */
import { FIELDS } from '../../../shared/event.ts';
import type { EventDetail, FieldValue } from '../../../shared/event.ts';

export interface FieldRow {
  name: string;
  title: string;
  value: string;
  /** drawn right aligned */
  numeric: boolean;
  unit: string;
  /** a named column of the case, not one of the record's own attributes */
  column: boolean;
}

/** A value as the record means it: text without quotes, null as the word. */
export function textOf(value: FieldValue['value']): string {
  return value === null ? 'null' : String(value);
}
function rowOf(field: FieldValue): FieldRow {
  const declared = FIELDS.find((one) => one.name === field.name);
  return {
    name: field.name, title: declared?.title ?? field.name, value: textOf(field.value), numeric: typeof field.value === 'number',
    unit: declared && 'unit' in declared ? declared.unit : '', column: declared !== undefined,
  };
}
type Described = Pick<EventDetail, 'severity' | 'service' | 'host' | 'level' | 'signal' | 'fields' | 'attributes' | 'derived'>;
/**
 * Column fields first, in their usual order, then the record's own. A field that is there twice is shown once. Severity, service,
 * host, level and signal are told apart from `fields` by the engine; here they are rows like the others.
 */
export function fieldRows({ severity, service, host, level, signal, fields, attributes, derived = [] }: Described): FieldRow[] {
  const order = new Map<string, number>(FIELDS.map((field, index) => [field.name, index]));
  const own = Object.entries({ severity, service, host, level, signal }).filter(([name, value]) => value !== '' && !fields.some((field) => field.name === name)).map(([name, value]) => ({ name, value }));
  const columns = [...own, ...fields].filter((field) => field.name !== 'message' && field.name !== 'raw').map(rowOf).sort((a, b) => (order.get(a.name) ?? 99) - (order.get(b.name) ?? 99));
  const known = new Set(columns.map((row) => row.name));
  return [...columns, ...derived.map(rowOf), ...attributes.map(rowOf).filter((row) => !known.has(row.name))];
}
/** Rows whose name or value holds the text, in any case. */
export function searchRows(rows: readonly FieldRow[], text: string): FieldRow[] {
  const wanted = text.trim().toLowerCase();
  return wanted === '' ? [...rows] : rows.filter((row) => row.name.toLowerCase().includes(wanted) || row.title.toLowerCase().includes(wanted) || row.value.toLowerCase().includes(wanted));
}

/** Addresses of networks that are in no database of places: private, of the machine itself, of one link, of a group. */
const INSIDE = /^(?:0|10|127|22[4-9]|2[3-5]\d|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^(?:::1?$|f[cdf]|fe[89ab])/i;
/** Whether a database of places could say where an address is. */
export function isPublicAddress(text: string): boolean {
  return /^[\d.]{7,15}$|^[\da-f:.]*:[\da-f:.]*$/i.test(text) && !INSIDE.test(text.replace(/^::ffff:/i, ''));
}

export interface NearPin {
  eventId: number;
  /** this event's time minus the pin's, microseconds: positive = the pin was before */
  after: number;
}
/** The nearest other pins before and after a moment. */
export function nearPins(pins: readonly { eventId: number; time: number }[], id: number, time: number): { before: NearPin | null; next: NearPin | null } {
  let before: NearPin | null = null;
  let next: NearPin | null = null;
  for (const pin of pins) {
    if (pin.eventId === id) continue;
    const after = time - pin.time;
    if (after >= 0 && (before === null || after < before.after)) before = { eventId: pin.eventId, after };
    if (after < 0 && (next === null || after > next.after)) next = { eventId: pin.eventId, after };
  }
  return { before, next };
}

/** JSON values; objects keep the order of their keys. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
/** Longer records are shown as they are: a tree of millions of nodes helps nobody. */
const MOST_JSON = 500_000;

/** The record as JSON, when it is an object or a list; undefined otherwise. */
export function parseJson(raw: string): Json | undefined {
  const start = raw.trimStart()[0];
  if (raw.length > MOST_JSON || (start !== '{' && start !== '[')) return undefined;
  try {
    return JSON.parse(raw) as Json;
  } catch (error) {
    // Not JSON after all: the plain text is shown, nothing is lost.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
