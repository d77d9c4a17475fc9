/** YAML of rules as nodes that know where they stand, so that every complaint has a line and a column. */
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Document, type Node, type Pair, type YAMLMap } from 'yaml';
import { SigmaError } from './problem.ts';

export type Scalar = string | number | boolean | null;

/** A name and what stands behind it. */
export interface Entry {
  key: string;
  /** position of the key */
  at: number;
  value: Value;
}
export type Value =
  | { kind: 'scalar'; value: Scalar; text: string; at: number }
  | { kind: 'list'; items: Value[]; at: number }
  | { kind: 'map'; entries: Entry[]; at: number };
export type MapValue = Extract<Value, { kind: 'map' }>;

/** Aliases may stand for so many nodes: more is an attack on memory. */
const MOST_NODES = 50_000;
const DEEPEST = 60;

/** Whether brackets or dashes nest so deeply that reading them would cost more than they can be worth. */
function nestsTooDeeply(text: string): boolean {
  if (/^(?:[ \t]*[-?:][ \t]){100}/m.test(text)) return true;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 91 || c === 123) depth++;
    else if (c === 93 || c === 125) depth = Math.max(0, depth - 1);
    else if (c === 10 && text.startsWith('---', i + 1)) depth = 0;
    if (depth > 500) return true;
  }
  return false;
}

/** The documents of a text; a document that is no YAML is an error, the others are read. */
export function readYaml(text: string): (MapValue | SigmaError)[] {
  if (nestsTooDeeply(text)) return [new SigmaError('too_large', 'The file is nested too deeply.')];
  const documents = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  return (documents as Document.Parsed[]).filter(({ contents, errors }) => errors.length > 0 || (contents !== null && !(isScalar(contents) && contents.value === null))).map((document) => {
    try {
      const [error] = document.errors;
      if (error) throw new SigmaError('yaml', error.message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, ''), error.pos[0]);
      const value = new Reader(document).read(document.contents, 0, 0);
      if (value.kind !== 'map') throw new SigmaError('bad_structure', 'A rule is a map of names and values.', value.at);
      return value;
    } catch (error) {
      if (error instanceof SigmaError) return error;
      return new SigmaError('yaml', error instanceof Error ? error.message : String(error));
    }
  });
}

class Reader {
  readonly #document: Document;
  #nodes = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  read(node: unknown, near: number, depth: number): Value {
    if (++this.#nodes > MOST_NODES || depth > DEEPEST) throw new SigmaError('too_large', 'The rule is nested too deeply, or repeats too much.', near);
    const at = (node as Node | null)?.range?.[0] ?? near;
    if (isAlias(node)) {
      const meant = node.resolve(this.#document);
      if (!meant) throw new SigmaError('yaml', `"*${node.source}" refers to something that is not there. A text that begins with a star stands in quotes.`, at);
      return this.read(meant, at, depth + 1);
    }
    if (isMap(node)) {
      const keys = new Set<string>();
      const entries = (node as YAMLMap).items.map((pair) => this.#entry(pair, at, depth));
      for (const { key, at: keyAt } of entries) {
        if (keys.has(key)) throw new SigmaError('yaml', `"${key}" is there twice.`, keyAt);
        keys.add(key);
      }
      return { kind: 'map', at, entries };
    }
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => this.read(item, at, depth + 1)) };
    const value: unknown = isScalar(node) ? node.value : null;
    const text = isScalar(node) && typeof node.source === 'string' ? node.source : String(value ?? '');
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { kind: 'scalar', value, text, at };
    return { kind: 'scalar', value: text, text, at };
  }

  #entry({ key, value }: Pair, near: number, depth: number): Entry {
    const at = (key as Node | null)?.range?.[0] ?? near;
    if (!isScalar(key)) throw new SigmaError('bad_structure', 'A name in a rule is a text.', at);
    // An empty value has no node of its own: it is told at its name.
    return { key: String(key.value ?? ''), at, value: this.read(value, at, depth + 1) };
  }
}

export function entryOf(map: MapValue, key: string): Entry | undefined {
  return map.entries.find((entry) => entry.key === key);
}
/** The text under a name; '' where there is none. Throws SigmaError when it is a list or a map. */
export function textOf(map: MapValue, key: string): string {
  const entry = entryOf(map, key);
  if (!entry || (entry.value.kind === 'scalar' && entry.value.value === null)) return '';
  if (entry.value.kind !== 'scalar') throw new SigmaError('bad_structure', `"${key}" is a text.`, entry.at);
  return entry.value.text.trim();
}
/** Texts under a name: a list, or one of them. */
export function textsOf(map: MapValue, key: string): string[] {
  const entry = entryOf(map, key);
  if (!entry) return [];
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  return items.flatMap((item) => {
    if (item.kind !== 'scalar') throw new SigmaError('bad_structure', `"${key}" is a list of texts.`, item.at);
    return item.value === null ? [] : [item.text.trim()];
  });
}
/** The same for what people read: a colon in a line makes it a map, and says the same. */
export function wordsOf(map: MapValue, key: string): string[] {
  const plain = (value: Value): string => (value.kind === 'scalar' ? value.text.trim() : value.kind === 'list' ? value.items.map(plain).join(', ') : value.entries.map((entry) => `${entry.key}: ${plain(entry.value)}`).join(', '));
  const value = entryOf(map, key)?.value;
  if (!value) return [];
  return (value.kind === 'list' ? value.items : [value]).map(plain).filter((text) => text !== '');
}
export function mapOf(map: MapValue, key: string): MapValue | undefined {
  const entry = entryOf(map, key);
  if (!entry) return undefined;
  if (entry.value.kind !== 'map') throw new SigmaError('bad_structure', `"${key}" is a map of names and values.`, entry.at);
  return entry.value;
}

/** One map over another: what the second says wins, maps in both are merged. */
export function mergeMaps(base: MapValue, over: MapValue): MapValue {
  const entries = base.entries.map((entry) => {
    const other = entryOf(over, entry.key);
    if (!other) return entry;
    return entry.value.kind === 'map' && other.value.kind === 'map' ? { ...other, value: mergeMaps(entry.value, other.value) } : other;
  });
  return { kind: 'map', at: over.at, entries: [...entries, ...over.entries.filter(({ key }) => !entryOf(base, key))] };
}
