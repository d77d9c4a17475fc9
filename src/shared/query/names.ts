/** Which names mean which field. */
import { FIELDS, FIELD_ALIASES } from '../event.ts';
import type { FieldDeclaration, FieldName } from '../event.ts';

/** What a name in front of an operator stands for. */
export type NameRole = 'is' | 'has' | 'time' | 'after' | 'before' | 'field';

const declarations = new Map<string, FieldDeclaration>(FIELDS.map((field) => [field.name, field]));
// Maps, not objects: `constructor:x` is an attribute, not something inherited.
const columns = new Map<string, FieldName>(Object.entries(FIELD_ALIASES));
for (const field of FIELDS) columns.set(field.name, field.name);
const reserved = new Map<string, NameRole>([
  ['is', 'is'], ['has', 'has'], ['time', 'time'], ['@timestamp', 'time'], ['timestamp', 'time'], ['after', 'after'], ['before', 'before'],
]);

/** The column field a typed name or alias means (case does not matter), else the name as typed. */
export function resolveField(name: string): FieldName | (string & {}) {
  return columns.get(name) ?? columns.get(name.toLowerCase()) ?? name;
}
/** The declaration of a column field; undefined for attributes. */
export function columnOf(field: string): FieldDeclaration | undefined {
  return declarations.get(field);
}
/** What an unquoted name stands for. A quoted name is always a field. */
export function roleOf(name: string): NameRole {
  return reserved.get(name) ?? 'field';
}
/** Whether the name is a column field, an alias of one or a reserved name: then a stray operator is a mistake, not text. */
export function isKnownName(name: string): boolean {
  return reserved.has(name) || columns.has(name) || columns.has(name.toLowerCase());
}
