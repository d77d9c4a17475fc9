/** What a decoder makes of one record: an object with dotted names, which becomes one bounded line. */
import { fitLine } from './fit-line.ts';

/** Names are those of OpenTelemetry's semantic conventions or ECS; undefined values are left out. */
export type DecodedRecord = Readonly<Record<string, unknown>>;

/** The record as a line with its ending; see fitLine for its bound. */
export function recordLine(record: DecodedRecord): string {
  return fitLine(new Map(Object.entries(record).filter(([, value]) => value !== undefined)));
}
