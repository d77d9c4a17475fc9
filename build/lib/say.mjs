// What setup tells the person: short steps on standard error, so that standard output stays the program's own.

const started = Date.now();
const live = Boolean(process.stderr.isTTY);

/** A failure that the person can do something about: printed without a stack. */
export class SetupError extends Error {
  /** @param {string} message @param {string} [advice] what to type, or where to look */
  constructor(message, advice) {
    super(message);
    this.advice = advice;
  }
}

/** @param {string} text */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

const warned = new Set();

/** Says a thing once per run. @param {string} text */
export function warnOnce(text) {
  if (warned.has(text)) return;
  warned.add(text);
  say(text);
}

/**
 * Runs a step that takes a while, and says how long it took.
 * @template T
 * @param {string} title
 * @param {(progress: (note: string) => void) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const begun = Date.now();
  let shown = 0;
  let lastNote = begun;
  if (!live) say(`setup: ${title} ...`);
  const draw = (/** @type {string} */ note) => {
    if (live) {
      const line = `setup: ${title} ... ${note}`;
      process.stderr.write(`\r${line.padEnd(shown)}`);
      shown = line.length;
    } else if (Date.now() - lastNote > 15_000) {
      // A log has no line to redraw: a word every now and then shows that it is alive.
      lastNote = Date.now();
      say(`setup: ${title} ... ${note}`);
    }
  };
  if (live) draw('');
  const ticking = setInterval(() => draw(seconds(begun)), 1000);
  ticking.unref();
  try {
    const result = await work(draw);
    if (live) process.stderr.write(`\r${`setup: ${title}: ${seconds(begun)}`.padEnd(shown)}\n`);
    else say(`setup: ${title}: ${seconds(begun)}`);
    return result;
  } catch (error) {
    if (live) process.stderr.write('\n');
    throw error;
  } finally {
    clearInterval(ticking);
  }
}

/** @param {number} [since] */
export function seconds(since = started) {
  const ms = Date.now() - since;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** Prints an error the way a person can use it, and gives the exit code. @param {unknown} error */
export function fail(error) {
  if (error instanceof SetupError) {
    say(`\nerror: ${error.message}`);
    if (error.advice) say(error.advice);
  } else {
    say(`\nerror: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return 1;
}
