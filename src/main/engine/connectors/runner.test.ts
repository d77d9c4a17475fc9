import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ALL_KEPT, connector, FatalError, RetryLater, type Chunk, type Connector, type ReadContext } from './connector.ts';
import { Runner, type RunnerPolicy } from './runner.ts';

const QUICK: Partial<RunnerPolicy> = { firstWait: 1, longestWait: 4, halfOpenAfter: 30, patience: 60, failures: 3, grace: 80, steady: 20 };

function made(read: (context: ReadContext) => AsyncIterable<Chunk>, mode: 'pull' | 'live' = 'pull', every = 0): Connector {
  return connector({ id: 'made', title: '', description: '', signal: 'logs', format: 'jsonl', mode, config: z.object({}), target: () => 'made', every: () => every, test: async () => await Promise.resolve(''), read: (_, context) => read(context) });
}
/** Counts from the cursor; `at` may throw or hang in front of a number. */
function counting(upTo: number, at: (n: number, context: ReadContext) => Promise<void> | void): Connector {
  return made(async function* (context) {
    for (let n = Number(context.cursor) + 1; n <= upTo; n++) {
      await at(n, context);
      yield { lines: Buffer.from(`${n}\n`), cursor: String(n) };
    }
  });
}
interface Ran {
  runner: Runner;
  stored: number[];
  states: string[];
}
function runs(one: Connector, write: (n: number) => Promise<void> | void = () => undefined, policy: Partial<RunnerPolicy> = {}): Ran {
  const stored: number[] = [];
  const states: string[] = [];
  const runner: Runner = new Runner({
    connector: one, config: {}, cursor: '', policy: { ...QUICK, ...policy }, complete: (lines) => lines.length,
    changed: () => {
      const { state } = runner.status;
      if (states.at(-1) !== state) states.push(state);
    },
    write: async (chunk) => {
      const n = Number(Buffer.from(chunk.lines).toString());
      await write(n);
      stored.push(n);
      return { ...ALL_KEPT, read: 1 };
    },
  });
  return { runner, stored, states };
}
function mostly(one: Connector, perSecond: number): Connector {
  return { ...one, mostPerSecond: () => perSecond };
}
async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !what(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(what()).toBe(true);
}
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('a connection', () => {
  it('stores everything once and stops when there is no more', async () => {
    const { runner, stored, states } = runs(counting(50, () => undefined));
    runner.start();
    await until(() => runner.status.state === 'stopped');
    expect(stored).toEqual(upTo(50));
    expect(states).toEqual(['starting', 'ok', 'stopped']);
    expect(runner.status).toMatchObject({ error: '', failures: 0 });
  });

  it('tells how much waits to be stored', async () => {
    const queued: number[] = [];
    const { runner } = runs(made(async function* () {
      yield await Promise.resolve({ lines: Buffer.from('1\n'), waiting: 100, cursor: '1' });
      queued.push(runner.status.queued);
      yield { lines: Buffer.from('2\n'), cursor: '2' };
    }), () => void queued.push(runner.status.queued));
    runner.start();
    await until(() => runner.status.state === 'stopped');
    expect(queued).toEqual([100, 98, 2]);
    expect(runner.status.queued).toBe(0);
  });

  it('goes on where it was when the counterpart dies in between, again and again', async () => {
    let deaths = 0;
    const { runner, stored, states } = runs(counting(30, (n) => {
      if (n % 7 === 0 && deaths++ % 2 === 0) throw new Error('connection reset');
    }));
    runner.start();
    await until(() => runner.status.state === 'stopped');
    expect(stored).toEqual(upTo(30));
    expect(states).toContain('degraded');
    expect(runner.status.failuresTotal).toBe(4);
  });

  it('waits when the counterpart is down at the start: degraded, then open, then one try at a time, and says the truth when it is there again', async () => {
    let down = true;
    let tries = 0;
    const { runner, stored, states } = runs(counting(3, () => {
      tries++;
      if (down) throw new Error('connection refused');
    }));
    runner.start();
    await until(() => runner.status.state === 'open');
    expect(runner.status).toMatchObject({ breaker: 'open', error: 'connection refused', heardAt: null });
    const before = tries;
    await new Promise((resolve) => setTimeout(resolve, 100));
    // About one try for each time that the breaker opens half.
    expect(tries - before).toBeLessThanOrEqual(4);
    expect(stored).toEqual([]);
    down = false;
    await until(() => runner.status.state === 'stopped');
    expect(stored).toEqual([1, 2, 3]);
    expect(states.slice(0, 3)).toEqual(['starting', 'degraded', 'open']);
    expect(runner.status).toMatchObject({ breaker: 'closed', error: '', failures: 0 });
  });

  it('is tried at once when a person says so, also while its breaker is open', async () => {
    let down = true;
    const { runner, stored } = runs(counting(2, () => {
      if (down) throw new Error('connection refused');
    }), undefined, { halfOpenAfter: 60_000 });
    runner.start();
    await until(() => runner.status.state === 'open');
    down = false;
    runner.start();
    await until(() => runner.status.state === 'stopped');
    expect(stored).toEqual([1, 2]);
  });

  it('does not wait for ever for a counterpart that hangs', async () => {
    let hung = false;
    const { runner, stored } = runs(counting(3, async (n) => {
      if (n === 2 && !hung) {
        hung = true;
        await new Promise(() => undefined);
      }
    }));
    runner.start();
    await until(() => runner.status.state === 'stopped');
    expect(stored).toEqual([1, 2, 3]);
    expect(runner.status.failuresTotal).toBe(1);
  });

  it('stops for good when trying again is no use, and when the store cannot take more, without moving on', async () => {
    const refused = runs(counting(3, () => {
      throw new FatalError('The token was refused. Make a new one.');
    }));
    refused.runner.start();
    await until(() => refused.runner.status.state === 'stopped');
    expect(refused.runner.status.error).toBe('The token was refused. Make a new one.');

    let full = true;
    const disk = runs(counting(3, () => undefined), (n) => {
      if (n === 2 && full) throw new Error('no room left on the disk');
    });
    disk.runner.start();
    await until(() => disk.runner.status.state === 'stopped');
    expect(disk.runner.status.error).toBe('no room left on the disk');
    expect(disk.stored).toEqual([1]);
    full = false;
    disk.runner.start();
    await until(() => disk.runner.status.state === 'stopped' && disk.stored.length === 3);
    expect(disk.stored).toEqual([1, 2, 3]);
  });

  it('asks for the next chunk only when the one before is stored', async () => {
    let asked = 0;
    let release = (): void => undefined;
    const { runner } = runs(counting(10, () => void asked++), async () => await new Promise<void>((resolve) => (release = resolve)));
    runner.start();
    await until(() => asked === 1);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(asked).toBe(1);
    release();
    await until(() => asked === 2);
    const stopped = runner.stop();
    release();
    await stopped;
    expect(runner.status.state).toBe('stopped');
  });

  it('lets a live one bring what it holds when it is stopped, but does not wait for ever', async () => {
    const { runner, stored } = runs(made(async function* ({ signal, idle, note }) {
      idle();
      note('listens');
      yield { lines: Buffer.from('1\n'), cursor: '1' };
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      yield { lines: Buffer.from('2\n'), cursor: '2' };
      yield { lines: Buffer.from('3\n'), cursor: '3' };
    }, 'live'));
    runner.start();
    await until(() => stored.length === 1);
    expect(runner.status).toMatchObject({ state: 'ok', note: 'listens' });
    await runner.stop();
    expect(stored).toEqual([1, 2, 3]);
    expect(runner.status).toMatchObject({ state: 'stopped', error: '', note: '' });

    const hung = runs(made(async function* ({ idle }) {
      idle();
      await new Promise(() => undefined);
      yield { lines: Buffer.from('1\n'), cursor: '1' };
    }, 'live'));
    hung.runner.start();
    await until(() => hung.runner.status.state === 'ok');
    await hung.runner.stop();
    expect(hung.runner.status.state).toBe('stopped');
    expect(hung.stored).toEqual([]);
  });

  it('tells a chunk that it is stored after it was, and is stopped while it waits for its turn', async () => {
    const order: string[] = [];
    const one = made(async function* () {
      await Promise.resolve();
      yield { lines: Buffer.from('1\n'), cursor: '1', stored: () => void order.push('told') };
    }, 'pull', 3600);
    const { runner } = runs(one, () => void order.push('stored'));
    runner.start();
    await until(() => runner.status.nextTry !== null);
    expect(order).toEqual(['stored', 'told']);
    expect(runner.status.state).toBe('ok');
    await runner.stop();
    expect(runner.status.state).toBe('stopped');
  });

  it('does not open its breaker for a counterpart that brings something each time before it dies', async () => {
    let deaths = 0;
    const { runner, stored, states } = runs(counting(12, (n) => {
      if (deaths < n) {
        deaths = n;
        throw new Error('connection reset');
      }
    }));
    runner.start();
    await until(() => runner.status.state === 'stopped');
    expect(stored).toEqual(upTo(12));
    expect(states).not.toContain('open');
    expect(runner.status.failuresTotal).toBe(12);
  });

  it('says that the breaker is closed as soon as a live counterpart is there again', async () => {
    let down = true;
    const { runner, states } = runs(made(async function* ({ signal, idle }) {
      if (down) throw new Error('connection refused');
      idle();
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      yield* [];
    }, 'live'));
    runner.start();
    await until(() => runner.status.state === 'open');
    down = false;
    await until(() => runner.status.state === 'ok' && runner.status.breaker === 'closed');
    expect(runner.status).toMatchObject({ error: '', failures: 0, failuresTotal: 3 });
    await runner.stop();
    expect(states).toEqual(['starting', 'degraded', 'open', 'ok', 'stopped']);
  });

  it('waits as long as it is asked to, and not longer than is sensible', async () => {
    for (const [asked, longestAsked, least] of [[80, 1000, 75], [60_000, 40, 35]]) {
      let tries = 0;
      const begun = performance.now();
      const { runner, stored } = runs(counting(1, () => {
        if (tries++ === 0) throw new RetryLater('The server answers 429.', asked);
      }), undefined, { longestAsked });
      runner.start();
      await until(() => runner.status.state === 'degraded' && runner.status.nextTry !== null);
      expect(runner.status.error).toBe('The server answers 429.');
      await until(() => runner.status.state === 'stopped');
      expect(performance.now() - begun).toBeGreaterThanOrEqual(least);
      expect(stored).toEqual([1]);
    }
  });

  it('does not care for a wall clock that jumps: neither back by a day nor forth', async () => {
    const real = Date.now;
    for (const jump of [-86_400_000, 86_400_000]) {
      let down = true;
      const { runner, stored } = runs(counting(3, () => {
        if (down) throw new Error('connection refused');
      }));
      try {
        runner.start();
        await until(() => runner.status.state === 'open');
        Date.now = () => real() + jump;
        down = false;
        await until(() => runner.status.state === 'stopped');
      } finally {
        Date.now = real;
      }
      expect(stored).toEqual([1, 2, 3]);
      expect(runner.status).toMatchObject({ breaker: 'closed', error: '' });
    }
  });

  it('takes no more records a second than it may, and stops at once while it waits', async () => {
    const { runner, stored } = runs(mostly(counting(100, () => undefined), 2));
    runner.start();
    // A second's worth may come at once.
    await until(() => stored.length === 3);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stored).toEqual([1, 2, 3]);
    expect(runner.status.state).toBe('ok');
    await runner.stop();
    expect(stored).toEqual([1, 2, 3]);
  });

  it('never has more than one chunk on its way, and loses none when it is stopped and started again and again', async () => {
    let underway = 0;
    let most = 0;
    const { runner, stored } = runs(counting(60, () => undefined), async () => {
      most = Math.max(most, ++underway);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underway--;
    });
    for (let i = 0; i < 8; i++) {
      runner.start();
      await new Promise((resolve) => setTimeout(resolve, 3));
      await runner.stop();
    }
    runner.start();
    await until(() => runner.status.state === 'stopped' && stored.length === 60);
    expect(stored).toEqual(upTo(60));
    expect(most).toBe(1);
  });

  it('does not take for recovered what answers the first question of each run and fails at the second', async () => {
    let tries = 0;
    const { runner } = runs(made(async function* ({ idle }) {
      tries++;
      await Promise.resolve();
      idle();
      if (tries > 0) throw new Error('the index is not ready');
      yield* [];
    }), undefined, { halfOpenAfter: 60_000 });
    runner.start();
    await until(() => runner.status.state === 'open');
    expect(runner.status).toMatchObject({ failures: 3, error: 'the index is not ready' });
    expect(tries).toBe(3);
    await runner.stop();
  });
});
