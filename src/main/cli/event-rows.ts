/** Events as the command line shows them. */
import { SEVERITIES } from '../../shared/event.ts';
import type { EventDetail, EventPage } from '../../shared/event.ts';
import type { Scope } from '../../shared/contract/scope.ts';
import { formatTime } from '../../shared/time.ts';
import type { Engine } from '../engine/engine.ts';

const PAGE = 1000;

/** "2026-11-21T14:02:33.123456Z"; a bare number of microseconds beyond the calendar. */
export function isoTime(time: number): string {
  const text = formatTime(time, 'UTC', 'us');
  return text.endsWith('µs') ? text : `${text.replace(' ', 'T')}Z`;
}
export function isoOrNull(time: number | null): string | null {
  return time === null ? null : isoTime(time);
}

/** A remark for an answer of a damaged case. */
export function notReadable(events: number): string {
  return `${events} events could not be looked at: the case file is damaged. tidemark cases salvage copies what can be read.`;
}

/**
 * Pages of a result in time order, the newest last; with `limit` only the newest ones. `damaged` is told how many events could not be
 * looked at, if there are such.
 */
export async function* pagesOf(engine: Engine, scope: Scope, limit: number | undefined, signal: AbortSignal, damaged: (unreadable: number) => void): AsyncGenerator<EventPage> {
  // Counting waits for the whole search, so that the pages after it are of the whole result.
  const { total, unreadable } = await engine.handlers.events.count({ scope, limit: 1 }, { signal });
  const ask = async (at: { rank: number } | { after: number }, size: number): Promise<EventPage> => {
    signal.throwIfAborted();
    return (await engine.handlers.events.page({ scope, order: 'asc', at, limit: Math.min(PAGE, size) }, { signal })).rows;
  };
  if (unreadable > 0) damaged(unreadable);
  let left = Math.min(limit ?? total, total);
  if (left === 0) return;
  let rows = await ask({ rank: total - left }, left);
  for (;;) {
    if (rows.id.length === 0) return;
    yield rows;
    left -= rows.id.length;
    if (left <= 0) return;
    rows = await ask({ after: rows.id[rows.id.length - 1] }, left);
  }
}

/**
 * An event as --json writes it. The names are part of the interface: id, time (ISO 8601, UTC, microseconds), severity, service, host,
 * level, message, source, offset (and original_time and time_uncertainty_us where the clock of the source is corrected), then the column fields that have a value (status, latency_ms, user, ip, url, request_id, trace_id, span_id, ...).
 */
export function eventObject(event: EventDetail): Record<string, unknown> {
  const object: Record<string, unknown> = {
    id: event.id,
    time: isoTime(event.time),
    ...(event.clock && { original_time: isoTime(event.clock.original), time_uncertainty_us: event.clock.uncertainty }),
    severity: event.severity,
    service: event.service,
    host: event.host,
    level: event.level,
    message: event.message,
    source: event.provenance.path,
    offset: event.provenance.offset,
  };
  for (const { name, value } of event.fields) {
    if (!(name in object) && value !== null && value !== '') object[name] = value;
  }
  return object;
}

/** An event as a line for people: time, severity, service, message. */
export function eventCells(page: EventPage, i: number, zone: string): { time: string; severity: string; service: string; message: string } {
  return { time: formatTime(page.time[i], zone, 'ms'), severity: SEVERITIES[page.severity[i]], service: page.service[i] || page.host[i], message: page.message[i] };
}
