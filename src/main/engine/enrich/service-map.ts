/** Maps that people keep of their hosts, addresses and services: CSV with a header, or JSON, of a key to whatever is known of it. */
import { parseAddress, parseCidr } from '../search/cidr.ts';
import type { Lookup } from '../search/derived.ts';
import { countRejected, newLedger, type ListLedger } from '../store/indicator-store.ts';
import { cellsOf } from './lists/csv.ts';

const MOST_ROWS = 200_000;
const MOST_BLOCKS = 2000;
const MOST_COLUMNS = 50;
const MAX_VALUE = 500;
const KEYS: Readonly<Record<string, Lookup['column']>> = { host: 'host', hostname: 'host', name: 'host', ip: 'ip', address: 'ip', ip_address: 'ip', cidr: 'ip', network: 'ip', service: 'service', 'service.name': 'service', 'host.name': 'host' };

export interface MapRow {
  column: Lookup['column'];
  key: string;
  labels: Record<string, string>;
}

/** Rows of a map and its ledger. */
export function readMap(text: string): { rows: MapRow[]; ledger: ListLedger } {
  const ledger = newLedger();
  const rows: MapRow[] = [];
  const add = (entries: readonly (readonly [string, unknown])[]): void => {
    const cells = entries.slice(0, MOST_COLUMNS).map(([name, value]) => [name.trim().toLowerCase(), typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).trim().slice(0, MAX_VALUE) : ''] as const);
    const key = cells.find(([name, value]) => Object.hasOwn(KEYS, name) && value !== '');
    const labels = Object.fromEntries(cells.filter(([name, value]) => value !== '' && name !== key?.[0] && /^[\w.-]{1,60}$/.test(name)).map(([name, value]) => [name, value]));
    if (!key) countRejected(ledger, 'the row names no host, ip or service', JSON.stringify(Object.fromEntries(cells)));
    else if (Object.keys(labels).length === 0) countRejected(ledger, 'the row says nothing about it', key[1]);
    else if (KEYS[key[0]] === 'ip' && parseAddress(key[1]) === null && parseCidr(key[1]) === null) countRejected(ledger, 'this is no IP address or block', key[1]);
    else if (rows.length >= MOST_ROWS) countRejected(ledger, `a map may have ${MOST_ROWS} rows`, key[1]);
    else {
      ledger.read++;
      ledger.stored++;
      rows.push({ column: KEYS[key[0]], key: key[1].toLowerCase(), labels });
    }
  };
  const body = text.replace(/^\ufeff/, '').trim();
  if (body.startsWith('{') || body.startsWith('[')) {
    for (const row of objectsOf(JSON.parse(body))) add(Object.entries(row));
  } else {
    const lines = body.split(/\r?\n/);
    const [head = ''] = lines;
    const delimiter = [',', '\t', ';'].reduce((best, one) => (head.split(one).length > head.split(best).length ? one : best));
    const names = cellsOf(head, delimiter);
    for (const line of lines.slice(1)) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const cells = cellsOf(line, delimiter);
      add(names.map((name, i) => [name, cells[i] ?? '']));
    }
  }
  return { rows, ledger };
}

/** A list of objects, or an object of objects by host. */
function objectsOf(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.filter((row): row is Record<string, unknown> => typeof row === 'object' && row !== null);
  return Object.entries(value as Record<string, unknown>).flatMap(([host, row]) => (typeof row === 'object' && row !== null ? [parseAddress(host) || parseCidr(host) ? { ip: host, ...row } : { host, ...row }] : []));
}

/** What a map says, by field. */
export function mapLookups(rows: readonly MapRow[]): Lookup[] {
  const fields = new Map<string, { column: Lookup['column']; label: string; exact: Map<string, string>; blocks: { bits: number; inside: (address: string) => boolean; value: string }[] }>();
  for (const { column, key, labels } of rows) {
    const inside = column === 'ip' ? parseCidr(key) : null;
    for (const [label, value] of Object.entries(labels)) {
      const id = `${column} ${label}`;
      let field = fields.get(id);
      if (!field) fields.set(id, (field = { column, label, exact: new Map(), blocks: [] }));
      if (!inside) field.exact.set(key, value);
      else if (field.blocks.length < MOST_BLOCKS) field.blocks.push({ bits: Number(key.slice(key.indexOf('/') + 1)), inside, value });
    }
  }
  return [...fields.values()].map(({ column, label, exact, blocks }) => {
    // The smallest block that holds an address says most about it.
    const ordered = blocks.sort((a, b) => b.bits - a.bits);
    return {
      name: `labels.${label}`, column, numeric: false,
      values: (value) => {
        const found = exact.get(value.toLowerCase()) ?? ordered.find(({ inside }) => inside(value))?.value;
        return found === undefined ? [] : [found];
      },
    };
  });
}
