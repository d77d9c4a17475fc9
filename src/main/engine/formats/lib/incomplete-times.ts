/**
 * Times without a year or without a date. The missing part is the latest that fits before the end of the source, and where all of the
 * source lies before us, before the record that follows: so 31 December is followed by 1 January of the next year, and 23:59 by 00:00 of
 * the next day.
 *
 * The end is told by the last times of the source (from its last bytes, or all of it when it is small) and its last change: a file that
 * was copied in November may well end in February. Records of a larger source are judged one by one against that end, so that every
 * worker says the same wherever it starts; a source that spans more than a year (or day, where times have no date) is then folded
 * into the last one.
 */
import type { Parser, Sink, SourceContext } from '../format.ts';
import { createClock, DAY_US, HOUR_US, type Clock, type IncompleteStamp } from './clock.ts';
import { forward } from './forward.ts';

/** SourceContext.head is cut here: what is shorter is all there is. */
const HEAD_BYTES = 65536;
/** Writers that wait for each other put their records a little out of order. */
const DISORDER_US = { year: DAY_US, date: HOUR_US } as const;
const HALF_US = { year: 182 * DAY_US, date: 12 * HOUR_US } as const;
/** so many records at the end tell when the source ends */
const END_STAMPS = 100;
const BELIEVABLE_FROM = Date.UTC(1990, 0, 1) * 1000;

/** The end of a source: all of it when it is small; undefined when it is not at hand. */
export function endOf({ head, tail }: SourceContext): Uint8Array | undefined {
  return head.length < HEAD_BYTES ? head : tail;
}

interface Stamp {
  /** us UTC as it is written, or as the clock guessed it */
  us: number;
  /** null = the stamp is complete */
  incomplete: IncompleteStamp | null;
}

/** Opens a parser whose clock and times know what the end of the source tells. */
export function openWithEnd(context: SourceContext, make: (clock: Clock) => Required<Parser>): Required<Parser> {
  const whole = context.head.length < HEAD_BYTES;
  const sample = endOf(context);
  if (sample === undefined || sample.length === 0) return make(createClock(context));
  const stamps = stampsOf(sample, whole, context, make);
  if (stamps.every(({ incomplete }) => incomplete === null)) return make(createClock(context));

  const times = placed(stamps, context);
  const clock = createClock({ zone: context.zone, modified: Math.max(...times.slice(-END_STAMPS)) });
  const parser = make(clock);
  if (!whole) return parser;
  const guesses = stamps.flatMap(({ incomplete }, i) => (incomplete ? [{ guess: incomplete.again(clock), time: times[i] }] : []));
  // Before 1990 there are no such logs: the records are not in order.
  if (guesses.every(({ guess, time }) => guess === time) || guesses.some(({ time }) => time < BELIEVABLE_FROM)) return parser;
  let next = 0;
  const timeOf = (us: number): number => {
    // Where reading starts in the middle the first record with the same stamp is the best guess.
    let at = guesses.findIndex(({ guess }, i) => i >= next && guess === us);
    if (at < 0) at = guesses.findIndex(({ guess }) => guess === us);
    if (at < 0) return us;
    next = at + 1;
    return guesses[at].time;
  };
  return {
    parse: (buf, start, stop, stopAt, final, sink) => parser.parse(buf, start, stop, stopAt, final, withTimes(sink, (us) => (us === clock.guess ? timeOf(us) : us))),
    sync: parser.sync,
  };
}

/** The times of all records in a piece of the source, in their order. */
function stampsOf(sample: Uint8Array, whole: boolean, context: SourceContext, make: (clock: Clock) => Required<Parser>): Stamp[] {
  const stamps: Stamp[] = [];
  const clock = createClock(context);
  const parser = make(clock);
  const start = whole ? 0 : parser.sync(sample, 1, sample.length);
  if (start < 0) return stamps;
  const nothing = (): void => {
    // Only times count here.
  };
  parser.parse(sample, start, sample.length, sample.length, true, {
    detail: false, begin: nothing, field: nothing, text: nothing, number: nothing, words: nothing, severity: nothing, message: nothing, messageText: nothing,
    attribute: nothing, end: nothing, reject: nothing,
    time: (us) => {
      if (us === clock.guess) stamps.push({ us, incomplete: clock.keepGuess() });
      else if (us >= BELIEVABLE_FROM && us <= context.modified + DAY_US) stamps.push({ us, incomplete: null });
    },
  });
  return stamps;
}

/** The times of the stamps, found from the last to the first: each is the latest that does not lie behind its successor. */
function placed(stamps: readonly Stamp[], { zone, modified }: SourceContext): number[] {
  const times = stamps.map(({ us }) => us);
  // Behind the last complete time an incomplete one is the one nearest to it.
  const complete = stamps.findLast(({ incomplete }) => incomplete === null);
  const missing = stamps.findLast(({ incomplete }) => incomplete !== null)?.incomplete?.missing ?? 'year';
  let clock = createClock({ zone, modified: complete ? Math.min(modified, complete.us + HALF_US[missing]) : modified });
  let following = Number.POSITIVE_INFINITY;
  for (let i = stamps.length - 1; i >= 0; i--) {
    const { incomplete } = stamps[i];
    if (incomplete) {
      times[i] = incomplete.again(clock);
      if (times[i] > following + DISORDER_US[incomplete.missing]) {
        clock = createClock({ zone, modified: following });
        times[i] = incomplete.again(clock);
      }
      // The clock was not set yet: that says nothing about the records before.
      if (incomplete.unset && following - times[i] > DAY_US && following < Number.POSITIVE_INFINITY) continue;
    }
    following = times[i];
  }
  return times;
}

function withTimes(sink: Sink, timeOf: (us: number) => number): Sink {
  return { ...forward(sink), time: (us, start, end, assumed, inferred) => sink.time(timeOf(us), start, end, assumed, inferred) };
}
