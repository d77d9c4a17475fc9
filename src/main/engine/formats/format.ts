/**
 * The shape of a format plug-in: one file, samples that prove it, one line in registry.ts.
 *
 * A format cuts records out of bytes (before decoding, so that offsets survive bad UTF-8) and tells a Sink what each record
 * says. It is used twice: at ingest, millions of times, when only column fields count (sink.detail is false), and to read one stored
 * record back in full (sink.detail is true: also call attribute() for everything else the record says). The store keeps the
 * record's bytes, so nothing else has to be kept, and both uses see the same thing.
 */
import type { Signal } from '../../../shared/event.ts';

/** Column fields a format can set, as small integers. */
export const FIELD = {
  service: 0,
  host: 1,
  level: 2,
  user: 3,
  ip: 4,
  url: 5,
  requestId: 6,
  traceId: 7,
  spanId: 8,
} as const;
export type FieldCode = (typeof FIELD)[keyof typeof FIELD];
export const FIELD_COUNT = 9;
export const NUMBER = { status: 0, latencyMs: 1 } as const;
export type NumberCode = (typeof NUMBER)[keyof typeof NUMBER];

export interface Sink {
  /** true when one record is read back in full */
  readonly detail: boolean;
  /** A record starts: bytes [start, end) of the buffer given to parse(), without its line ending. */
  begin(start: number, end: number): void;
  /**
   * Its time, microseconds UTC, and where the text of it stands in the buffer (textStart = textEnd when it does not stand there).
   * zoneAssumed: the text named no zone and the source's was applied. inferred: the record names no time of day; this one was worked out
   * from the source (seconds since boot against its last change). Not called = the record has no time of its own.
   */
  time(us: number, textStart: number, textEnd: number, zoneAssumed: boolean, inferred?: boolean): void;
  /** A field's value as UTF-8 bytes [start, end) of the buffer (no escapes left in it). Empty ranges and '-' are ignored. */
  field(code: FieldCode, start: number, end: number): void;
  /** The same from a string (decoded text). */
  text(code: FieldCode, value: string): void;
  number(code: NumberCode, value: number): void;
  /** Only from formats that are `named`: a value [start, end) that has no column, so that its words are found. */
  words(start: number, end: number): void;
  /** Severity code 0 info .. 4 critical. Not called = derived from level, status, then the message's pattern. */
  severity(code: number): void;
  /** The message as bytes [start, end) of the buffer, inside the record. Not called = the whole record is the message. */
  message(start: number, end: number): void;
  /** The message where it does not stand verbatim in the record; its escaped text, if there is one, stands at [start, end) of the buffer. */
  messageText(value: string, start?: number, end?: number): void;
  /** Only when detail: any other name and value of the record, nested names joined with dots. Free otherwise. */
  attribute(name: string, value: string | number | boolean | null): void;
  /** The record is complete. */
  end(): void;
  /** These bytes cannot be an event; `reason` says why in a sentence. Counts as one record read. */
  reject(start: number, end: number, reason: string): void;
}

/** What a parser may know about the source it reads. */
export interface SourceContext {
  /** what the user gave */
  path: string;
  /** microseconds UTC: the file's last change; the reference for times that write no year or no date */
  modified: number;
  /** IANA zone for times that name none */
  zone: string;
  /** the first bytes of the stream (up to 64 KiB): headers live here */
  head: Uint8Array;
  /** the last bytes of the stream (up to 64 KiB) where they are at hand: where it ends in time. Absent for compressed streams. */
  tail?: Uint8Array;
}

/** What `decode` may know about the source. */
export interface DecodeContext {
  /** what the user gave */
  path: string;
  /** microseconds UTC: the file's last change */
  modified: number;
}

export interface Parser {
  /**
   * Cuts and reports records of buf[start, end) whose first byte lies before `stopAt`. Returns the position of the first byte not
   * consumed: the start of the next record. A record that may go on beyond `end` is left unless `final`.
   * Blank lines are consumed and are not records. Calls with the same bytes cut anywhere must report the same records.
   */
  parse(buf: Uint8Array, start: number, end: number, stopAt: number, final: boolean, sink: Sink): number;
  /**
   * The first record start at or after `from` (an arbitrary byte, buf[from - 1] is readable), or -1 if none is in sight.
   * Only needed when the format is parallel.
   */
  sync?(buf: Uint8Array, from: number, end: number): number;
}

export interface Head {
  path: string;
  bytes: Uint8Array;
  /** decoded leniently, at most 64 KiB */
  text: string;
  /** the complete lines of it, without endings, at most 400, blank ones left out */
  lines: string[];
}
export interface Recognition {
  /** 0..1: share of the head that this format explains, weighted by how special the format is. text is 0.01. */
  confidence: number;
  /** why, in a sentence: '198 of 200 lines are "ip ident user [time] request status bytes"' */
  reason: string;
}

/** A record that proves the format, with what must be read out of it (only the named things are compared). */
export interface Sample {
  record: string;
  /** ISO 8601 UTC to the microsecond, e.g. 2026-10-01T00:00:00.012000Z; null = the record has no time */
  time?: string | null;
  severity?: 'info' | 'low' | 'medium' | 'high' | 'critical';
  message?: string;
  fields?: Partial<Record<keyof typeof FIELD, string>>;
  numbers?: Partial<Record<keyof typeof NUMBER, number>>;
  attributes?: Record<string, string | number | boolean | null>;
}

export interface Format {
  /** = the file's name */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly signal: Signal;
  readonly samples: readonly Sample[];
  /** context for the samples: year-less times need one. Default: modified 2026-06-15T12:00:00Z, UTC. */
  readonly sampleContext?: Partial<SourceContext>;
  /** a header that samples need in front of them (CSV, W3C) */
  readonly sampleHead?: string;
  /** Records can be found from the middle of a file with parser.sync, so a big file is parsed by several workers at once. */
  readonly parallel: boolean;
  /**
   * Records carry field names, which are not part of what an event says: words are then looked for in the message and the values,
   * not in the bytes of the record. The parser tells each value: by field(), text(), message() or words().
   */
  readonly named?: boolean;
  /** Its records are written by a connector: no file is recognised as it. */
  readonly fromConnector?: true;
  /** A format with `decode` is given the stream as it is, binary or not; every other one only text. */
  recognise(head: Head): Recognition | null;
  /**
   * Set where records do not lie in the stream one behind the other: binary files, one JSON object around everything, XML. Turns the whole
   * stream into lines, one a record, which open() then reads and the store keeps as the records: each must hold all that its record
   * says. The same stream gives the same bytes however it is cut into chunks. What is damaged becomes a line that open() rejects
   * with the reason (lib/undecodable.ts); when nothing more can be read, throws an Error that says why.
   */
  decode?(chunks: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncIterable<Uint8Array>;
  /** A document that proves `decode`: its lines are read without a reject. */
  readonly document?: () => Uint8Array;
  open(context: SourceContext): Parser;
}
