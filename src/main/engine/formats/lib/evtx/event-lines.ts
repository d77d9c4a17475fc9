/** Reads the lines the decoder writes: columns from Event.System and the well-known names of EventData, a message, attributes. */
import { FIELD, type FieldCode, type Parser, type Sink, type SourceContext } from '../../format.ts';
import { decodeJsonString } from '../json-text.ts';
import { lineParser } from '../lines.ts';
import { createClock, readTime, type Clock } from '../time.ts';
import { rejectUndecodable } from '../undecodable.ts';
import { Leaves, PART } from './leaves.ts';
import { Message } from './message.ts';

/** Event levels 0 (always logged, shown as Information by Windows) to 5. */
const LEVELS = ['info', 'critical', 'error', 'warning', 'info', 'verbose'];
/** Names, the one that counts most first. */
class NameList {
  readonly names: readonly string[];
  /** 1 for each length that one of them has */
  readonly lengths = new Uint8Array(64);

  constructor(names: readonly string[]) {
    this.names = names;
    for (const { length } of names) this.lengths[length] = 1;
  }
}
/** In order: the first that says something. */
const ACTORS = new NameList(['SubjectUserName', 'User', 'UserName', 'AccountName', 'TargetUserName', 'TargetUser']);
const TARGETS = new NameList(['TargetUserName', ...ACTORS.names]);
const ADDRESSES = new NameList(['IpAddress', 'SourceIp', 'SourceAddress', 'ClientAddress', 'ClientIP', 'SourceNetworkAddress', 'Address']);

export function eventLines(context: SourceContext): Parser {
  const event = new EventLine(createClock(context));
  return lineParser({
    report(buf, start, _lineEnd, end, sink) {
      if (rejectUndecodable(buf, start, end, sink)) return;
      if (!event.read(buf, start, end)) {
        sink.reject(start, end, 'This is no decoded record.');
        return;
      }
      sink.begin(start, end);
      event.tell(buf, sink);
      sink.end();
    },
  });
}

class EventLine {
  private readonly leaves = new Leaves();
  private readonly message = new Message();
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Finds what the line at `start` says. Whether it is a record. */
  read(buf: Uint8Array, start: number, end: number): boolean {
    return buf[start] === 123 && this.leaves.read(buf, start, end);
  }

  tell(buf: Uint8Array, sink: Sink): void {
    const { leaves } = this;
    let provider = -1;
    let eventId = -1;
    let created = -1;
    let written = -1;
    let level = -1;
    let computer = -1;
    let userId = -1;
    let rendered = -1;
    for (let leaf = 0; leaf < leaves.count; leaf++) {
      const part = leaves.part[leaf];
      if (part === PART.system) {
        if (leaves.is(leaf, 'Name', 'Provider')) provider = leaf;
        else if (leaves.is(leaf, 'SystemTime', 'TimeCreated')) created = leaf;
        else if (leaves.is(leaf, 'EventID')) eventId = leaf;
        else if (leaves.is(leaf, 'Level')) level = leaf;
        else if (leaves.is(leaf, 'Computer')) computer = leaf;
        else if (leaves.is(leaf, 'UserID', 'Security')) userId = leaf;
      } else if (part === PART.rendering) {
        if (leaves.is(leaf, 'Message')) rendered = leaf;
      } else if (part === PART.place && leaves.is(leaf, 'written', 'evtx')) {
        written = leaf;
      }
    }
    const time = this.time(buf, created, sink) ? created : this.time(buf, written, sink) ? written : -1;
    this.field(buf, FIELD.service, provider, sink);
    this.field(buf, FIELD.host, computer, sink);
    const name = level < 0 || leaves.end[level] - leaves.start[level] !== 1 ? undefined : LEVELS[buf[leaves.start[level]] - 48];
    if (name !== undefined) sink.text(FIELD.level, name);
    const kind = this.message.kind(buf, leaves, provider, eventId);
    const named = this.find(kind.aboutTarget ? TARGETS : ACTORS, (leaf) => leaves.says(leaf));
    const user = named >= 0 ? named : userId;
    this.field(buf, FIELD.user, user, sink);
    const address = this.find(ADDRESSES, (leaf) => isAddress(buf, leaves.start[leaf], leaves.end[leaf]));
    this.field(buf, FIELD.ip, address, sink);
    for (let leaf = 0; leaf < leaves.count; leaf++) {
      const told = leaf === time || ((leaf === provider || leaf === computer || leaf === user || leaf === address) && leaves.isEscaped[leaf] === 0);
      if (!told && leaves.end[leaf] > leaves.start[leaf]) sink.words(leaves.start[leaf], leaves.end[leaf]);
    }
    if (rendered >= 0 && leaves.says(rendered)) sink.messageText(this.text(buf, rendered));
    else sink.messageText(this.message.of(buf, leaves, kind.heading));
    if (sink.detail) this.attributes(buf, sink);
  }

  private time(buf: Uint8Array, leaf: number, sink: Sink): boolean {
    if (leaf < 0) return false;
    const us = readTime(buf, this.leaves.start[leaf], this.leaves.end[leaf], this.clock);
    if (us !== us) return false;
    sink.time(us, this.leaves.start[leaf], this.leaves.end[leaf], !this.clock.zoned);
    return true;
  }

  private field(buf: Uint8Array, code: FieldCode, leaf: number, sink: Sink): void {
    if (leaf < 0 || !this.leaves.says(leaf)) return;
    if (this.leaves.isEscaped[leaf] === 1) sink.text(code, this.text(buf, leaf));
    else sink.field(code, this.leaves.start[leaf], this.leaves.end[leaf]);
  }
  private text(buf: Uint8Array, leaf: number): string {
    return decodeJsonString(buf, this.leaves.start[leaf], this.leaves.end[leaf]);
  }

  /** The leaf of the event's data with the earliest of these names that will do; -1 for none. */
  private find({ names, lengths }: NameList, suits: (leaf: number) => boolean): number {
    const { leaves } = this;
    let best = names.length;
    let found = -1;
    for (let leaf = 0; leaf < leaves.count; leaf++) {
      if (leaves.part[leaf] !== PART.data || leaves.isAttribute[leaf] === 1 || lengths[leaves.nameEnd[leaf] - leaves.nameStart[leaf]] !== 1) continue;
      for (let rank = 0; rank < best; rank++) {
        if (!leaves.is(leaf, names[rank]) || !suits(leaf)) continue;
        best = rank;
        found = leaf;
      }
    }
    return found;
  }

  /** All values under their names; a name that was taken gets that of its element in front, items of a list are lines of one value. */
  private attributes(buf: Uint8Array, sink: Sink): void {
    const { leaves } = this;
    const values = new Map<string, string | number | boolean | null>();
    const nameAt = new Map<string, number>();
    for (let leaf = 0; leaf < leaves.count; leaf++) {
      const owner = decodeJsonString(buf, leaves.ownerStart[leaf], leaves.ownerEnd[leaf]);
      let name = decodeJsonString(buf, leaves.nameStart[leaf], leaves.nameEnd[leaf]);
      if (leaves.isAttribute[leaf] === 1) name = `${owner}_${name}`;
      else if (leaves.part[leaf] === PART.place || leaves.part[leaf] === PART.rendering) name = `${owner}.${name}`;
      const at = leaves.nameStart[leaf];
      if (values.has(name) && nameAt.get(name) !== at) name = `${owner}.${name}`;
      const value = this.scalar(buf, leaf);
      const before = values.get(name);
      values.set(name, before === undefined ? value : `${before}\n${value}`);
      nameAt.set(name, at);
    }
    for (const [name, value] of values) sink.attribute(name, value);
  }
  private scalar(buf: Uint8Array, leaf: number): string | number | boolean | null {
    const text = this.text(buf, leaf);
    if (this.leaves.isString[leaf] === 1) return text;
    if (text === 'null') return null;
    if (text === 'true' || text === 'false') return text === 'true';
    const value = Number(text);
    // A number that a double cannot hold keeps its digits.
    return Number.isNaN(value) || (Number.isInteger(value) && !Number.isSafeInteger(value)) ? text : value;
  }
}

/** Whether bytes look like an IPv4 or IPv6 address; a zone behind a % is part of it. */
function isAddress(buf: Uint8Array, start: number, end: number): boolean {
  let dots = 0;
  let colons = 0;
  for (let i = start; i < end; i++) {
    const c = buf[i];
    if (c === 46) dots++;
    else if (c === 58) colons++;
    else if (c === 37 && colons > 1) break;
    else if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70))) return false;
  }
  return end - start >= 2 && ((dots === 3 && colons === 0) || colons >= 2);
}
