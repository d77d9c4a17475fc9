/** When trouble started, where nobody says: the ways to tell, the surest first. */
import type { AnalysisContext } from '../analysis.ts';
import { isResource } from './metric-shifts.ts';
import { observe } from './observe.ts';
import { detectedOnset, recordingOnset, type Onset } from './onset.ts';
import { MINUTE } from './periods.ts';
import { stepChanges } from './step-changes.ts';
import { eventTracks, metricTracks, minutesWithData } from './tracks.ts';
import { visitsOf } from './visits.ts';

/** In so short a case every step of every service is looked through for a lasting change. */
const LONGEST_SEARCH = 60 * MINUTE;
/** A change of steps so strong is not found by accident. */
const STRONG = 0.6;

export async function findOnset(context: AnalysisContext): Promise<Onset | null> {
  context.progress(0.01, 'looks when it started');
  const recorded = recordingOnset(await minutesWithData(context));
  if (recorded) return { ...recorded, at: firstFrom(recorded.at, context) };
  const found = (await changedStep(context)) ?? detectedOnset(await eventTracks(context));
  if (found) return found;
  const extent = context.catalog.extent();
  // Where there are events, a metric only tells when it is one of a resource that was used up in their time.
  const measured = detectedOnset((await metricTracks(context)).filter(({ title }) => !extent || isResource(title)));
  if (measured && (!extent || (measured.at >= extent.from && measured.at < extent.to))) return measured;
  if (!extent) return null;
  // What was wrong from the start has no onset: then there is nothing to compare with, but failures and delays can still be seen.
  return { at: extent.from, from: 'begin', why: 'nothing in the case rises so clearly that it tells, so all of it is taken for the trouble' };
}

/** The first event or sample at or after a time. */
function firstFrom(time: number, { catalog, db }: AnalysisContext): number {
  let first = db.prepare<[number], number | null>('SELECT min(t0) FROM series_chunk WHERE t0 >= ?').pluck().get(time) ?? Number.POSITIVE_INFINITY;
  for (const { b0 } of catalog.segments.values()) if (b0 >= time && b0 < first) first = b0;
  return Number.isFinite(first) ? first : time;
}

async function changedStep(context: AnalysisContext): Promise<Onset | null> {
  const extent = context.catalog.extent();
  if (!extent || extent.to - extent.from > LONGEST_SEARCH) return null;
  const middle = (extent.from + extent.to) / 2;
  const { spans, logs } = await observe({ onset: middle, normal: { from: extent.from, to: middle } }, context);
  const whole = { normal: { from: extent.from, to: middle }, incident: { from: middle, to: extent.to + 1 } };
  const [strongest] = stepChanges(visitsOf(spans, logs).visits, whole, { earlier: Number.POSITIVE_INFINITY, later: Number.POSITIVE_INFINITY });
  if (!strongest || strongest.score < STRONG) return null;
  const came = strongest.after.with * strongest.before.of > strongest.before.with * strongest.after.of;
  return { at: strongest.at, from: 'detected', why: `in ${strongest.service} the step "${strongest.step}" ${came ? 'appears' : 'is missing'} from then on` };
}
