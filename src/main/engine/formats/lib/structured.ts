/**
 * The best candidate for each column of one key=value record, collected as byte ranges, and told to a sink at the end.
 * Shared by JSON, logfmt and CSV, so that all of them mean the same by the same key.
 *
 * Durations: a unit in the key (_ms, _us, _ns, _s, …) or in the value ("1.5s", "12ms", "1m3s") decides. A plain number under a plain
 * name (duration, elapsed, latency, …) is milliseconds, except in records that write their time as seconds with a fraction (zap,
 * caddy) and in Zeek's: those write durations in seconds too.
 */
import { FIELD_COUNT, NUMBER, FIELD, type FieldCode, type Sink } from '../format.ts';
import { decodeUtf8 } from './json-text.ts';
import { durationMs, epochUs, plainNumber } from './numbers.ts';
import { MARK, MEANING, MEANING_COUNT, POD, SCALE, UNIT } from './spellings.ts';
import { SYSLOG_LEVELS, severityAt } from './severity.ts';
import { readTime, type Clock } from './time.ts';
import { workloadOf } from './workload.ts';

export const KIND = {
  /** the value stands in the buffer as it is */
  plain: 0,
  /** it stands there with escapes */
  escaped: 1,
  /** a JSON number */
  number: 2,
  /** it does not stand there: see `texts` */
  text: 3,
} as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

/** bits of the meanings that are FIELD codes */
const COLUMNS = (1 << FIELD_COUNT) - 1;
const PINO = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const PYTHON = ['debug', 'info', 'warning', 'error', 'critical'];
const NEXTCLOUD = ['debug', 'info', 'warn', 'error', 'fatal'];
const OTEL = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const MONGO: Readonly<Record<string, string>> = { F: 'fatal', E: 'error', W: 'warning', I: 'info', D: 'debug' };
const encoder = new TextEncoder();
const DATE_MARK = encoder.encode('/Date(');

export class Structured {
  present = 0;
  marks = 0;
  readonly kind = new Uint8Array(MEANING_COUNT);
  readonly rank = new Uint8Array(MEANING_COUNT);
  readonly start = new Int32Array(MEANING_COUNT);
  readonly end = new Int32Array(MEANING_COUNT);
  readonly parameter = new Float64Array(MEANING_COUNT);
  /** spans of values that no column takes, two numbers each */
  others = new Int32Array(64);
  otherCount = 0;
  readonly texts: string[] = new Array<string>(MEANING_COUNT).fill('');
  /** where the name of a pod stands, also where another name is the host; its end 0 for none */
  private podStart = 0;
  private podEnd = 0;
  private readonly clock: Clock;
  private readonly unescape: (buf: Uint8Array, start: number, end: number) => string;

  constructor(clock: Clock, unescape: (buf: Uint8Array, start: number, end: number) => string) {
    this.clock = clock;
    this.unescape = unescape;
  }

  clear(): void {
    this.present = 0;
    this.marks = 0;
    this.otherCount = 0;
    this.podEnd = 0;
  }

  /** A value that no column takes. */
  other(start: number, end: number): void {
    if (this.otherCount + 2 > this.others.length) {
      const larger = new Int32Array(this.others.length * 2);
      larger.set(this.others);
      this.others = larger;
    }
    this.others[this.otherCount++] = start;
    this.others[this.otherCount++] = end;
  }

  /** Offers a value; the best rank wins, and of equals the last (as JSON.parse does with a key written twice). */
  put(meaning: number, rank: number, parameter: number, kind: Kind, start: number, end: number): void {
    const bit = 1 << meaning;
    if (meaning === MEANING.host && parameter === POD && kind === KIND.plain) {
      this.podStart = start;
      this.podEnd = end;
    }
    if ((this.present & bit) !== 0) {
      if (rank > this.rank[meaning]) {
        this.other(start, end);
        return;
      }
      this.other(this.start[meaning], this.end[meaning]);
    }
    this.present |= bit;
    this.rank[meaning] = rank;
    this.parameter[meaning] = parameter;
    this.kind[meaning] = kind;
    this.start[meaning] = start;
    this.end[meaning] = end;
  }
  putText(meaning: number, rank: number, parameter: number, value: string): void {
    this.put(meaning, rank, parameter, KIND.text, 0, 0);
    if (this.rank[meaning] === rank) this.texts[meaning] = value;
  }

  has(meaning: number): boolean {
    return (this.present & (1 << meaning)) !== 0;
  }
  /** Whether the value that begins at this byte is shown whole in a column (then it is no attribute as well). */
  isShown(valueStart: number): boolean {
    for (let meaning = 0; meaning < MEANING_COUNT; meaning++) {
      if (!this.has(meaning) || this.kind[meaning] === KIND.text || this.start[meaning] !== valueStart) continue;
      return meaning !== MEANING.latency && !(meaning === MEANING.level && this.kind[meaning] === KIND.number);
    }
    return false;
  }

  /** Tells everything but begin and end. False when the record has no message: the caller renders one. */
  emit(buf: Uint8Array, sink: Sink): boolean {
    const present = this.present;
    let secondsClock = false;
    if ((present & (1 << MEANING.time)) !== 0) secondsClock = this.emitTime(buf, sink);
    for (let left = present & COLUMNS; left !== 0; ) {
      const code = 31 - Math.clz32(left);
      left ^= 1 << code;
      if (code === FIELD.level) this.emitLevel(buf, sink);
      else if (code === FIELD.ip) this.emitAddress(buf, sink);
      else if (code === FIELD.service && this.parameter[code] !== 0 && (this.marks & this.parameter[code]) === 0) this.present &= ~(1 << code);
      else this.emitField(code as FieldCode, buf, sink);
    }
    // Who writes no service but runs in Kubernetes is called as its workload.
    if (this.podEnd > this.podStart && (this.present & (1 << FIELD.service)) === 0) sink.text(FIELD.service, workloadOf(decodeUtf8(buf, this.podStart, this.podEnd)));
    if ((present & (1 << MEANING.status)) !== 0) {
      const status = this.numberOf(MEANING.status, buf);
      if (status >= 100 && status <= 599 && Number.isInteger(status)) sink.number(NUMBER.status, status);
      else this.present &= ~(1 << MEANING.status);
    }
    if ((present & (1 << MEANING.latency)) !== 0) this.emitLatency(buf, sink, secondsClock);
    this.emitWords(present, sink);
    if ((present & (1 << MEANING.message)) === 0) return false;
    this.emitMessage(buf, sink);
    return true;
  }

  /** Values that are told neither as a field nor as the message nor as the time. */
  private emitWords(offered: number, sink: Sink): void {
    for (let left = offered & ~(1 << MEANING.message); left !== 0; ) {
      const meaning = 31 - Math.clz32(left);
      left ^= 1 << meaning;
      if (this.kind[meaning] === KIND.text) continue;
      const told = (this.present & (1 << meaning)) !== 0 && (meaning === MEANING.time || (meaning < FIELD_COUNT && meaning !== FIELD.level && this.kind[meaning] !== KIND.escaped));
      if (!told) sink.words(this.start[meaning], this.end[meaning]);
    }
    for (let i = 0; i < this.otherCount; i += 2) sink.words(this.others[i], this.others[i + 1]);
  }

  /** True when the time is a number of seconds with a fraction. */
  private emitTime(buf: Uint8Array, sink: Sink): boolean {
    const m = MEANING.time;
    const { clock } = this;
    let start = this.start[m];
    let end = this.end[m];
    let bytes = buf;
    if (this.kind[m] === KIND.escaped || this.kind[m] === KIND.text) {
      bytes = encoder.encode(this.textOf(m, buf).trim());
      start = 0;
      end = bytes.length;
    }
    let us = NaN;
    let zoneAssumed = false;
    let fractionalSeconds = false;
    if (this.kind[m] !== KIND.number) {
      while (start < end && bytes[start] <= 32) start++;
      us = readTime(bytes, start, end, clock);
      zoneAssumed = !clock.zoned;
      if (us !== us && end - start === 10 && bytes[start + 4] === 45 && bytes[start + 7] === 45) {
        us = dateOnly(bytes, start, clock);
        zoneAssumed = true;
      }
    }
    if (us !== us) {
      us = epochUs(bytes, start, end);
      zoneAssumed = false;
      fractionalSeconds = end - start > 10 && bytes[start + 10] === 46;
      if (us !== us) us = dotNetDate(bytes, start, end);
    }
    if (us !== us) {
      this.present &= ~(1 << m);
      return false;
    }
    if (bytes === buf) sink.time(us, start, end, zoneAssumed);
    else if (this.kind[m] === KIND.escaped) sink.time(us, this.start[m], this.end[m], zoneAssumed);
    else sink.time(us, 0, 0, zoneAssumed);
    return fractionalSeconds;
  }

  private emitField(code: FieldCode, buf: Uint8Array, sink: Sink): void {
    // Heroku's router writes service=18ms
    if (code === FIELD.service && buf[this.start[code]] <= 57 && this.kind[code] === KIND.plain && durationMs(this.textOf(code, buf)) >= 0) {
      this.present &= ~(1 << code);
      return;
    }
    if (this.kind[code] === KIND.plain || this.kind[code] === KIND.number) sink.field(code, this.start[code], this.end[code]);
    else sink.text(code, this.textOf(code, buf));
  }

  private emitLevel(buf: Uint8Array, sink: Sink): void {
    const m = MEANING.level;
    const scale = this.parameter[m];
    const start = this.start[m];
    const end = this.end[m];
    // Kubernetes calls how much an audit record holds its level, and the level of an event its type.
    const kube = (this.marks & MARK.kube) !== 0;
    if (kube !== (scale === SCALE.kube) && (scale === SCALE.kube || severityAt(buf, start, end) < 0)) {
      this.present &= ~(1 << m);
      return undefined;
    }
    if (this.kind[m] === KIND.text || this.kind[m] === KIND.escaped) return sink.text(FIELD.level, this.textOf(m, buf));
    if (end - start <= 2 && buf[start] <= 57 && buf[start] >= 48) {
      const number = plainNumber(buf, start, end);
      const name = this.levelName(number, scale);
      // A number whose scale nobody knows is no level; it stays an attribute.
      if (name !== undefined) sink.text(FIELD.level, name);
      return undefined;
    }
    if (scale === SCALE.mongo) {
      const name = end - start === 1 ? MONGO[String.fromCharCode(buf[start])] : undefined;
      if ((this.marks & MARK.mongo) !== 0 && name !== undefined) sink.text(FIELD.level, name);
      else this.present &= ~(1 << m);
      return undefined;
    }
    if (this.kind[m] === KIND.plain && (scale === 0 || severityAt(buf, start, end) >= 0)) sink.field(FIELD.level, start, end);
    return undefined;
  }

  private levelName(number: number, scale: number): string | undefined {
    if (scale === SCALE.word) return undefined;
    if (scale === SCALE.otel) return number >= 1 && number <= 24 ? OTEL[(number - 1) >> 2] : undefined;
    if (scale === SCALE.python) return PYTHON[number / 10 - 1];
    if (number >= 10) return PINO[Math.min(6, Math.floor(number / 10)) - 1];
    if (scale === SCALE.syslog || (this.marks & MARK.gelf) !== 0) return SYSLOG_LEVELS[number];
    return (this.marks & MARK.nextcloud) !== 0 ? NEXTCLOUD[number] : undefined;
  }

  /** Only what looks like an address counts; a port behind an IPv4 address is left out. */
  private emitAddress(buf: Uint8Array, sink: Sink): void {
    const m = MEANING.ip;
    if (this.kind[m] === KIND.text || this.kind[m] === KIND.escaped) return sink.text(FIELD.ip, this.textOf(m, buf));
    const start = this.start[m];
    let end = this.end[m];
    let dots = 0;
    let colons = 0;
    let colonAt = -1;
    for (let i = start; i < end; i++) {
      const c = buf[i];
      if (c === 46) dots++;
      else if (c === 58) {
        colons++;
        colonAt = i;
      } else if (c === 44 && dots === 3) {
        // X-Forwarded-For: the first address is the client
        end = i;
        break;
      } else if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70) || c === 91 || c === 93)) {
        dots = -1e9;
        break;
      }
    }
    if (dots === 3 && colons === 1) end = colonAt;
    if ((dots === 3 && colons <= 1) || (dots >= 0 && colons >= 2)) sink.field(FIELD.ip, start, end);
    else this.present &= ~(1 << m);
    return undefined;
  }

  private emitLatency(buf: Uint8Array, sink: Sink, secondsClock: boolean): void {
    const m = MEANING.latency;
    const number = this.numberOf(m, buf);
    let unit = this.parameter[m];
    let ms: number;
    if (number === number) {
      if (unit === UNIT.unnamed) unit = secondsClock || (this.marks & MARK.zeek) !== 0 ? UNIT.s : UNIT.ms;
      ms = (number * unit) / 1000;
    } else {
      ms = durationMs(this.textOf(m, buf));
    }
    if (ms >= 0 && ms < 1e15) sink.number(NUMBER.latencyMs, ms);
  }

  private emitMessage(buf: Uint8Array, sink: Sink): void {
    const m = MEANING.message;
    const start = this.start[m];
    const end = this.end[m];
    if (this.kind[m] === KIND.text) return sink.messageText(this.texts[m]);
    if (this.kind[m] !== KIND.escaped) return sink.message(start, end);
    // Docker ends each line with "\n": without it the rest often stands verbatim.
    let last = end;
    while (last - 2 >= start && buf[last - 2] === 92 && (buf[last - 1] === 110 || buf[last - 1] === 114) && (last - 3 < start || buf[last - 3] !== 92)) last -= 2;
    let i = start;
    while (i < last && buf[i] !== 92 && buf[i] !== 34) i++;
    if (i === last && last > start) return sink.message(start, last);
    return sink.messageText(this.unescape(buf, start, last), start, end);
  }

  textOf(meaning: number, buf: Uint8Array): string {
    if (this.kind[meaning] === KIND.text) return this.texts[meaning];
    return this.unescape(buf, this.start[meaning], this.end[meaning]);
  }
  private numberOf(meaning: number, buf: Uint8Array): number {
    if (this.kind[meaning] === KIND.escaped) return NaN;
    if (this.kind[meaning] === KIND.text) return /^[\d.]+$/.test(this.texts[meaning]) ? Number(this.texts[meaning]) : NaN;
    return plainNumber(buf, this.start[meaning], this.end[meaning]);
  }
}

/** "/Date(1777636800123)/", milliseconds as .NET and Windows PowerShell write them into JSON; NaN for anything else. */
function dotNetDate(buf: Uint8Array, start: number, end: number): number {
  for (let i = 0; i < DATE_MARK.length; i++) if (buf[start + i] !== DATE_MARK[i]) return NaN;
  let digits = start + DATE_MARK.length;
  while (digits < end && buf[digits] >= 48 && buf[digits] <= 57) digits++;
  return epochUs(buf, start + DATE_MARK.length, digits);
}

function dateOnly(buf: Uint8Array, start: number, clock: Clock): number {
  let digits = 0;
  for (let i = 0; i < 10; i++) if (i !== 4 && i !== 7) digits = digits * 10 + (buf[start + i] - 48);
  const year = Math.floor(digits / 10000);
  return clock.utc(clock.day(year, Math.floor(digits / 100) % 100, digits % 100));
}
