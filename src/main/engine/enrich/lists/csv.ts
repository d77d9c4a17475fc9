/**
 * Indicators in tables: CSV with a header that names its columns, exports of MISP among them, and lists with one value a line. A line
 * is a row whatever its quotes do, so that a broken one takes nothing else with it.
 */
import type { IndicatorFacts } from '../../../../shared/contract/indicators.ts';
import { factsOf } from './facts.ts';
import { NO_FACTS, understand, type IndicatorType, type Listed } from '../indicator.ts';
import { mispValues } from './misp-types.ts';

/** A longer line is not looked at. */
const MAX_LINE = 64 << 10;
const decoder = new TextDecoder('utf-8');

/** Names of columns whose cells are indicators of some type, or of one. */
const VALUE_COLUMNS: Readonly<Record<string, IndicatorType | 'any'>> = {
  value: 'any', indicator: 'any', indicator_value: 'any', ioc: 'any', ioc_value: 'any', observable: 'any', artifact: 'any',
  ip: 'ip', ip_address: 'ip', ipaddress: 'ip', address: 'ip', src_ip: 'ip', dst_ip: 'ip', dest_ip: 'ip', srcip: 'ip', dstip: 'ip', ipv4: 'ip', ipv6: 'ip', cidr: 'cidr', network: 'cidr', subnet: 'cidr',
  domain: 'domain', domain_name: 'domain', hostname: 'domain', host: 'domain', fqdn: 'domain', url: 'url', uri: 'url',
  hash: 'hash', file_hash: 'hash', md5: 'hash', md5_hash: 'hash', sha1: 'hash', sha1_hash: 'hash', sha256: 'hash', sha256_hash: 'hash', sha512: 'hash',
};
const TYPE_COLUMNS = ['type', 'indicator_type', 'ioc_type', 'observable_type', 'kind'];
/** Types as lists call them, where MISP has no such name. */
const TYPES: Readonly<Record<string, IndicatorType>> = {
  ip: 'ip', ipv4: 'ip', ipv6: 'ip', 'ipv4-addr': 'ip', 'ipv6-addr': 'ip', 'ip:port': 'ip', address: 'ip', cidr: 'cidr', network: 'cidr', fqdn: 'domain', 'domain-name': 'domain', domainname: 'domain', host: 'domain',
  hash: 'hash', filehash: 'hash', md5_hash: 'hash', sha1_hash: 'hash', sha256_hash: 'hash', 'filehash-md5': 'hash', 'filehash-sha1': 'hash', 'filehash-sha256': 'hash',
};
const FACT_COLUMNS: Readonly<Record<string, keyof IndicatorFacts>> = {
  comment: 'note', description: 'note', note: 'note', notes: 'note', name: 'note', threat: 'note', malware: 'note', malware_printable: 'note', threat_type: 'note', attribute_comment: 'note',
  tags: 'labels', labels: 'labels', tag: 'labels', label: 'labels', attribute_tag: 'labels', confidence: 'confidence', confidence_level: 'confidence', score: 'confidence', tlp: 'tlp',
  valid_from: 'validFrom', first_seen: 'validFrom', first_seen_utc: 'validFrom', valid_until: 'validUntil', expires: 'validUntil', expiration: 'validUntil', expiration_date: 'validUntil',
  revoked: 'revoked', reference: 'reference', link: 'reference', source: 'reference', uuid: 'reference',
};

interface Columns {
  values: { at: number; type: IndicatorType | 'any' }[];
  type: number;
  facts: { at: number; fact: keyof IndicatorFacts }[];
  toIds: number;
}

/** Cells of a line; quotes of RFC 4180. */
export function cellsOf(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= line.length; ) {
    while (line[at] === ' ') at++;
    if (line[at] === '"') {
      let cell = '';
      let close = line.indexOf('"', at + 1);
      for (at++; close >= 0 && line[close + 1] === '"'; close = line.indexOf('"', at)) {
        cell += `${line.slice(at, close)}"`;
        at = close + 2;
      }
      const end = close < 0 ? line.length : close;
      cells.push(cell + line.slice(at, end));
      const next = line.indexOf(delimiter, end);
      if (next < 0) return cells;
      at = next + delimiter.length;
      continue;
    }
    const next = line.indexOf(delimiter, at);
    cells.push(line.slice(at, next < 0 ? line.length : next).trim());
    if (next < 0) return cells;
    at = next + delimiter.length;
  }
  return cells;
}

function columnsOf(cells: readonly string[]): Columns | null {
  const names = cells.map((cell) => cell.trim().toLowerCase().replace(/^\ufeff/, '').replaceAll(/[\s-]+/g, '_'));
  const values = names.flatMap((name, at) => (Object.hasOwn(VALUE_COLUMNS, name) ? [{ at, type: VALUE_COLUMNS[name] }] : []));
  if (values.length === 0) return null;
  // Where one column says "the indicator", a host or an address beside it is something else.
  const any = values.filter(({ type }) => type === 'any');
  return {
    values: any.length > 0 ? any.slice(0, 1) : values,
    type: names.findIndex((name) => TYPE_COLUMNS.includes(name)),
    facts: names.flatMap((name, at) => (Object.hasOwn(FACT_COLUMNS, name) ? [{ at, fact: FACT_COLUMNS[name] }] : [])),
    toIds: names.indexOf('to_ids'),
  };
}

const DELIMITERS = [',', '\t', ';', '|'];
function delimiterOf(line: string): string {
  let best = ',';
  let most = 0;
  for (const delimiter of DELIMITERS) {
    const cells = cellsOf(line, delimiter).length;
    if (cells > most) [best, most] = [delimiter, cells];
  }
  return best;
}

/** Reads rows. Feed it lines; a line may give several indicators, or none. */
class TableReader {
  #columns: Columns | null = null;
  #delimiter = '';
  #first = true;
  /** the comment last seen: some lists have their header in one */
  #comment = '';

  line(line: string): Listed[] {
    const text = line.trim();
    if (text === '') return [];
    if (text.startsWith('#') || text.startsWith('//')) {
      if (this.#first) this.#comment = text.replace(/^[#/\s]+/, '');
      return [];
    }
    if (line.length > MAX_LINE) return [{ rejected: `the line is longer than ${MAX_LINE >> 10} KiB` }];
    if (this.#first) {
      this.#first = false;
      this.#delimiter = delimiterOf(text);
      this.#columns = columnsOf(cellsOf(text, this.#delimiter));
      if (this.#columns) return [];
      const before = this.#comment === '' ? null : cellsOf(this.#comment, this.#delimiter);
      if (before && before.length > 1) this.#columns = columnsOf(before);
    }
    const cells = cellsOf(text, this.#delimiter);
    return this.#columns ? rowOf(cells, this.#columns) : [bare(cells)];
  }
}

function rowOf(cells: readonly string[], { values, type, facts: named, toIds }: Columns): Listed[] {
  const facts = named.length === 0 ? NO_FACTS : factsOf(Object.fromEntries(named.toReversed().filter(({ at }) => (cells[at] ?? '') !== '').map(({ at, fact }) => [fact, cells[at]])));
  const said = type < 0 ? '' : (cells[type] ?? '').trim().toLowerCase();
  if (toIds >= 0 && /^(?:0|false)$/i.test(cells[toIds] ?? '')) return [{ rejected: 'the list marks it as not meant for detection (to_ids)' }];
  const listed = values.flatMap(({ at, type: column }): Listed[] => {
    const value = cells[at] ?? '';
    if (value === '') return [];
    if (column !== 'any') return [{ value, hint: column, facts }];
    if (said === '') return [{ value, hint: null, facts }];
    if (Object.hasOwn(TYPES, said)) return [{ value, hint: TYPES[said], facts }];
    return mispValues(said, value, facts);
  });
  return listed.length > 0 ? listed : [{ rejected: 'the row has no value' }];
}

/** A row of a table without a header: its first cell that is an indicator. */
function bare(cells: readonly string[]): Listed {
  const value = cells.find((cell) => !('rejected' in understand(cell, null))) ?? cells.find((cell) => cell !== '') ?? '';
  return { value, hint: null, facts: NO_FACTS };
}

/** Indicators of a table, some lines at a time. */
export async function* readTable(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Listed[], void, void> {
  const reader = new TableReader();
  let rest: Uint8Array = new Uint8Array(0);
  let lost = false;
  for await (const chunk of chunks) {
    const last = chunk.lastIndexOf(10);
    if (last < 0 && rest.length + chunk.length > MAX_LINE * 4) {
      lost = true;
      rest = new Uint8Array(0);
      continue;
    }
    const found: Listed[] = [];
    if (last >= 0) {
      const lines = decoder.decode(Buffer.concat([rest, chunk.subarray(0, last)])).split('\n');
      if (lost) lines[0] = `${' '.repeat(MAX_LINE)}x`;
      lost = false;
      for (const line of lines) found.push(...reader.line(line));
      rest = chunk.slice(last + 1);
    } else rest = Buffer.concat([rest, chunk]);
    if (found.length > 0) yield found;
  }
  const end = lost ? [{ rejected: `the line is longer than ${MAX_LINE >> 10} KiB` }] : reader.line(decoder.decode(rest));
  if (end.length > 0) yield end;
}
