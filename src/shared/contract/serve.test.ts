import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeClient } from './client.ts';
import { call, push, TidemarkError } from './rpc.ts';
import type { Handlers, Port } from './rpc.ts';
import { serve } from './serve.ts';

const contract = {
  room: {
    double: call(z.object({ n: z.number(), deep: z.object({ list: z.array(z.string()) }).optional() })).returns<number>(),
    withDefault: call(z.object({ limit: z.number().default(7) })).returns<number>(),
    fail: call(z.object({ how: z.string() })).returns<void>(),
    wait: call(z.object({})).returns<string>(),
    arrays: call(z.object({ n: z.number() })).returns<{ times: Float64Array; codes: Uint8Array }>(),
    uncloneable: call(z.object({})).returns<unknown>(),
    ticked: push<{ n: number }>(),
  },
};

interface Watch {
  started: number;
  aborted: number;
}
function handlersFor(watch: Watch): Handlers<typeof contract> {
  return {
    room: {
      double: ({ n }) => n * 2,
      withDefault: ({ limit }) => limit,
      fail: ({ how }) => {
        if (how === 'query') throw new TidemarkError('query', 'No closing quote.', { from: 3, to: 9 });
        if (how === 'string') throw 'only text';
        throw new RangeError('bad number\nsecret second line');
      },
      wait: (_input, { signal }) => {
        watch.started++;
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            watch.aborted++;
            reject(signal.reason as Error);
          });
        });
      },
      arrays: ({ n }) => ({ times: new Float64Array(n).fill(1.5e15), codes: new Uint8Array([1, 2, 3]) }),
      uncloneable: () => () => undefined,
    },
  };
}

function fromNode(port: MessagePort): Port {
  return {
    postMessage: (message, transfer) => port.postMessage(message, transfer ?? []),
    onMessage: (listener) => void port.on('message', listener),
  };
}

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});
function joined() {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const watch: Watch = { started: 0, aborted: 0 };
  const internal: unknown[] = [];
  const served = serve(contract, handlersFor(watch), fromNode(port1), { onInternal: (_call, error) => internal.push(error) });
  return { client: makeClient(contract, fromNode(port2)), served, watch, internal, port2 };
}
async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(condition()).toBe(true);
}

describe('calls', () => {
  it('answers, and fills in defaults before the handler sees the input', async () => {
    const { client } = joined();
    expect(await client.room.double({ n: 21 })).toBe(42);
    expect(await client.room.withDefault({})).toBe(7);
  });

  it('matches many answers to their questions', async () => {
    const { client } = joined();
    const answers = await Promise.all(Array.from({ length: 300 }, (_, n) => client.room.double({ n })));
    expect(answers).toEqual(Array.from({ length: 300 }, (_, n) => n * 2));
  });

  it('carries typed arrays as they are', async () => {
    const { client } = joined();
    const { times, codes } = await client.room.arrays({ n: 5000 });
    expect(times).toBeInstanceOf(Float64Array);
    expect(times.length).toBe(5000);
    expect(times[4999]).toBe(1.5e15);
    expect([...codes]).toEqual([1, 2, 3]);
  });

  it('refuses input that does not fit and names the path', async () => {
    const { client } = joined();
    const wrong = client.room.double({ n: 1, deep: { list: ['a', 5 as unknown as string] } });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('deep.list.1') });
  });

  it('keeps code and position of a TidemarkError', async () => {
    const { client, internal } = joined();
    const error = await client.room.fail({ how: 'query' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TidemarkError);
    expect(error).toMatchObject({ code: 'query', message: 'No closing quote.', position: { from: 3, to: 9 } });
    expect(internal).toEqual([]);
  });

  it('reports any other error as internal, without stack, and logs it', async () => {
    const { client, internal } = joined();
    const error = await client.room.fail({ how: 'range' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'internal', message: 'room.fail failed: bad number' });
    await expect(client.room.fail({ how: 'string' })).rejects.toMatchObject({ code: 'internal', message: 'room.fail failed: only text' });
    expect(internal).toHaveLength(2);
    expect((internal[0] as Error).stack).toContain('serve.test');
  });

  it('answers when the handler returns what cannot be cloned', async () => {
    const { client } = joined();
    await expect(client.room.uncloneable({})).rejects.toMatchObject({ code: 'internal' });
  });

  it('rejects input that cannot be cloned without sending it', async () => {
    const { client } = joined();
    await expect(client.room.double({ n: (() => 1) as unknown as number })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it.each(['room.nothing', 'nowhere.double', 'room.ticked', 'room', '', 'constructor.name', 'room.__proto__', 'room.double.x', '__proto__.toString'])('refuses the unknown call %j', async (name) => {
    const { port2 } = joined();
    const reply = await new Promise((resolve) => {
      port2.on('message', resolve);
      port2.postMessage({ id: 9, call: name, input: { n: 1 } });
    });
    expect(reply).toMatchObject({ id: 9, error: { code: 'invalid_input' } });
  });
});

describe('cancelling', () => {
  it('aborts the handler and rejects the caller at once', async () => {
    const { client, watch } = joined();
    const abort = new AbortController();
    const waiting = client.room.wait({}, { signal: abort.signal });
    await until(() => watch.started === 1);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => watch.aborted === 1);
    expect(await client.room.double({ n: 1 })).toBe(2);
  });

  it('does not send what was cancelled before', async () => {
    const { client, watch } = joined();
    await expect(client.room.wait({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
    expect(await client.room.double({ n: 1 })).toBe(2);
    expect(watch.started).toBe(0);
  });

  it('aborts only the call that was named', async () => {
    const { client, watch } = joined();
    const abort = new AbortController();
    const first = client.room.wait({}, { signal: abort.signal });
    const second = client.room.wait({});
    let secondSettled = false;
    second.catch(() => undefined).finally(() => (secondSettled = true));
    await until(() => watch.started === 2);
    abort.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await until(() => watch.aborted === 1);
    expect(await client.room.double({ n: 3 })).toBe(6);
    expect(secondSettled).toBe(false);
  });

  it('close aborts everything and answers nothing more', async () => {
    const { client, served, watch } = joined();
    let settled = false;
    client.room.wait({}).catch(() => undefined).finally(() => (settled = true));
    await until(() => watch.started === 1);
    served.close();
    await until(() => watch.aborted === 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(settled).toBe(false);
  });

  it('refuses more open questions than a port may have', async () => {
    const { client, served } = joined();
    const open = Array.from({ length: 1000 }, () => client.room.wait({}));
    for (const call of open) call.catch(() => undefined);
    await expect(client.room.double({ n: 1 })).rejects.toMatchObject({ code: 'busy' });
    served.close();
  });
});

describe('pushes', () => {
  it('reach every listener until it stops listening', async () => {
    const { client, served } = joined();
    const first: number[] = [];
    const second: number[] = [];
    const stop = client.room.onTicked(({ n }) => first.push(n));
    client.room.onTicked(({ n }) => second.push(n));
    served.emit('room', 'ticked', { n: 1 });
    await until(() => second.length === 1);
    stop();
    served.emit('room', 'ticked', { n: 2 });
    await until(() => second.length === 2);
    expect(first).toEqual([1]);
  });
});

describe('garbage', () => {
  const garbage = fc.oneof(
    fc.anything({ withTypedArray: true, withDate: true, withMap: true }),
    fc.record({ id: fc.anything(), call: fc.anything(), input: fc.anything() }, { requiredKeys: [] }),
    fc.record({ id: fc.integer(), call: fc.constantFrom('room.double', 'room.fail', 'room.withDefault', 'room.x'), input: fc.anything() }),
    fc.record({ id: fc.integer(), abort: fc.anything() }),
  );

  it('on the server: never throws, never answers twice, answers what has an id', () => {
    return fc.assert(
      fc.asyncProperty(fc.array(garbage, { maxLength: 20 }), async (messages) => {
        const sent: { id: number }[] = [];
        let deliver: (message: unknown) => void = () => undefined;
        serve(contract, handlersFor({ started: 0, aborted: 0 }), {
          postMessage: (message) => void sent.push(message as { id: number }),
          onMessage: (listener) => void (deliver = listener),
        });
        const requests = messages.filter((message) => {
          const { id, abort } = (typeof message === 'object' && message !== null ? message : {}) as { id?: unknown; abort?: unknown };
          return Number.isSafeInteger(id) && abort !== true;
        });
        for (const message of messages) deliver(message);
        await new Promise((resolve) => setImmediate(resolve));
        expect(sent).toHaveLength(requests.length);
        for (const reply of sent) expect('ok' in reply || 'error' in reply).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('on the client: is ignored, and a real answer still arrives', () => {
    return fc.assert(
      fc.asyncProperty(fc.array(garbage, { maxLength: 20 }), async (messages) => {
        let deliver: (message: unknown) => void = () => undefined;
        const client = makeClient(contract, { postMessage: () => undefined, onMessage: (listener) => void (deliver = listener) });
        const answer = client.room.double({ n: 4 });
        for (const message of messages) {
          const id = typeof message === 'object' && message !== null ? (message as { id?: unknown }).id : undefined;
          if (id !== 1) deliver(message);
        }
        deliver({ id: 1, ok: 8 });
        expect(await answer).toBe(8);
      }),
      { numRuns: 200 },
    );
  });
});
