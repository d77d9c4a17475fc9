/**
 * Turns what formats report into segments. One builder lives in each parse worker; it implements Sink on bytes: no string is made
 * for an event unless its shape is new. Hot fields and templates get ids of this worker; the writer maps them to ids of the case.
 *
 * It is long because all of it works on the open record and the columns of the open segment, many times an event: fields of one object
 * are the shortest way to them. What could be told apart is in files of its own (cuts.ts, messages.ts, shape-coder.ts, value-table.ts ...).
 */
import { FLAG, SEGMENT_SIZE } from '../../../shared/event.ts';
import { FIELD, FIELD_COUNT, NUMBER, type FieldCode, type NumberCode, type Sink } from '../formats/format.ts';
import { severityOf } from '../formats/lib/severity.ts';
import type { RollupRows } from '../store/rollup-rows.ts';
import { BLOCK_SIZE, COLD_FIELDS, HOT, HOT_FIELDS, hotBytes, hotViews, packCold, packHot, type SegmentPayload } from '../store/segment.ts';
import { HOLE } from '../store/shaped-text.ts';
import { TimeWriter } from '../store/time-forms.ts';
import { IndicatorTable, type TableParts } from '../enrich/table.ts';
import { Watch } from '../enrich/watch.ts';
import { looksLikeIp, type Extractor } from './extract.ts';
import { RollupBuilder } from './rollup-builder.ts';
import { BlockWords } from './block-words.ts';
import { Cuts } from './cuts.ts';
import { Dedup } from './dedup.ts';
import { Messages } from './messages.ts';
import { ShapeCoder } from './shape-coder.ts';
import { ValueTable } from './value-table.ts';

/** A record longer than this is kept as a dead letter, not as an event. */
export const MAX_RECORD = 1 << 20;
/** A segment closes early when its records are this large together. */
const MAX_SEGMENT_TEXT = 32 << 20;
/** How much of a dead letter's bytes is kept. */
const MAX_REJECT_BYTES = 1 << 20;
const MAX_KEPT_MEMORY = 16 << 20;
const MAX_STEP = 0x7fff0000;
const BELIEVABLE_FROM = Date.UTC(1990, 0, 1) * 1000;
const YEAR = 366 * 86_400e6;

export interface RejectRecord {
  offset: number;
  length: number;
  reason: string;
  bytes: Uint8Array;
  /** how often it was tried; not said = once */
  attempts?: number;
}
export interface NewName {
  field: number;
  id: number;
  name: string;
}
export interface BuiltBatch {
  read: number;
  duplicates: number;
  segments: SegmentPayload[];
  rejects: RejectRecord[];
  rollups: RollupRows;
  /** hot field values first met in this batch, with the worker's ids */
  names: NewName[];
  templates: { id: number; pattern: string }[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');
const HOT_COUNT = 3;

export class BatchBuilder implements Sink {
  readonly detail = false;
  /** how often the records that come now were tried, this time counted */
  attempts = 1;
  // Names of hot fields: text -> id of this worker, kept for its life.
  readonly #names: Map<string, number>[] = HOT_FIELDS.map(() => new Map());
  #newNames: NewName[] = [];
  // Template id of the worker -> code in the open segment, valid when the stamp is the segment's.
  #templateCode = new Uint16Array(1024);
  #templateStamp = new Uint32Array(1024);
  #stamp = 1;

  // Settings of the source being read.
  #latest = 0;
  #lastTime = 0;
  #service = '';
  #named = false;
  #dedup: Dedup | null = null;

  #memory = new Uint8Array(0);
  // The buffer being parsed and where it stands in the stream.
  #buf: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #base = 0;

  // The open record.
  #start = 0;
  #end = 0;
  #time = Number.NaN;
  #timeFlags = 0;
  #severity = -1;
  #messageStart = -1;
  #messageEnd = -1;
  #messageText: string | null = null;
  /** the event that was begun last */
  #begun = -1;
  #slowText: string[] | null = null;

  // The open segment. Its first #carried events are in the case already.
  #n = 0;
  #carried = 0;
  #textBytes = 0;
  readonly #timeColumn = new Float64Array(SEGMENT_SIZE);
  readonly #codes = Array.from({ length: FIELD_COUNT }, () => new Uint16Array(SEGMENT_SIZE));
  readonly #templateCodes = new Uint16Array(SEGMENT_SIZE);
  readonly #statusColumn = new Uint16Array(SEGMENT_SIZE);
  readonly #severityColumn = new Uint8Array(SEGMENT_SIZE);
  readonly #flagColumn = new Uint8Array(SEGMENT_SIZE);
  readonly #latency = new Float32Array(SEGMENT_SIZE).fill(Number.NaN);
  #hasLatency = false;
  readonly #offset = new Float64Array(SEGMENT_SIZE);
  readonly #length = new Uint32Array(SEGMENT_SIZE);
  readonly #values = new ValueTable(FIELD_COUNT);
  #levelSeverity: number[] = [-1];
  readonly #asciiValue = Array.from({ length: FIELD_COUNT }, () => new Uint8Array(SEGMENT_SIZE + 1));
  #templateDict: number[] = [0];
  // The open block.
  readonly #words = new BlockWords();
  readonly #messages = new Messages();
  readonly #rest = new ShapeCoder();
  readonly #cuts = new Cuts();
  readonly #times = new TimeWriter();
  #watch: Watch | null = null;

  // The batch.
  #read = 0;
  #duplicates = 0;
  #segments: SegmentPayload[] = [];
  #rejects: RejectRecord[] = [];
  readonly #rollups = new RollupBuilder();

  /**
   * Starts a source (or a range of it). `modified` and `now` bound which times can be believed; `lastTime` is the time for records
   * before the first that has one; `dedupWindow` 0 switches the deduplicator off.
   */
  source(options: { modified: number; now: number; service: string; dedupWindow: number; named: boolean }): void {
    this.#latest = Math.max(options.modified, options.now) + YEAR;
    this.#lastTime = options.modified;
    this.#service = options.service;
    this.#named = options.named;
    this.#dedup = options.dedupWindow > 0 ? new Dedup(options.dedupWindow) : null;
  }

  /** The indicators that events are compared with from now on; to be told between two segments. */
  indicators(table: TableParts | null): void {
    this.#watch = table && new Watch(new IndicatorTable(table));
    this.#words.watch = this.#watch;
  }

  /** The buffer that positions refer to, and the stream offset of its first byte. */
  use(buf: Uint8Array, base: number): void {
    if (this.#buf !== buf) this.#view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength);
    this.#buf = buf;
    this.#base = base;
  }

  /** Memory for the bytes of one source at a time: what a range needed the next can use. */
  memory(bytes: number): Uint8Array {
    if (this.#memory.length < bytes || this.#memory.length > Math.max(MAX_KEPT_MEMORY, bytes)) this.#memory = new Uint8Array(bytes);
    return this.#memory;
  }

  /** Events in the open segment. */
  get events(): number {
    return this.#n;
  }

  /** Segments that wait to be taken. */
  get segments(): number {
    return this.#segments.length;
  }

  begin(start: number, end: number): void {
    this.#start = start;
    this.#end = end;
    this.#time = Number.NaN;
    this.#timeFlags = 0;
    this.#severity = -1;
    this.#messageStart = -1;
    this.#messageText = null;
    this.#slowText = null;
    this.#words.escaped = false;
    this.#cuts.clear();
    // Where a record lies is kept as a 32-bit step from the one before; only dead letters tried again can lie further apart.
    if (this.#n > 0 && Math.abs(this.#base + start - this.#offset[this.#n - 1]) > MAX_STEP) this.closeSegment();
    const n = this.#n;
    // Columns are emptied with the segment; only a record that was begun here and not kept leaves something behind.
    if (this.#begun === n) this.#clearEvent(n);
    this.#begun = n;
    this.#watch?.begin(this.#buf, start, end);
  }

  #clearEvent(n: number): void {
    for (let f = 0; f < FIELD_COUNT; f++) this.#codes[f][n] = 0;
    this.#statusColumn[n] = 0;
    this.#latency[n] = Number.NaN;
  }

  time(us: number, textStart: number, textEnd: number, zoneAssumed: boolean, inferred = false): void {
    if (textEnd > textStart) this.#cutTime(us, textStart, textEnd);
    this.#time = us;
    this.#timeFlags = (zoneAssumed ? FLAG.ZONE_ASSUMED : 0) | (inferred ? FLAG.TIME_INFERRED : 0);
  }

  /** A time that can be written again from the column is cut out; what stands behind its digits must be UTC for that, and stays. */
  #cutTime(us: number, start: number, end: number): void {
    const buf = this.#buf;
    let digits = end;
    if (buf[end - 1] === 90) digits = end - 1;
    else if (end - start > 20 && buf[end - 6] === (buf[end - 3] === 58 ? 43 : 32) && buf[end - 1] === 48 && buf[end - 2] === 48 && buf[end - 4] === 48) digits = end - 6;
    const form = this.#times.formOf(buf, start, digits, us);
    if (form >= 0) this.#cuts.add(start, digits, HOLE.time + form);
    else this.#cuts.add(start, end, HOLE.value);
  }

  field(code: FieldCode, start: number, end: number): void {
    if (start >= end || (end - start === 1 && this.#buf[start] === 45)) return;
    const value = this.#intern(code, this.#buf, this.#view, start, end);
    this.#codes[code][this.#n] = value;
    // Values are read back as text: only what is the same as bytes can be put back.
    this.#cuts.add(start, end, this.#asciiValue[code][value] === 1 ? HOLE.field + code : HOLE.value, value);
  }

  text(code: FieldCode, value: string): void {
    if (value === '' || value === '-') return;
    const bytes = encoder.encode(value);
    this.#codes[code][this.#n] = this.#intern(code, bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length);
    (this.#slowText ??= []).push(value);
  }

  #intern(code: FieldCode, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const known = this.#values.size(code);
    const value = this.#values.intern(code, bytes, view, start, end);
    if (value === known) {
      this.#asciiValue[code][value] = isAscii(bytes, start, end) ? 1 : 0;
      if (code === FIELD.level) this.#levelSeverity[value] = severityOf(decoder.decode(bytes.subarray(start, end)));
    }
    if (this.#named) this.#words.addValue(code, value, bytes, start, end);
    return value;
  }

  words(start: number, end: number): void {
    this.#cuts.add(start, end, HOLE.value);
    this.#words.add(this.#buf, start, end);
  }

  number(code: NumberCode, value: number): void {
    if (code === NUMBER.status) {
      if (value > 0 && value < 65_536) this.#statusColumn[this.#n] = value;
    } else if (value >= 0 && Number.isFinite(value)) {
      this.#latency[this.#n] = value;
      this.#hasLatency = true;
    }
  }

  severity(code: number): void {
    this.#severity = code;
  }

  message(start: number, end: number): void {
    this.#messageStart = start;
    this.#messageEnd = end;
  }

  messageText(value: string, start = 0, end = 0): void {
    this.#messageText = value;
    if (end > start) this.#cuts.add(start, end, HOLE.value);
  }

  attribute(): void {
    // Attributes are read back from the record when somebody asks; see formats/read-record.ts.
  }

  end(): void {
    const n = this.#n;
    const buf = this.#buf;
    const start = this.#start;
    const length = this.#end - start;
    if (length > MAX_RECORD) {
      this.reject(start, this.#end, `the record is ${length} bytes long; the longest that becomes an event is ${MAX_RECORD}`);
      return;
    }
    this.#read++;
    if (this.#dedup?.seen(buf, start, this.#end)) {
      this.#duplicates++;
      return;
    }

    let time = this.#time;
    let flags = this.#timeFlags;
    if (Number.isNaN(time)) {
      time = this.#lastTime;
      flags |= FLAG.TIME_INFERRED;
    }
    if (time < BELIEVABLE_FROM || time > this.#latest) flags |= FLAG.TIME_SUSPECT;
    else this.#lastTime = time;

    // The message: a stretch of the record, or text of its own when escapes had to be decoded.
    let bytes = buf;
    let view: DataView = this.#view;
    let from = this.#messageStart;
    let to = this.#messageEnd;
    if (this.#messageText !== null) {
      bytes = encoder.encode(this.#messageText.length > MAX_RECORD ? this.#messageText.slice(0, MAX_RECORD) : this.#messageText);
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      from = 0;
      to = bytes.length;
    } else {
      if (from < 0) {
        from = start;
        to = this.#end;
      }
      this.#cuts.add(from, to, HOLE.message);
    }
    const messages = this.#messages;
    messages.read(bytes, view, from, to);
    const { template } = messages;
    this.#cuts.lay(this.#rest, buf, start, this.#end, this.#codes, n, !this.#named);
    const shape = this.#rest.add(buf, this.#view, start, this.#end, 0);

    const { extractors } = messages;
    if (extractors !== null) this.#extract(extractors, bytes, view);

    let severity = this.#severity;
    if (severity < 0) severity = this.#levelSeverity[this.#codes[FIELD.level][n]];
    if (severity < 0) {
      const status = this.#statusColumn[n];
      severity = status >= 500 ? 3 : status >= 400 ? 2 : status > 0 ? 0 : messages.wording;
    }
    if (this.#service !== '' && this.#codes[FIELD.service][n] === 0) this.text(FIELD.service, this.#service);

    const words = this.#words;
    if (this.#named || bytes !== buf) words.addMessage(messages, bytes, from, to);
    if (!this.#named && bytes === buf) words.addRecord(messages, this.#rest, shape, buf, start, this.#end, from, to, { codes: this.#codes, n, second: Math.floor(time / 1e6) });
    else if (!this.#named) words.add(buf, start, this.#end);
    if (words.escaped) words.addUnescaped(buf, start, this.#end);
    if (this.#slowText !== null) for (const value of this.#slowText) words.addText(value);
    this.#watch?.keep(n);

    this.#timeColumn[n] = time;
    this.#flagColumn[n] = flags;
    this.#severityColumn[n] = severity;
    this.#offset[n] = this.#base + start;
    this.#length[n] = length;
    this.#templateCodes[n] = this.#codeOfTemplate(template);
    this.#textBytes += length;
    this.#n = n + 1;
    if ((this.#n & (BLOCK_SIZE - 1)) === 0) this.#closeBlock();
    if (this.#n === SEGMENT_SIZE || this.#textBytes >= MAX_SEGMENT_TEXT) this.closeSegment();
  }

  reject(start: number, end: number, reason: string): void {
    this.#read++;
    this.#rejects.push({ offset: this.#base + start, length: end - start, reason, bytes: this.#buf.slice(start, Math.min(end, start + MAX_REJECT_BYTES)), attempts: this.attempts });
  }

  /** A record that was already taken apart and refused before it got here (oversize lines that never fit the buffer). */
  rejectRaw(reject: RejectRecord): void {
    this.#read++;
    this.#rejects.push(reject);
  }

  #extract(extractors: readonly Extractor[], bytes: Uint8Array, view: DataView): void {
    const n = this.#n;
    const { words, wordStart, wordEnd } = this.#messages;
    for (const extractor of extractors) {
      if (extractor.word >= words) continue;
      const start = wordStart[extractor.word] + extractor.skip;
      const end = wordEnd[extractor.word] - extractor.cut;
      if (start >= end) continue;
      if (extractor.field >= 0) {
        const code = extractor.field as FieldCode;
        if (this.#codes[code][n] !== 0 || (extractor.ip && !looksLikeIp(bytes, start, end))) continue;
        this.#codes[code][n] = this.#intern(code, bytes, view, start, end);
      } else {
        const value = readNumber(bytes, start, end);
        if (Number.isNaN(value)) continue;
        if (extractor.number === NUMBER.status && this.#statusColumn[n] === 0) this.number(NUMBER.status, value);
        else if (extractor.number === NUMBER.latencyMs && Number.isNaN(this.#latency[n])) this.number(NUMBER.latencyMs, value * extractor.scale);
      }
    }
  }

  #codeOfTemplate(template: number): number {
    if (template >= this.#templateCode.length) {
      const codes = new Uint16Array(template * 2);
      codes.set(this.#templateCode);
      const stamps = new Uint32Array(template * 2);
      stamps.set(this.#templateStamp);
      this.#templateCode = codes;
      this.#templateStamp = stamps;
    }
    if (this.#templateStamp[template] === this.#stamp) return this.#templateCode[template];
    this.#templateStamp[template] = this.#stamp;
    // Entry 0 stands for absent, so ids in dictionaries are one higher than the miner's.
    const code = this.#templateDict.push(template + 1) - 1;
    this.#templateCode[template] = code;
    return code;
  }

  #closeBlock(): void {
    if (this.#rest.inBlock === 0) return;
    this.#messages.coder.closeBlock();
    this.#rest.closeBlock();
    this.#words.closeBlock();
  }

  /** Ends the open segment, if it has events. */
  closeSegment(): void {
    const n = this.#n;
    if (n === 0) return;
    this.#closeBlock();
    const time = this.#timeColumn;
    let sorted = true;
    for (let i = 1; sorted && i < n; i++) sorted = time[i] >= time[i - 1];
    const hotBuffer = new SharedArrayBuffer(hotBytes(n, sorted));
    const hot = hotViews(hotBuffer, n, sorted);
    hot.time.set(time.subarray(0, n));
    for (let f = 0; f < HOT_COUNT; f++) hot.codes[f].set(this.#codes[f].subarray(0, n));
    hot.codes[HOT.template].set(this.#templateCodes.subarray(0, n));
    hot.status.set(this.#statusColumn.subarray(0, n));
    hot.severity.set(this.#severityColumn.subarray(0, n));
    hot.flags.set(this.#flagColumn.subarray(0, n));
    if (hot.order) {
      for (let i = 0; i < n; i++) hot.order[i] = i;
      // Equal times keep the order of the file.
      hot.order.sort((a, b) => time[a] - time[b] || a - b);
    }
    const first = hot.order ? hot.order[0] : 0;
    const last = hot.order ? hot.order[n - 1] : n - 1;
    let b0 = Number.NaN;
    let b1 = Number.NaN;
    for (let k = 0; k < n; k++) {
      const i = hot.order ? hot.order[k] : k;
      if (hot.flags[i] & FLAG.TIME_SUSPECT) continue;
      if (Number.isNaN(b0)) b0 = time[i];
      b1 = time[i];
    }

    const dicts = [
      ...Array.from({ length: HOT_COUNT }, (_, f) => this.#hotDict(f)),
      Uint32Array.from(this.#templateDict),
    ];
    const coldFields = COLD_FIELDS.map((_, f) => {
      const code = HOT_COUNT + f;
      return this.#values.size(code) > 1 ? { codes: this.#codes[code], values: this.#values.pack(code) } : null;
    });
    const users = coldFields[0];
    this.#rollups.add({
      n,
      order: hot.order,
      time,
      service: hot.codes[HOT.service],
      serviceIds: dicts[HOT.service],
      severity: hot.severity,
      flags: this.#carried === 0 ? hot.flags : hot.flags.map((flags, i) => (i < this.#carried ? FLAG.TIME_SUSPECT : flags)),
      skipBits: FLAG.TIME_SUSPECT,
      latency: this.#hasLatency ? this.#latency : null,
      user: users ? users.codes : null,
      userHash: users ? this.#values.hashes(FIELD.user) : new Uint32Array(0),
    });
    this.#segments.push({
      n,
      t0: time[first],
      t1: time[last],
      b0,
      b1,
      hotBuffer,
      sorted,
      dicts,
      hot: packHot(hot),
      cold: packCold({ n, latency: this.#hasLatency ? this.#latency : null, offset: this.#offset, length: this.#length, fields: coldFields }),
      msg: this.#messages.take(n),
      rest: this.#rest.take(n),
      ...this.#words.take(this.#messages.coder.epoch + this.#rest.epoch),
      textBytes: this.#textBytes,
      carried: this.#carried,
      generation: this.#watch?.generation ?? 0,
      hits: this.#watch?.take() ?? [],
    });
    this.#n = 0;
    this.#carried = 0;
    this.#begun = -1;
    for (const codes of this.#codes) codes.fill(0);
    this.#statusColumn.fill(0);
    this.#latency.fill(Number.NaN);
    this.#textBytes = 0;
    this.#hasLatency = false;
    this.#values.clear();
    this.#levelSeverity = [-1];
    this.#templateDict = [0];
    this.#stamp++;
  }

  /** Ids of this worker for the values of a hot field in this segment; entry 0 stands for absent. */
  #hotDict(field: number): Uint32Array {
    const values = this.#values.list(field);
    const dict = new Uint32Array(values.length);
    for (let code = 1; code < values.length; code++) {
      const name = decoder.decode(values[code]);
      let id = this.#names[field].get(name);
      if (id === undefined) {
        id = this.#names[field].size + 1;
        this.#names[field].set(name, id);
        this.#newNames.push({ field, id, name });
      }
      dict[code] = id;
    }
    return dict;
  }

  /** What was read since the last take() is in the case already, in one segment that is to go on: it is not counted again. Gives its number of events. */
  carry(): number {
    this.#carried = this.#n;
    this.#read = 0;
    this.#duplicates = 0;
    this.#rejects = [];
    return this.#segments.length === 0 ? this.#n : -1;
  }

  /** Forgets what was read since the last take(). Names and templates that were new stay new. */
  discard(): void {
    this.closeSegment();
    this.#segments = [];
    this.#rejects = [];
    this.#read = 0;
    this.#duplicates = 0;
    this.#rollups.take();
  }

  /** Everything since the last call; closes the open segment first. */
  take(): BuiltBatch {
    this.closeSegment();
    const batch: BuiltBatch = {
      read: this.#read,
      duplicates: this.#duplicates,
      segments: this.#segments,
      rejects: this.#rejects,
      rollups: this.#rollups.take(),
      names: this.#newNames,
      templates: this.#messages.takeTemplates(),
    };
    this.#read = 0;
    this.#duplicates = 0;
    this.#segments = [];
    this.#rejects = [];
    this.#newNames = [];
    return batch;
  }
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let high = 0;
  for (let i = start; i < end; i++) high |= bytes[i];
  return high < 128;
}

function readNumber(bytes: Uint8Array, start: number, end: number): number {
  let text = '';
  for (let i = start; i < end && i < start + 24; i++) text += String.fromCharCode(bytes[i]);
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
