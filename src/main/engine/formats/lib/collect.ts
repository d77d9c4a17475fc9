/** A sink that keeps everything it is told, decoded: for reading stored records back, and for tests. */
import { FIELD, FIELD_COUNT, NUMBER, type FieldCode, type NumberCode, type Sink } from '../format.ts';
import { decodeUtf8 } from './json-text.ts';

type FieldName = keyof typeof FIELD;
type NumberName = keyof typeof NUMBER;
const FIELD_NAMES = Object.keys(FIELD) as FieldName[];
const NUMBER_NAMES = Object.keys(NUMBER) as NumberName[];

/** What a format says about one record. */
export interface ReadRecord {
  /** bytes [start, end) of the buffer */
  start: number;
  end: number;
  /** microseconds UTC; null = the record has no time of its own */
  time: number | null;
  /** the time as the record wrote it; '' where it does not stand there */
  timeText: string;
  zoneAssumed: boolean;
  fields: Partial<Record<FieldName, string>>;
  numbers: Partial<Record<NumberName, number>>;
  /** the format's own word on the severity; null = to be derived from level, status and message */
  severity: number | null;
  /** the whole record where the format names no message */
  message: string;
  attributes: { name: string; value: string | number | boolean | null }[];
}
export interface Rejection {
  start: number;
  end: number;
  reason: string;
}

export class CollectingSink implements Sink {
  readonly detail: boolean;
  readonly records: ReadRecord[] = [];
  readonly rejects: Rejection[] = [];
  /** the buffer that positions refer to; set it before each parse() */
  buffer: Uint8Array;
  private current: ReadRecord | null = null;

  constructor(buffer: Uint8Array, detail: boolean) {
    this.buffer = buffer;
    this.detail = detail;
  }

  private get record(): ReadRecord {
    if (!this.current) throw new Error('a format reported a value outside begin() and end()');
    return this.current;
  }
  private decode(start: number, end: number): string {
    return decodeUtf8(this.buffer, start, end);
  }

  begin(start: number, end: number): void {
    if (this.current) throw new Error('a format began a record inside another');
    this.current = { start, end, time: null, timeText: '', zoneAssumed: false, fields: {}, numbers: {}, severity: null, message: this.decode(start, end), attributes: [] };
  }
  time(us: number, textStart: number, textEnd: number, zoneAssumed: boolean): void {
    Object.assign(this.record, { time: us, timeText: this.decode(textStart, textEnd), zoneAssumed });
  }
  field(code: FieldCode, start: number, end: number): void {
    this.text(code, this.decode(start, end));
  }
  text(code: FieldCode, value: string): void {
    if (code < 0 || code >= FIELD_COUNT) throw new Error(`there is no field ${code}`);
    if (value !== '' && value !== '-') this.record.fields[FIELD_NAMES[code]] = value;
  }
  words(): void {
    // Values without a column come back as attributes.
  }
  number(code: NumberCode, value: number): void {
    this.record.numbers[NUMBER_NAMES[code]] = value;
  }
  severity(code: number): void {
    this.record.severity = code;
  }
  message(start: number, end: number): void {
    this.record.message = this.decode(start, end);
  }
  messageText(value: string): void {
    this.record.message = value;
  }
  attribute(name: string, value: string | number | boolean | null): void {
    if (this.detail) this.record.attributes.push({ name, value });
  }
  end(): void {
    this.records.push(this.record);
    this.current = null;
  }
  reject(start: number, end: number, reason: string): void {
    if (this.current) throw new Error('a format rejected bytes inside a record');
    this.rejects.push({ start, end, reason });
  }
}
