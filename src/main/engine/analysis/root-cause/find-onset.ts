/** When trouble started, where nobody says: the ways to tell, the surest first. */
import type { AnalysisContext } from '../analysis.ts';
import { isResource } from './metric-shifts.ts';
import type { Evidence } from './observe.ts';
import { detectedOnset, recordingOnset, type Onset } from './onset.ts';
import type { Period } from './observations.ts';
import { MINUTE } from './periods.ts';
import { stepChanges, type StepChange } from './step-changes.ts';
import { eventTracks, metricTracks, minutesWithData } from './tracks.ts';
import { visitsOf } from './visits.ts';

/** In so short a case every step of every service is looked through for a lasting change. */
const LONGEST_SEARCH = 60 * MINUTE;
/** A change of steps so strong is not found by accident. */
const STRONG = 0.6;
/** How far from the time that somebody names something may have started, and how long events must go on around it to tell. */
const NEAR = 10 * MINUTE;
const LEAST_SIDE = MINUTE / 2;

export async function findOnset(evidence: Evidence, context: AnalysisContext): Promise<Onset | null> {
  context.progress(0.01, 'looks when it started');
  const recorded = recordingOnset(await minutesWithData(context));
  if (recorded) return { ...recorded, at: firstFrom(recorded.at, context) };
  const found = (await changedStep(evidence, context)) ?? detectedOnset(await eventTracks(context));
  if (found) return found;
  const extent = context.catalog.extent();
  // Where there are events, a metric only tells when it is one of a resource that was used up in their time.
  const measured = detectedOnset((await metricTracks(context)).filter(({ title }) => !extent || isResource(title)));
  if (measured && (!extent || (measured.at >= extent.from && measured.at < extent.to))) return measured;
  if (!extent) return null;
  // What was wrong from the start has no onset: then there is nothing to compare with, but failures and delays can still be seen.
  return { at: extent.from, from: 'begin', why: 'nothing in the case rises so clearly that it tells, so all of it is taken for the trouble' };
}

/**
 * A time that somebody names is when they noticed, or were called. So other times near it are given too, to be tried in this order until one
 * of them tells: where steps change for good, and the begin of all that is near. They come first where no events lie on both sides of the
 * time that was named.
 */
export async function* namedOnsets(at: number, evidence: Evidence): AsyncGenerator<Onset> {
  const named: Onset = { at, from: 'given', why: 'somebody said so' };
  const near = evidence.eventsWithin({ from: at - NEAR, to: at + NEAR });
  const first = near === null || (near.from < at - LEAST_SIDE && near.to > at + LEAST_SIDE);
  if (first) yield named;
  if (near) {
    const [change] = await lastingChanges(near, evidence);
    if (change) yield { at: change.at, from: 'detected', why: `${whyChange(change)}, not quite when it was named` };
    yield { at: near.from, from: 'begin', why: 'nothing stands out at the time that was named, so what is near it is taken for the trouble too' };
  }
  if (!first) yield named;
}

/** The first event or sample at or after a time. */
function firstFrom(time: number, { catalog, db }: AnalysisContext): number {
  let first = db.prepare<[number], number | null>('SELECT min(t0) FROM series_chunk WHERE t0 >= ?').pluck().get(time) ?? Number.POSITIVE_INFINITY;
  for (const { b0 } of catalog.segments.values()) if (b0 >= time && b0 < first) first = b0;
  return Number.isFinite(first) ? first : time;
}

async function changedStep(evidence: Evidence, { catalog }: AnalysisContext): Promise<Onset | null> {
  const extent = catalog.extent();
  if (!extent || extent.to - extent.from > LONGEST_SEARCH) return null;
  const [strongest] = await lastingChanges({ from: extent.from, to: extent.to + 1 }, evidence);
  return strongest ? { at: strongest.at, from: 'detected', why: whyChange(strongest) } : null;
}

/** Steps that came or went for good within a time, wherever in it; only those that are no accident, strongest first. */
async function lastingChanges({ from, to }: Period, evidence: Evidence): Promise<StepChange[]> {
  const middle = (from + to) / 2;
  const whole = { normal: { from, to: middle }, incident: { from: middle, to } };
  const { spans, logs } = await evidence.requests({ traces: structuredClone(whole), logs: structuredClone(whole) });
  const found = stepChanges(visitsOf(spans, logs).visits, whole, { earlier: Number.POSITIVE_INFINITY, later: Number.POSITIVE_INFINITY });
  return found.filter(({ score }) => score >= STRONG);
}
function whyChange({ service, step, before, after }: StepChange): string {
  const came = after.with * before.of > before.with * after.of;
  return `in ${service} the step "${step}" ${came ? 'appears' : 'is missing'} from then on`;
}
