/**
 * JSON that is not one object a line: objects printed over several lines, one after the other or in a list ([{…}, {…}]), or in a
 * list inside one object ({"Records": [{…}, …]}, as cloud exports write). Each object is a record; the brackets and commas
 * around them are none.
 */
import type { Format, Head, Parser, Recognition, Sink, SourceContext } from './format.ts';
import { JSON_SAMPLES } from './json.samples.ts';
import { emitJson } from './lib/json-detail.ts';
import { JsonRecord } from './lib/json-record.ts';
import { decodeJsonString } from './lib/json-text.ts';
import { skipMark } from './lib/lines.ts';
import { MEANING, meaningOf } from './lib/spellings.ts';
import { Structured } from './lib/structured.ts';
import { createClock } from './lib/time.ts';

/** An object that is longer is rejected, and so is all up to here. */
const MAX_OBJECT_BYTES = 32 << 20;

export const json: Format = {
  id: 'json',
  title: 'JSON objects',
  description: 'JSON objects printed over several lines, or in a list: API answers, cloud exports, pretty-printed logs.',
  signal: 'logs',
  samples: JSON_SAMPLES,
  parallel: false,
  named: true,
  recognise,
  open: (context) => new JsonObjects(context),
};

/** What stands before the first object of a list inside an object: perhaps names with plain values, as in kubectl's lists. */
const PLAIN_MEMBER = String.raw`"(?:[^"\\]|\\.){1,100}"\s*:\s*(?:"(?:[^"\\]|\\.){0,500}"|-?[\d.eE+-]{1,40}|true|false|null)\s*,\s*`;
const ENVELOPE = new RegExp(String.raw`^\ufeff?\s*\{\s*((?:${PLAIN_MEMBER}){0,8})"((?:[^"\\]|\\.){1,100})"\s*:\s*\[\s*(?=\{)`);
/** How far an envelope's opening may reach. */
const OPENING_BYTES = 4096;

function recognise(head: Head): Recognition | null {
  const opening = /^\ufeff?\s*([[{])/.exec(head.text);
  if (!opening) return null;
  let records = 0;
  let timed = 0;
  let rejects = 0;
  let bytes = 0;
  const nothing = (): void => undefined;
  const sink: Sink = {
    detail: false,
    begin(start, end) {
      records++;
      bytes += end - start;
    },
    time: () => void timed++,
    reject: () => void rejects++,
    field: nothing, text: nothing, number: nothing, words: nothing, severity: nothing, message: nothing, messageText: nothing, attribute: nothing, end: nothing,
  };
  const parser = new JsonObjects({ path: head.path, modified: 0, zone: 'UTC', head: head.bytes });
  const consumed = parser.parse(head.bytes, 0, head.bytes.length, head.bytes.length, head.bytes.length < 65536, sink);
  if (records === 0 || consumed === 0) return null;
  const share = bytes / consumed;
  const list = opening[1] === '[' || parser.inEnvelope;
  // One object a line is JSON lines.
  if (!list && records + rejects >= head.lines.length) return null;
  const sure = records / (records + rejects);
  return {
    confidence: (list ? 0.97 : 0.94) * sure * Math.min(1, share * 2),
    reason: `${records} JSON objects${list ? ' in a list' : ' over several lines'}${timed > 0 ? `, ${timed} with a time` : ''}${rejects > 0 ? `, ${rejects} broken` : ''}`,
  };
}

class JsonObjects implements Parser {
  readonly inEnvelope: boolean;
  /** the names that open the envelope; the last is the list's */
  private readonly envelope: readonly string[];
  private readonly out: Structured;
  private readonly record: JsonRecord;

  constructor(context: SourceContext) {
    this.out = new Structured(createClock(context), decodeJsonString);
    this.record = new JsonRecord(this.out);
    this.envelope = this.findEnvelope(context.head);
    this.inEnvelope = this.envelope.length > 0;
  }

  /** The names up to that of the list around the records; empty when the head shows none. Its objects must have times: else it is a record's own list. */
  private findEnvelope(head: Uint8Array): readonly string[] {
    const text = new TextDecoder('latin1').decode(head.subarray(0, OPENING_BYTES)).replace(/^\u00ef\u00bb\u00bf/, '   ');
    const match = ENVELOPE.exec(text);
    if (!match) return [];
    const start = match[0].length;
    const end = objectEnd(head, start, head.length).at;
    if (end < 0 || this.record.scan(head, start, end) < 0 || !this.out.has(MEANING.time)) return [];
    const names = [...match[1].matchAll(new RegExp(PLAIN_MEMBER, 'g'))].map(([member]) => /^"((?:[^"\\]|\\.)*)"/.exec(member)?.[1] ?? '');
    // Lines that have lists of objects among their values are records, not envelopes.
    const top = { path: '', wrapped: false };
    const told = names.some((name) => [MEANING.time, MEANING.message].some((meaning) => meaningOf(name, top).spelling?.meaning === meaning));
    const lined = names.length > 0 && /^[^\n]*\}\s*\n\s*\{/.test(new TextDecoder('latin1').decode(head));
    return told || lined ? [] : [...names, match[2]];
  }

  parse(buf: Uint8Array, start: number, end: number, stopAt: number, final: boolean, sink: Sink): number {
    let i = skipMark(buf, start, end);
    if (!final && end - start < 3 && buf[start] === 0xef) return start;
    while (i < end) {
      const c = buf[i];
      if (isSpace(c) || c === 44 || c === 91 || c === 93 || (c === 125 && this.inEnvelope)) {
        i++;
        continue;
      }
      if (i >= stopAt) return i;
      if (c === 34 && this.inEnvelope) {
        // Between the records' objects only the envelope itself has names: what it says behind its list.
        const behind = memberEnd(buf, i, end);
        if (behind > 0) {
          i = behind;
          continue;
        }
        if (behind < 0 && !final && end - i < MAX_OBJECT_BYTES) return i;
      }
      if (c !== 123) {
        const next = this.junk(buf, i, end, final, sink);
        if (next < 0) return i;
        i = next;
        continue;
      }
      if (this.inEnvelope) {
        const behind = this.opening(buf, i, end);
        if (behind > 0) {
          i = behind;
          continue;
        }
        if (behind < 0 && !final) return i;
      }
      const found = objectEnd(buf, i, end);
      if (found.at < 0) {
        if (!final && end - i < MAX_OBJECT_BYTES) return i;
        sink.reject(i, lastInk(buf, i, end), final ? 'The object is cut off: its closing brace is missing.' : `The object is longer than ${MAX_OBJECT_BYTES >> 20} MiB.`);
        return end;
      }
      this.report(buf, i, found.at, found.broken, sink);
      i = found.at;
    }
    return i;
  }

  private report(buf: Uint8Array, start: number, end: number, broken: boolean, sink: Sink): void {
    if (this.record.scan(buf, start, end) < 0 || broken) {
      sink.reject(start, lastInk(buf, start, end), `Not valid JSON at byte ${this.record.failedAt - start + 1} of the object: ${this.record.failure}.`);
      return;
    }
    sink.begin(start, end);
    emitJson(this.out, buf, start, sink);
    sink.end();
  }

  /** Behind the envelope's opening at i; 0 when there is none, -1 when the bytes end before it can be told. */
  private opening(buf: Uint8Array, i: number, end: number): number {
    const limit = Math.min(end, i + OPENING_BYTES);
    const cut = limit === end ? -1 : 0;
    i++;
    for (const name of this.envelope) {
      i = skipSpace(buf, i, limit);
      const mark = `"${name}"`;
      for (let k = 0; k < mark.length; k++, i++) {
        if (i >= limit) return cut;
        if (buf[i] !== mark.charCodeAt(k)) return 0;
      }
      i = skipSpace(buf, i, limit);
      if (i >= limit) return cut;
      if (buf[i++] !== 58) return 0;
      i = skipSpace(buf, i, limit);
      if (name === this.envelope.at(-1)) {
        if (i >= limit) return cut;
        return buf[i] === 91 ? i + 1 : 0;
      }
      if (buf[i] === 91 || buf[i] === 123) return 0;
      i = valueEnd(buf, i, limit);
      if (i === 0) return 0;
      if (i < 0 || i >= limit) return cut;
      i = skipSpace(buf, i, limit);
      if (i >= limit) return cut;
      if (buf[i++] !== 44) return 0;
    }
    return 0;
  }

  /** Rejects what is neither an object nor a list, up to the end of its line; -1 when that is not in sight. */
  private junk(buf: Uint8Array, start: number, end: number, final: boolean, sink: Sink): number {
    const newline = buf.indexOf(10, start);
    const inSight = newline >= 0 && newline < end;
    if (!inSight && !final && end - start < MAX_OBJECT_BYTES) return -1;
    const stop = inSight ? newline : end;
    sink.reject(start, lastInk(buf, start, stop), 'This stands between JSON objects and is none.');
    return stop;
  }
}

/**
 * Behind the object whose '{' stands at `start`, brackets and strings regarded; at: -1 when it does not end before `end`.
 * A line end in a string, or a '{' at the start of a line where no value is due, shows that the object before was cut off: it ends
 * there, `broken`.
 */
function objectEnd(buf: Uint8Array, start: number, end: number): { at: number; broken: boolean } {
  let depth = 0;
  let ink = 0;
  for (let i = start; i < end; i++) {
    const c = buf[i];
    if (c === 34) {
      for (i++; i < end && buf[i] !== 34; i++) {
        if (buf[i] === 10) return { at: i, broken: true };
        if (buf[i] === 92) {
          i++;
          if (i < end && buf[i] === 10) return { at: i, broken: true };
        }
      }
      if (i >= end) return { at: -1, broken: false };
    } else if (c === 123 || c === 91) {
      if (c === 123 && depth > 0 && buf[i - 1] === 10 && ink !== 58 && ink !== 44 && ink !== 91) return { at: i, broken: true };
      depth++;
    } else if (c === 125 || c === 93) {
      depth--;
      if (depth === 0) return { at: i + 1, broken: false };
    }
    if (c > 32) ink = c;
  }
  return { at: -1, broken: false };
}

/** `end` without the blanks before it. */
function lastInk(buf: Uint8Array, start: number, end: number): number {
  while (end > start && isSpace(buf[end - 1])) end--;
  return end;
}
function isSpace(c: number): boolean {
  return c === 32 || (c >= 9 && c <= 13);
}
function skipSpace(buf: Uint8Array, i: number, end: number): number {
  while (i < end && isSpace(buf[i])) i++;
  return i;
}

/** Behind the "name": value at i; 0 when there is none, -1 when the bytes end before it can be told. */
function memberEnd(buf: Uint8Array, i: number, end: number): number {
  i = valueEnd(buf, i, end);
  if (i <= 0) return i;
  i = skipSpace(buf, i, end);
  if (i >= end) return -1;
  if (buf[i] !== 58) return 0;
  i = skipSpace(buf, i + 1, end);
  if (i >= end) return -1;
  const behind = valueEnd(buf, i, end);
  // A word may go on where the bytes end.
  return behind >= end ? -1 : behind === i ? 0 : behind;
}
/** Behind the string, object, list or plain word at i; -1 when it does not end before `end`, 0 when it is none. */
function valueEnd(buf: Uint8Array, i: number, end: number): number {
  if (buf[i] === 123 || buf[i] === 91) return objectEnd(buf, i, end).at;
  if (buf[i] === 34) {
    for (i++; i < end && buf[i] !== 34; i++) {
      if (buf[i] === 10) return 0;
      if (buf[i] === 92) i++;
    }
    return i < end ? i + 1 : -1;
  }
  while (i < end && buf[i] !== 44 && buf[i] !== 125 && buf[i] !== 93 && !isSpace(buf[i])) i++;
  return i;
}
