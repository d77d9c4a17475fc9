/**
 * One record as rules see it: values by the names that the record itself uses, under names of Sigma's taxonomy (logsource.ts maps those), and
 * the texts keywords are looked for in. Made for records that may match; everything is worked out when first asked.
 */
import type { ReadRecord } from '../../formats/read-record.ts';
import { unescaped } from '../../enrich/unescaped.ts';
import { addWindowsNames, addXmlNames, framedEvent, type FramedEvent } from './windows-names.ts';

export interface Text {
  value: string;
  lower: string;
}
export type Values = readonly Text[];
/**
 * What names of the taxonomy, in lower case, are in a record; null = the record has no such field. "*" is asked for all that neither the map nor
 * the record has.
 */
export type FieldMap = Readonly<Record<string, (view: RecordView, name: string) => readonly string[] | null>>;
export const NO_FIELDS: FieldMap = {};

/** Leaves of a record that are looked at. */
const MOST_LEAVES = 5000;
const DEEPEST = 40;
const utf8 = new TextDecoder('utf-8');

/** Names that records use for what has a column: the record's own name is not kept with it. */
const COLUMNS = new Map<string, keyof ReadRecord['fields'] | 'status' | 'message'>(Object.entries({
  'c-ip': 'ip', src_ip: 'ip', sourceip: 'ip', 'source.ip': 'ip', clientip: 'ip', client_ip: 'ip', 'client.ip': 'ip', 'id.orig_h': 'ip', src: 'ip', remote_addr: 'ip', ipaddress: 'ip', sourceipaddress: 'ip', srcip: 'ip', source_ip: 'ip', remote_ip: 'ip', src_addr: 'ip',
  'cs-uri': 'url', 'c-uri': 'url', url: 'url', 'url.original': 'url', uri: 'url', request_uri: 'url', 'sc-status': 'status', status: 'status', status_code: 'status', 'http.response.status_code': 'status',
  'cs-username': 'user', user: 'user', username: 'user', 'user.name': 'user', user_name: 'user', acct: 'user', computer: 'host', computername: 'host', hostname: 'host', host: 'host', 'host.name': 'host', 'cs-host': 'host',
  service: 'service', 'service.name': 'service', process: 'service', program: 'service', process_name: 'service', 'process.name': 'service', deviceprocessname: 'service', appname: 'service', level: 'level', 'log.level': 'level', message: 'message', msg: 'message',
} as const));

export class RecordView {
  /** the format that read the record */
  readonly format: string;
  readonly #raw: Uint8Array;
  readonly #read: () => ReadRecord | null;
  #record: ReadRecord | null | undefined;
  #leaves: Map<string, string[]> | undefined;
  #parsed: unknown;
  #event: FramedEvent | null | undefined;
  /** names of objects, whose values are their JSON */
  readonly #objects = new Set<string>();
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

  /** The record as an object; undefined = it is none. */
  #object(): unknown {
    if (this.#parsed !== undefined || this.#raw[0] !== 123) return this.#parsed;
    try {
      this.#parsed = JSON.parse(this.text);
    } catch {
      // Not an object after all: what its format says of it counts.
      this.#parsed = null;
    }
    return this.#parsed;
  }
  /** The event of Windows that the record is, in its frame; null = it is none. Its values need no walk through all of the record. */
  get event(): FramedEvent | null {
    if (this.#event === undefined) this.#event = framedEvent(this.#object());
    return this.#event;
  }
  /** Values by a name in lower case, as it is written. */
  #named(name: string): readonly string[] | undefined {
    return this.event && !name.includes('.') ? this.event.values.get(name) : this.leaves.get(name);
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
      if (value === null || typeof value !== 'object') {
        if (value !== undefined) add(name, value === null ? '' : String(value));
        return;
      }
      const entries = Object.entries(value);
      if (name !== '') {
        if (entries.length === 0) add(name, '');
        else this.#objects.add(name);
      }
      for (const [key, inner] of entries) walk(inner, Array.isArray(value) ? name : name === '' ? key.toLowerCase() : `${name}.${key.toLowerCase()}`, depth + 1);
    };
    const object = this.#object();
    if (object !== undefined && object !== null) {
      walk(object, '', 0);
      if (this.event) for (const [name, values] of this.event.values) for (const value of values) add(name, value);
      else addWindowsNames(leaves, add);
      return leaves;
    }
    for (const { name, value } of this.record?.attributes ?? []) add(name.toLowerCase(), String(value ?? ''));
    if (this.format === 'auditd') addAuditNames(this.text, leaves, add);
    else if (this.format === 'csv') addWindowsNames(leaves, add);
    else if (this.text.includes('<Data Name="')) addXmlNames(this.text, add);
    return leaves;
  }

  /** Values under a name as the record has it, or of the column its format put it in; null = it has none. */
  own(name: string): readonly string[] | null {
    // Places in lists are left out of names: a[0].b and a{}.b are a.b.
    const lower = name.toLowerCase();
    const key = lower.includes('[') || lower.includes('{') ? lower.replaceAll(/\{\}|\[\d*\]/g, '') : lower;
    const found = this.#named(key) ?? (this.#objects.has(key) ? objectTexts(this.#parsed, key) : undefined);
    if (found) return found;
    const column = COLUMNS.get(key);
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
      const found = this.#named(name);
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
    const lower = name.toLowerCase();
    // Names come from rules: what every object has is none of them.
    const mapped = Object.hasOwn(map, lower) ? map[lower] : undefined;
    if (mapped) return mapped(this, lower)?.map(folded) ?? null;
    let known = this.#values.get(lower);
    if (known === undefined) this.#values.set(lower, (known = this.own(lower)?.map(folded) ?? null));
    return known ?? map['*']?.(this, lower)?.map(folded) ?? null;
  }

  /** What keywords are looked for in: the record as it is, and where it writes escapes, its values. */
  get keywords(): Values {
    if (this.#keywords) return this.#keywords;
    const texts = [this.text];
    if (this.#raw[0] === 123) for (const values of this.leaves.values()) texts.push(...values);
    else if (this.text.includes('\\')) texts.push(unescaped(this.text));
    if (this.format === 'auditd' || this.text.includes('<Data Name="')) for (const values of this.leaves.values()) texts.push(...values);
    return (this.#keywords = texts.map(folded));
  }
}

function folded(value: string): Text {
  return { value, lower: value.toLowerCase() };
}

/** Objects that a name stands for, as JSON: rules look for texts in them. */
function objectTexts(value: unknown, name: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => objectTexts(item, name));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const lower = key.toLowerCase();
    if (lower === name) return [JSON.stringify(inner)];
    return name.startsWith(`${lower}.`) ? objectTexts(inner, name.slice(lower.length + 1)) : [];
  });
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
  // Rules ask for the end of the path: what is found by its name alone has the rest of it elsewhere.
  if (!words[0].includes('/')) add('image', `/${words[0]}`);
}
