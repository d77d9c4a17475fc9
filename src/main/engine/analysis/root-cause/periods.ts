/**
 * Which time is normal and which is the trouble, told from what the case holds: normal is the last stretch with data before the onset
 * (however long ago: a normal day may have been recorded days before), the trouble what follows without a longer break.
 */
import type { Period, Periods } from './observations.ts';

export const MINUTE = 60e6;
/** Minutes with data that normal is made of at most, and that are looked at behind the onset. */
const NORMAL_MINUTES = 60;
const INCIDENT_MINUTES = 10;
/** Data that begins so long after the onset, or stops so long, is not about it any more. */
const BREAK_MINUTES = 5;

/**
 * @param minutes start of each minute in which there is data, ascending, in microseconds
 * @param normal a time that somebody names as normal, in place of the one before the onset
 * @returns null when there is no data of the trouble; that of the normal time may be missing
 */
export function periodsOf(minutes: readonly number[], onset: number, normal: Period | null): Periods | null {
  const before = minutes.filter((minute) => minute < onset).slice(-NORMAL_MINUTES);
  const asked = normal ?? { from: before[0] ?? onset - MINUTE, to: onset };
  let end = Number.NEGATIVE_INFINITY;
  for (const minute of minutes) {
    if (minute + MINUTE <= onset || minute >= onset + INCIDENT_MINUTES * MINUTE) continue;
    if (minute - Math.max(end, onset) > BREAK_MINUTES * MINUTE) break;
    end = minute + MINUTE;
  }
  return end > onset ? { normal: asked, incident: { from: onset, to: Math.min(end, onset + INCIDENT_MINUTES * MINUTE) } } : null;
}

export function isIn(time: number, { from, to }: Period): boolean {
  return time >= from && time < to;
}
