/** The streaming detector: says of each value of a series, from the values before it alone, how new the shape is that it completes. */
import { REMEMBERED, WindowMemory } from './window-memory.ts';

/** A flagged row has at least this score. */
export const ANOMALY_SCORE = 0.5;

/** Windows of eight means, each twice as wide as the one before: 16, 32, 64, 128 and 256 values. They have to agree. */
const POINTS = 8;
const WIDTHS = [2, 4, 8, 16, 32];
/** And the last two values as they are, for a single wild value, which is soon lost in means. */
const SPIKE_POINTS = 2;

/** Strength, in spreads of what is usual, from which on a row is flagged. */
const THRESHOLD = 2.1;
/** A spike has to be this many spreads out alone, where windows of several widths need THRESHOLD on average. */
const ALONE = 18;
/** No window counts for more than this many spreads, or one would outvote all others. */
const MOST = 10;
/** Values after which what was usual counts half. */
const HALF_LIFE = 5000;
/** While little is remembered everything is new: 1 would weigh all rows of a young series alike, more weighs later rows higher. */
const MATURING = 1.5;
/** Only strengths among this share of the highest that the series had lately are worth a word: some series are wild all the time. */
const RARE = 0.03;
/** After a flag nothing more is said for so many values (less in a young series): it would be about the same thing. */
const QUIET = 150;
const QUIET_SHARE = 0.25;

/** What is not flagged keeps its order below the bar. */
const UNFLAGGED = ANOMALY_SCORE * 0.98;

/** Cells of the histogram of strengths, to the width below. */
const CELLS = 64;
const CELL = 1 / 12;
/** Means and windows stay finite squared and summed. */
const LARGEST = 1e140;

/** What windows of one width say of the newest value. */
interface WidthView {
  memory: WindowMemory;
  /** means of as many values as the width, at the last rows */
  means: Float64Array;
  rows: number;
  novelty: number;
  usual: number;
  square: number;
  /** spreads by which the novelty exceeds what is usual */
  spreads: number;
}

export interface StreamedScore {
  /** 0..1; ANOMALY_SCORE and more is flagged */
  score: number;
  anomaly: boolean;
  /** spreads beyond what is usual, windows of all widths together */
  strength: number;
}

/** Why a row has its score, for people. */
export interface NoveltyReason {
  /** values that the window spans */
  span: number;
  /** distance to what was seen before, in units of the series, and what is usual for it */
  distance: number;
  usual: number;
  spreads: number;
}

/** What a stream has to keep besides the values it had, to go on later as if it had never been put away; plain JSON. */
export interface NoveltyState {
  row: number;
  quietUntil: number;
  /** null = there was no value yet */
  first: number | null;
  unit: number;
  last: number;
  heard: number;
  histogram: number[];
  views: { rows: number; usual: number; square: number }[];
}

/** Values behind which nothing of a stream reaches: all windows remembered at the widest, those that wait, and what their means are made of. */
export const NOVELTY_HORIZON = (REMEMBERED + 4 * POINTS) * WIDTHS[WIDTHS.length - 1];

/**
 * Give it the values of a series one by one. One setting for all series; what it has to know of a series it learns on the way, and says
 * nothing before some fifty values. The shape of the last 16 to 256 values is compared with what was seen before, its distance with the
 * distances that are usual (mean and root mean square with a half-life), and the widths have their say together, by their mean. The score
 * does not change when the series is shifted or multiplied. Values that are not finite repeat the one before.
 */
export class NoveltyStream {
  readonly #views: WidthView[];
  readonly #histogram = new Float64Array(CELLS);
  #heard = 0;
  #row = 0;
  #quietUntil = -1;
  #first = Number.NaN;
  #unit = 0;
  #last = 0;

  constructor() {
    const view = (points: number, width: number): WidthView => ({ memory: new WindowMemory(points, width), means: new Float64Array(points * width + width), rows: 0, novelty: 0, usual: 0, square: 0, spreads: 0 });
    this.#views = [view(SPIKE_POINTS, 1), ...WIDTHS.map((width) => view(POINTS, width))];
  }

  /** Goes on where `state` was taken. `values`: the last finite ones it had, all of them or at least NOVELTY_HORIZON. */
  static resume(state: NoveltyState, values: ArrayLike<number>): NoveltyStream {
    const stream = new NoveltyStream();
    stream.#first = state.first ?? Number.NaN;
    stream.#unit = state.unit;
    for (let i = 0; i < values.length; i++) {
      stream.#row = state.row - values.length + i;
      stream.#extend(stream.#scaled(values[i]), false);
    }
    stream.#row = state.row;
    stream.#quietUntil = state.quietUntil;
    stream.#last = state.last;
    stream.#heard = state.heard;
    stream.#histogram.set(state.histogram);
    for (const [i, view] of stream.#views.entries()) Object.assign(view, state.views[i]);
    return stream;
  }
  state(): NoveltyState {
    return {
      row: this.#row, quietUntil: this.#quietUntil, first: Number.isNaN(this.#first) ? null : this.#first, unit: this.#unit, last: this.#last, heard: this.#heard,
      histogram: [...this.#histogram], views: this.#views.map(({ rows, usual, square }) => ({ rows, usual, square })),
    };
  }

  /** `worth`: asked before a row is flagged, whether it is worth a word; what is not leaves the next one to be told. */
  push(value: number, worth: () => boolean = () => true): StreamedScore {
    this.#extend(this.#scaled(value), true);
    const strength = this.#strength();
    const flagged = strength > THRESHOLD && this.#row > this.#quietUntil && this.#isRare(strength) && worth();
    if (flagged) this.#quietUntil = this.#row + Math.min(QUIET, Math.round(QUIET_SHARE * this.#row));
    this.#learn(strength);
    this.#row++;
    const raw = strength / (strength + THRESHOLD);
    // What follows a flag is told of by it, so it has its score below the bar.
    return { score: flagged ? raw : raw * UNFLAGGED, anomaly: flagged, strength };
  }

  /** What each width saw at the newest value, the strongest first; widths that know too little yet are left out. */
  reasons(): NoveltyReason[] {
    const unit = this.#unit || 1;
    return this.#views
      .filter(({ memory, rows }) => rows >= memory.span)
      .map(({ memory, novelty, usual, spreads }) => ({ span: memory.span, distance: novelty * unit, usual: usual * unit, spreads }))
      .sort((a, b) => b.spreads - a.spreads);
  }

  /** In units of the first change that the series made, from where it began. */
  #scaled(value: number): number {
    if (!Number.isFinite(value)) return this.#last;
    if (Number.isNaN(this.#first)) this.#first = value;
    if (this.#unit === 0) {
      // Halves, so that the difference of two huge values is finite.
      this.#unit = 2 * Math.abs(value / 2 - this.#first / 2);
      if (this.#unit === Infinity) this.#unit = Number.MAX_VALUE;
    }
    const scaled = this.#unit === 0 ? 0 : (value / this.#unit) - (this.#first / this.#unit);
    this.#last = Math.max(-LARGEST, Math.min(LARGEST, scaled));
    return this.#last;
  }

  /** The mean of twice as many values is that of two means, so no sum is carried along that could drift. */
  #extend(value: number, compared: boolean): void {
    const row = this.#row;
    let narrower: WidthView | null = null;
    for (const view of this.#views) {
      const { means, memory } = view;
      if (narrower === null) means[row % means.length] = value;
      else {
        const back = WIDTHS[this.#views.indexOf(view) - 1] / 2;
        means[row % means.length] = row < back ? value : (narrower.means[row % narrower.means.length] + narrower.means[(row - back) % narrower.means.length]) / 2;
      }
      if (compared) view.novelty = memory.push(means, row);
      else memory.recall(means, row);
      narrower = view;
    }
  }

  #strength(): number {
    let sum = 0;
    let widths = 0;
    let most = 0;
    for (const [i, view] of this.#views.entries()) {
      view.spreads = 0;
      if (view.rows < view.memory.span) continue;
      const excess = view.novelty - view.usual / 2;
      const spread = Math.sqrt(view.square);
      if (excess > 0) view.spreads = spread > 0 ? excess / spread : MOST;
      most = Math.max(most, view.spreads);
      if (i === 0) continue;
      widths++;
      sum += Math.min(MOST, view.spreads);
    }
    // Two values that look new among a handful are no news.
    return widths === 0 ? 0 : Math.max(sum / widths, (most * THRESHOLD) / ALONE);
  }

  #isRare(strength: number): boolean {
    let above = 0;
    let all = 0;
    const cell = cellOf(strength);
    for (let i = 0; i < CELLS; i++) {
      all += this.#histogram[i];
      if (i >= cell) above += this.#histogram[i];
    }
    return above <= RARE * all;
  }

  #learn(strength: number): void {
    const pace = 1 - 0.5 ** (1 / HALF_LIFE);
    for (const view of this.#views) {
      if (this.#row < 2 * view.memory.span) continue;
      view.rows++;
      const share = Math.min(1, Math.max(MATURING / view.rows, pace));
      view.usual += (view.novelty - view.usual) * share;
      const excess = Math.max(0, view.novelty - view.usual / 2);
      view.square += (excess * excess - view.square) * share;
    }
    if (!this.#views.some((view, i) => i > 0 && view.rows > view.memory.span)) return;
    this.#heard++;
    const share = Math.max(1 / this.#heard, pace);
    for (let i = 0; i < CELLS; i++) this.#histogram[i] *= 1 - share;
    this.#histogram[cellOf(strength)] += share;
  }
}

function cellOf(strength: number): number {
  return Math.min(CELLS - 1, Math.floor(strength / CELL));
}

/** Scores of a whole series, each from the values before it. */
export function scoreSeries(values: ArrayLike<number>): StreamedScore[] {
  const stream = new NoveltyStream();
  return Array.from({ length: values.length }, (_, i) => stream.push(values[i]));
}
