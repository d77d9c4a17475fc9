/** Databases of places and maps of an open case: adds them, and opens them where answers are made. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Enrichment } from '../../../shared/contract/enrichment.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Lookup } from '../search/derived.ts';
import { fileError, type Database } from '../store/database.ts';
import { addEnrichment, enableEnrichment, enrichmentsOf, mapRows, removeEnrichment, type StoredEnrichment } from '../store/enrichment-store.ts';
import { openGeo } from './geo.ts';
import { mapLookups, readMap } from './service-map.ts';

const MAX_DATABASE = 1 << 30;
const MAX_MAP = 64 << 20;

/** Reads all of a file. Throws TidemarkError. */
function readWhole(file: string, most: number): Buffer {
  try {
    const { size } = fs.statSync(file);
    if (size > most) throw new TidemarkError('invalid_input', `${file} has ${size} bytes; up to ${most} can be used.`);
    return fs.readFileSync(file);
  } catch (error) {
    throw error instanceof TidemarkError ? error : fileError(error, file);
  }
}

interface Opened extends Pick<Enrichment, 'trouble' | 'error'> {
  lookups: Lookup[];
}
/** What one of them says; `trouble` when it cannot be used: a database that is not what it was would change answers that were given. */
function open(db: Database, one: StoredEnrichment): Opened {
  if (one.kind === 'map') return { lookups: mapLookups(mapRows(db, one.id)), trouble: '', error: '' };
  try {
    const bytes = readWhole(one.path, MAX_DATABASE);
    if (createHash('sha256').update(bytes).digest('hex') !== one.sha256) return { lookups: [], trouble: 'changed', error: 'the database is not the one that was added: it has changed. Remove it and add it again to use it' };
    return { lookups: openGeo(bytes).lookups, trouble: '', error: '' };
  } catch (error) {
    if (error instanceof TidemarkError && error.code === 'not_found') return { lookups: [], trouble: 'gone', error: `${one.path} is not there. Put it back there, or remove it and add it from where it is now` };
    return { lookups: [], trouble: 'unreadable', error: error instanceof Error ? error.message : String(error) };
  }
}

/** All that is known of addresses, hosts and services in a case; what is off or cannot be opened is left out. */
export function openLookups(db: Database): Lookup[] {
  return enrichmentsOf(db).flatMap((one) => (one.enabled ? open(db, one).lookups : []));
}

/** What a file is now; to be read again only when it is something else. */
function stateOf(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : '';
}

export class Enrichments {
  readonly #context: { db: Database; user: string; toolVersion: string; changed: () => void };
  /** what databases and maps said when they were opened last, by id */
  readonly #seen = new Map<number, { state: string; fields: string[] } & Pick<Enrichment, 'trouble' | 'error'>>();

  constructor(context: { db: Database; user: string; toolVersion: string; changed: () => void }) {
    this.#context = context;
  }

  /** Databases are looked at again where their files are others than they were; then answers change too. */
  list(): Enrichment[] {
    const { db, changed } = this.#context;
    let other = false;
    const all = enrichmentsOf(db).map((one) => {
      const state = one.kind === 'map' ? '' : stateOf(one.path);
      const before = this.#seen.get(one.id);
      let now = before?.state === state ? before : undefined;
      if (!now) {
        const { lookups, trouble, error } = open(db, one);
        now = { state, trouble, error, fields: [...new Set(lookups.map(({ name }) => name))] };
        this.#seen.set(one.id, now);
        other ||= before !== undefined && before.trouble !== trouble;
      }
      const { fields, trouble, error } = now;
      return { ...one, fields, trouble, error };
    });
    if (other) changed();
    return all;
  }

  add(kind: Enrichment['kind'], file: string): Enrichment {
    const { db, user, toolVersion, changed } = this.#context;
    const bytes = readWhole(file, kind === 'geoip' ? MAX_DATABASE : MAX_MAP);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const there = this.list().find((one) => one.kind === kind && one.sha256 === sha256 && one.trouble === '');
    if (there) throw new TidemarkError('invalid_input', `${file} is in the case already, as ${there.name}.`);
    const base = { kind, name: path.basename(file), path: path.resolve(file), sha256, size: bytes.length, addedBy: user, toolVersion };
    let id: number;
    if (kind === 'geoip') id = addEnrichment(db, { ...base, rows: 0, rejected: [], about: aboutGeo(bytes, file) }, []);
    else {
      const { rows, ledger } = mapOf(bytes, file);
      if (rows.length === 0) throw new TidemarkError('invalid_input', `${file} has no row that can be used. A map is CSV with a header, or JSON: a column host, ip or service, and others that say what is known of it.`);
      id = addEnrichment(db, { ...base, rows: rows.length, rejected: [...ledger.reasons].map(([reason, { count, example }]) => ({ reason, count, example })), about: '' }, rows);
    }
    changed();
    const added = this.list().find((one) => one.id === id);
    if (!added) throw new Error('what was added is not there');
    return added;
  }

  enable(id: number, enabled: boolean): void {
    if (!enableEnrichment(this.#context.db, id, enabled)) throw new TidemarkError('not_found', `There is no database or map ${id}.`);
    this.#context.changed();
  }

  remove(id: number): void {
    if (!removeEnrichment(this.#context.db, id)) throw new TidemarkError('not_found', `There is no database or map ${id}.`);
    this.#context.changed();
  }
}

function aboutGeo(bytes: Buffer, file: string): string {
  try {
    return openGeo(bytes).about;
  } catch {
    throw new TidemarkError('invalid_input', `${file} is no database in MaxMind's format (.mmdb).`);
  }
}
function mapOf(bytes: Buffer, file: string): ReturnType<typeof readMap> {
  try {
    return readMap(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new TidemarkError('invalid_input', `${file} is no valid JSON: ${error.message}`);
    throw error;
  }
}
