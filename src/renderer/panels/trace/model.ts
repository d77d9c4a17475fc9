/** What is drawn of a trace: rows, bars, ticks. Times are microseconds. */
import type { Trace, TraceSpan } from '../../../shared/contract/traces.ts';
import { formatDuration } from '../../ui/numbers.ts';

/** Places of the spans that are shown: all but those below a closed one. Spans stand with a parent before its children. */
export function visibleRows(spans: readonly TraceSpan[], closed: ReadonlySet<number>): number[] {
  const rows: number[] = [];
  let below = Number.POSITIVE_INFINITY;
  spans.forEach(({ depth }, i) => {
    if (depth > below) return;
    below = closed.has(i) ? depth : Number.POSITIVE_INFINITY;
    rows.push(i);
  });
  return rows;
}
export function hasChildren(spans: readonly TraceSpan[], i: number): boolean {
  return spans[i + 1]?.parent === i;
}
/** How many spans stand below one. */
export function below(spans: readonly TraceSpan[], i: number): number {
  let last = i + 1;
  while (last < spans.length && spans[last].depth > spans[i].depth) last++;
  return last - i - 1;
}

/** Services in the order in which they are met, numbered from 1: what their colour and shape go by. */
export function serviceNumbers(spans: readonly TraceSpan[]): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const { service } of spans) if (!numbers.has(service)) numbers.set(service, numbers.size + 1);
  return numbers;
}

export interface Stretch {
  /** shares of the trace, 0..1 */
  from: number;
  to: number;
}
/** Where in the trace something lies. */
export function shareOf({ start, end }: Part, from: number, to: number): Stretch {
  const length = Math.max(LEAST_PART, end - start);
  return { from: (from - start) / length, to: (to - start) / length };
}

/** The part of a trace that is looked at. */
export interface Part {
  start: number;
  end: number;
}
/** Looked at closer, or from further away, around a moment; null when that is all of the trace. */
export function zoomed(trace: Part, part: Part, around: number, factor: number): Part | null {
  const length = Math.max(LEAST_PART, (part.end - part.start) * factor);
  if (length >= trace.end - trace.start) return null;
  // The moment stays where it is; what would lie outside the trace is moved into it.
  const start = Math.min(trace.end - length, Math.max(trace.start, around - (around - part.start) * (length / (part.end - part.start))));
  return { start, end: start + length };
}
/** A part as long as a person drew it, in either direction; null for nothing drawn. */
export function drawnPart(trace: Part, one: number, other: number): Part | null {
  const [start, end] = [Math.max(trace.start, Math.min(one, other)), Math.min(trace.end, Math.max(one, other))];
  return end - start < LEAST_PART ? null : { start, end };
}
/** Microseconds: closer there is nothing to see. */
const LEAST_PART = 1;

/** The stretches of the critical path, by place of their span. */
export function criticalStretches(trace: Pick<Trace, 'path'> & Part): Map<number, Stretch[]> {
  const stretches = new Map<number, Stretch[]>();
  for (const { span, from, to } of trace.path) {
    const own = stretches.get(span);
    if (own) own.push(shareOf(trace, from, to));
    else stretches.set(span, [shareOf(trace, from, to)]);
  }
  return stretches;
}

/** Round steps of time since the start of the trace that lie in a part of it, at most `most` + 1 of them. */
export function ticksOf(trace: Part, part: Part, most: number): number[] {
  const length = part.end - part.start;
  if (length <= 0) return [0];
  const least = length / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.max(1, ([1, 2, 5, 10].find((each) => each * power >= least * 0.999) ?? 10) * power);
  const ticks: number[] = [];
  for (let i = Math.max(0, Math.ceil((part.start - trace.start) / step - 1e-9)); i * step <= part.end - trace.start + length * 1e-4; i++) ticks.push(i * step);
  return ticks;
}

/** Places of the spans that hold a text: in their service, name, kind, ids or what they say of their failure. */
export function findSpans(spans: readonly TraceSpan[], text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const found: number[] = [];
  spans.forEach(({ service, operation, kind, spanId, error }, i) => {
    if ([service, operation, kind, spanId, error].some((value) => value.toLowerCase().includes(wanted))) found.push(i);
  });
  return found;
}
/** The next of some places after one, or before it; round the end to the first. */
export function nextOf(places: readonly number[], after: number, step: 1 | -1): number | undefined {
  return step > 0 ? (places.find((place) => place > after) ?? places[0]) : (places.findLast((place) => place < after) ?? places.at(-1));
}

/** What is unusual about a span, in words: for its title and for assistive technology. */
export function remarks(span: TraceSpan): string[] {
  const said: string[] = [];
  if (span.failed) said.push(span.error === '' ? 'failed' : `failed: ${span.error}`);
  if (span.usual) said.push(`${span.usual.slow ? 'slow: ' : ''}${factorText(span.usual.factor)} its usual ${formatDuration(span.usual.median)} (median of ${span.usual.n} earlier spans)`);
  if (span.critical > 0) said.push(`on the critical path for ${formatDuration(span.critical)}`);
  if (span.early > 0) said.push(`starts ${formatDuration(span.early)} before its parent, so their clocks disagree; nothing was moved`);
  if (span.place === 'orphan') said.push(`its parent ${span.parentId} is not in the case`);
  if (span.place === 'cycle') said.push('its parents lead back to itself');
  return said;
}
/** 4.37 -> "4.4×" */
export function factorText(factor: number): string {
  if (!Number.isFinite(factor)) return 'far more than';
  return `${factor >= 100 ? factor.toFixed(0) : factor.toFixed(1).replace(/\.0$/, '')}×`;
}
export function durationText(span: TraceSpan): string {
  return span.duration === null ? 'no end' : formatDuration(span.duration);
}
