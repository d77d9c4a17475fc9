/** Databases of places and maps that people give to a case, wherever in the window they do. */
import { createStore, useStore } from 'zustand';
import type { Enrichment } from '../../shared/contract/enrichment.ts';
import { engine, shell } from '../client/client.ts';
import { formatCount } from '../ui/numbers.ts';
import { notify, reportError } from './notices.ts';

const KINDS = {
  geoip: { title: 'Choose GeoIP databases', extensions: ['mmdb'], doing: 'Adding the database' },
  map: { title: 'Add maps of hosts, addresses or services', extensions: ['csv', 'tsv', 'txt', 'json'], doing: 'Adding the map' },
} as const;

function tell({ kind, name, about, rows, rejected, fields }: Enrichment): void {
  const out = rejected.reduce((sum, { count }) => sum + count, 0);
  const what = kind === 'geoip' ? `${about}.` : `${formatCount(rows)} rows${out > 0 ? `, ${formatCount(out)} left out` : ''}.`;
  notify({ title: `${name} is in use`, message: fields.length > 0 ? `${what} Events can be searched by ${fields.slice(0, 2).join(', ')}${fields.length > 2 ? ` and ${formatCount(fields.length - 2)} more` : ''}.` : what });
}

async function add(kind: Enrichment['kind'], path: string): Promise<boolean> {
  try {
    tell(await engine.enrichment.add({ kind, path }));
    return true;
  } catch (error) {
    reportError(error, KINDS[kind].doing);
    return false;
  }
}
async function choose(kind: Enrichment['kind'], multiple: boolean): Promise<string[]> {
  const { title, extensions } = KINDS[kind];
  try {
    return (await shell.shell.pickFiles({ title, folders: false, multiple, extensions: [...extensions] })) ?? [];
  } catch (error) {
    reportError(error, 'Choosing files');
    return [];
  }
}

/** Lets a person choose databases in MaxMind's format; they are used where they lie. */
export async function chooseDatabases(): Promise<void> {
  for (const path of await choose('geoip', true)) await add('geoip', path);
}
/** Lets a person choose maps, and reads them into the case. */
export async function addMaps(): Promise<void> {
  for (const path of await choose('map', true)) await add('map', path);
}
/** Another file in place of one that cannot be used; `path` null = the person is asked which. The old one goes only when the new one is in the case. */
export async function replaceEnrichment({ id, kind }: Pick<Enrichment, 'id' | 'kind'>, path: string | null): Promise<void> {
  const [file] = path === null ? await choose(kind, false) : [path];
  if (file === undefined || !(await add(kind, file))) return;
  await engine.enrichment.remove({ id }).catch((error: unknown) => reportError(error, 'Removing the old one'));
}

const hint = createStore<{ hidden: boolean }>()(() => ({ hidden: false }));
/** Nobody is reminded of a database again until the program starts the next time. */
export function hidePlaceHint(): void {
  hint.setState({ hidden: true });
}
export function usePlaceHintHidden(): boolean {
  return useStore(hint, (state) => state.hidden);
}
