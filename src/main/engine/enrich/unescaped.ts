/** Text with what JSON and its like write as \u00xx as ASCII, and its control characters as blanks. */
const ESCAPED_ASCII = /\\u00([2-7][0-9a-f])/gi;
export function unescaped(raw: string): string {
  return raw.replace(ESCAPED_ASCII, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))).replace(/\\[bfnrt]/g, ' ');
}
