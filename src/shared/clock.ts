/** How far the clock of a source was off, as a person set it. What the source wrote is kept: a setting says how it is read. */

export interface ClockSetting {
  /** microseconds to add to what the source wrote */
  offset: number;
  /** how much the source's clock is too slow: microseconds to add for each second since `reference` (ppm) */
  drift: number;
  /** where `drift` counts from and only `offset` holds: microseconds UTC, as the source wrote it */
  reference: number;
  /** the corrected times are right within this many microseconds; 0 = not stated */
  uncertainty: number;
  /** IANA zone of times that name none, in place of the one they were read with; '' = as they were read */
  zone: string;
  /** why, in the words of who set it */
  note: string;
}
export interface Clock extends ClockSetting {
  /** microseconds UTC */
  setAt: number;
  setBy: string;
}

/** What is known of one event's time beside the time itself, where the clock of its source is corrected. */
export interface EventClock {
  /** the time as the source wrote it, microseconds UTC */
  original: number;
  /** microseconds; 0 = not stated */
  uncertainty: number;
}

/** Clocks of machines are off by far less than a tenth of the time; with more a correction could turn time round. */
export const MAX_DRIFT = 100_000;

/** Whether a setting moves any time. */
export function movesTime({ offset, drift, zone }: ClockSetting): boolean {
  return offset !== 0 || drift !== 0 || zone !== '';
}

const SPAN_UNITS: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1e3, s: 1e6, m: 60e6, min: 60e6, h: 3600e6, d: 86_400e6, w: 604_800e6 };
/** "1.5 s", "-250ms", "+1 h 30 min", "0" as microseconds; null when it is no length of time. Reads what exactSpan writes. */
export function parseSpan(text: string): number | null {
  const match = /^([+-]?)((?:\d+(?:\.\d+)?(?:us|µs|ms|s|min|m|h|d|w))+|0+(?:\.0+)?)$/.exec(text.replace(/\s+/g, ''));
  if (!match) return null;
  let sum = 0;
  for (const [, amount, unit] of match[2].matchAll(/(\d+(?:\.\d+)?)(us|µs|ms|s|min|m|h|d|w)/g)) sum += Number(amount) * SPAN_UNITS[unit];
  const rounded = Math.round(sum);
  return match[1] === '-' && rounded !== 0 ? -rounded : rounded;
}

const UNITS: readonly (readonly [number, string])[] = [[86_400e6, 'd'], [3600e6, 'h'], [60e6, 'min']];
/** A length of time to the microsecond: "1 h 30 s", "-2.5 ms", "0 s". */
export function exactSpan(microseconds: number): string {
  const sign = microseconds < 0 ? '-' : '';
  let rest = Math.abs(Math.round(microseconds));
  if (rest === 0) return '0 s';
  if (rest < 1e3) return `${sign}${rest} µs`;
  if (rest < 1e6) return `${sign}${rest / 1e3} ms`;
  const parts: string[] = [];
  for (const [size, unit] of UNITS) {
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    if (whole > 0) parts.push(`${whole} ${unit}`);
  }
  if (rest > 0) parts.push(`${rest / 1e6} s`);
  return sign + parts.join(' ');
}

/**
 * What a setting does, as part of a sentence about the times of a source: "moved by 3 s, and by 40 µs more a second from <reference> on;
 * right within 20 ms". `stamp` writes a time.
 */
export function clockWords(setting: ClockSetting, stamp: (time: number) => string): string {
  const parts: string[] = [];
  if (setting.zone !== '') parts.push(`those without a zone taken as ${setting.zone}`);
  if (setting.offset !== 0) parts.push(`moved by ${exactSpan(setting.offset)}`);
  if (setting.drift !== 0) parts.push(`${Math.abs(setting.drift)} µs ${setting.drift > 0 ? 'more' : 'less'} for each second since ${stamp(setting.reference)}`);
  return `${parts.length === 0 ? 'not moved' : parts.join(', ')}; ${setting.uncertainty === 0 ? 'how exactly is not stated' : `right within ${exactSpan(setting.uncertainty)}`}`;
}
