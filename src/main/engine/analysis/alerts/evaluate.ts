/** Runs a rule over what was measured: walks its windows, finds when it fires, and draws its value. */
import type { AlertRuleEdit } from '../../../../shared/alert.ts';
import { PANE, paneOf } from '../windows/panes.ts';
import { WINDOW_KINDS } from '../windows/windows.ts';
import { Episodes, worse, type Episode } from './episodes.ts';
import type { Measured } from './measured.ts';

/** A rule without its words. */
export type Judged = Pick<AlertRuleEdit, 'metric' | 'operator' | 'threshold' | 'window' | 'windows' | 'hold' | 'noData'>;

/** The worst value in each of so many buckets of a range, NaN where there is none. Several groups may be drawn into one. */
export class Drawing {
  readonly from: number;
  readonly to: number;
  readonly worst: Float64Array;

  /** microseconds, half-open */
  constructor(from: number, to: number, buckets: number) {
    this.from = from;
    this.to = to;
    this.worst = new Float64Array(buckets).fill(Number.NaN);
  }

  /** A value from `at` to before `until`. */
  draw(at: number, until: number, value: number, rule: Judged): void {
    if (Number.isNaN(value)) return;
    const { from, to, worst } = this;
    const scale = worst.length / (to - from);
    const first = Math.max(0, Math.floor((at - from) * scale));
    const last = Math.min(worst.length - 1, Math.ceil((until - from) * scale) - 1);
    for (let bucket = first; bucket <= last; bucket++) worst[bucket] = worse(worst[bucket], value, rule.operator);
  }
}

/** A stretch of time of which it is known what happened; microseconds, both included. */
export interface Stretch {
  from: number;
  to: number;
}

/**
 * Alerts of one group. Windows are judged from the first whole one of a stretch on; where a stretch is shorter than a window, once, at its end. What is
 * between stretches nobody recorded: an alert ends there.
 * @param stretches in order, with gaps longer than a window
 * @param range only windows that end in it; null = all
 */
export function evaluate(rule: Judged, measured: Measured, stretches: readonly Stretch[], range: { from: number | null; to: number | null } | null = null, drawing: Drawing | null = null): Episode[] {
  const first = measured.first(rule.metric);
  if (first === null) return [];
  const begins = range?.from === null || range === null ? Number.NEGATIVE_INFINITY : paneOf(range.from);
  const ends = range?.to === null || range === null ? Number.POSITIVE_INFINITY : paneOf(range.to - 1);
  const found: Episode[] = [];
  for (const { from, to } of stretches) {
    // The second after the one in which the last event happened.
    const known = paneOf(to) + 1;
    const last = Math.min(known, ends);
    const start = Math.max(Math.min(Math.max(first, paneOf(from)) + rule.window, known), begins);
    if (start > last || known <= first) continue;
    // What time or the range ends on is still open; after a stretch that others follow nothing is.
    for (const episode of judged(rule, measured, start, last, drawing)) found.push(episode.resolved === null && to !== stretches[stretches.length - 1].to && last === known ? { ...episode, resolved: known * PANE } : episode);
  }
  // What was waited for when a stretch ended never fired.
  return found.filter(({ fired, resolved }) => fired !== null || resolved === null);
}

function judged(rule: Judged, measured: Measured, start: number, last: number, drawing: Drawing | null): Episode[] {
  const episodes = new Episodes(rule);
  const window = measured.window(rule.metric);
  WINDOW_KINDS[rule.windows](measured.order(), rule.window, start, last, {
    enter: window.enter,
    leave: window.leave,
    stretch(at, until) {
      const value = window.value();
      episodes.stretch(at, until, value);
      drawing?.draw(at * PANE, until * PANE, value, rule);
    },
  });
  return episodes.end(last);
}
