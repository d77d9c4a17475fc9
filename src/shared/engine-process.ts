/** The few messages between the shell and the engine process itself. Everything about data goes over ports, by the contract. */

/** Sent once, first. */
interface EngineInit {
  type: 'init';
  dataDir: string;
  user: string;
  version: string;
}
/** `port`: one more asker, its port travels with the message. `close`: write everything down and end. */
export type ToEngine = EngineInit | { type: 'port' } | { type: 'close' };
