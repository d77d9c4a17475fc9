/**
 * Splits text from data into what can be shown as it is and what must be shown as a mark: control characters, ANSI escape
 * sequences, and the characters that reorder or hide text (bidirectional overrides, zero-width characters). Of a sequence that
 * carries text of its own (ESC ] a window's title, a link) only the introducer is a mark: its text stays to be read, since a
 * sequence that never ends would otherwise hide evidence.
 */
export interface Part {
  kind: 'text' | 'control' | 'ansi' | 'bidi' | 'hidden';
  /** what to show */
  text: string;
  /** what it is, for the title; '' for plain text */
  title: string;
}

// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const SPECIAL = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])?|\u009b[0-?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]|[\u200b-\u200d\u2060\ufeff\u00ad\u{e0000}-\u{e007f}]|[\u2028\u2029]/gu;

const BIDI_NAMES: Readonly<Record<number, string>> = {
  0x202a: 'LRE', 0x202b: 'RLE', 0x202c: 'PDF', 0x202d: 'LRO', 0x202e: 'RLO', 0x2066: 'LRI', 0x2067: 'RLI', 0x2068: 'FSI', 0x2069: 'PDI',
  0x200e: 'LRM', 0x200f: 'RLM', 0x061c: 'ALM',
};
/** In words rather than as U+2400 symbols: few fonts have those, and an empty box says nothing. */
const CONTROL_NAMES = 'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(' ');
function code(point: number): string {
  return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
}
function partOf(match: string): Part {
  const point = match.codePointAt(0) ?? 0;
  if ((point === 0x1b || point === 0x9b) && match.length > 1) {
    const shown = `ESC${match.slice(1).replaceAll('\u0007', 'BEL').replaceAll('\u001b', 'ESC')}`;
    return { kind: 'ansi', text: shown.length > 24 ? `${shown.slice(0, 24)}…` : shown, title: 'terminal escape sequence, not applied' };
  }
  if (point in BIDI_NAMES) return { kind: 'bidi', text: BIDI_NAMES[point], title: `bidirectional control ${code(point)}, not applied` };
  if (point === 0x7f) return { kind: 'control', text: 'DEL', title: `control character ${code(point)}` };
  if (point < 0x20) return { kind: 'control', text: CONTROL_NAMES[point], title: `control character ${code(point)}` };
  if (point < 0xa0) return { kind: 'control', text: code(point), title: `control character ${code(point)}` };
  return { kind: 'hidden', text: code(point), title: `invisible character ${code(point)}` };
}

/** Joins to the whole input, except that marks stand for what they replace. Plain text comes back as one part. */
export function splitUnsafe(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(SPECIAL)) {
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index), title: '' });
    parts.push(partOf(match[0]));
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at), title: '' });
  return parts;
}
