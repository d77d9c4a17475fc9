/** What stands in the fields of the dialog for typed events, and what it means. Pure. */
import { typedEvent, type TypedEvent } from '../../shared/contract/typed.ts';
import type { Severity } from '../../shared/event.ts';
import { readTime } from '../../shared/query/time-text.ts';
import { formatOffset, formatTime } from '../ui/time.ts';

export interface TypedFields {
  time: string;
  severity: Severity;
  message: string;
  service: string;
  host: string;
  tags: string;
  evidence: string;
  /** a line each: name=value */
  attributes: string;
}
export type FieldErrors = Partial<Record<keyof TypedFields, string>>;
export type FormResult = { ok: true; event: TypedEvent } | { ok: false; errors: FieldErrors };

export const NO_FIELDS: TypedFields = { time: '', severity: 'info', message: '', service: '', host: '', tags: '', evidence: '', attributes: '' };

/** A time as it can be typed, in the zone, as exact as it is: "2026-11-21T14:02:33+01:00". */
export function timeText(time: number, zone: string): string {
  const precision = time % 1e6 === 0 ? 'second' : time % 1e3 === 0 ? 'ms' : 'us';
  return `${formatTime(time, zone, precision).replace(' ', 'T')}${formatOffset(time, zone)}`;
}

export function fieldsOf(event: TypedEvent, zone: string): TypedFields {
  const { severity, message, service, host, tags, evidence, attributes } = event;
  return { time: timeText(event.time, zone), severity, message, service, host, tags: tags.join(', '), evidence, attributes: attributes.map(({ name, value }) => `${name}=${value}`).join('\n') };
}

/** The moment that was typed, or a sentence on why it is none. */
export function momentOf(text: string, zone: string, now: number): { time: number } | { error: string } {
  if (text.trim() === '') return { error: 'When did it happen? 14:02 alone is not enough: 2026-11-21T14:02, -15m, now.' };
  const read = readTime(text.trim(), { zone, now });
  return read.ok ? { time: Math.round(read.span.from) } : { error: read.message };
}

/** `now` in microseconds UTC, for relative times. */
export function readFields(fields: TypedFields, zone: string, now: number): FormResult {
  const errors: FieldErrors = {};
  const moment = momentOf(fields.time, zone, now);
  if ('error' in moment) errors.time = moment.error;
  const attributes: TypedEvent['attributes'] = [];
  for (const line of fields.attributes.split('\n').map((text) => text.trim()).filter((text) => text !== '')) {
    const equals = line.indexOf('=');
    if (equals < 1) errors.attributes = `"${line.slice(0, 60)}" is not name=value.`;
    else attributes.push({ name: line.slice(0, equals).trim(), value: line.slice(equals + 1).trim() });
  }
  const { severity, message, service, host, evidence } = fields;
  const parsed = typedEvent.safeParse({
    time: 'time' in moment ? moment.time : 0, severity, message, service, host, evidence, attributes, tags: fields.tags.split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''),
  });
  if (!parsed.success) {
    for (const { path, message: wrong } of parsed.error.issues) {
      const field = path[0] as keyof TypedFields;
      const which = path[0] === 'attributes' && typeof path[1] === 'number' ? `${attributes[path[1]].name}: ` : '';
      errors[field] ??= which + wrong;
    }
  }
  return parsed.success && Object.keys(errors).length === 0 ? { ok: true, event: parsed.data } : { ok: false, errors };
}
