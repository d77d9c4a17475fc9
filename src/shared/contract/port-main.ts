import type { Port } from './rpc.ts';

/**
 * Electron's MessagePortMain as it looks from here. Declared by shape, so that the engine can use its ports without importing
 * Electron.
 */
export interface PortMain {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** A MessagePortMain as a Port. Buffers are copied: Electron transfers only ports between processes. */
export function fromPortMain(port: PortMain): Port {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', (event) => listener(event.data));
      port.start();
    },
  };
}
