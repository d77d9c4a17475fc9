import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import type { Progress } from '../../../../shared/contract/events.ts';
import { FLAG, SEVERITIES, type Pin } from '../../../../shared/event.ts';
import { fold } from '../lib/words.ts';
import type { ReportContext, ReportQuestions } from '../report.ts';
import type { Activity, IncidentReport, ReportEvent, ReportPin } from './data.ts';

const MAX_PINS = 2000;
const MAX_SOURCES = 2000;
const MAX_CHANGES = 1000;
const MAX_SERVICES = 12;
const MAX_RAW = 4096;
const MAX_MESSAGE = 2000;
const BUCKETS = 120;
/** Events are read this many at a time. */
const AT_ONCE = 16;
const MINUTE = 60e6;

/** Asks the engine for everything the report says, once. */
export async function collect(ask: ReportQuestions, { investigationId: id }: { investigationId: number }, context: ReportContext): Promise<IncidentReport> {
  const { signal, toolVersion, user, now } = context;
  const info = await ask.cases.info({}, { signal });
  if (!info) throw new TidemarkError('no_case', 'No case is open. Create one, or open one.');
  const investigation = await ask.investigations.get({ id }, { signal });
  const all = await ask.investigations.pins({ id }, { signal });
  const pins = await readPins(ask, all.slice(0, MAX_PINS), signal);
  const sources = await ask.events.sources({}, { signal });
  const { name, path, createdAt, bytes, events, from, to, schemaVersion, readOnly, readOnlyReason } = info;
  return {
    schema: 'tidemark.incident-report',
    schemaVersion: 1,
    generated: { at: now, by: user, toolVersion },
    case: { name, path, createdAt, bytes, events, sources: info.sources, from, to, schemaVersion, readOnly, readOnlyReason },
    investigation,
    pins,
    pinsLeftOut: all.length - pins.length,
    notes: await ask.investigations.notes({ id }, { signal }),
    history: await ask.investigations.history({ id, limit: MAX_CHANGES }, { signal }),
    activity: await readActivity(ask, stretch(pins) ?? (from !== null && to !== null ? { from, to: to + 1 } : null), signal),
    ledger: (await ask.health.get({}, { signal })).ledger,
    sources: sources.slice(0, MAX_SOURCES),
    sourcesLeftOut: Math.max(0, sources.length - MAX_SOURCES),
  };
}

async function readPins(ask: ReportQuestions, pins: Pin[], signal: AbortSignal): Promise<ReportPin[]> {
  const read: ReportPin[] = [];
  for (let at = 0; at < pins.length; at += AT_ONCE) {
    if (signal.aborted) throw new TidemarkError('cancelled', 'The report was cancelled.');
    const events = await Promise.all(pins.slice(at, at + AT_ONCE).map(async ({ eventId }) => await readEvent(ask, eventId, signal)));
    events.forEach((event, i) => {
      const { eventId, pinnedAt, pinnedBy, note } = pins[at + i];
      read.push({ number: at + i + 1, eventId, pinnedAt, pinnedBy, note, event });
    });
  }
  return read;
}

async function readEvent(ask: ReportQuestions, id: number, signal: AbortSignal): Promise<ReportEvent | null> {
  try {
    const { time, timeText, clock, flags, severity, signal: kind, service, host, level, message, fields, raw, provenance } = await ask.events.get({ id }, { signal });
    const folded = fold(raw, MAX_RAW);
    return {
      time, timeText: timeText.slice(0, 200), ...(clock && { clock }), flags, severity, signal: kind, service, host, level, message: message.slice(0, MAX_MESSAGE), fields,
      raw: folded.text, rawLeftOut: folded.leftOut, provenance,
    };
  } catch (error) {
    // Erased since it was pinned: the report says so.
    if (error instanceof TidemarkError && error.code === 'not_found') return null;
    throw error;
  }
}

/** From the first to the last pin whose time can be believed, with a twentieth (at least a minute) on both sides. */
function stretch(pins: readonly ReportPin[]): { from: number; to: number } | null {
  const times = pins.flatMap(({ event }) => (event && (event.flags & FLAG.TIME_SUSPECT) === 0 && Number.isFinite(event.time) ? [event.time] : []));
  if (times.length === 0) return null;
  const first = times.reduce((a, b) => Math.min(a, b));
  const last = times.reduce((a, b) => Math.max(a, b));
  const margin = Math.max(MINUTE, (last - first) / 20);
  return { from: first - margin, to: last + margin };
}

async function readActivity(ask: ReportQuestions, range: { from: number; to: number } | null, signal: AbortSignal): Promise<Activity | null> {
  if (!range) return null;
  const scope = { query: '', ...range };
  const window = await whole(() => ask.events.window({ scope, buckets: BUCKETS, lanes: 'none', maxLanes: 1 }, { signal }), signal);
  const facets = await whole(() => ask.events.facets({ scope, fields: ['service'], limit: MAX_SERVICES }, { signal }), signal);
  const [lane] = window.lanes;
  const counts = Array.from({ length: window.buckets }, (_, bucket) => SEVERITIES.map((_severity, code) => lane?.counts[bucket * SEVERITIES.length + code] ?? 0));
  const [services] = facets.facets;
  const total = counts.reduce((sum, bucket) => sum + bucket.reduce((a, b) => a + b), 0);
  const listed = services.values.map(({ value, count }) => ({ value, count }));
  const unnamed = total - services.present;
  return {
    from: window.from, to: window.to, step: window.step, total, counts,
    services: unnamed > 0 ? [...listed, { value: '', count: unnamed }] : listed,
    servicesLeftOut: Math.max(0, services.distinct - listed.length),
  };
}

/** Asks until the answer is about everything. */
async function whole<R extends Progress>(question: () => R | Promise<R>, signal: AbortSignal): Promise<R> {
  for (;;) {
    const reply = await question();
    if (reply.complete) return reply;
    if (signal.aborted) throw new TidemarkError('cancelled', 'The report was cancelled.');
  }
}
