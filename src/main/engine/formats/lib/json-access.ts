/** Reading values out of parsed JSON whose shape nobody promised. */

export type JsonObject = Readonly<Record<string, unknown>>;

const NOTHING: JsonObject = {};

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** The object under a key; an empty one when there is none. */
export function objectAt(of: JsonObject, key: string): JsonObject {
  const value = of[key];
  return isObject(value) ? value : NOTHING;
}
/** The objects of the list under a key; what else is in it is left out. */
export function listAt(of: JsonObject, key: string): JsonObject[] {
  const value = of[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
/** The first of these keys that holds text or a number, as text. */
export function textAt(of: JsonObject, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value = of[key];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return undefined;
}
/** The first of these keys that holds a finite number. */
export function numberAt(of: JsonObject, ...keys: string[]): number | undefined {
  for (const key of keys) {
    const value = of[key];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return undefined;
}
/** Whether the object has every one of these keys. */
export function hasAll(of: JsonObject, ...keys: string[]): boolean {
  return keys.every((key) => Object.hasOwn(of, key));
}
export function hasAny(of: JsonObject, ...keys: string[]): boolean {
  return keys.some((key) => Object.hasOwn(of, key));
}
/** The first line of a text that has ink, at most `characters` long. */
export function firstLine(text: string | undefined, characters = 300): string {
  const line = /[^\s][^\r\n]*/.exec((text ?? '').slice(0, 20_000))?.[0].trim() ?? '';
  return line.length > characters ? `${line.slice(0, characters)}…` : line;
}
