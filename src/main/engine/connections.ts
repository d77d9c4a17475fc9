/** The connections of an open case: their runners, and what is told of them. */
import type { ConnectionStatus } from '../../shared/contract/connectors.ts';
import { TidemarkError } from '../../shared/contract/rpc.ts';
import { ALL_KEPT, type Connector } from './connectors/connector.ts';
import { checkOf, type Check } from './connectors/lib/json-schema.ts';
import { Runner, type RunnerPolicy, type RunnerStatus } from './connectors/runner.ts';
import { Rate } from './pipeline/rate.ts';
import { completeRecords, sourceOf, writeLines, type StreamContext } from './pipeline/stream-writer.ts';
import type { ConnectionRow } from './store/connections.ts';

const TELL_MS = 250;

interface Live {
  row: ConnectionRow;
  connector: Connector;
  runner: Runner;
  read: number;
  stored: number;
  rejected: number;
  bytes: number;
  rate: Rate;
  timer: NodeJS.Timeout | null;
}

export class Connections {
  readonly #context: StreamContext;
  readonly #connectors: readonly Connector[];
  readonly #tell: (status: ConnectionStatus) => void;
  readonly #policy: Partial<RunnerPolicy>;
  readonly #live = new Map<number, Live>();
  #closed = false;

  constructor(context: StreamContext, connectors: readonly Connector[], tell: (status: ConnectionStatus) => void, policy: Partial<RunnerPolicy> = {}) {
    this.#context = context;
    this.#connectors = connectors;
    this.#tell = tell;
    this.#policy = policy;
    // Nothing is asked and no port is opened by opening a case: a person starts what was there before.
    for (const row of context.connections.list()) this.#take(row);
  }

  connector(id: string): Connector {
    const found = this.#connectors.find((candidate) => candidate.id === id);
    if (!found) throw new TidemarkError('invalid_input', `There is no connector called '${id}'. There are: ${this.#connectors.map((one) => one.id).join(', ')}.`);
    return found;
  }

  /** Checks a configuration against the connector's schema. Throws invalid_input naming the first field that is wrong. */
  checked(connector: Connector, config: unknown): unknown {
    const parsed = connector.config.safeParse(config);
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new TidemarkError('invalid_input', `${issue.path.length > 0 ? `'${issue.path.join('.')}': ` : ''}${issue.message}`);
  }

  /** Adds a connection and starts it. */
  add(id: string, name: string, config: unknown): ConnectionStatus {
    const connector = this.connector(id);
    const checked = this.checked(connector, config);
    const row = this.#context.connections.add(id, name || connector.target(checked), kept(connector, checked), this.#context.user);
    const live = this.#take({ ...row, config: checked });
    if (!live) throw new TidemarkError('internal', 'The connection was not kept.');
    live.runner.start();
    return this.#status(live);
  }

  #take(row: ConnectionRow): Live | undefined {
    const connector = this.#connectors.find((candidate) => candidate.id === row.connector);
    // One that a newer version knows: its events are there, it cannot be run.
    if (!connector?.config.safeParse(row.config).success) return undefined;
    const live: Live = {
      row, connector, read: 0, stored: 0, rejected: 0, bytes: 0, rate: new Rate(), timer: null,
      runner: new Runner({
        connector, config: row.config, cursor: row.cursor, policy: this.#policy,
        complete: (lines) => completeRecords(this.#context, live.row, connector, lines),
        changed: () => this.#changed(row.id),
        write: async (chunk) => {
          if (this.#closed) throw new TidemarkError('no_case', 'The case is being closed.');
          if (chunk.lines.length === 0) {
            this.#context.connections.setCursor(row.id, chunk.cursor);
            return ALL_KEPT;
          }
          const { stream = '' } = chunk;
          const source = sourceOf(this.#context, live.row, connector, stream, chunk.lines);
          if (!live.row.sources.has(stream)) live.row = { ...live.row, sources: new Map([...live.row.sources, [stream, source.id]]) };
          const written = await writeLines(this.#context, live.row, source, chunk.lines, chunk.cursor);
          live.read += written.read;
          live.stored += written.stored;
          live.rejected += written.rejected;
          live.bytes += chunk.lines.length;
          live.rate.add(performance.now(), written.stored);
          this.#changed(row.id);
          return written;
        },
      }),
    };
    this.#live.set(row.id, live);
    return live;
  }

  #get(id: number): Live {
    const live = this.#live.get(id);
    if (!live) throw new TidemarkError('not_found', `There is no connection ${id}.`);
    return live;
  }

  list(): ConnectionStatus[] {
    return [...this.#live.values()].map((live) => this.#status(live));
  }

  /** `secrets`: those fields of the configuration that are kept in memory only, once more after the case was opened again. */
  start(id: number, secrets: Record<string, unknown> = {}): void {
    const live = this.#get(id);
    const wrong = Object.keys(withoutSecrets(live.connector, secrets) as object);
    if (wrong.length > 0) throw new TidemarkError('invalid_input', `'${wrong[0]}': is no secret; add another connection to have other settings.`);
    const config = this.checked(live.connector, { ...(live.row.config as object), ...secrets });
    live.row = { ...live.row, config: { ...(config as object), [GIVEN]: givenOf(live.row.config) } };
    if (Object.keys(secrets).length > 0) this.#context.connections.setConfig(id, kept(live.connector, live.row.config));
    live.runner.start(config);
  }

  async stop(id: number): Promise<void> {
    await this.#get(id).runner.stop();
  }

  async remove(id: number): Promise<void> {
    const live = this.#get(id);
    await live.runner.stop();
    this.#live.delete(id);
    if (live.timer) clearTimeout(live.timer);
    this.#context.connections.remove(id);
  }

  /** The check against the JSON Schema of the connection that brought a source; null when there is none. */
  async schemaOf(source: number): Promise<Check | null> {
    const config = [...this.#live.values()].find(({ row }) => [...row.sources.values()].includes(source))?.row.config as { schema?: unknown } | undefined;
    return typeof config?.schema === 'string' ? await checkOf(config.schema) : null;
  }

  /** Resolves when the connection has stopped, or has brought all there is for now. */
  async settled(id: number, signal: AbortSignal): Promise<ConnectionStatus> {
    for (;;) {
      const status = this.#status(this.#get(id));
      if (status.state === 'stopped' || (status.state === 'ok' && status.nextTry !== null)) return status;
      if (signal.aborted) throw new TidemarkError('cancelled', 'Nobody waits any more.');
      await new Promise<void>((resolve) => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    // What live ones hold is still stored.
    await Promise.all([...this.#live.values()].map(async (live) => await live.runner.stop()));
    this.#closed = true;
    for (const { timer } of this.#live.values()) if (timer) clearTimeout(timer);
  }

  #changed(id: number): void {
    const live = this.#live.get(id);
    if (!live || live.timer || this.#closed) return;
    live.timer = setTimeout(() => {
      live.timer = null;
      this.#tell(this.#status(live));
    }, TELL_MS);
  }

  #status(live: Live): ConnectionStatus {
    const { row, connector, runner, read, stored, rejected, bytes, rate } = live;
    const status: RunnerStatus = runner.status;
    const held = heldSecrets(connector, row.config);
    const needs = givenOf(row.config).filter((name) => !held.includes(name));
    return { id: row.id, connector: connector.id, name: row.name, target: connector.target(row.config), config: withoutSecrets(connector, row.config), needs, sources: [...row.sources.values()], ...status, read, stored, rejected, bytes, eventsPerSecond: rate.perSecond(performance.now()) };
  }
}

/** Beside the configuration: the names of the secrets that it was given, so that they can be asked for again. No connector has a field of this name. */
const GIVEN = '$secrets';

function secretNames({ schema: { properties = {} } }: Connector): string[] {
  return Object.keys(properties).filter((name) => properties[name].secret === true);
}
function heldSecrets(connector: Connector, config: unknown): string[] {
  const values = config as Record<string, unknown>;
  return secretNames(connector).filter((name) => values[name] !== undefined && values[name] !== '');
}
function givenOf(config: unknown): string[] {
  const given = (config as Record<string, unknown>)[GIVEN];
  return Array.isArray(given) ? given.filter((name) => typeof name === 'string') : [];
}

/** What is kept in the case of a configuration. */
function kept(connector: Connector, config: unknown): unknown {
  const given = [...new Set([...givenOf(config), ...heldSecrets(connector, config)])];
  return { ...(withoutSecrets(connector, config) as object), ...(given.length > 0 && { [GIVEN]: given }) };
}

/**
 * A configuration without the fields that its schema marks as secret: those live in memory only, and are asked for again when the case is
 * opened next. A case is handed on; a token must not be.
 */
export function withoutSecrets(connector: Connector, config: unknown): unknown {
  const { properties } = connector.schema;
  if (typeof config !== 'object' || config === null) return config;
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== GIVEN && properties?.[name]?.secret !== true));
}
