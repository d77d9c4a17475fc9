/** When something began, ended and how long it took, as record values. */
import { microsecondsBetween, readWritten, writtenText } from '../times-between.ts';

/** ISO text of a time that may be written 'YYYY-MM-DD HH:MM:SS UTC'; as it is when it is no such time; undefined when there is none. */
export function isoTime(text: string | undefined): string | undefined {
  if (text === undefined || text.startsWith('0001-')) return undefined;
  const written = readWritten(text);
  return written ? writtenText(written) : text;
}

/**
 * '@timestamp', event.start, event.end and event.duration (nanoseconds).
 * @param at when it started, or what is nearest to that
 * @param ended undefined while it goes on
 * @param seconds how long it took where the document says so
 */
export function timesOf(at: string | undefined, ended: string | undefined, seconds?: number): Record<string, unknown> {
  const begin = isoTime(at);
  const end = isoTime(ended);
  const took = seconds === undefined ? microsecondsBetween(readWritten(at), readWritten(ended)) : Math.max(0, seconds) * 1e6;
  return { '@timestamp': begin, 'event.start': end === undefined ? undefined : begin, 'event.end': end, 'event.duration': took === undefined ? undefined : Math.round(took * 1000) };
}
