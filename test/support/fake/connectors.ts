import { z } from 'zod';
import type { ConnectionStatus, ConnectorKind } from '../../../src/shared/contract/connectors.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { FakeState } from '../fake-engine.ts';

const git = z.object({
  path: z.string().min(1).meta({ title: 'Folder', description: 'The folder of the repository, or one inside it.', format: 'folder' }),
  paths: z.boolean().default(true).meta({ title: 'Changed paths', description: 'Which files each commit changed. Takes longer on large repositories.' }),
  every: z.number().int().min(0).max(86_400).default(0).meta({ title: 'Look again every (seconds)', description: '0: only when you start it.' }),
});
const api = z.object({
  url: z.string().min(8).meta({ title: 'Address', description: 'Of the query interface, with its port.' }),
  token: z.string().optional().meta({ title: 'Token', description: 'Read access is enough.', secret: true }),
  level: z.enum(['all', 'warnings', 'errors']).default('all').meta({ title: 'What to ask for' }),
  streams: z.array(z.string()).max(20).default([]).meta({ title: 'Streams', description: 'Empty for all.' }),
  certificate: z.string().optional().meta({ title: 'Certificate', description: 'When the server has one of its own.', format: 'file' }),
});
const schemaOf = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { io: 'input' });
const KINDS: ConnectorKind[] = [
  { id: 'git', title: 'Git repository', description: 'Commits, merges and tags of a repository on this machine, with the paths they changed. What is new later is added when it is started again.', signal: 'git', signals: ['git'], mode: 'pull', schema: schemaOf(git) },
  { id: 'api', title: 'Log server', description: 'Asks a log server for what it holds and goes on with what is new.', signal: 'logs', signals: ['logs'], mode: 'live', schema: schemaOf(api) },
];
const CONFIGS: Readonly<Record<string, z.ZodType>> = { git, api };

const now = (): number => Date.now() * 1000;
function status(id: number, given: Partial<ConnectionStatus>): ConnectionStatus {
  return {
    id, connector: 'git', name: '/srv/shop', target: '/srv/shop', config: { path: '/srv/shop', paths: true, every: 60 }, needs: [], sources: [], state: 'ok', since: now() - 812e6, breaker: 'closed',
    error: '', note: '', failures: 0, failuresTotal: 0, nextTry: null, heardAt: null, queued: 0, read: 0, stored: 0, rejected: 0, bytes: 0, eventsPerSecond: 0, ...given,
  };
}
const LOGS = { connector: 'api', target: 'https://logs.shop.example:3100', config: { url: 'https://logs.shop.example:3100', level: 'all', streams: ['api', 'checkout'] } };
function firstConnections(): ConnectionStatus[] {
  return [
    status(1, { ...LOGS, name: 'Log server of the shop, production', sources: [1], heardAt: now() - 2e6, read: 412, stored: 400, rejected: 12, bytes: 812_000, queued: 64_000, eventsPerSecond: 84 }),
    status(2, { sources: [2], heardAt: now() - 40e6, nextTry: now() + 20e6, read: 204, stored: 204, bytes: 120_000 }),
    status(3, { ...LOGS, name: 'Log server of the shop, staging', state: 'degraded', error: 'https://logs.staging.shop.example:3100 answered 503: the ring is not ready.', failures: 2, failuresTotal: 7, nextTry: now() + 4e6, heardAt: now() - 95e6 }),
    status(4, { ...LOGS, name: 'Log server of payments', state: 'open', breaker: 'open', error: 'connect ECONNREFUSED 10.4.2.17:3100. Is the server running, and may this machine reach it?', failures: 5, failuresTotal: 5, nextTry: now() + 12e6 }),
    status(6, { ...LOGS, name: 'Log server of the warehouse', state: 'stopped', needs: ['token'] }),
    status(5, { name: '/srv/old', target: '/srv/old', config: { path: '/srv/old', paths: true, every: 0 }, state: 'stopped', error: '/srv/old is not in a git repository. Choose the folder that holds .git.', failures: 1, failuresTotal: 1 }),
  ];
}

/** Connections in memory: a path or address with 'missing' does not work, one with 'slow' answers when it is given up. */
export function connectorRooms(state: FakeState): Pick<EngineHandlers, 'connectors'> {
  let list = state.scenario === 'case' ? firstConnections() : [];
  state.connection = (id) => list.find((one) => one.id === id);
  let lastId = list.length;
  const get = (id: number): ConnectionStatus => {
    const found = list.find((one) => one.id === id);
    if (!found) throw new TidemarkError('not_found', `There is no connection ${id}.`);
    return found;
  };
  const change = (id: number, next: Partial<ConnectionStatus>): void => {
    const found = list.find((one) => one.id === id);
    if (!found) return;
    Object.assign(found, { since: now() }, next);
    state.emit('connectors.status', { ...found });
  };
  const targetOf = (config: Record<string, unknown>): string => String(config.path ?? config.url);
  const checked = (connector: string, config: Record<string, unknown>): Record<string, unknown> => {
    const parsed = CONFIGS[connector]?.safeParse(config);
    if (parsed?.success) return parsed.data as Record<string, unknown>;
    const issue = parsed?.error.issues[0];
    throw new TidemarkError('invalid_input', issue ? `'${issue.path.join('.')}': ${issue.message}` : `There is no connector called '${connector}'.`);
  };
  const start = (id: number): void => {
    change(id, { state: 'starting', error: '', nextTry: null });
    setTimeout(() => {
      const { target, stored } = list.find((one) => one.id === id) ?? {};
      if (target?.includes('missing')) change(id, { state: 'stopped', error: `${target} is not there.`, failures: 1 });
      else change(id, { state: 'ok', breaker: 'closed', failures: 0, heardAt: now(), read: (stored ?? 0) + 3, stored: (stored ?? 0) + 3, eventsPerSecond: 3 });
    }, 20);
  };
  return {
    connectors: {
      kinds: () => KINDS,
      list: () => list.map((one) => ({ ...one })),
      test: async ({ connector, config }, { signal }) => {
        try {
          const target = targetOf(checked(connector, config));
          if (target.includes('slow')) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          return target.includes('missing') ? { ok: false, message: `${target} is not in a git repository. Choose the folder that holds .git.` } : { ok: true, message: `${target}: 3 branches and 2 tags can be read.` };
        } catch (error) {
          return { ok: false, message: error instanceof Error ? error.message : String(error) };
        }
      },
      add: ({ connector, name, config }) => {
        const kept = checked(connector, config);
        const added = status(++lastId, { connector, name: name || targetOf(kept), target: targetOf(kept), config: { ...kept, token: undefined }, state: 'starting', since: now() });
        list.push(added);
        start(added.id);
        return { ...added };
      },
      start: ({ id }) => {
        change(get(id).id, { needs: [] });
        start(id);
      },
      stop: ({ id }) => change(get(id).id, { state: 'stopped', nextTry: null, eventsPerSecond: 0 }),
      settled: ({ id }) => ({ ...get(id) }),
      remove: ({ id }) => {
        list = list.filter((one) => one !== get(id));
      },
    },
  };
}
