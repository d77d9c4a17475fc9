/**
 * The shape of a connector: one file or folder, tests against the real counterpart, one line in registry.ts. It brings lines in a format of
 * the registry and says where to go on; runner.ts owns retry, breaker, back-pressure, checkpoint and health, so that none can forget them.
 */
import { z } from 'zod';
import type { Signal } from '../../../shared/event.ts';

/** Some records, and where to go on when they are stored. */
export interface Chunk {
  /**
   * whole lines in the connector's format, each with its ending, or one whole document where the connector brings documents; at most
   * MAX_CHUNK bytes. May be empty when only the cursor moved.
   */
  lines: Uint8Array;
  /** bytes that the connector holds and that are not stored, these among them; not said = these alone */
  waiting?: number;
  /** handed to read() after a stop, a failure or a restart; any text */
  cursor: string;
  /** which of the connector's streams they are of; '' or nothing when it has only one */
  stream?: string;
  /** called when the chunk is on the disk; what it throws counts as a failure of the connection */
  stored?(kept: Kept): void | Promise<void>;
}
/** What became of a chunk. */
export interface Kept {
  /** Where in its bytes the records begin that became dead letters; known where the format reads the bytes as they are, not where it decodes them. */
  rejectedAt: readonly number[];
  /** records in it */
  read: number;
}
export const ALL_KEPT: Kept = { rejectedAt: [], read: 0 };
/** One of several things that a connector brings: each is a source of its own. */
export interface Stream {
  /** '' for a connector that brings one thing */
  id: string;
  /** behind what is read, in the source's name: 'traces' */
  title: string;
  signal: Signal;
  /** id of a format, or of a kind of metrics; '' = recognised from the first lines */
  format: string;
  /** each chunk is a whole document, which the format decodes */
  documents: boolean;
}
/** Bytes of lines that are committed at once: some 10,000 records. */
export const MAX_CHUNK = 4 << 20;

export interface ReadContext {
  signal: AbortSignal;
  /** that of the last chunk stored, '' at first */
  cursor: string;
  /** Tells that the counterpart answers although it has nothing new. */
  idle(): void;
  /** Says in a sentence what a person should know of the connection now (the port it listens on, what was dropped). '' = nothing. */
  note(text: string): void;
  /**
   * How many of these bytes are records that are surely complete, as the connection's format cuts them: the last record may go on in what
   * comes next. For connectors whose format has records of several lines.
   */
  complete(lines: Uint8Array): number;
}

/** What every connection can be told, whatever it reads: the runner sees to it. */
const frame = z.object({
  mostPerSecond: z.number().int().min(0).max(10_000_000).default(0).meta({ title: 'Most records a second', description: '0: as fast as the store takes them. What comes faster has to wait at its sender, or is asked for later.' }),
});

export interface ConnectorDefinition<S extends z.ZodObject> {
  /** = the file's or folder's name */
  id: string;
  title: string;
  /** what it reads and what it needs, in a sentence or two */
  description: string;
  signal: Signal;
  /** id of the format of its lines, or how the configuration chooses it; '' = recognised from the first lines it brings */
  format: string | ((config: z.output<S>) => string);
  /** Each chunk is a whole document, which the format decodes: for counterparts that answer with what the format reads from a file. */
  documents?: true;
  /** Where it brings several things: each chunk names one of these, and `signal` and `format` are those of the first. */
  streams?: readonly Stream[];
  /**
   * pull: read() ends when there is nothing more, and is called again later. live: it ends only when it is told to: then it takes nothing
   * more, brings what it holds and returns.
   */
  mode: 'pull' | 'live';
  config: S;
  /** What is read, in a few words: the source's name. */
  target(config: z.output<S>): string;
  /** Seconds until a pull connector is asked again; 0 = only when a person says so. */
  every?(config: z.output<S>): number;
  /** Whether it would work, in a sentence for a person. Throws what is wrong and what to do about it. Changes nothing anywhere. */
  test(config: z.output<S>, signal: AbortSignal): Promise<string>;
  /** Brings what comes after the cursor. Throws when it cannot go on; FatalError when trying again is no use. */
  read(config: z.output<S>, context: ReadContext): AsyncIterable<Chunk>;
}

/** A connector as the registry holds it: its own check of the configuration is in front of everything. */
export interface Connector {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly signal: Signal;
  readonly mode: 'pull' | 'live';
  readonly config: z.ZodType;
  /** JSON Schema of the configuration as a person gives it; made when it is first asked for */
  readonly schema: { properties?: Record<string, { secret?: boolean }> };
  /** all that it brings */
  readonly signals: readonly Signal[];
  /** What chunks of this stream are. Throws an Error when the connector has none of that name. */
  stream(config: unknown, id?: string): Stream;
  target(config: unknown): string;
  every(config: unknown): number;
  /** 0 = no limit */
  mostPerSecond(config: unknown): number;
  test(config: unknown, signal: AbortSignal): Promise<string>;
  read(config: unknown, context: ReadContext): AsyncIterable<Chunk>;
}

export function connector<S extends z.ZodObject>(definition: ConnectorDefinition<S>): Connector {
  const { id, title, description, signal, format, documents = false, streams, mode } = definition;
  const own = definition.config;
  const config = own.extend(frame.shape);
  let schema: Connector['schema'] | undefined;
  return {
    id, title, description, signal, signals: streams ? streams.map((stream) => stream.signal) : [signal], mode, config,
    get schema() {
      return (schema ??= z.toJSONSchema(config, { io: 'input' }) as Connector['schema']);
    },
    stream(given, name = '') {
      if (name === '' && !streams) return { id: '', title: '', signal, format: typeof format === 'string' ? format : format(own.parse(given)), documents };
      const found = streams?.find((stream) => stream.id === name);
      if (!found) throw new Error(`The connector ${id} brought something of a stream '${name}', which it has not.`);
      return found;
    },
    target: (given) => definition.target(own.parse(given)),
    every: (given) => definition.every?.(own.parse(given)) ?? 0,
    mostPerSecond: (given) => frame.parse(given).mostPerSecond,
    test: async (given, abort) => await definition.test(own.parse(given), abort),
    read: (given, context) => definition.read(own.parse(given), context),
  };
}

/** What trying again does not mend: a wrong address, a refused token, a repository that is none. */
export class FatalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FatalError';
  }
}

/** The counterpart says when it wants to be asked again (429 or 503 with Retry-After). */
export class RetryLater extends Error {
  readonly afterMs: number;
  constructor(message: string, afterMs: number) {
    super(message);
    this.name = 'RetryLater';
    this.afterMs = afterMs;
  }
}
