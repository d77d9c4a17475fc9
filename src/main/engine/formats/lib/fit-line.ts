/** One decoded record as a line of JSON that is short enough to be stored: see docs/decisions/0011. */

const MAX_LINE_BYTES = 1_000_000;
/** Characters that values may keep, and items that lists may, tried in turn. */
const STEPS: readonly (readonly [characters: number, items: number])[] = [[65536, 4096], [8192, 512], [1024, 128], [128, 16]];
const encoder = new TextEncoder();

/**
 * The line, with its ending. Where it would be longer than 1 MB, long values are cut first, then the last keys are left out; `record.cut`
 * says so.
 */
export function fitLine(entries: ReadonlyMap<string, unknown>): string {
  const whole = write(entries);
  if (fits(whole)) return whole;
  for (const [characters, items] of STEPS) {
    const cut = new Map<string, unknown>();
    for (const [name, value] of entries) cut.set(name, shorten(value, characters, items));
    cut.set('record.cut', `Texts longer than ${characters} characters and lists longer than ${items} items were cut.`);
    const line = write(cut);
    if (fits(line)) return line;
  }
  return writeFirst(entries);
}

function fits(line: string): boolean {
  // UTF-8 takes at most three bytes for a unit of a string.
  return line.length * 3 <= MAX_LINE_BYTES || (line.length <= MAX_LINE_BYTES && encoder.encode(line).length <= MAX_LINE_BYTES);
}
function pair(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}
function write(entries: ReadonlyMap<string, unknown>): string {
  const pairs: string[] = [];
  for (const [name, value] of entries) pairs.push(pair(name, value));
  return `{${pairs.join(',')}}\n`;
}
function writeFirst(entries: ReadonlyMap<string, unknown>): string {
  const pairs: string[] = [];
  let bytes = 200;
  for (const [name, value] of entries) {
    const text = pair(name.slice(0, 128), shorten(value, 128, 16));
    bytes += encoder.encode(text).length + 1;
    if (bytes > MAX_LINE_BYTES) break;
    pairs.push(text);
  }
  pairs.push(pair('record.cut', `The record was too long: ${entries.size - pairs.length} of its ${entries.size} values were left out, long ones were cut.`));
  return `{${pairs.join(',')}}\n`;
}

function shorten(value: unknown, characters: number, items: number): unknown {
  if (typeof value === 'string') return value.length <= characters ? value : `${value.slice(0, characters)}…`;
  if (Array.isArray(value)) return value.slice(0, items).map((item: unknown) => shorten(item, characters, items));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).slice(0, items).map(([name, inner]) => [name, shorten(inner, characters, items)]));
}
