/**
 * Reads the JSON Schema of a connector's configuration (draft 2020-12, as zod writes it) as a flat list of fields for a form, and makes
 * the configuration of what was typed. Objects inside are flattened: 'tls.verify'. A shape that no control fits is typed as JSON.
 */
import { z } from 'zod';
import { formatCount } from './numbers.ts';

type FieldKind = 'text' | 'secret' | 'number' | 'switch' | 'choice' | 'list' | 'json' | 'fixed';
export interface ConfigField {
  /** where it stands: ['tls', 'verify'] */
  path: readonly string[];
  /** the path as text, unique in the form */
  key: string;
  label: string;
  help: string;
  required: boolean;
  kind: FieldKind;
  /** chosen with the system's dialog */
  picks: 'folder' | 'file' | null;
  /** whole numbers only */
  whole: boolean;
  /** numbers: of the value; text: of its length; lists: of how many */
  min: number | null;
  max: number | null;
  pattern: string;
  choices: readonly { text: string; value: unknown }[];
  /** undefined = none */
  fallback: unknown;
}
/** What is in the form: text as it was typed (one a line for lists), or whether it is switched on. */
export type FormValues = Readonly<Record<string, string | boolean>>;

const text = z.string().optional().catch(undefined);
const figure = z.number().optional().catch(undefined);
const nodeSchema = z.looseObject({
  // ["string", "null"]: may be left empty, like the anyOf below.
  type: z.preprocess((type) => (Array.isArray(type) ? (type.filter((one) => one !== 'null').length === 1 ? type.find((one) => one !== 'null') : undefined) : type), text),
  title: text, description: text, format: text, pattern: text,
  secret: z.boolean().optional().catch(undefined),
  default: z.unknown().optional(), const: z.unknown().optional(), items: z.unknown().optional(),
  enum: z.array(z.unknown()).optional().catch(undefined),
  anyOf: z.array(z.unknown()).optional().catch(undefined),
  properties: z.record(z.string(), z.unknown()).optional().catch(undefined),
  required: z.array(z.string()).optional().catch(undefined),
  minimum: figure, maximum: figure, minLength: figure, maxLength: figure, minItems: figure, maxItems: figure,
});
type Node = z.output<typeof nodeSchema>;
/** Settings inside settings inside settings: deeper than this is typed as JSON. */
const DEEPEST = 4;

function nodeOf(raw: unknown): Node {
  const parsed = nodeSchema.safeParse(raw);
  const node = parsed.success ? parsed.data : nodeSchema.parse({});
  // "or null" and "or nothing" are how a schema says that it may be left empty.
  const real = node.anyOf?.map(nodeOf).filter((one) => one.type !== 'null' && one.const !== '');
  return real?.length === 1 ? { ...real[0], ...Object.fromEntries(Object.entries(node).filter(([name, value]) => name !== 'anyOf' && value !== undefined)) } : node;
}

/** 'maxRows' -> 'Max rows', for a field without a title */
function labelOf(name: string): string {
  const words = name.replaceAll(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll(/[_-]+/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The fields of a configuration, in the order of the schema. Anything that is no object schema has none. */
export function fieldsOf(schema: unknown): ConfigField[] {
  return fieldsBelow(nodeOf(schema), [], true);
}
function fieldsBelow(parent: Node, above: readonly string[], needed: boolean): ConfigField[] {
  return Object.entries(parent.properties ?? {}).flatMap(([name, raw]) => {
    const node = nodeOf(raw);
    const path = [...above, name];
    const required = needed && (parent.required?.includes(name) ?? false);
    if (node.type === 'object' && node.properties && path.length < DEEPEST) return fieldsBelow(node, path, required);
    return [fieldOf(node, path, required)];
  });
}
function fieldOf(node: Node, path: readonly string[], required: boolean): ConfigField {
  const kind = kindOf(node);
  const picked = kind === 'list' ? nodeOf(node.items).format : node.format;
  return {
    path, key: path.join('.'), label: node.title ?? labelOf(path[path.length - 1]), help: node.description ?? '', required, kind,
    picks: (kind === 'text' || kind === 'list') && (picked === 'folder' || picked === 'file') ? picked : null,
    whole: node.type === 'integer',
    // zod bounds whole numbers by what is exact; nobody needs to be told.
    min: sensible(kind === 'list' ? node.minItems : kind === 'number' ? node.minimum : node.minLength),
    max: sensible(kind === 'list' ? node.maxItems : kind === 'number' ? node.maximum : node.maxLength),
    pattern: node.pattern ?? '', choices: (node.enum ?? []).map((value) => ({ text: String(value), value })),
    fallback: kind === 'fixed' ? node.const : node.default,
  };
}
function sensible(bound: number | undefined): number | null {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? null : bound;
}
function kindOf(node: Node): FieldKind {
  if (node.const !== undefined) return 'fixed';
  if (node.enum) return 'choice';
  switch (node.type) {
    case 'string':
      return node.secret ? 'secret' : 'text';
    case 'number':
    case 'integer':
      return 'number';
    case 'boolean':
      return 'switch';
    case 'array':
      return nodeOf(node.items).type === 'string' ? 'list' : 'json';
    default:
      return 'json';
  }
}

/** What the form begins with: the defaults, or what a configuration says. Secrets are in neither. */
export function firstValues(fields: readonly ConfigField[], config?: unknown): FormValues {
  return Object.fromEntries(fields.map((field) => [field.key, written(field.kind, valueAt(config, field.path) ?? field.fallback)]));
}
function written(kind: FieldKind, value: unknown): string | boolean {
  if (kind === 'switch') return value === true;
  if (value === undefined || value === null) return '';
  if (kind === 'list') return Array.isArray(value) ? value.join('\n') : '';
  return kind === 'json' ? JSON.stringify(value, null, 2) : String(value);
}
function valueAt(config: unknown, path: readonly string[]): unknown {
  let value = config;
  for (const name of path) value = typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  return value;
}

/** The configuration that the form says, and what is wrong with it by the key of the field. What is left empty is left out. */
export function configOf(fields: readonly ConfigField[], values: FormValues): { config: Record<string, unknown>; errors: ReadonlyMap<string, string> } {
  const config: Record<string, unknown> = {};
  const errors = new Map<string, string>();
  for (const field of fields) {
    const read = readField(field, values[field.key] ?? '');
    if ('error' in read) errors.set(field.key, read.error);
    else if (read.value !== undefined) put(config, field.path, read.value);
  }
  return { config, errors };
}
type Read = { value: unknown } | { error: string };
function readField(field: ConfigField, given: string | boolean): Read {
  const { kind, fallback, required, choices } = field;
  if (kind === 'fixed') return { value: fallback };
  if (typeof given === 'boolean') return { value: given };
  // A space may be part of a password, never of anything else.
  const typed = kind === 'secret' ? given : given.trim();
  if (typed === '') return required && fallback === undefined ? { error: 'This is needed.' } : { value: undefined };
  switch (kind) {
    case 'number':
      return readNumber(field, typed);
    case 'choice': {
      const chosen = choices.find((choice) => choice.text === typed);
      return chosen ? { value: chosen.value } : { error: 'Choose one of the list.' };
    }
    case 'list': {
      const lines = typed.split('\n').map((line) => line.trim()).filter((line) => line !== '');
      return bounded(field, lines.length, 'lines', lines);
    }
    case 'json':
      try {
        return { value: JSON.parse(typed) as unknown };
      } catch (error) {
        return { error: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
      }
    default:
      if (field.pattern !== '' && !matches(field.pattern, typed)) return { error: 'This does not have the form that is needed.' };
      return bounded(field, typed.length, 'characters', typed);
  }
}
function readNumber(field: ConfigField, typed: string): Read {
  const value = Number(typed);
  if (!Number.isFinite(value)) return { error: 'This must be a number.' };
  if (field.whole && !Number.isInteger(value)) return { error: 'This must be a whole number.' };
  return bounded(field, value, '', value);
}
function bounded({ min, max }: ConfigField, size: number, things: string, value: unknown): Read {
  const most = (bound: number): string => `${formatCount(bound)}${things ? ` ${things}` : ''}`;
  if (min !== null && size < min) return { error: `This must be at least ${most(min)}.` };
  if (max !== null && size > max) return { error: `This must be at most ${most(max)}.` };
  return { value };
}
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    // A pattern of another dialect: the engine checks it anyway.
    return true;
  }
}
function put(config: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let inside = config;
  for (const name of path.slice(0, -1)) inside = (inside[name] ??= {}) as Record<string, unknown>;
  inside[path[path.length - 1]] = value;
}

/** "'every': too big" as the engine says it -> the field's key and what is wrong with it, when there is such a field. */
export function fieldError(fields: readonly ConfigField[], message: string): [key: string, error: string] | null {
  const named = /^'([^']+)': (.+)$/s.exec(message);
  // A list is named with the place in it: 'paths.0'.
  const field = named && fields.find(({ key }) => named[1] === key || named[1].startsWith(`${key}.`));
  return field ? [field.key, named[2]] : null;
}

/** A stored configuration for people: label and value of each field; what is secret is not shown. */
export function shownConfig(fields: readonly ConfigField[], config: unknown): { key: string; label: string; value: string }[] {
  return fields.flatMap(({ key, label, kind, path }) => {
    const value = valueAt(config, path);
    if (kind === 'secret') return [{ key, label, value: 'in memory while the case is open, never in the case' }];
    if (value === undefined || value === null || value === '' || kind === 'fixed') return [];
    if (typeof value === 'boolean') return [{ key, label, value: value ? 'yes' : 'no' }];
    return [{ key, label, value: Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value) }];
  });
}
