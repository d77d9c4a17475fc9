/** The form of a clock: what is typed, and the setting it means. */
import { exactSpan, MAX_DRIFT, movesTime, parseSpan, type ClockSetting } from '../../shared/clock.ts';
import { readTime } from '../../shared/query/time-text.ts';
import { formatTime } from '../../shared/time.ts';

export interface ClockForm {
  offset: string;
  drift: string;
  reference: string;
  uncertainty: string;
  zone: string;
  note: string;
}
export type ClockField = keyof ClockForm;

/** `first`: first event of the source as it is shown now, from which a drift counts unless said. Times are written in the zone of the window. */
export function formOf(setting: ClockSetting | undefined, first: number | null, zone: string): ClockForm {
  const reference = setting && setting.drift !== 0 ? setting.reference : (first ?? 0) - (setting?.offset ?? 0);
  return {
    offset: setting ? exactSpan(setting.offset) : '', drift: setting && setting.drift !== 0 ? String(setting.drift) : '', reference: formatTime(reference, zone, 'us'),
    uncertainty: setting && setting.uncertainty !== 0 ? exactSpan(setting.uncertainty) : '', zone: setting?.zone ?? '', note: setting?.note ?? '',
  };
}

/** The setting, or what is wrong with which field. `now`: microseconds UTC. */
export function readForm(form: ClockForm, zone: string, now: number): { setting: ClockSetting } | { errors: Map<ClockField, string> } {
  const errors = new Map<ClockField, string>();
  const span = (field: 'offset' | 'uncertainty'): number => {
    const parsed = form[field].trim() === '' ? 0 : parseSpan(form[field]);
    if (parsed === null) errors.set(field, 'Write a length of time with its unit, such as 1.5 s, -250 ms or 2 h');
    return parsed ?? 0;
  };
  const offset = span('offset');
  const uncertainty = span('uncertainty');
  if (uncertainty < 0) errors.set('uncertainty', 'This cannot be less than 0');
  const drift = form.drift.trim() === '' ? 0 : Number(form.drift);
  if (!Number.isFinite(drift) || Math.abs(drift) > MAX_DRIFT) errors.set('drift', `Write a number of µs a second between -${MAX_DRIFT} and ${MAX_DRIFT}`);
  let reference = 0;
  if (drift !== 0) {
    const read = readTime(form.reference, { zone, now });
    if (read.ok) reference = read.span.from;
    else errors.set('reference', read.message);
  }
  return errors.size > 0 ? { errors } : { setting: { offset, drift, reference, uncertainty, zone: form.zone, note: form.note.trim() } };
}

/** Whether there is anything to set. */
export function saysSomething(setting: ClockSetting): boolean {
  return movesTime(setting) || setting.uncertainty !== 0;
}
