const WINDOW_MS = 60_000;
const DELAYS_MS = [0, 500, 2000];

/**
 * When to start a process again that died, with a growing pause, at most three times in a minute.
 * A process that dies on the same data each time must not be started for ever.
 */
export function createRestartPolicy(now: () => number = () => performance.now()): { next(): number | null; reset(): void } {
  let deaths: number[] = [];
  return {
    /** Notes a death. Milliseconds to wait before starting again; null: leave it dead. */
    next() {
      const at = now();
      deaths = deaths.filter((death) => at - death < WINDOW_MS);
      deaths.push(at);
      return DELAYS_MS[deaths.length - 1] ?? null;
    },
    /** Somebody asked for a start: counts anew. */
    reset() {
      deaths = [];
    },
  };
}
