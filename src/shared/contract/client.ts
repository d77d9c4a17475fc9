/** The asking side of a contract: typed functions that become messages on a port. */
import { TidemarkError } from './rpc.ts';
import type { CallOptions, Client, Contract, Port, Reply, Request, WireError } from './rpc.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: TidemarkError): void;
}

const cancelled = (): TidemarkError => new TidemarkError('cancelled', 'Cancelled.');

/**
 * Makes the client of a contract on a port. Calls reject with a TidemarkError; one whose signal aborts rejects at once with
 * code 'cancelled' and tells the other side to stop. `on<Name>` listens to a push and returns the way to stop listening.
 */
export function makeClient<C extends Contract>(contract: C, port: Port): Client<C> {
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, Set<(value: unknown) => void>>();
  let lastId = 0;

  function ask(call: string, input: unknown, { signal }: CallOptions): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(cancelled());
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        waiting.delete(id);
        port.postMessage({ id, abort: true } satisfies Request);
        reject(cancelled());
      };
      signal?.addEventListener('abort', abort, { once: true });
      const settled = (): void => signal?.removeEventListener('abort', abort);
      waiting.set(id, {
        resolve: (value) => (settled(), resolve(value)),
        reject: (error) => (settled(), reject(error)),
      });
      try {
        port.postMessage({ id, call, input } satisfies Request);
      } catch (error) {
        // What cannot be cloned (a function, a DOM node) never leaves; nobody will answer.
        waiting.delete(id);
        settled();
        reject(new TidemarkError('invalid_input', `${call}: ${error instanceof Error ? error.message : String(error)}`));
      }
    });
  }

  port.onMessage((message) => {
    const reply = message as Reply;
    if (typeof reply !== 'object' || reply === null) return;
    if ('push' in reply) {
      for (const listener of [...(listeners.get(reply.push) ?? [])]) listener(reply.value);
      return;
    }
    // A reply to a call that was cancelled meanwhile finds nobody waiting.
    const caller = waiting.get(reply.id);
    if (!caller) return;
    waiting.delete(reply.id);
    if ('error' in reply) caller.reject(fromWire(reply.error));
    else caller.resolve(reply.ok);
  });

  const rooms = Object.entries(contract).map(([roomName, room]) => {
    const members = Object.entries(room).map(([name, member]) => {
      const full = `${roomName}.${name}`;
      if (member.kind === 'call') return [name, (input: unknown, options: CallOptions = {}) => ask(full, input, options)];
      const heard = new Set<(value: unknown) => void>();
      listeners.set(full, heard);
      const listen = (listener: (value: unknown) => void): (() => void) => {
        // Wrapped, so that the same function listening twice is told twice and stops once.
        const own = (value: unknown): void => listener(value);
        heard.add(own);
        return () => void heard.delete(own);
      };
      return [`on${name[0].toUpperCase()}${name.slice(1)}`, listen];
    });
    return [roomName, Object.fromEntries(members)];
  });
  return Object.fromEntries(rooms) as Client<C>;
}

function fromWire(error: WireError): TidemarkError {
  return new TidemarkError(error.code, error.message, error.position);
}
