/** Times of records as the expectations write them. */
import fs from 'node:fs';
import type { ReadRecord } from '../../../src/main/engine/formats/lib/collect.ts';

/** the day lnav's expectations were taken on, in microseconds UTC: files without a year depend on it */
export const REFERENCE = Date.UTC(2026, 10, 21, 9) * 1000;

export function readJson(file: string): unknown {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
/** YYYY-MM-DD hh:mm:ss.mmm */
export function isoOf(record: ReadRecord | undefined): string {
  return record?.time == null ? 'no time' : stampOf(record.time);
}
export function stampOf(us: number): string {
  return new Date(Math.floor(us / 1000)).toISOString().replace('T', ' ').replace('Z', '');
}

/** First and last record by time, among those that write one. */
export function spanOf(records: readonly ReadRecord[]): [ReadRecord | undefined, ReadRecord | undefined] {
  let first: ReadRecord | undefined;
  let last: ReadRecord | undefined;
  for (const record of records) {
    if (record.time === null) continue;
    if (first?.time == null || record.time < first.time) first = record;
    if (last?.time == null || record.time > last.time) last = record;
  }
  return [first, last];
}

/**
 * How many characters of a stamp cannot be compared, by what the record writes: its year where there is none (lnav takes that of the last
 * change, also for a later day), all but minutes and seconds where that is all there is. A missing date must be lnav's.
 */
export function comparable(text: string): number {
  if (/^\d{2}:\d{2}[.,]\d/.test(text)) return 14;
  if (/^\d{2}:\d{2}:\d{2}/.test(text)) return 0;
  return /\d{4}|^\d{2}[-/]\d{2}[-/]\d{2}/.test(text.replace(/[.,]\d+/g, '')) ? 0 : 5;
}
