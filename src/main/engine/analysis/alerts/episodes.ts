/**
 * When a rule fires, from its value over time. The rule holds while the value is over the threshold. It fires when it has held for `hold` seconds
 * without a break; what breaks before is nothing. Having fired it is over once it has not held for a whole window: no event that made it fire is
 * in the window then, and a value that hovers about the threshold is one alert, not hundreds.
 */
import type { AlertRuleEdit, NoData, Operator } from '../../../../shared/alert.ts';
import { asksForLittle } from '../../../../shared/alert-text.ts';
import { PANE } from '../windows/panes.ts';

/** One alert; times are microseconds. */
export interface Episode {
  started: number;
  /** null = it has not held for long enough yet (only the last one of all, where time ends) */
  fired: number | null;
  /** the last moment at which it held */
  ended: number;
  /** it is over, since then; null = it is not */
  resolved: number | null;
  /** the worst value: the largest, or the least where the rule asks for little; NaN = there was nothing to measure */
  peak: number;
  peakAt: number;
}

export type Condition = Pick<AlertRuleEdit, 'operator' | 'threshold' | 'window' | 'hold' | 'noData'>;

export function holds(value: number, operator: Operator, threshold: number): boolean {
  switch (operator) {
    case '>': return value > threshold;
    case '>=': return value >= threshold;
    case '<': return value < threshold;
    case '<=': return value <= threshold;
    case '==': return value === threshold;
  }
}
/** The worse of two values; NaN is no value. */
export function worse(a: number, b: number, operator: Operator): number {
  if (Number.isNaN(a)) return b;
  if (Number.isNaN(b)) return a;
  return asksForLittle(operator) ? Math.min(a, b) : Math.max(a, b);
}

/** Seconds (pane numbers) in, microseconds out. Stretches come in order and without gaps. */
export class Episodes {
  readonly found: Episode[] = [];
  readonly #rule: Condition;
  #open: { started: number; fired: number | null; ended: number; peak: number; peakAt: number } | null = null;
  #held = false;

  constructor(rule: Condition) {
    this.#rule = rule;
  }

  /** The value is that at every second in [at, until); NaN = there is nothing to measure. */
  stretch(at: number, until: number, value: number): void {
    const { operator, threshold, window, hold, noData } = this.#rule;
    const held = Number.isNaN(value) ? missing(noData, this.#held) : holds(value, operator, threshold);
    this.#held = held;
    if (!held) {
      if (this.#open?.fired === null) this.#open = null;
      return;
    }
    if (this.#open && at - this.#open.ended > window) this.#close();
    this.#open ??= { started: at, fired: null, ended: at, peak: Number.NaN, peakAt: at };
    const open = this.#open;
    open.ended = until - 1;
    if (open.fired === null && open.ended - open.started >= hold) open.fired = open.started + hold;
    const peak = worse(open.peak, value, operator);
    if (peak !== open.peak && !Number.isNaN(peak)) {
      open.peak = peak;
      open.peakAt = at;
    }
  }

  #close(): void {
    if (this.#open) this.found.push(inMicroseconds(this.#open, this.#open.ended + this.#rule.window));
    this.#open = null;
  }

  /** `last`: the last second there is. What has not been over for a window then is still open. */
  end(last: number): Episode[] {
    if (this.#open && last - this.#open.ended >= this.#rule.window) this.#close();
    if (this.#open) this.found.push(inMicroseconds(this.#open, null));
    this.#open = null;
    return this.found;
  }
}

function missing(noData: NoData, held: boolean): boolean {
  return noData === 'alert' || (noData === 'keep' && held);
}
function inMicroseconds(open: { started: number; fired: number | null; ended: number; peak: number; peakAt: number }, resolved: number | null): Episode {
  return { started: open.started * PANE, fired: open.fired === null ? null : open.fired * PANE, ended: open.ended * PANE, resolved: resolved === null ? null : resolved * PANE, peak: open.peak, peakAt: open.peakAt * PANE };
}
