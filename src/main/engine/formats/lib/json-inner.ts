/**
 * A message that is itself a JSON object: what a program that logs JSON looks like behind Docker's json-file driver, journald or any
 * other collector that puts lines into strings. What the inner object says is told after what the outer one said, so it wins; only
 * the time and the host stay the collector's.
 */
import { FIELD, type Sink } from '../format.ts';
import type { Clock } from './clock.ts';
import { summarise, walkObject } from './json-detail.ts';
import { JsonRecord } from './json-record.ts';
import { decodeJsonString, decodeUtf8 } from './json-text.ts';
import { MEANING, MEANING_COUNT } from './spellings.ts';
import { KIND, Structured } from './structured.ts';

const encoder = new TextEncoder();
const nothing = (): void => {
  // Begin and end are the outer record's, and its words hold the inner ones.
};

export class InnerJson {
  private readonly out: Structured;
  private readonly record: JsonRecord;
  private bytes = new Uint8Array(0);
  /** meanings that the collector's value fills, bit by bit */
  private kept = 0;

  constructor(clock: Clock) {
    this.out = new Structured(clock, decodeJsonString);
    this.record = new JsonRecord(this.out);
  }

  /** Tells what the message of `outer` says when it is an object. False when it is none: then nothing was told. */
  emit(outer: Structured, buf: Uint8Array, sink: Sink): boolean {
    const m = MEANING.message;
    const start = outer.start[m];
    // A string without escapes has no quotes, so it is no object with a key.
    if (!outer.has(m) || outer.kind[m] !== KIND.escaped || buf[start] !== 123) return false;
    const bytes = encoder.encode(outer.textOf(m, buf).trimEnd());
    if (this.record.scan(bytes, 0, bytes.length) !== bytes.length) return false;
    this.bytes = bytes;
    this.kept = outer.present & ((1 << MEANING.time) | (1 << MEANING.host));
    const timed = outer.has(MEANING.time);
    const hosted = outer.has(MEANING.host);
    const text = (from: number, to: number): string => decodeUtf8(bytes, from, to);
    const told = this.out.emit(bytes, {
      detail: false, begin: nothing, end: nothing, reject: nothing, words: nothing, attribute: nothing,
      time: (us, _from, _to, assumed) => {
        if (!timed) sink.time(us, 0, 0, assumed);
      },
      field: (code, from, to) => {
        if (code !== FIELD.host || !hosted) sink.text(code, text(from, to));
      },
      text: (code, value) => {
        if (code !== FIELD.host || !hosted) sink.text(code, value);
      },
      number: (code, value) => sink.number(code, value),
      severity: (code) => sink.severity(code),
      message: (from, to) => sink.messageText(text(from, to)),
      messageText: (value) => sink.messageText(value),
    });
    if (!told) {
      const summary = summarise(bytes, 0, (position) => this.out.isShown(position));
      if (summary !== '') sink.messageText(summary);
    }
    // The message's own bytes are shown no more: their words are said here.
    sink.words(start, outer.end[m]);
    return true;
  }

  /** In detail: what of the inner object no column shows, under the name of the key that holds it. */
  attributes(name: string, sink: Sink): void {
    walkObject(this.bytes, 0, (inner, value, position) => {
      if (!this.out.isShown(position) || this.fills(this.kept, this.out, position)) sink.attribute(`${name}.${inner}`, value);
      return true;
    });
  }

  /** In detail: whether the inner object's value stands where the value at `position` of the outer one would. */
  covers(outer: Structured, position: number): boolean {
    return this.fills(this.out.present & ~this.kept, outer, position);
  }

  private fills(meanings: number, of: Structured, position: number): boolean {
    for (let meaning = 0; meaning < MEANING_COUNT; meaning++) if ((meanings & (1 << meaning)) !== 0 && of.has(meaning) && of.start[meaning] === position) return true;
    return false;
  }
}
