/**
 * XML read as a stream, bounded: elements open and close, with their text. Nothing outside the document is ever read: saxes knows no
 * external entities and does not expand those a DTD declares (they are reported as undefined and stay as they are written). Bounds:
 * MAX_DEPTH elements inside one another, MAX_ATTRIBUTES of one element, MAX_TOKEN characters of one text or tag.
 */
import type { SaxesParser, SaxesTagPlain } from 'saxes';
import { encodedLines } from '../encoded-lines.ts';
import { undecodable } from '../undecodable.ts';

const MAX_DEPTH = 200;
const MAX_ATTRIBUTES = 1000;
/** characters between two events of the parser */
const MAX_TOKEN = 32 << 20;
/** Characters are handed to the parser in pieces, so that a runaway token is noticed. */
const PIECE = 64 << 10;
const encoder = new TextEncoder();
/** Mistakes that change nothing but a character: the document is read on. */
const HARMLESS = /undefined entity|malformed character entity|empty entity name|entity contains|disallowed character entity|"]]>" is disallowed|XML declaration|xml declaration|version number|encoding value|inappropriately located doctype|disallowed character$/i;

/** What a report makes of the elements. Names come without their namespace prefix. */
export interface ElementReader {
  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void;
  /** Text and CDATA of the innermost open element; several calls may make up one text. */
  text(text: string): void;
  close(name: string): void;
  /** The document has ended, or can be read no further. */
  end?(): void;
  /** lines that are ready, taken away */
  take(): string[];
}

/** Why a document could not be read to its end, and where. */
class XmlProblem extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * Feeds the document to `reader`; yields the lines it takes, after each chunk. Throws an XmlProblem where the document is damaged or
 * ends too early; what was complete before that has been yielded.
 */
async function* readElements(chunks: AsyncIterable<Uint8Array>, reader: ElementReader): AsyncGenerator<string, void, void> {
  const { SaxesParser: Parser } = await import('saxes');
  const parser = new Parser();
  const walk = new Walk(parser, reader);
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let waiting = new Uint8Array(0);
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (!decoder) {
      waiting = joined(waiting, chunk);
      // The declaration stands at the very beginning and is short.
      if (waiting.length < 256 && waiting.indexOf(62) < 0) continue;
      decoder = new TextDecoder(encodingOf(waiting), { ignoreBOM: true });
      bytes = waiting;
    }
    walk.write(decoder.decode(bytes, { stream: true }));
    yield* reader.take();
    walk.check();
  }
  walk.write(decoder ? decoder.decode() : new TextDecoder(encodingOf(waiting), { ignoreBOM: true }).decode(waiting));
  walk.close();
  yield* reader.take();
  walk.check();
}

/** Decodes a report into lines; where the document is damaged, the last one says so and is rejected. */
export function decodeXml(chunks: AsyncIterable<Uint8Array>, reader: ElementReader): AsyncIterable<Uint8Array> {
  return encodedLines(linesOf(chunks, reader));
}
async function* linesOf(chunks: AsyncIterable<Uint8Array>, reader: ElementReader): AsyncGenerator<string, void, void> {
  try {
    yield* readElements(chunks, reader);
  } catch (error) {
    if (!(error instanceof XmlProblem)) throw error;
    reader.end?.();
    yield* reader.take();
    yield undecodable(error.message, error.offset, new Uint8Array(0));
  }
}

/** The name of the document's first element, without its prefix; '' when the head shows none. */
export function rootElement(text: string): string {
  let rest = text.replace(/^[\s\ufeff]+/, '');
  for (;;) {
    const skipped = /^(?:<\?[^]*?\?>|<!--[^]*?-->|<!DOCTYPE[^>[]*(?:\[[^\]]*\]\s*)?>)\s*/i.exec(rest);
    if (!skipped) break;
    rest = rest.slice(skipped[0].length);
  }
  return localName(/^<([A-Za-z_][\w.:-]{0,100})(?=[\s/>])/.exec(rest)?.[1] ?? '');
}

/** The encoding that the declaration names. UTF-16 has become UTF-8 before a format is given its stream. */
function encodingOf(head: Uint8Array): string {
  const text = new TextDecoder('latin1').decode(head.subarray(0, 256));
  const label = /^[^<]{0,8}<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,40})["']/.exec(text)?.[1]?.toLowerCase() ?? 'utf-8';
  if (/^(?:utf-?16|ucs-?2|iso-10646)/.test(label)) return 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return 'utf-8';
  }
}
function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

/** The parser's events, held to the bounds. After the first problem nothing more is told. */
class Walk {
  private problem = '';
  private problemAt = 0;
  private depth = 0;
  private attributes = 0;
  /** characters before the document, and characters and UTF-8 bytes of it that were handed over before the current piece */
  private leading = 0;
  private characters = 0;
  private bytes = 0;
  private piece = '';
  /** the parser's position at its last event */
  private lastEvent = 0;
  private started = false;
  private readonly parser: SaxesParser;

  constructor(parser: SaxesParser, reader: ElementReader) {
    this.parser = parser;
    parser.on('opentagstart', () => {
      this.attributes = 0;
    });
    parser.on('attribute', () => {
      if (++this.attributes > MAX_ATTRIBUTES) this.fail(`An element has more than ${MAX_ATTRIBUTES} attributes`);
    });
    parser.on('opentag', (tag: SaxesTagPlain) => {
      if (!this.event()) return;
      if (++this.depth > MAX_DEPTH) this.fail(`Elements are nested deeper than ${MAX_DEPTH}`);
      else reader.open(localName(tag.name), tag.attributes, parser.line);
    });
    parser.on('closetag', (tag: SaxesTagPlain) => {
      if (!this.event()) return;
      this.depth--;
      reader.close(localName(tag.name));
    });
    parser.on('text', (text) => {
      if (this.event()) reader.text(text);
    });
    parser.on('cdata', (text) => {
      if (this.event()) reader.text(text);
    });
    parser.on('comment', () => {
      this.event();
    });
    parser.on('error', (error) => {
      const said = error.message.replace(/^(\d+):(\d+): /, 'line $1, column $2: ').replace(/\.$/, '');
      if (/unclosed tag|unexpected end|must contain a root/.test(said)) this.fail(`The document ends too early (${said})`);
      else if (!HARMLESS.test(said)) this.fail(`The XML is damaged at ${said}`);
    });
  }

  /** False when nothing more is to be told. */
  private event(): boolean {
    this.bounded();
    this.lastEvent = this.parser.position;
    return this.problem === '';
  }
  /** Checked at each event and after each piece: however the document is cut, the same token is too long. */
  private bounded(): void {
    if (this.parser.position - this.lastEvent > MAX_TOKEN) this.fail(`One text or tag is longer than ${MAX_TOKEN >> 20} million characters`, this.leading + this.lastEvent);
  }
  /** @param at the byte it is about; where the parser stands when not given */
  private fail(reason: string, at?: number): void {
    if (this.problem !== '') return;
    this.problem = reason;
    this.problemAt = at ?? this.leading + this.bytes + encoder.encode(this.piece.slice(0, Math.max(0, this.parser.position - this.characters))).length;
  }
  write(text: string): void {
    let rest = text;
    if (!this.started) {
      // White space before the declaration is a common mistake of scripts that glue reports together.
      rest = text.replace(/^[\s\ufeff]+/, '');
      this.leading += encoder.encode(text.slice(0, text.length - rest.length)).length;
      this.started = rest !== '';
    }
    for (let at = 0; at < rest.length && this.problem === ''; at += PIECE) {
      this.piece = rest.slice(at, at + PIECE);
      this.parser.write(withoutControls(this.piece));
      this.bounded();
      this.characters += this.piece.length;
      this.bytes += encoder.encode(this.piece).length;
      this.piece = '';
    }
  }
  close(): void {
    if (this.problem === '' && !this.started) this.fail('The document is empty');
    if (this.problem === '') this.parser.close();
  }
  check(): void {
    if (this.problem !== '') throw new XmlProblem(`${this.problem}. What stood before it was read.`, this.problemAt);
  }
}

/** Control characters are no XML, but tests print them. */
function withoutControls(text: string): string {
  return text.replace(/[\0-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
