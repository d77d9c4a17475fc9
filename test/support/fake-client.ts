/**
 * The window's client joined to the engine in memory, for component tests:
 * `vi.mock('../../client/client.ts', async () => (await import('../../../../test/support/fake-client.ts')).fakeClient())`.
 */
import { configure } from '@testing-library/react';
import { vi } from 'vitest';
import type * as ClientModule from '../../src/renderer/client/client.ts';
import { makeClient } from '../../src/shared/contract/client.ts';
import { engineContract, shellContract } from '../../src/shared/contract/index.ts';
import type { Port } from '../../src/shared/contract/rpc.ts';
import { makeFake, serve } from './fake-engine.ts';
import type { Scenario } from './fake-engine.ts';

// A machine that does other things besides takes longer than the second that is usual.
configure({ asyncUtilTimeout: 8000 });

interface End {
  send(message: unknown): void;
  receive(message: unknown): void;
}
const makeEnd = (): End => ({ send: () => undefined, receive: () => undefined });
/** What the window has in its hands, and to whom it leads now. */
const far = { engine: makeEnd(), shell: makeEnd() };

const near = (end: End): Port => ({
  postMessage: (message) => queueMicrotask(() => end.send(message)),
  onMessage: (listener) => {
    end.receive = listener;
  },
});
const answering = (end: End): Port => ({
  postMessage: (message) => queueMicrotask(() => end.receive(message)),
  onMessage: (listener) => {
    end.send = listener;
  },
});

export function fakeClient(): Partial<typeof ClientModule> {
  return { engine: makeClient(engineContract, near(far.engine)), shell: makeClient(shellContract, near(far.shell)), engineLost: () => undefined };
}
/** A new engine in memory behind the client; what it pushes reaches the window. */
export function startFake(scenario: Scenario = 'case', prepare: (fake: ReturnType<typeof makeFake>) => void = () => undefined): ReturnType<typeof makeFake> {
  const fake = makeFake(scenario);
  prepare(fake);
  fake.state.emit = (name, value) => far.engine.receive({ push: name, value });
  serve(fake.engine, engineContract, answering(far.engine), fake.state);
  serve(fake.shell, shellContract, answering(far.shell));
  return fake;
}

/** What jsdom lacks and the window asks for; `size` in pixels is that of every element, none for an element that never has one. */
export function stubBrowser(size?: { width: number; height: number }): void {
  class Observer {
    readonly #call: ResizeObserverCallback;
    constructor(call: ResizeObserverCallback) {
      this.#call = call;
    }
    observe(target: Element): void {
      if (!size) return;
      const { width, height } = size;
      const contentRect = { x: 0, y: 0, top: 0, left: 0, right: width, bottom: height, width, height, toJSON: () => '' };
      const box = [{ inlineSize: width, blockSize: height }];
      this.#call([{ target, contentRect, borderBoxSize: box, contentBoxSize: box, devicePixelContentBoxSize: box }], this);
    }
    unobserve(): void {}
    disconnect(): void {}
  }
  vi.stubGlobal('ResizeObserver', Observer);
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined, addListener: () => undefined, removeListener: () => undefined }));
}
