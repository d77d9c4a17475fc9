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
export function shareOf({ start, end }: Pick<Trace, 'start' | 'end'>, from: number, to: number): Stretch {
  const length = Math.max(1, end - start);
  return { from: (from - start) / length, to: (to - start) / length };
}
/** The stretches of the critical path, by place of their span. */
export function criticalStretches(trace: Trace): Map<number, Stretch[]> {
  const stretches = new Map<number, Stretch[]>();
  for (const { span, from, to } of trace.path) {
    const own = stretches.get(span);
    if (own) own.push(shareOf(trace, from, to));
    else stretches.set(span, [shareOf(trace, from, to)]);
  }
  return stretches;
}

/** Round steps of time since the start of the trace, at most `most` + 1 of them. */
export function ticksOf(duration: number, most: number): number[] {
  if (duration <= 0) return [0];
  const least = duration / most;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.max(1, ([1, 2, 5, 10].find((each) => each * power >= least * 0.999) ?? 10) * power);
  const ticks: number[] = [];
  for (let i = 0; i * step <= duration * 1.0001; i++) ticks.push(i * step);
  return ticks;
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
