/**
 * The columns that an audit record fills, found by the bytes of the names so that ingest makes no strings. Values that are written in
 * hex are the exception.
 */
import { FIELD, type FieldCode, type Sink } from '../format.ts';
import { decodeHex, isHex, socketAddress } from './audit-values.ts';
import { decodeUtf8 } from './json-text.ts';

/** A name of up to four bytes as one number. */
export function nameWord(buf: Uint8Array, start: number, end: number): number {
  let word = 0;
  for (let i = start; i < end; i++) word = (word << 8) | buf[i];
  return word;
}
const wordOf = (name: string): number => nameWord(new TextEncoder().encode(name), 0, name.length);

export const NODE = wordOf('node');
export const TYPE = wordOf('type');
const ADDR = wordOf('addr');
const COMM = wordOf('comm');
const EXE = wordOf('exe');
const RES = wordOf('res');
const SADD = wordOf('sadd');
const SUCC = wordOf('succ');
const FAIL = wordOf('fail');
/** Which of the names of a user says most: the one logged in, the account acted on, the login id, the id. */
const AUID_NAME = wordOf('AUID');
const ACCT = wordOf('acct');
const AUID = wordOf('auid');
const UID_NAME = wordOf('UID');
const UID = wordOf('uid');

/** How a process that nobody logged in for, or an unknown user, is written. */
const UNSET = new Set(['4294967295', '-1', 'unset', '?', '(null)', '']);
const LONGEST_UNSET = 10;

/** Where a column's value stands, or its text when it was written in hex. */
class Value {
  private start = -1;
  private end = -1;
  private text = '';

  clear(): void {
    this.start = this.end = -1;
    this.text = '';
  }
  get empty(): boolean {
    return this.start >= this.end && this.text === '';
  }
  place(start: number, end: number): void {
    this.start = start;
    this.end = end;
    this.text = '';
  }
  set(text: string): void {
    this.clear();
    this.text = text;
  }
  emit(code: FieldCode, sink: Sink): void {
    if (this.text !== '') sink.text(code, this.text);
    else if (this.start < this.end) sink.field(code, this.start, this.end);
  }
}

export class AuditColumns {
  failed = false;
  private readonly user = new Value();
  private userRank = 0;
  private readonly ip = new Value();
  private readonly program = new Value();
  private buf: Uint8Array = new Uint8Array(0);

  clear(buf: Uint8Array): void {
    this.failed = false;
    this.userRank = 0;
    this.user.clear();
    this.ip.clear();
    this.program.clear();
    this.buf = buf;
  }

  /** Offers the pair whose name is buf[nameAt, nameEnd) and whose value, without quotes, is buf[from, to). */
  take(buf: Uint8Array, nameAt: number, nameEnd: number, from: number, to: number, quoted: boolean): void {
    const length = nameEnd - nameAt;
    if (length < 3 || length > 7 || length === 6) return;
    const word = nameWord(buf, nameAt, length > 4 ? nameAt + 4 : nameEnd);
    if (length === 3) {
      if (word === UID) this.takeUser(1, from, to, true);
      else if (word === EXE) this.takeProgram(from, to, quoted);
      else if (word === RES && ((to - from === 1 && buf[from] === 48) || (to - from === 6 && nameWord(buf, from, from + 4) === FAIL))) this.failed = true;
      else if (word === UID_NAME) this.takeUser(2, from, to, true);
    } else if (length === 4) {
      if (word === AUID) this.takeUser(3, from, to, true);
      else if (word === COMM) place(this.program, buf, from, to, quoted);
      else if (word === ACCT) this.takeUser(4, from, to, quoted);
      else if (word === ADDR && isAddress(buf, from, to)) this.ip.place(from, to);
      else if (word === AUID_NAME) this.takeUser(5, from, to, true);
    } else if (length === 5) {
      if (word === SADD && buf[nameEnd - 1] === 114 && this.ip.empty) this.takeSocket(from, to);
    } else if (word === SUCC && to - from === 2 && buf[from] === 110 && buf[from + 1] === 111 && buf[nameAt + 4] === 101 && buf[nameAt + 5] === 115 && buf[nameAt + 6] === 115) {
      this.failed = true;
    }
  }

  emit(sink: Sink): void {
    this.user.emit(FIELD.user, sink);
    this.ip.emit(FIELD.ip, sink);
    this.program.emit(FIELD.service, sink);
    if (this.failed) sink.severity(2);
  }

  /** `plain`: never written in hex */
  private takeUser(rank: number, from: number, to: number, plain: boolean): void {
    if (rank <= this.userRank || (to - from <= LONGEST_UNSET && UNSET.has(decodeUtf8(this.buf, from, to)))) return;
    this.userRank = rank;
    place(this.user, this.buf, from, to, plain);
  }

  private takeProgram(from: number, to: number, quoted: boolean): void {
    if (!this.program.empty) return;
    const { buf } = this;
    if (!quoted && isHexAt(buf, from, to)) {
      const path = decodeHex(decodeUtf8(buf, from, to));
      this.program.set(path.slice(path.lastIndexOf('/') + 1));
      return;
    }
    let name = to;
    while (name > from && buf[name - 1] !== 47) name--;
    this.program.place(name, to);
  }

  private takeSocket(from: number, to: number): void {
    const hex = decodeUtf8(this.buf, from, to);
    const address = isHex(hex) ? socketAddress(hex).ip : undefined;
    if (typeof address === 'string') this.ip.set(address);
  }
}

function place(value: Value, buf: Uint8Array, from: number, to: number, plain: boolean): void {
  if (!plain && isHexAt(buf, from, to)) value.set(decodeHex(decodeUtf8(buf, from, to)));
  else value.place(from, to);
}
function isHexAt(buf: Uint8Array, from: number, to: number): boolean {
  if (to - from < 2 || (to - from) % 2 !== 0) return false;
  for (let i = from; i < to; i++) if (!isHexDigit(buf[i])) return false;
  return true;
}
function isAddress(buf: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (!isHexDigit(buf[i]) && buf[i] !== 46 && buf[i] !== 58) return false;
  return to > from;
}
function isHexDigit(c: number): boolean {
  return (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 102);
}
