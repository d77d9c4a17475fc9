/** Numbers and sizes as a report writes them. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

export function number(value: number): string {
  return grouped.format(value);
}
/** "1 event", "2 events" */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}
/** "12,345 bytes (12.1 KiB)" */
export function bytes(value: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let scaled = value / 1024;
  let unit = 0;
  while (scaled >= 1024 && unit < units.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return value < 1024 ? plural(value, 'byte') : `${number(value)} bytes (${number(scaled)} ${units[unit]})`;
}
/** The share of a count, "12.3 %"; '' of nothing. */
export function share(part: number, whole: number): string {
  return whole === 0 ? '' : `${(100 * part / whole).toFixed(1)} %`;
}
/** "4 h 10 min", "2 d 3 h", "850 ms"; the two largest units that count. `span` in microseconds. */
export function duration(span: number): string {
  const units: [number, string][] = [[86_400e6, 'd'], [3600e6, 'h'], [60e6, 'min'], [1e6, 's'], [1e3, 'ms'], [1, 'µs']];
  const first = units.findIndex(([size]) => span >= size);
  if (first < 0) return '0 s';
  const whole = Math.floor(span / units[first][0]);
  const rest = units[first + 1] ? Math.floor((span - whole * units[first][0]) / units[first + 1][0]) : 0;
  return `${number(whole)} ${units[first][1]}${rest > 0 ? ` ${rest} ${units[first + 1][1]}` : ''}`;
}
/** A text cut to at most `max` UTF-8 bytes between two characters, and how many bytes were left out. */
export function fold(text: string, max: number): { text: string; leftOut: number } {
  // No character takes less than a byte a unit, so the head is enough to find the cut.
  const head = Buffer.from(text.slice(0, max), 'utf8');
  if (head.length <= max && text.length <= max) return { text, leftOut: 0 };
  let end = Math.min(max, head.length);
  while (end > 0 && (head[end] & 0xc0) === 0x80) end--;
  return { text: head.toString('utf8', 0, end), leftOut: Buffer.byteLength(text, 'utf8') - end };
}
