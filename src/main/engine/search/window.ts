/** The density histogram: counts by bucket, lane and severity over the hits of a result. */
import { FLAG } from '../../../shared/event.ts';
import type { LaneField, WindowReply } from '../../../shared/contract/events.ts';
import { HOT } from '../store/segment.ts';
import type { Catalog, Segment } from './catalog.ts';
import { findGaps } from './gaps.ts';
import { offsetAt, placesBefore, type ResultSet, type SegmentHits } from './result-set.ts';

type Lanes = Pick<WindowReply, 'lanes' | 'more' | 'severities'>;

/** Lane of a segment's events: one for all, or by dictionary code. */
interface LaneKeys {
  /** key of the whole segment, or null when it depends on the event */
  whole(segment: Segment): string | null;
  field: number;
}

/**
 * Counts over [from, to) in `buckets` buckets, largest lanes first. Lanes beyond `maxLanes` count in `more` and in `severities` only.
 * Events whose time cannot be believed are not on the time axis.
 */
export function windowOf(catalog: Catalog, result: ResultSet, from: number, to: number, buckets: number, laneField: LaneField, maxLanes: number): Lanes {
  const step = (to - from) / buckets;
  const keys = laneKeys(catalog, laneField);
  const totals = laneTotals(catalog, result, from, to, keys);
  const ranked = [...totals].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const kept = ranked.slice(0, maxLanes);
  const counts = new Map(kept.map(([key]) => [key, new Uint32Array(buckets * 5)]));
  const others = ranked.length > kept.length ? new Uint32Array(buckets * 5) : undefined;
  for (const part of result.parts) {
    const { segment } = part;
    if (!(segment.b1 >= from && segment.b0 < to)) continue;
    const whole = keys.whole(segment);
    if (whole !== null) {
      const lane = counts.get(whole) ?? others;
      if (lane) countPart(part, lane, from, to, step, buckets);
      continue;
    }
    const names = catalog.names[keys.field];
    const byCode = Array.from(segment.dicts[keys.field], (id) => counts.get(id === 0 ? '' : names[id]) ?? others);
    countByCode(part, byCode, segment.hot.codes[keys.field], from, to, step);
  }
  return {
    lanes: kept.map(([key, total]) => {
      const lane = counts.get(key) ?? new Uint32Array(buckets * 5);
      return { key, label: labelOf(laneField, key), total, counts: lane, gaps: findGaps(lane, from, step) };
    }),
    more: Math.max(0, ranked.length - kept.length),
    severities: severitiesOf(others ? [...counts.values(), others] : counts.values()),
  };
}

function severitiesOf(lanes: Iterable<Uint32Array>): number[] {
  const totals = [0, 0, 0, 0, 0];
  for (const counts of lanes) for (let i = 0; i < counts.length; i++) totals[i % 5] += counts[i];
  return totals;
}

function laneKeys(catalog: Catalog, field: LaneField): LaneKeys {
  if (field === 'service' || field === 'host') return { whole: () => null, field: HOT[field] };
  return {
    field: -1,
    whole: (segment) => {
      if (field === 'none') return '';
      const source = catalog.sources.get(segment.source);
      return (field === 'source' ? source?.path : source?.[field]) ?? '';
    },
  };
}
function labelOf(field: LaneField, key: string): string {
  return field === 'none' ? 'All events' : key === '' ? `(no ${field})` : key;
}

function laneTotals(catalog: Catalog, result: ResultSet, from: number, to: number, keys: LaneKeys): Map<string, number> {
  const totals = new Map<string, number>();
  for (const part of result.parts) {
    const { segment } = part;
    if (!(segment.b1 >= from && segment.b0 < to)) continue;
    const whole = keys.whole(segment);
    const first = placesBefore(part, from);
    const last = placesBefore(part, to);
    if (whole !== null) {
      totals.set(whole, (totals.get(whole) ?? 0) + believable(part, first, last));
      continue;
    }
    const codes = segment.hot.codes[keys.field];
    const { flags } = segment.hot;
    const perCode = new Uint32Array(segment.dicts[keys.field].length);
    for (let place = first; place < last; place++) {
      const i = offsetAt(part, place);
      if ((flags[i] & FLAG.TIME_SUSPECT) === 0) perCode[codes[i]]++;
    }
    perCode.forEach((n, code) => {
      if (n === 0) return;
      const id = segment.dicts[keys.field][code];
      const key = id === 0 ? '' : catalog.names[keys.field][id];
      totals.set(key, (totals.get(key) ?? 0) + n);
    });
  }
  return totals;
}

function believable(part: SegmentHits, first: number, last: number): number {
  const { flags } = part.segment.hot;
  if (first === 0 && last === part.count && part.hits === 'all') return part.segment.bySeverity.reduce((sum, n) => sum + n, 0);
  let n = 0;
  for (let place = first; place < last; place++) if ((flags[offsetAt(part, place)] & FLAG.TIME_SUSPECT) === 0) n++;
  return n;
}

/** Counts a part whose events all belong to one lane. */
function countPart(part: SegmentHits, lane: Uint32Array, from: number, to: number, step: number, buckets: number): void {
  const { segment, hits } = part;
  const { time, severity, flags, order } = segment.hot;
  // A segment that lies inside one bucket adds its known totals.
  if (hits === 'all' && segment.t0 >= from && segment.t1 < to && segment.t0 === segment.b0 && segment.t1 === segment.b1) {
    const bucket = Math.min(buckets - 1, Math.floor((segment.t0 - from) / step));
    if (bucket === Math.min(buckets - 1, Math.floor((segment.t1 - from) / step))) {
      for (let s = 0; s < 5; s++) lane[bucket * 5 + s] += segment.bySeverity[s];
      return;
    }
  }
  const n = hits === 'all' ? segment.n : hits.length;
  const scale = 1 / step;
  if (hits === 'all' && order === null) {
    const first = placesBefore(part, from);
    const last = placesBefore(part, to);
    for (let i = first; i < last; i++) {
      if ((flags[i] & FLAG.TIME_SUSPECT) !== 0) continue;
      let bucket = ((time[i] - from) * scale) | 0;
      if (bucket >= buckets) bucket = buckets - 1;
      lane[bucket * 5 + severity[i]]++;
    }
    return;
  }
  for (let k = 0; k < n; k++) {
    const i = hits === 'all' ? k : hits[k];
    const t = time[i];
    if (t < from || t >= to || (flags[i] & FLAG.TIME_SUSPECT) !== 0) continue;
    let bucket = ((t - from) * scale) | 0;
    if (bucket >= buckets) bucket = buckets - 1;
    lane[bucket * 5 + severity[i]]++;
  }
}

function countByCode(part: SegmentHits, lanes: (Uint32Array | undefined)[], codes: Uint16Array, from: number, to: number, step: number): void {
  const { segment, hits } = part;
  const { time, severity, flags } = segment.hot;
  const n = hits === 'all' ? segment.n : hits.length;
  const scale = 1 / step;
  for (let k = 0; k < n; k++) {
    const i = hits === 'all' ? k : hits[k];
    const t = time[i];
    if (t < from || t >= to || (flags[i] & FLAG.TIME_SUSPECT) !== 0) continue;
    const lane = lanes[codes[i]];
    if (lane === undefined) continue;
    let at = (((t - from) * scale) | 0) * 5;
    if (at >= lane.length) at = lane.length - 5;
    lane[at + severity[i]]++;
  }
}
