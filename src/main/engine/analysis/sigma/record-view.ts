/**
 * One record as rules see it: values by the names that the record itself uses, under names of Sigma's taxonomy (logsource.ts maps those), and
 * the texts keywords are looked for in. Made for records that may match; everything is worked out when first asked.
 */
import type { ReadRecord } from '../../formats/read-record.ts';
import { unescaped } from '../../enrich/unescaped.ts';

export interface Text {
  value: string;
  lower: string;
}
export type Values = readonly Text[];
/** What a name of the taxonomy is in a record; null = the record has no such field. */
export type FieldMap = Readonly<Record<string, (view: RecordView) => readonly string[] | null>>;
export const NO_FIELDS: FieldMap = {};

/** Leaves of a record that are looked at. */
const MOST_LEAVES = 5000;
const DEEPEST = 40;
const utf8 = new TextDecoder('utf-8');

/** Names that records use for what has a column: the record's own name is not kept with it. */
const COLUMNS: Readonly<Record<string, keyof ReadRecord['fields'] | 'status' | 'message'>> = {
  'c-ip': 'ip', src_ip: 'ip', sourceip: 'ip', 'source.ip': 'ip', clientip: 'ip', client_ip: 'ip', 'client.ip': 'ip', 'id.orig_h': 'ip', src: 'ip', remote_addr: 'ip', ipaddress: 'ip', sourceipaddress: 'ip', srcip: 'ip',
  'cs-uri': 'url', 'c-uri': 'url', url: 'url', 'url.original': 'url', uri: 'url', request_uri: 'url', 'sc-status': 'status', status: 'status', status_code: 'status', 'http.response.status_code': 'status',
  'cs-username': 'user', user: 'user', username: 'user', 'user.name': 'user', acct: 'user', computer: 'host', computername: 'host', hostname: 'host', host: 'host', 'host.name': 'host', 'cs-host': 'host',
  service: 'service', 'service.name': 'service', process: 'service', program: 'service', level: 'level', 'log.level': 'level', message: 'message', msg: 'message',
};

export class RecordView {
  /** the format that read the record */
  readonly format: string;
  readonly #raw: Uint8Array;
  readonly #read: () => ReadRecord | null;
  #record: ReadRecord | null | undefined;
  #leaves: Map<string, string[]> | undefined;
  #text: string | undefined;
  #keywords: Values | undefined;
  #values = new Map<string, Values | null>();
  /** what a gate found of this record, kept while the record is looked at */
  readonly memo = new Map<unknown, unknown>();

  constructor(format: string, raw: Uint8Array, read: () => ReadRecord | null) {
    this.format = format;
    this.#raw = raw;
    this.#read = read;
  }

  get text(): string {
    return (this.#text ??= utf8.decode(this.#raw));
  }
  get record(): ReadRecord | null {
    if (this.#record === undefined) this.#record = this.#read();
    return this.#record;
  }
  /** the record is an object of names and values, not a line of text */
  get structured(): boolean {
    return this.#raw[0] === 123 || ['csv', 'logfmt', 'cef', 'leef', 'zeek', 'w3c', 'journald'].includes(this.format);
  }

  /** All values by lower-cased name; names inside others joined with dots, places in lists left out. */
  get leaves(): ReadonlyMap<string, readonly string[]> {
    if (this.#leaves) return this.#leaves;
    const leaves = new Map<string, string[]>();
    this.#leaves = leaves;
    let count = 0;
    const add = (name: string, value: string): void => {
      const known = leaves.get(name);
      if (!known) leaves.set(name, [value]);
      else if (!known.includes(value)) known.push(value);
    };
    const walk = (value: unknown, name: string, depth: number): void => {
      if (++count > MOST_LEAVES || depth > DEEPEST) return;
      if (Array.isArray(value)) for (const item of value) walk(item, name, depth + 1);
      else if (value !== null && typeof value === 'object') for (const [key, inner] of Object.entries(value)) walk(inner, name === '' ? key.toLowerCase() : `${name}.${key.toLowerCase()}`, depth + 1);
      else if (value !== undefined) add(name, value === null ? '' : String(value));
    };
    if (this.#raw[0] === 123) {
      try {
        const parsed: unknown = JSON.parse(this.text);
        walk(parsed, '', 0);
        if (this.format === 'evtx' || leaves.has('event.system.eventid') || leaves.has('event.system.eventid.#text')) addWindowsNames(parsed, add, walk);
        else for (const [name, values] of [...leaves]) for (const prefix of ['winlog.event_data.', 'event_data.', 'eventdata.']) if (name.startsWith(prefix)) for (const value of values) add(name.slice(prefix.length), value);
        return leaves;
      } catch {
        // Not an object after all: what its format says of it counts.
        leaves.clear();
      }
    }
    for (const { name, value } of this.record?.attributes ?? []) add(name.toLowerCase(), String(value ?? ''));
    if (this.format === 'auditd') addAuditNames(this.text, leaves, add);
    return leaves;
  }

  /** Values under a name as the record has it, or of the column its format put it in; null = it has none. */
  own(name: string): readonly string[] | null {
    const key = name.toLowerCase();
    const found = this.leaves.get(key);
    if (found) return found;
    const column = COLUMNS[key];
    if (!column || this.#raw[0] === 123) return null;
    return this.column(column);
  }
  column(column: keyof ReadRecord['fields'] | 'status' | 'message'): readonly string[] | null {
    const { record } = this;
    const value = column === 'status' ? record?.numbers.status : column === 'message' ? record?.message : record?.fields[column];
    return value === undefined ? null : [String(value)];
  }
  /** Values of the first of these names that there is. */
  first(...names: readonly string[]): readonly string[] | null {
    for (const name of names) {
      const found = this.leaves.get(name);
      if (found && found.some((value) => value !== '' && value !== '-')) return found;
    }
    return null;
  }
  /** The first name that ends with one of these, whatever it is inside of. */
  ending(...names: readonly string[]): readonly string[] | null {
    for (const [name, values] of this.leaves) {
      const last = name.slice(name.lastIndexOf('.') + 1).replaceAll(/[-_]/g, '');
      if (names.includes(last)) return values;
    }
    return null;
  }

  /** Values of a field of a rule; null = the record has none. */
  values(name: string, map: FieldMap): Values | null {
    // Names of a map differ from gate to gate, so that only the record's own are kept.
    const mapped = map[name] ?? map[name.toLowerCase()];
    if (mapped) return mapped(this)?.map(folded) ?? null;
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const found = this.own(name)?.map(folded) ?? null;
    this.#values.set(name, found);
    return found;
  }

  /** What keywords are looked for in: the record as it is, and where it writes escapes, its values. */
  get keywords(): Values {
    if (this.#keywords) return this.#keywords;
    const texts = [this.text];
    if (this.#raw[0] === 123) for (const values of this.leaves.values()) texts.push(...values);
    else if (this.text.includes('\\')) texts.push(unescaped(this.text));
    if (this.format === 'auditd') for (const values of this.leaves.values()) texts.push(...values);
    return (this.#keywords = texts.map(folded));
  }
}

function folded(value: string): Text {
  return { value, lower: value.toLowerCase() };
}

/** Names that Windows' own viewer and rules use: those of EventData and UserData without what they are inside of, System's as Provider_Name. */
function addWindowsNames(parsed: unknown, add: (name: string, value: string) => void, walk: (value: unknown, name: string, depth: number) => void): void {
  const { Event: event } = parsed as { Event?: Record<string, unknown> };
  const system = event?.System;
  if (system !== null && typeof system === 'object') {
    for (const [key, value] of Object.entries(system)) {
      const name = key.toLowerCase();
      if (value === null || typeof value !== 'object') {
        add(name, String(value ?? ''));
        continue;
      }
      for (const [inner, text] of Object.entries(value)) {
        if (inner === '#text') add(name, String(text));
        else if (inner === '#attributes' && text !== null && typeof text === 'object') for (const [attribute, one] of Object.entries(text)) add(`${name}_${attribute.toLowerCase()}`, String(one));
      }
    }
  }
  const data = (value: unknown, name: string, depth: number): void => {
    if (depth > 8) return;
    if (Array.isArray(value)) for (const item of value) data(item, name, depth + 1);
    else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) if (key !== '#attributes') data(inner, key === '#text' ? name : key.toLowerCase(), depth + 1);
    } else if (name !== '') walk(value, name, 0);
  };
  data(event?.EventData, 'data', 0);
  const { Hashes: hashes } = (event?.EventData ?? {}) as { Hashes?: unknown };
  // Sysmon has all of them in one text: SHA256=…,IMPHASH=….
  if (typeof hashes === 'string') for (const [, name, value] of hashes.matchAll(/(?:^|,)([A-Z0-9]+)=([0-9A-F]+)/gi)) add(name.toLowerCase(), value);
  data(event?.UserData, '', 0);
}

/** What records of the Linux audit log say as they write it, beside what the format makes of it, and the command line that EXECVE has in parts. */
function addAuditNames(text: string, leaves: Map<string, string[]>, add: (name: string, value: string) => void): void {
  for (const [, name, quoted, bare] of text.matchAll(/(?<![\w-])([\w-]+)=(?:"([^"]*)"|([^\s"']+))/g)) add(name.toLowerCase(), quoted ?? bare);
  if (leaves.get('type')?.[0] !== 'EXECVE') return;
  const words: string[] = [];
  for (let i = 0; i < 200; i++) {
    const word = leaves.get(`a${i}`)?.[0];
    if (word === undefined) break;
    words.push(word);
  }
  if (words.length === 0) return;
  add('commandline', words.join(' '));
  add('image', words[0]);
}
