/** Trace and span ids. */
import { textOf } from './span-line.ts';

/**
 * As hex in lower case where it is hex, or base64 of 8 or 16 bytes (protobuf's JSON mapping); anything else (decimal numbers, test names)
 * stays as it is. '' for none.
 */
export function idOf(value: unknown): string {
  const text = textOf(value);
  if (/^[0-9a-fA-F]+$/.test(text)) return text.toLowerCase();
  const length = /^[A-Za-z0-9+/]{22}==$/.test(text) ? 16 : /^[A-Za-z0-9+/]{11}=$/.test(text) ? 8 : 0;
  if (length === 0) return text;
  let hex = '';
  for (const character of atob(text)) hex += character.charCodeAt(0).toString(16).padStart(2, '0');
  return hex;
}
