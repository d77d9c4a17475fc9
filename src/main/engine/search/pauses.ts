/**
 * Where a source is silent much longer than it usually is.
 *
 * The rule. The time from the first to the last event is divided into cells, at most 262,144 of them; a pause runs from the last event of
 * one busy cell to the first of the next. A silence inside one cell is not seen: of a year, what is shorter than two minutes. What is usual is told by time, not by number, so that bursts do not count: of the pauses without
 * the three longest, the usual one is the length such that half of the paused time is spent in pauses up to it. A burst of a million
 * lines once an hour has a usual pause of an hour. For events that come by chance at a steady rate (a Poisson process) that is 1.7 mean
 * intervals, and a gap comes up by chance once in twenty million pauses.
 *
 * A gap is a pause that is at least 10 times the usual one, and at least 10 seconds. A source with fewer than 20 pauses has none: it has
 * said too little to tell what is usual. What comes back often is usual, however long: nights of a machine that is switched off in the
 * evening are gaps in a log of four days and none in one of a month.
 */

/** How many pauses there must be. */
const ENOUGH = 20;
/** The longest pauses do not say what is usual: they may be what is looked for. */
const LEFT_OUT = 3;
const FACTOR = 10;
const LEAST = 10e6;
const MAX_CELLS = 262_144;
/** Cells for each event: fine enough that the pauses inside of cells do not matter. */
const CELLS_PER_EVENT = 16;

export interface Pauses {
  /** microseconds; null when there are too few to tell */
  usual: number | null;
  /** the longest gaps, at most `most`, in time order */
  gaps: { from: number; to: number }[];
  /** how many there are */
  count: number;
}

/** Gathers the times of a source, in any order. */
export class PauseFinder {
  readonly #from: number;
  readonly #scale: number;
  readonly #first: Float64Array;
  readonly #last: Float64Array;

  /** `from` and `to`: the first and the last time that will come, microseconds; `events`: about how many. */
  constructor(from: number, to: number, events: number) {
    const cells = Math.max(1, Math.min(MAX_CELLS, events * CELLS_PER_EVENT));
    this.#from = from;
    this.#scale = to > from ? cells / (to - from) : 0;
    this.#first = new Float64Array(cells).fill(Number.POSITIVE_INFINITY);
    this.#last = new Float64Array(cells).fill(Number.NEGATIVE_INFINITY);
  }

  add(time: number): void {
    const cell = Math.min(this.#first.length - 1, Math.max(0, Math.floor((time - this.#from) * this.#scale)));
    if (time < this.#first[cell]) this.#first[cell] = time;
    if (time > this.#last[cell]) this.#last[cell] = time;
  }

  find(most: number): Pauses {
    const starts: number[] = [];
    const lengths: number[] = [];
    let before = Number.NaN;
    for (let cell = 0; cell < this.#first.length; cell++) {
      if (this.#first[cell] === Number.POSITIVE_INFINITY) continue;
      if (!Number.isNaN(before)) {
        starts.push(before);
        lengths.push(this.#first[cell] - before);
      }
      before = this.#last[cell];
    }
    const usual = usualPauseOf(lengths);
    if (usual === null) return { usual: null, gaps: [], count: 0 };
    const least = gapLength(usual);
    const found = lengths.flatMap((length, i) => (length >= least ? [{ from: starts[i], to: starts[i] + length }] : []));
    const longest = found.toSorted((a, b) => b.to - b.from - (a.to - a.from)).slice(0, most);
    return { usual, gaps: longest.sort((a, b) => a.from - b.from), count: found.length };
  }
}

/** From how long on a pause is a gap. */
export function gapLength(usual: number): number {
  return Math.max(LEAST, usual * FACTOR);
}

/** The usual one of pauses, of any unit; null when there are too few to tell. */
export function usualPauseOf(lengths: readonly number[]): number | null {
  if (lengths.length < ENOUGH) return null;
  const sorted = Float64Array.from(lengths).sort().subarray(0, lengths.length - LEFT_OUT);
  let left = sorted.reduce((sum, length) => sum + length, 0) / 2;
  for (const length of sorted) {
    left -= length;
    if (left <= 0) return length;
  }
  return sorted.at(-1) ?? 0;
}
