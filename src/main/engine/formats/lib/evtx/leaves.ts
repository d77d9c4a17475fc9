/**
 * Where the values of a decoded event stand in its line. The line must be valid JSON (JsonRecord has been over it): this walk trusts it.
 *
 * Names are those that detection rules use: values of EventData and of the one element in UserData by their own name, those of System by
 * theirs, attributes as Element_Attribute (Provider_Name, Execution_ProcessID).
 */

/** Which part of the event a value belongs to. */
export const PART = { system: 0, data: 1, rendering: 2, place: 3 } as const;

/** Enough for any real event; of what is hostile the rest is told by the line only. */
const MAX_LEAVES = 4096;
const XMLNS = 'xmlns';

export class Leaves {
  count = 0;
  readonly part = new Uint8Array(MAX_LEAVES);
  /** the value; inside its quotes where it is a string */
  readonly start = new Int32Array(MAX_LEAVES);
  readonly end = new Int32Array(MAX_LEAVES);
  /** its name */
  readonly nameStart = new Int32Array(MAX_LEAVES);
  readonly nameEnd = new Int32Array(MAX_LEAVES);
  /** the name of the element around it; of an attribute's element too */
  readonly ownerStart = new Int32Array(MAX_LEAVES);
  readonly ownerEnd = new Int32Array(MAX_LEAVES);
  readonly isAttribute = new Uint8Array(MAX_LEAVES);
  readonly isString = new Uint8Array(MAX_LEAVES);
  /** a string with escapes in it */
  readonly isEscaped = new Uint8Array(MAX_LEAVES);
  private buf: Uint8Array = new Uint8Array(0);

  /** Finds the values of the object whose '{' is at `start`. */
  read(buf: Uint8Array, start: number): void {
    this.buf = buf;
    this.count = 0;
    this.object(start, 0, PART.place, start, start, false);
  }

  /** Whether the leaf's name is `name`, and where given its element's `owner`. */
  is(leaf: number, name: string, owner?: string): boolean {
    return this.reads(this.nameStart[leaf], this.nameEnd[leaf], name) && (owner === undefined || this.reads(this.ownerStart[leaf], this.ownerEnd[leaf], owner));
  }
  /** Whether there is something in it: not nothing, not '-'. */
  says(leaf: number): boolean {
    const length = this.end[leaf] - this.start[leaf];
    if (length === 0 || (this.isString[leaf] === 0 && this.buf[this.start[leaf]] === 110)) return false;
    return length > 1 || this.buf[this.start[leaf]] !== 45;
  }

  private reads(start: number, end: number, text: string): boolean {
    if (end - start !== text.length) return false;
    for (let i = 0; i < text.length; i++) if (this.buf[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  /** i is at the '{'; the name of the object is [ownerStart, ownerEnd). Returns the position behind the '}'. */
  private object(i: number, depth: number, part: number, ownerStart: number, ownerEnd: number, attributes: boolean): number {
    const { buf } = this;
    i = blanks(buf, i + 1);
    while (buf[i] === 34) {
      const nameStart = i + 1;
      const nameEnd = stringEnd(buf, i) - 1;
      i = blanks(buf, blanks(buf, nameEnd + 1) + 1);
      let inside = part;
      if (depth === 0) inside = this.reads(nameStart, nameEnd, 'Event') ? PART.data : PART.place;
      else if (depth === 1 && part === PART.data) {
        if (this.reads(nameStart, nameEnd, 'System')) inside = PART.system;
        else if (this.reads(nameStart, nameEnd, 'RenderingInfo')) inside = PART.rendering;
      }
      if (buf[i] === 123) {
        // The names of an element's attributes and its text stand one object deeper than the element.
        if (this.reads(nameStart, nameEnd, '#attributes')) i = this.object(i, depth + 1, inside, ownerStart, ownerEnd, true);
        else i = this.object(i, depth + 1, inside, nameStart, nameEnd, false);
      } else if (this.reads(nameStart, nameEnd, '#text')) {
        i = this.value(i, inside, ownerStart, ownerEnd, ownerStart, ownerEnd, false);
      } else {
        i = this.value(i, inside, nameStart, nameEnd, ownerStart, ownerEnd, attributes);
      }
      i = blanks(buf, i);
      if (buf[i] === 44) i = blanks(buf, i + 1);
    }
    return i + 1;
  }

  /** A value that is no object; every item of a list is a leaf of the same name. */
  private value(i: number, part: number, nameStart: number, nameEnd: number, ownerStart: number, ownerEnd: number, attribute: boolean): number {
    const { buf } = this;
    if (buf[i] === 91) {
      i = blanks(buf, i + 1);
      while (buf[i] !== 93) {
        if (buf[i] === 123) i = this.object(i, 2, part, nameStart, nameEnd, false);
        else i = this.value(i, part, nameStart, nameEnd, ownerStart, ownerEnd, attribute);
        i = blanks(buf, i);
        if (buf[i] === 44) i = blanks(buf, i + 1);
      }
      return i + 1;
    }
    const string = buf[i] === 34;
    const end = string ? stringEnd(buf, i) : scalarEnd(buf, i);
    // Which namespace an element is in is no news.
    if (this.count < MAX_LEAVES && !(attribute && this.reads(nameStart, nameEnd, XMLNS))) {
      const leaf = this.count++;
      this.part[leaf] = part;
      this.start[leaf] = string ? i + 1 : i;
      this.end[leaf] = string ? end - 1 : end;
      this.nameStart[leaf] = nameStart;
      this.nameEnd[leaf] = nameEnd;
      this.ownerStart[leaf] = ownerStart;
      this.ownerEnd[leaf] = ownerEnd;
      this.isAttribute[leaf] = attribute ? 1 : 0;
      this.isString[leaf] = string ? 1 : 0;
      this.isEscaped[leaf] = string && sawEscape ? 1 : 0;
    }
    return end;
  }
}

/** Whether stringEnd met a backslash the last time. */
let sawEscape = false;
/** Behind the string whose opening quote is at i. */
function stringEnd(buf: Uint8Array, i: number): number {
  sawEscape = false;
  for (i++; buf[i] !== 34; i++) {
    if (buf[i] !== 92) continue;
    sawEscape = true;
    i++;
  }
  return i + 1;
}
function scalarEnd(buf: Uint8Array, i: number): number {
  while (i < buf.length && buf[i] !== 44 && buf[i] !== 125 && buf[i] !== 93 && buf[i] > 32) i++;
  return i;
}
function blanks(buf: Uint8Array, i: number): number {
  while (buf[i] === 32 || buf[i] === 9 || buf[i] === 10 || buf[i] === 13) i++;
  return i;
}
