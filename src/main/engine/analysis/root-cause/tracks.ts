/** What may show when trouble started: failures and latencies of the events of a case by time, and its metrics. */
import { FLAG } from '../../../../shared/event.ts';
import { rates } from '../../metrics/statistics.ts';
import { orNull } from '../../search/span-reader.ts';
import { SeriesStore } from '../../store/series-store.ts';
import type { AnalysisContext } from '../analysis.ts';
import type { Track } from './onset.ts';
import { MINUTE } from './periods.ts';
import { FAILURE } from './visits.ts';

const BUCKETS = 200;
const LEAST_STEP = 1e6;
const MOST_SERIES = 500;
/** Latencies kept of a bucket. */
const MOST_LATENCIES = 500;

/** Starts of minutes with events or samples, ascending. */
export async function minutesWithData({ catalog, db, turns }: AnalysisContext): Promise<number[]> {
  const minutes = new Set<number>();
  for (const segment of catalog.segments.values()) {
    const { time, flags } = segment.hot;
    for (let i = 0; i < segment.n; i++) if ((flags[i] & FLAG.TIME_SUSPECT) === 0) minutes.add(Math.floor(time[i] / MINUTE));
    await turns.next();
  }
  for (const { t0, t1 } of db.prepare<[], { t0: number; t1: number }>('SELECT DISTINCT t0, t1 FROM series_chunk').all()) {
    for (let minute = Math.floor(t0 / MINUTE), n = 0; minute <= t1 / MINUTE && n < 100_000; minute++, n++) minutes.add(minute);
  }
  return [...minutes].sort((a, b) => a - b).map((minute) => minute * MINUTE);
}

/** Failures and latencies of all events. */
export async function eventTracks({ catalog, turns }: AnalysisContext): Promise<Track[]> {
  const tracks: Track[] = [];
  const extent = catalog.extent();
  if (extent) {
    const step = Math.max(LEAST_STEP, (extent.to - extent.from + 1) / BUCKETS);
    const n = Math.ceil((extent.to - extent.from + 1) / step);
    const all = new Float64Array(n);
    const failures = new Float64Array(n);
    const latencies: number[][] = Array.from({ length: n }, () => []);
    for (const segment of catalog.segments.values()) {
      const latency = orNull(() => catalog.cold(segment).latency);
      const { time, flags, severity } = segment.hot;
      for (let i = 0; i < segment.n; i++) {
        if ((flags[i] & FLAG.TIME_SUSPECT) !== 0) continue;
        const bucket = Math.min(n - 1, Math.max(0, Math.floor((time[i] - extent.from) / step)));
        all[bucket]++;
        if (severity[i] >= FAILURE) failures[bucket]++;
        if (latency && latency[i] >= 0 && latencies[bucket].length < MOST_LATENCIES) latencies[bucket].push(latency[i]);
      }
      await turns.next();
    }
    const times = Float64Array.from({ length: n }, (_, i) => extent.from + i * step);
    tracks.push({ title: 'the share of failures', times, values: failures.map((count, i) => (all[i] === 0 ? Number.NaN : count / all[i])) });
    tracks.push({ title: 'latency', times, values: Float64Array.from(latencies, (list) => (list.length === 0 ? Number.NaN : list.reduce((sum, value) => sum + value, 0) / list.length)) });
  }
  return tracks;
}

/** Each series of the case, up to 500. */
export async function metricTracks({ db, turns, progress }: AnalysisContext): Promise<Track[]> {
  const tracks: Track[] = [];
  const store = new SeriesStore(db);
  const samples = store.reader();
  for (const row of store.list('', MOST_SERIES).rows) {
    const read = samples(row.id, null, null);
    const { times, values } = row.cumulative ? rates(read) : read;
    tracks.push({ title: `${row.name}${row.labels.length > 0 ? ` of ${row.labels.map(([, value]) => value).join(', ').slice(0, 80)}` : ''}`, times, values: values.map((value) => (Number.isFinite(value) ? value : Number.NaN)) });
    progress(0.05, 'looks when it started');
    await turns.next();
  }
  return tracks;
}
