import fs from 'node:fs';
import type { ConnectionStatus, ConnectorKind } from '../../../shared/contract/connectors.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { UsageError } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { count, table, visible } from '../output.ts';

export const connect: Command = {
  name: 'connect',
  usage: 'connect CASE [CONNECTOR [NAME=VALUE...]] [--name NAME] [--test] [--json]',
  summary: 'Reads from what is no file (a repository, a server, a port) into a case.',
  details:
    'Without CONNECTOR it lists the connectors and the connections of the case. A connection of the same connector and settings goes on where\n' +
    'it ended. What has an end is read to it; what has none is read until Ctrl+C. The case is made when it is not there.\n' +
    'JSON: {"id","connector","name","target","state","error","read","stored","rejected"}; without CONNECTOR {"connectors":[...],"connections":[...]}',
  options: {
    name: { value: 'NAME', help: 'what the connection is called, default: what it reads' },
    test: { help: 'only say whether it would work' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file, id, ...settings] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    const { handlers } = context.engine();
    const { signal } = context;
    if (fs.existsSync(file)) await handlers.cases.open({ path: file, readOnly: false }, { signal });
    else if (id !== undefined) await handlers.cases.create({ path: file }, { signal });
    else throw new TidemarkError('not_found', `${file} does not exist.`);
    const kinds = await handlers.connectors.kinds({}, { signal });
    const known = await handlers.connectors.list({}, { signal });
    if (id === undefined) {
      if (context.json) await context.out.json({ connectors: kinds, connections: known.map(connectionObject) });
      else await context.out.text(listText(kinds, known));
      return 0;
    }
    const kind = kinds.find((candidate) => candidate.id === id);
    if (!kind) throw new TidemarkError('invalid_input', `There is no connector called '${id}'. There are: ${kinds.map((one) => one.id).join(', ')}.`);
    const config = configOf(kind, settings);
    if (args.switches.has('test')) {
      const { ok, message } = await handlers.connectors.test({ connector: id, config }, { signal });
      if (context.json) await context.out.json({ ok, message });
      else await context.out.text(`${message}\n`);
      return ok ? 0 : 1;
    }
    // Ends with Ctrl+C too: what was stored is told all the same.
    const patient = { signal: new AbortController().signal };
    const { properties = {} } = kind.schema as { properties?: Record<string, { secret?: boolean }> };
    const secret = (name: string): boolean => properties[name]?.secret === true;
    const secrets = Object.fromEntries(Object.entries(config).filter(([name]) => secret(name)));
    const same = known.find((one) => one.connector === id && Object.entries(config).every(([name, value]) => secret(name) || JSON.stringify((one.config as Record<string, unknown>)[name]) === JSON.stringify(value)));
    if (same) await handlers.connectors.start({ id: same.id, secrets }, patient);
    const connection = same ?? (await handlers.connectors.add({ connector: id, name: args.values.name ?? '', config }, patient));
    const stop = (): void => void Promise.resolve(handlers.connectors.stop({ id: connection.id }, patient)).catch((error: unknown) => context.note(String(error)));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    let note = '';
    const told = setInterval(() => {
      void Promise.resolve(handlers.connectors.list({}, patient)).then((all) => {
        const now = all.find((one) => one.id === connection.id);
        // The first one names the port it listens on.
        if (now && note === '') {
          ({ note } = now);
          if (note !== '') context.note(visible(note));
        }
        if (now) context.progress(`${now.state}  ${count(now.stored)} events  ${count(Math.round(now.eventsPerSecond))}/s  ${visible(now.error || now.note)}`);
      }, () => undefined);
    }, 200);
    // One that waits for its next turn has brought all there is for now; one that listens has no such moment.
    const status = await handlers.connectors.settled({ id: connection.id }, patient);
    clearInterval(told);
    context.progress('');
    if (context.json) await context.out.json(connectionObject(status));
    else await context.out.text(`read ${count(status.read)} = stored ${count(status.stored)} + rejected ${count(status.rejected)} from ${visible(status.target)}\n`);
    if (status.error !== '') context.note(status.error);
    return status.error === '' ? 0 : 1;
  },
};

/** NAME=VALUE words as the connector's schema wants them: numbers and booleans by their type, lists by repeating the name. */
function configOf(kind: ConnectorKind, settings: readonly string[]): Record<string, unknown> {
  const { properties = {} } = kind.schema as { properties?: Record<string, { type?: string }> };
  const config: Record<string, unknown> = {};
  for (const word of settings) {
    const at = word.indexOf('=');
    const name = word.slice(0, Math.max(0, at));
    const type = properties[name]?.type;
    if (at < 1 || !(name in properties)) throw new UsageError(`'${word}' is no setting of ${kind.id}. There are: ${Object.keys(properties).map((one) => `${one}=...`).join(', ')}.`);
    const text = word.slice(at + 1);
    if (type === 'array') config[name] = [...((config[name] as string[] | undefined) ?? []), text];
    else if (type === 'boolean') config[name] = text === 'true' ? true : text === 'false' ? false : text;
    else if (type === 'number' || type === 'integer') config[name] = text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    else config[name] = text;
  }
  return config;
}

function connectionObject({ id, connector, name, target, state, error, read, stored, rejected }: ConnectionStatus): object {
  return { id, connector, name, target, state, error, read, stored, rejected };
}

function listText(kinds: readonly ConnectorKind[], known: readonly ConnectionStatus[]): string {
  const settings = (kind: ConnectorKind): string => {
    const { properties = {}, required = [] } = kind.schema as { properties?: Record<string, unknown>; required?: string[] };
    return Object.keys(properties).map((name) => (required.includes(name) ? `${name}=...` : `[${name}=...]`)).join(' ');
  };
  const connectors = table([{ title: 'connector' }, { title: 'settings' }, { title: 'what it is' }], kinds.map((kind) => [kind.id, settings(kind), kind.description]));
  if (known.length === 0) return `${connectors}\nThe case has no connections.\n`;
  return `${connectors}\n${table([{ title: 'id', align: 'right' }, { title: 'connector' }, { title: 'name' }, { title: 'reads' }], known.map((one) => [String(one.id), one.connector, one.name, one.target]))}`;
}
