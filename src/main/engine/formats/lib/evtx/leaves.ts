/**
 * Where the values of a decoded event stand in its line. The decoder wrote it, so this walk checks no more than that it never leaves the line and
 * that brackets, names and values come as they must.
 *
 * Names are those that detection rules use: values of EventData and of the one element in UserData by their own name, those of System by
 * theirs, attributes as Element_Attribute (Provider_Name, Execution_ProcessID).
 */

/** Which part of the event a value belongs to. */
export const PART = { system: 0, data: 1, rendering: 2, place: 3 } as const;

/** Enough for any real event; of what is hostile the rest is told by the line only. */
const MAX_LEAVES = 4096;
const XMLNS = 'xmlns';
/** Of objects and lists; the decoder itself stops before. */
const MAX_DEPTH = 100;
const SCALAR = new Uint8Array(256);
for (const c of '+-.0123456789Eaeflnrstu') SCALAR[c.charCodeAt(0)] = 1;

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
  private limit = 0;
  private sawEscape = false;

  /** Finds the values of the object whose '{' is at `start`. Whether the object ends where the line does, blanks aside. */
  read(buf: Uint8Array, start: number, end: number): boolean {
    this.buf = buf;
    this.limit = end;
    this.count = 0;
    const behind = this.object(start, 0, PART.place, start, start, false);
    return behind > 0 && behind <= end && this.blanks(behind) >= end;
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

  /** i is at the '{'; the name of the object is [ownerStart, ownerEnd). Returns the position behind the '}', -1 for what is none. */
  private object(i: number, depth: number, part: number, ownerStart: number, ownerEnd: number, attributes: boolean): number {
    const { buf, limit } = this;
    if (depth > MAX_DEPTH) return -1;
    i = this.blanks(i + 1);
    if (buf[i] === 125 && i < limit) return i + 1;
    for (;;) {
      if (buf[i] !== 34 || i >= limit) return -1;
      const nameStart = i + 1;
      const nameEnd = this.stringEnd(i) - 1;
      if (nameEnd < 0) return -1;
      i = this.blanks(nameEnd + 1);
      if (buf[i] !== 58 || i >= limit) return -1;
      i = this.blanks(i + 1);
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
        i = this.value(i, depth, inside, ownerStart, ownerEnd, ownerStart, ownerEnd, false);
      } else {
        i = this.value(i, depth, inside, nameStart, nameEnd, ownerStart, ownerEnd, attributes);
      }
      if (i < 0) return -1;
      i = this.blanks(i);
      if (i >= limit) return -1;
      if (buf[i] === 125) return i + 1;
      if (buf[i] !== 44) return -1;
      i = this.blanks(i + 1);
    }
  }

  /** A value that is no object; every item of a list is a leaf of the same name. Returns the position behind it, -1 for what is none. */
  private value(i: number, depth: number, part: number, nameStart: number, nameEnd: number, ownerStart: number, ownerEnd: number, attribute: boolean): number {
    const { buf, limit } = this;
    if (buf[i] === 91) {
      if (depth > MAX_DEPTH) return -1;
      i = this.blanks(i + 1);
      if (buf[i] === 93 && i < limit) return i + 1;
      for (;;) {
        if (buf[i] === 123) i = this.object(i, Math.max(2, depth + 1), part, nameStart, nameEnd, false);
        else i = this.value(i, depth + 1, part, nameStart, nameEnd, ownerStart, ownerEnd, attribute);
        if (i < 0) return -1;
        i = this.blanks(i);
        if (i >= limit) return -1;
        if (buf[i] === 93) return i + 1;
        if (buf[i] !== 44) return -1;
        i = this.blanks(i + 1);
      }
    }
    const string = buf[i] === 34;
    const end = string ? this.stringEnd(i) : this.scalarEnd(i);
    if (end < 0) return -1;
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
      this.isEscaped[leaf] = string && this.sawEscape ? 1 : 0;
    }
    return end;
  }

  /** Behind the string whose opening quote is at i; -1 when it does not end in the line. Sets sawEscape. */
  private stringEnd(i: number): number {
    const { buf, limit } = this;
    this.sawEscape = false;
    for (i++; i < limit; i++) {
      const c = buf[i];
      if (c === 34) return i + 1;
      if (c !== 92) continue;
      this.sawEscape = true;
      i++;
    }
    return -1;
  }
  /** Behind a number or word; -1 for nothing of the kind. */
  private scalarEnd(i: number): number {
    const { buf, limit } = this;
    const start = i;
    while (i < limit && SCALAR[buf[i]] === 1) i++;
    return i > start ? i : -1;
  }
  private blanks(i: number): number {
    const { buf, limit } = this;
    while (i < limit && (buf[i] === 32 || buf[i] === 9 || buf[i] === 10 || buf[i] === 13)) i++;
    return i;
  }
}
