/**
 * One series of a case that is judged minute by minute as it comes: the streaming detector, a second opinion by robust z-score before anything is told, and
 * what has to be kept so that it goes on later as if it had never been put away.
 */
import type { AnomalyFinding, AnomalyVote } from '../../../../shared/contract/anomalies.ts';
import { formatDuration } from '../../../../shared/numbers.ts';
import type { SeriesFacts } from '../case-series.ts';
import { boundedKey, boundedTitle } from './bounded-names.ts';
import { scoreAt, short, VOTE } from './detector.ts';
import { novelty } from './novelty.ts';
import { NoveltyStream, NOVELTY_HORIZON, type NoveltyState } from './novelty-stream.ts';
import { BAR, robustZ } from './robust-z.ts';
import { beyondChance, isCount, SEVERITY } from './series-findings.ts';
import { spreadOf } from './spread.ts';

/** Microseconds of a bucket that is judged. */
export const MINUTE = 60e6;
/** Minutes and values that are kept together. */
const PART = 512;
/** Values before a change that say what is usual, and how few do. */
const USUAL = 288;
const LEAST = 40;
/** Minutes that are taken together: a change need not be as large when it lasts. */
const SPANS = [1, 4, 16];
const LONGEST = SPANS[SPANS.length - 1];
/** Minutes that a picture shows. */
const PICTURE = 120;

export interface FollowerState {
  novelty: NoveltyState;
  /** values it had */
  n: number;
}
/** Minutes since 1970 and values in turn; a part is kept anew until it is full. */
export interface FollowedPart {
  part: number;
  data: Float64Array;
}
export interface SavedFollower {
  state: FollowerState;
  parts: FollowedPart[];
  /** parts before this one are not needed any more */
  drop: number;
}

interface Change {
  /** minutes it lasts so far */
  span: number;
  mean: number;
  sum: number;
  usual: number;
  /** robust standard deviations */
  z: number;
}

export class SeriesFollower {
  readonly #series: SeriesFacts;
  /** events that are counted, and not a figure that somebody measured */
  readonly #counted: boolean;
  readonly #stream: NoveltyStream;
  /** the last ones, from #base on, which is where a part begins */
  #minutes: number[] = [];
  #values: number[] = [];
  #base = 0;
  #n = 0;
  #savedN = 0;

  /** `pairs`: all parts that are kept, one after the other. */
  constructor(series: SeriesFacts, saved: { state: FollowerState; pairs: Float64Array } | null) {
    this.#series = series;
    this.#counted = isCount(series.measure) && series.query !== null;
    if (saved === null) {
      this.#stream = new NoveltyStream();
      return;
    }
    const { state, pairs } = saved;
    const known = pairs.length / 2;
    this.#n = this.#savedN = state.n;
    this.#stream = NoveltyStream.resume(state.novelty, Float64Array.from({ length: known }, (_, i) => pairs[2 * i + 1]));
    const first = state.n - known;
    this.#base = Math.max(first, partsBefore(state.n));
    for (let i = this.#base - first; i < known; i++) {
      this.#minutes.push(pairs[2 * i]);
      this.#values.push(pairs[2 * i + 1]);
    }
  }

  /**
   * Judges the value of a minute, by those of earlier minutes alone.
   * @param minute since 1970, rising
   * @param value finite
   */
  push(minute: number, value: number): AnomalyFinding | null {
    this.#minutes.push(minute);
    this.#values.push(value);
    this.#n++;
    const seen: { change: Change | null } = { change: null };
    const { anomaly, score } = this.#stream.push(value, () => (seen.change = this.#change()) !== null);
    const found = anomaly && seen.change !== null ? this.#finding(minute, score, seen.change) : null;
    const spare = partsBefore(this.#savedN) - this.#base;
    if (spare >= PART) {
      this.#minutes.splice(0, spare);
      this.#values.splice(0, spare);
      this.#base += spare;
    }
    return found;
  }

  /** What came since it was last taken; null = nothing. */
  take(): SavedFollower | null {
    if (this.#n === this.#savedN) return null;
    const parts: FollowedPart[] = [];
    for (let part = Math.floor(this.#savedN / PART); part * PART < this.#n; part++) {
      const from = part * PART - this.#base;
      const to = Math.min(from + PART, this.#values.length);
      const data = new Float64Array(2 * (to - from));
      for (let i = from; i < to; i++) data.set([this.#minutes[i], this.#values[i]], 2 * (i - from));
      parts.push({ part, data });
    }
    this.#savedN = this.#n;
    return { state: { novelty: this.#stream.state(), n: this.#n }, parts, drop: Math.max(0, Math.floor((this.#n - NOVELTY_HORIZON) / PART)) };
  }

  /** The span in which the newest values are farthest from what was usual before, when that is far enough. */
  #change(): Change | null {
    const values = this.#values;
    const past = values.slice(Math.max(0, values.length - LONGEST - USUAL), Math.max(0, values.length - LONGEST));
    const spread = past.length < LEAST ? null : spreadOf(past);
    if (spread === null) return null;
    const counted = this.#counted;
    const usual = spread.median;
    let farthest: Change | null = null;
    for (const span of SPANS) {
      const sum = values.slice(-span).reduce((total, each) => total + each, 0);
      const mean = sum / span;
      // Counts scatter by chance at least as much as Poisson's.
      const sigma = counted ? Math.max(spread.sigma, Math.sqrt(Math.max(1, usual) / span)) : spread.sigma;
      const z = mean === usual ? 0 : Math.abs(mean - usual) / sigma;
      if (z < BAR || (counted && !beyondChance(sum, usual * span))) continue;
      if (farthest === null || z > farthest.z) farthest = { span, mean, sum, usual, z };
    }
    return farthest;
  }

  #finding(minute: number, score: number, { span, mean, sum, usual, z }: Change): AnomalyFinding {
    const { id, title: name, measure, query } = this.#series;
    const direction = mean >= usual ? 'high' : 'low';
    const like = `anomalies:series:${boundedKey(id)}:${direction}`;
    const first = this.#minutes[this.#minutes.length - span];
    const from = first * MINUTE;
    const to = (minute + 1) * MINUTE;
    const values = new Float64Array(PICTURE).fill(Number.NaN);
    for (let i = this.#minutes.length - 1; i >= 0 && this.#minutes[i] > minute - PICTURE; i--) values[this.#minutes[i] - minute + PICTURE - 1] = this.#values[i];
    const counted = this.#counted;
    const unit = measure === 'latency' && query !== null ? ' ms' : '';
    const lasts = formatDuration(to - from);
    const title = boundedTitle(name);
    const [{ span: shape, distance, usual: usualDistance }] = this.#stream.reasons();
    const votes: AnomalyVote[] = [
      { detector: robustZ.id, title: robustZ.title, score: scoreAt(z, BAR), voted: true, why: `${short(mean)}${unit} is ${short(z)} robust standard deviations ${direction === 'high' ? 'above' : 'below'} the median of ${short(usual)}${unit} before` },
      { detector: novelty.id, title: novelty.title, score, voted: score >= VOTE, why: `the last ${shape} values are ${short(distance)} away from anything before, where ${short(usualDistance)} is usual` },
    ];
    return {
      key: `${like}@${from}:live`, like, kind: 'series', detector: 'novelty',
      title: `${title.slice(0, 1).toUpperCase()}${title.slice(1)}: ${counted ? `${short(sum)} in ${lasts}, usually ${short(usual * span)}` : `${short(mean)}${unit}, usually ${short(usual)}${unit}`}`,
      why: `Both detectors agree, by the minutes before it alone. ${votes[0].title}: ${votes[0].why}.`,
      evidence: [{ label: counted ? 'A minute' : 'Value', value: `${short(mean)}${unit}` }, { label: 'Usually', value: `${short(usual)}${unit}` }, { label: 'So far', value: lasts }],
      severity: measure === 'errors' && direction === 'low' ? 'low' : SEVERITY[measure], score: (score + scoreAt(z, BAR)) / 2, from, to,
      scope: { query: query ?? '', from, to }, events: [], quieted: false, votes,
      chart: { start: (minute - PICTURE + 1) * MINUTE, step: MINUTE, values, first: Math.max(0, first - minute + PICTURE - 1), last: PICTURE - 1 },
    };
  }
}

/** Where the oldest part begins that is wanted in memory when there are n values: what is usual is read from it, and a part is written whole. */
function partsBefore(n: number): number {
  return Math.max(0, Math.floor((n - USUAL - LONGEST - PICTURE) / PART) * PART);
}
