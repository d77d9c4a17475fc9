/** Reads out of a case what the analysis of a root cause works on; see observations.ts. */
import { FLAG, SEGMENT_SIZE, type Signal } from '../../../../shared/event.ts';
import { rates } from '../../metrics/statistics.ts';
import type { Segment } from '../../search/catalog.ts';
import { nameOf, messageOrNull } from '../../search/rows.ts';
import { orNull, SpanReader } from '../../search/span-reader.ts';
import { COLD_FIELDS, HOT } from '../../store/segment.ts';
import { SeriesStore } from '../../store/series-store.ts';
import type { AnalysisContext } from '../analysis.ts';
import type { Span } from '../traces/span.ts';
import type { Change, LogLine, Observations, Period, Periods, ServiceSeries } from './observations.ts';
import { isIn, MINUTE, periodsOf } from './periods.ts';
import { divideNames, labelledService } from './series-service.ts';
import { sourcePlace } from './statement.ts';
import { FAILURE } from './visits.ts';

/** Of each period; what lies farther from the onset is left out, and said. */
const MOST_SPANS = 60_000;
const MOST_LOGS = 100_000;
const MOST_SERIES = 5000;
/** A change is looked for so long before the onset, and a little after it: clocks and pipelines differ. */
const CHANGE_BEFORE = 24 * 60 * MINUTE;
const CHANGE_AFTER = 2 * MINUTE;
const MOST_CHANGES = 500;
/** Of the record of a change so much is looked through for names of services. */
const RECORD_BYTES = 16 << 10;
/** Longest stretch of a chunk of samples that is taken for one with data in each minute. */
const CHUNK_MINUTES = 100_000;
/** A shorter name may be any word. */
const LEAST_NAME = 4;
const NAMED_CHARACTERS = 2000;
const TRACE_ID = COLD_FIELDS.indexOf('trace_id');
const SPAN_ID = COLD_FIELDS.indexOf('span_id');

/** Where the onset is not exact, so much of the time before it may belong to the trouble, as far as metrics tell. */
const UNSURE_MINUTES = 5;

type Kind = 'traces' | 'logs' | 'metrics';
interface Asked {
  onset: number;
  /** a time that somebody names as normal */
  normal: Period | null;
  /** the onset is not only about then */
  exact: boolean;
}
/** Reads a case for one question: what was read once is not read again when another time is tried. */
export interface Evidence {
  /** from the first span or line within a time to behind the last; null when there is none */
  eventsWithin(period: Period): Period | null;
  /** spans and logs of two periods; of too many those nearest to the onset, and the periods become shorter */
  requests(periods: Record<'traces' | 'logs', Periods | null>): Promise<Pick<Observations, 'spans' | 'logs' | 'spansThere' | 'logsThere'>>;
  observe(asked: Asked): Promise<Observations>;
}

export async function openEvidence(context: AnalysisContext): Promise<Evidence> {
  let services: Set<string> | undefined;
  const { catalog, db, turns, progress } = context;
  const reader = new SpanReader(catalog, context.searcher.records);
  const segments = await kindsOf(context, reader);
  const minutes = await minutesOf(segments, context);
  const lines = new Map<number, LogLine>();
  return { eventsWithin, requests, observe };

  function eventsWithin(period: Period): Period | null {
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    for (const { segment, kind } of segments) {
      if (kind === 'changes') continue;
      const { time, flags } = segment.hot;
      for (let i = 0; i < segment.n; i++) {
        if ((flags[i] & FLAG.TIME_SUSPECT) !== 0 || !isIn(time[i], period)) continue;
        from = Math.min(from, time[i]);
        to = Math.max(to, time[i] + 1);
      }
    }
    return from < to ? { from, to } : null;
  }

  async function requests(periods: Record<'traces' | 'logs', Periods | null>): ReturnType<Evidence['requests']> {
    const spans = await located(segments, 'traces', periods.traces, MOST_SPANS, context);
    const logs = await located(segments, 'logs', periods.logs, MOST_LOGS, context);
    const out = { spans: new Array<Span>(), logs: new Array<LogLine>(), spansThere: spans.there, logsThere: logs.there };
    let done = 0;
    const all = spans.found.length + logs.found.length;
    for (const { segment, offset } of spans.found.sort(asStored)) {
      const span: Span | null = orNull(() => reader.span({ id: segment.id * SEGMENT_SIZE + offset, segment, offset }));
      if (span && span.service !== '') out.spans.push(span);
      progress(0.05 + (0.65 * done++) / all, 'reads spans');
      await turns.next();
    }
    out.spans.sort((a, b) => a.start - b.start || a.event - b.event);
    for (const { segment, offset } of logs.found.sort(asStored)) {
      const event = segment.id * SEGMENT_SIZE + offset;
      const line = lines.get(event) ?? lineOf(segment, offset);
      lines.set(event, line);
      if (line.service !== '') out.logs.push(line);
      progress(0.05 + (0.65 * done++) / all, 'reads logs');
      await turns.next();
    }
    out.logs.sort((a, b) => a.time - b.time || a.event - b.event);
    return out;
  }

  async function observe({ onset, normal, exact }: Asked): Promise<Observations> {
    const of = (kind: Kind, at = onset): Periods | null => periodsOf(minutes[kind], at, normal);
    const periods = { traces: of('traces'), logs: of('logs'), metrics: of('metrics') };
    if (!exact && !normal) {
      // Levels that had risen already would hide in the normal ones. One that lasts is found wherever it begins.
      const start = onset - Math.min(UNSURE_MINUTES, minutes.metrics.filter((minute) => minute < onset).length / 3) * MINUTE;
      periods.metrics ??= of('metrics', start);
      if (periods.metrics) periods.metrics.normal.to = periods.metrics.incident.from = start;
    }
    const read = await requests(periods);
    return { ...read, series: periods.metrics ? await seriesOf(periods.metrics) : [], changes: await changesOf(onset), periods };
  }

  function lineOf(segment: Segment, offset: number): LogLine {
    const cold = orNull(() => catalog.cold(segment).fields) ?? [];
    const id = (field: number): string => {
      const column = cold[field];
      return column && column.codes[offset] !== 0 ? column.values.text(column.codes[offset]) : '';
    };
    const message = messageOrNull(catalog, segment, offset) ?? '';
    const service = serviceOf(segment, offset);
    return {
      event: segment.id * SEGMENT_SIZE + offset, time: segment.hot.time[offset], service, severity: segment.hot.severity[offset],
      statement: sourcePlace(message) || nameOf(catalog, segment, HOT.template, offset), traceId: id(TRACE_ID), spanId: id(SPAN_ID), names: segment.hot.severity[offset] >= FAILURE ? named(message, service) : '',
    };
  }
  function serviceOf(segment: Segment, offset: number): string {
    return nameOf(catalog, segment, HOT.service, offset) || nameOf(catalog, segment, HOT.host, offset);
  }

  /** Another service of the case that a message names as a word. */
  function named(message: string, own: string): string {
    services ??= new Set(catalog.names[HOT.service].filter((name) => name.length >= LEAST_NAME));
    for (const [word] of message.slice(0, NAMED_CHARACTERS).matchAll(/[A-Za-z][\w.-]{2,100}/g)) {
      const name = word.replace(/[.-]+$/, '');
      if (name !== own && services.has(name)) return name;
    }
    return '';
  }

  async function seriesOf({ normal: before, incident }: Periods): Promise<ServiceSeries[]> {
    const store = new SeriesStore(db);
    const { rows } = store.list('', MOST_SERIES);
    const samples = store.reader();
    const labelled = rows.map(({ labels }) => labelledService(labels));
    // Names are divided only where no label says whose the series is.
    const divided = new Map<number, { service: string; metric: string }>();
    const bare = rows.flatMap((_, i) => (labelled[i] === '' ? [i] : []));
    divideNames([...new Set(bare.map((i) => rows[i].name))]).forEach((cut, k, cuts) => {
      const name = [...new Set(bare.map((i) => rows[i].name))][k];
      for (const i of bare) if (rows[i].name === name) divided.set(i, cuts[k]);
    });
    // The same series may have been read from several files.
    const merged = new Map<string, ServiceSeries>();
    for (const [i, row] of rows.entries()) {
      const { service, metric } = divided.get(i) ?? { service: labelled[i], metric: row.name };
      progress(0.7 + (0.25 * i) / rows.length, 'reads metrics');
      await turns.next();
      if (service === '') continue;
      const read = samples(row.id, Math.min(before.from, incident.from), incident.to);
      const { times, values } = row.cumulative ? rates(read) : read;
      const keep = [...times.keys()].filter((k) => Number.isFinite(values[k]) && (isIn(times[k], before) || isIn(times[k], incident)));
      if (keep.length === 0) continue;
      const key = JSON.stringify([service, metric, row.labels]);
      const known = merged.get(key);
      const joined = [...(known ? [...known.times].map((time, k): [number, number] => [time, known.values[k]]) : []), ...keep.map((k): [number, number] => [times[k], values[k]])].sort((a, b) => a[0] - b[0]);
      merged.set(key, { ids: [...(known?.ids ?? []), row.id], service, metric, unit: row.unit, times: Float64Array.from(joined, ([time]) => time), values: Float64Array.from(joined, ([, value]) => value) });
    }
    return [...merged.values()];
  }

  function recordOf(segment: Segment, offset: number): string {
    return Buffer.from((orNull(() => catalog.record(segment, offset)) ?? new Uint8Array(0)).subarray(0, RECORD_BYTES)).toString();
  }

  async function changesOf(onset: number): Promise<Change[]> {
    const changes: Change[] = [];
    for (const { segment, kind } of segments) {
      if (kind !== 'changes') continue;
      for (let offset = 0; offset < segment.n; offset++) {
        const time = segment.hot.time[offset];
        if ((segment.hot.flags[offset] & FLAG.TIME_SUSPECT) !== 0 || time < onset - CHANGE_BEFORE || time > onset + CHANGE_AFTER) continue;
        const message = messageOrNull(catalog, segment, offset) ?? '';
        const signal = catalog.sources.get(segment.source)?.signal === 'git' ? 'git' : 'CI';
        changes.push({ event: segment.id * SEGMENT_SIZE + offset, time, service: nameOf(catalog, segment, HOT.service, offset), what: signal, text: message.slice(0, 2000), record: recordOf(segment, offset) });
      }
      await turns.next();
    }
    return changes.sort((a, b) => b.time - a.time).slice(0, MOST_CHANGES);
  }
}

interface Held {
  segment: Segment;
  kind: Kind | 'changes';
}
const KIND_OF: Readonly<Record<Signal, Kind | 'changes' | null>> = { logs: 'logs', traces: 'traces', metrics: null, git: 'changes', ci: 'changes', manual: null };

async function kindsOf({ catalog, turns }: AnalysisContext, reader: SpanReader): Promise<Held[]> {
  const all = [...catalog.segments.values()].sort((a, b) => a.id - b.id);
  // Twice: what is found late in a source holds for all of it.
  for (const segment of all) {
    reader.holdsSpans(segment);
    await turns.next();
  }
  return all.flatMap((segment): Held[] => {
    const kind = reader.holdsSpans(segment) ? 'traces' : KIND_OF[catalog.sources.get(segment.source)?.signal ?? 'logs'];
    return kind ? [{ segment, kind }] : [];
  });
}

async function minutesOf(segments: readonly Held[], { db, turns }: AnalysisContext): Promise<Record<Kind, number[]>> {
  const sets: Record<Kind, Set<number>> = { traces: new Set(), logs: new Set(), metrics: new Set() };
  for (const { segment, kind } of segments) {
    if (kind === 'changes') continue;
    const { time, flags } = segment.hot;
    for (let i = 0; i < segment.n; i++) if ((flags[i] & FLAG.TIME_SUSPECT) === 0) sets[kind].add(Math.floor(time[i] / MINUTE));
    await turns.next();
  }
  const chunks = db.prepare<[], { t0: number; t1: number }>('SELECT DISTINCT t0, t1 FROM series_chunk').all();
  for (const { t0, t1 } of chunks) {
    for (let minute = Math.floor(t0 / MINUTE), n = 0; minute <= t1 / MINUTE && n < CHUNK_MINUTES; minute++, n++) sets.metrics.add(minute);
    await turns.next();
  }
  const starts = (set: ReadonlySet<number>): number[] => [...set].sort((a, b) => a - b).map((minute) => minute * MINUTE);
  return { traces: starts(sets.traces), logs: starts(sets.logs), metrics: starts(sets.metrics) };
}

interface Place {
  segment: Segment;
  offset: number;
}
/** Records lie in blocks, which are unpacked as a whole: read in any other order each would be unpacked many times. */
function asStored(a: Place, b: Place): number {
  return a.segment.id - b.segment.id || a.offset - b.offset;
}
/** Events of a kind in the two periods, by time; of too many, those nearest to the onset, and the periods become shorter. */
async function located(segments: readonly Held[], wanted: Kind, periods: Periods | null, most: number, { turns }: AnalysisContext): Promise<{ found: Place[]; there: number }> {
  if (!periods) return { found: [], there: 0 };
  const normal: Place[] = [];
  const incident: Place[] = [];
  for (const { segment, kind } of segments) {
    if (kind !== wanted) continue;
    const { time, flags } = segment.hot;
    for (let offset = 0; offset < segment.n; offset++) {
      if ((flags[offset] & FLAG.TIME_SUSPECT) !== 0) continue;
      if (isIn(time[offset], periods.incident)) incident.push({ segment, offset });
      else if (isIn(time[offset], periods.normal)) normal.push({ segment, offset });
    }
    await turns.next();
  }
  const at = ({ segment, offset }: Place): number => segment.hot.time[offset];
  const byTime = (a: Place, b: Place): number => at(a) - at(b) || asStored(a, b);
  normal.sort(byTime);
  incident.sort(byTime);
  const there = normal.length + incident.length;
  if (normal.length > most) periods.normal.from = at(normal[normal.length - most]);
  if (incident.length > most) periods.incident.to = at(incident[most]);
  return { found: [...normal.slice(-most), ...incident.slice(0, most)], there };
}
