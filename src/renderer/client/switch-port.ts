import type { Port, Reply, Request } from '../../shared/contract/rpc.ts';

/** The part of a browser MessagePort that is used here. */
export interface PortLike {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

export interface SwitchPort extends Port {
  /** Uses another port from now on. What was asked of the old one and never answered fails with a clear error. */
  connect(port: PortLike): void;
  /** Fails what is unanswered, and holds new requests until `connect`. */
  disconnect(message: string): void;
}

/**
 * A port whose far end can be replaced, so that `engine` stays one object for the life of the window although the engine may
 * die and be started again. Requests made while nothing is connected wait.
 */
export function createSwitchPort(): SwitchPort {
  let port: PortLike | null = null;
  let waiting: { message: unknown; transfer: ArrayBuffer[] | undefined }[] = [];
  const unanswered = new Set<number>();
  const listeners = new Set<(message: unknown) => void>();

  function deliver(message: unknown): void {
    const reply = message as Reply;
    if (reply && typeof reply === 'object' && 'id' in reply) unanswered.delete(reply.id);
    for (const listener of listeners) listener(message);
  }
  function fail(message: string): void {
    const held = new Set(waiting.map((entry) => (entry.message as Request).id));
    for (const id of [...unanswered]) {
      if (!held.has(id)) deliver({ id, error: { code: 'unavailable', message } } satisfies Reply);
    }
  }
  return {
    postMessage(message, transfer) {
      const request = message as Request;
      if ('call' in request) unanswered.add(request.id);
      if (port) port.postMessage(message, transfer);
      else waiting.push({ message, transfer });
    },
    onMessage(listener) {
      listeners.add(listener);
    },
    connect(next) {
      if (port) {
        port.onmessage = null;
        port.close();
        fail('The engine was restarted before it answered. Nothing stored was lost; ask again.');
      }
      port = next;
      port.onmessage = (event) => deliver(event.data);
      const queue = waiting;
      waiting = [];
      for (const entry of queue) port.postMessage(entry.message, entry.transfer);
    },
    disconnect(message) {
      if (port) {
        port.onmessage = null;
        port.close();
        port = null;
      }
      fail(message);
    },
  };
}
