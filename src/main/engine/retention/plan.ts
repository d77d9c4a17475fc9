/** Which events of a case are how old, and what would become of them. Segments, of up to 4,096 events, go or stay whole: one is as old as its newest event. */
import type { Kept, RetentionPolicy, RetentionPreview, Tier, TierPreview } from '../../../shared/contract/retention.ts';
import { SEGMENT_SIZE } from '../../../shared/event.ts';
import { readClocks } from '../store/clocks.ts';
import type { Database } from '../store/database.ts';
import { bucketOf, THINNED } from '../store/retained-rollups.ts';

const DAY = 86_400e6;
/** Neighbours of a pinned event in its file that stay with it. */
const CONTEXT = 100;
/** Sources that are told. */
const MOST_SOURCES = 200;

interface StoredSegment {
  id: number;
  source: number;
  n: number;
  bytes: number;
  /** as the source wrote them */
  b0: number | null;
  b1: number | null;
}
export interface Plan {
  /** segments that go, in the order of their ids */
  segments: StoredSegment[];
  preview: Omit<RetentionPreview, 'policy' | 'folder'>;
  /** starts of warm, cold and archive, counted back from the newest event: what is older; NaN without any event */
  bounds: Record<Exclude<Tier, 'hot'>, number>;
}

export function planRetention(db: Database, policy: RetentionPolicy): Plan {
  const { corrections } = readClocks(db);
  const segments = db
    .prepare<[], StoredSegment>(
      `SELECT seg.id, seg.source, seg.n, seg.b0, seg.b1, length(seg.dict) + length(seg.hot) + length(seg_cold.data) + length(seg_msg.data) + length(seg_rest.data) + length(seg_words.starts) + length(seg_words.data) AS bytes
       FROM seg JOIN seg_cold USING (id) JOIN seg_msg USING (id) JOIN seg_rest USING (id) JOIN seg_words USING (id) ORDER BY seg.id`,
    )
    .all();
  const timeOf = (source: number, time: number): number => corrections.get(source)?.time(time, false) ?? time;
  const newest = segments.reduce((most, { source, b1 }) => (b1 === null ? most : Math.max(most, timeOf(source, b1))), Number.NEGATIVE_INFINITY);
  const bounds = { warm: newest - policy.hotDays * DAY, cold: newest - policy.warmDays * DAY, archive: newest - policy.coldDays * DAY };
  const tierOf = (time: number): Tier => (time > bounds.warm ? 'hot' : time > bounds.cold ? 'warm' : time > bounds.archive ? 'cold' : 'archive');
  const stays = protectedSegments(db, segments);
  const tiers = tiersOf(newest, bounds);
  const kept = new Map<Kept['reason'], Kept>();
  const going: StoredSegment[] = [];
  for (const segment of segments) {
    const tier = tierOf(segment.b1 === null ? newest : timeOf(segment.source, segment.b1));
    tiers[tier].events += segment.n;
    tiers[tier].bytes += segment.bytes;
    const old = tier === 'cold' || tier === 'archive';
    const because = stays.reasons.get(segment.id) ?? (segment.b1 === null ? 'undated' : undefined);
    if (because && (old || because === 'undated')) {
      const told = kept.get(because) ?? { reason: because, things: stays.things.get(because) ?? 0, events: 0 };
      told.events += segment.n;
      kept.set(because, told);
    } else if (old) {
      going.push(segment);
      tiers[tier].goes.events += segment.n;
      tiers[tier].goes.bytes += segment.bytes;
    }
  }
  if (segments.length > 0) countRows(db, tiers, bounds);
  return {
    segments: going, bounds,
    preview: {
      newest: Number.isFinite(newest) ? newest : null, tiers: Object.values(tiers), goes: goesOf(db, going, timeOf), kept: [...kept.values()], hits: hitsOf(db, going),
      about: { alerts: going.length === 0 ? 0 : (db.prepare<[number], number>('SELECT count(*) FROM alert WHERE withdrawn_at IS NULL AND started < ?').pluck().get(bounds.cold) ?? 0) },
      open: openInvestigations(db),
    },
  };
}

function openInvestigations(db: Database): { id: number; title: string }[] {
  return db.prepare<[], { id: number; title: string }>("SELECT id, title FROM investigation WHERE removed_at IS NULL AND status NOT IN ('resolved', 'closed') ORDER BY id LIMIT 1000").all();
}

function tiersOf(newest: number, bounds: Plan['bounds']): Record<Tier, TierPreview> {
  const tier = (name: Tier, from: number | null, to: number): TierPreview => ({ tier: name, from, to, events: 0, bytes: 0, goes: { events: 0, bytes: 0 }, counts: 0 });
  if (!Number.isFinite(newest)) return { hot: tier('hot', null, 0), warm: tier('warm', null, 0), cold: tier('cold', null, 0), archive: tier('archive', null, 0) };
  return { hot: tier('hot', bounds.warm, newest + 1), warm: tier('warm', bounds.cold, bounds.warm), cold: tier('cold', bounds.archive, bounds.cold), archive: tier('archive', null, bounds.archive) };
}

/** Segments that stay however old they are: those that people refer to, with the neighbours of what they refer to, and those that may still grow. */
function protectedSegments(db: Database, segments: readonly StoredSegment[]): { reasons: Map<number, Kept['reason']>; things: Map<Kept['reason'], number> } {
  const reasons = new Map<number, Kept['reason']>();
  const things = new Map<Kept['reason'], number>();
  const bySource = new Map<number, number[]>();
  const sizes = new Map<number, { source: number; n: number }>();
  for (const { id, source, n } of segments) {
    sizes.set(id, { source, n });
    const ids = bySource.get(source);
    if (ids) ids.push(id);
    else bySource.set(source, [id]);
  }
  const protect = (id: number | undefined, reason: Kept['reason']): void => {
    if (id !== undefined && !reasons.has(id)) reasons.set(id, reason);
  };
  for (const [reason, sql] of [
    ['pin', 'SELECT DISTINCT event_id FROM pin WHERE removed_at IS NULL'], ['note', 'SELECT DISTINCT event_id FROM note WHERE removed_at IS NULL AND event_id IS NOT NULL'],
    ['mark', 'SELECT DISTINCT event_id FROM event_mark WHERE removed_at IS NULL'],
  ] as const) {
    const events = db.prepare<[], number>(sql).pluck().all();
    things.set(reason, events.length);
    for (const event of events) {
      const id = Math.floor(event / SEGMENT_SIZE);
      const segment = sizes.get(id);
      if (!segment) continue;
      protect(id, reason);
      const ids = bySource.get(segment.source) ?? [];
      const at = ids.indexOf(id);
      if (event % SEGMENT_SIZE < CONTEXT) protect(ids[at - 1], reason);
      if (event % SEGMENT_SIZE >= segment.n - CONTEXT) protect(ids[at + 1], reason);
    }
  }
  for (const { id, format } of db.prepare<[], { id: number; format: string }>("SELECT id, format FROM source WHERE format = 'typed' OR head_length < 0 OR state <> 'done'").all()) {
    const ids = bySource.get(id) ?? [];
    if (format === 'typed') for (const segment of ids) protect(segment, 'typed');
    // The last segment of a source that is still being read may go on.
    else protect(ids.at(-1), 'live');
    const reason = format === 'typed' ? 'typed' : 'live';
    if (ids.length > 0) things.set(reason, (things.get(reason) ?? 0) + (format === 'typed' ? ids.length : 1));
  }
  return { reasons, things };
}

/** Rows of counts that would go, by tier. */
function countRows(db: Database, tiers: Record<Tier, TierPreview>, bounds: Plan['bounds']): void {
  const count = db.prepare<[number, number, number], number>('SELECT count(*) FROM rollup WHERE resolution = ? AND bucket >= ? AND bucket < ?').pluck();
  for (const { resolution, from } of THINNED) {
    const ends: [Tier, number, number][] = [['archive', Number.MIN_SAFE_INTEGER, bucketOf(bounds.archive, resolution)]];
    if (from === 'warm') ends.push(['cold', bucketOf(bounds.archive, resolution), bucketOf(bounds.cold, resolution)], ['warm', bucketOf(bounds.cold, resolution), bucketOf(bounds.warm, resolution)]);
    for (const [tier, low, high] of ends) tiers[tier].counts += count.get(resolution, low, high) ?? 0;
  }
}

function goesOf(db: Database, going: readonly StoredSegment[], timeOf: (source: number, time: number) => number): RetentionPreview['goes'] {
  const bySource = new Map<number, number>();
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let events = 0;
  let bytes = 0;
  for (const { source, n, bytes: size, b0, b1 } of going) {
    bySource.set(source, (bySource.get(source) ?? 0) + n);
    events += n;
    bytes += size;
    if (b0 !== null) from = Math.min(from, timeOf(source, b0));
    if (b1 !== null) to = Math.max(to, timeOf(source, b1));
  }
  const path = db.prepare<[number], string>('SELECT path FROM source WHERE id = ?').pluck();
  const sources = [...bySource].sort((a, b) => b[1] - a[1]).map(([id, n]) => ({ id, path: path.get(id) ?? '', events: n }));
  return { events, bytes, from: events > 0 ? from : null, to: events > 0 ? to : null, sources: sources.slice(0, MOST_SOURCES), more: Math.max(0, sources.length - MOST_SOURCES) };
}

function hitsOf(db: Database, going: readonly StoredSegment[]): RetentionPreview['hits'] {
  const ids = JSON.stringify(going.map(({ id }) => id));
  const sum = (table: string): number => db.prepare<[string], number>(`SELECT coalesce(sum(n), 0) FROM ${table} WHERE seg IN (SELECT value FROM json_each(?))`).pluck().get(ids) ?? 0;
  return { indicators: sum('indicator_hit'), rules: sum('sigma_hit') };
}
