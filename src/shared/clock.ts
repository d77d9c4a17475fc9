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
