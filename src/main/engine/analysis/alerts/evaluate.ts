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

export interface Bounds {
  /** microseconds; null = from where it can be told on */
  from: number | null;
  /** the last moment that is known of */
  to: number;
}

/**
 * Alerts of one group. Windows are judged from the first whole one on; where all there is is shorter than a window, once, at its end.
 * @throws nothing; an empty list where the metric cannot be told at all
 */
export function evaluate(rule: Judged, measured: Measured, { from, to }: Bounds, drawing: Drawing | null = null): Episode[] {
  const first = measured.first(rule.metric);
  if (first === null) return [];
  // The second after the one in which the last event happened.
  const last = paneOf(to) + 1;
  const start = Math.max(Math.min(first + rule.window, last), from === null ? Number.NEGATIVE_INFINITY : paneOf(from));
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
