/**
 * Reads the XML tokens of BinXML once into nodes that can be written many times. Grammar: [MS-EVEN6] 2.2.12; where it leaves things open,
 * libyal's "Windows XML Event Log (EVTX) format" (names by offset, inline definitions, the dependency id).
 */
import { Damage } from './damage.ts';
import { keyOf, type Name, type Names } from './names.ts';
import { DataList, Element, Instruction, isPart, type Attribute, type Content, type Part } from './nodes.ts';
import type { NameUse } from './templates.ts';
import { TYPE, type Source } from './values.ts';

export const TOKEN = {
  end: 0x00, open: 0x01, closeStart: 0x02, closeEmpty: 0x03, closeElement: 0x04, value: 0x05, attribute: 0x06, cdata: 0x07, character: 0x08,
  entity: 0x09, target: 0x0a, instruction: 0x0b, instance: 0x0c, hole: 0x0d, optional: 0x0e, header: 0x0f,
} as const;
/** Set on tokens behind which more of their kind follow. */
const MORE = 0x40;
const MAX_DEPTH = 40;
const MAX_NAME = 512;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const encoder = new TextEncoder();

export class Compiler {
  /** behind what was read last */
  at = 0;
  /** the names that the element read last refers to */
  uses: NameUse[] = [];
  /** whether the element read last is laid out as usual, so that its bytes alone say how it is read */
  usual = true;
  private readonly source: Source;
  private readonly all: Names;
  private readonly names = new Map<number, Name>();
  private start = 0;
  private end = 0;

  /** @param names those of the whole log */
  constructor(source: Source, names: Names) {
    this.source = source;
    this.all = names;
  }

  /** The element at `at`, of which nothing may lie behind `end`. `dependent`: it carries a dependency id, as those in templates do. */
  element(at: number, end: number, dependent: boolean): Element {
    this.at = at;
    this.start = at;
    this.end = end;
    this.uses = [];
    this.usual = true;
    return this.readElement(dependent, 0);
  }

  private readElement(dependent: boolean, depth: number): Element {
    const start = this.at;
    if (depth > MAX_DEPTH) throw new Damage(`Elements are nested deeper than ${MAX_DEPTH}`, start);
    const token = this.byteAt(start);
    if ((token & ~MORE) !== TOKEN.open) throw new Damage(`An element begins with the unknown token 0x${token.toString(16)}`, start);
    const usual = start + (dependent ? 7 : 5);
    const other = start + (dependent ? 5 : 7);
    // Writers do not agree on when the dependency id is left out: the name tells.
    const nameAt = this.namePlausible(usual) || !this.namePlausible(other) ? usual : other;
    const withId = nameAt === start + 7;
    if (nameAt !== usual || !this.namePlausible(usual)) this.usual = false;
    this.at = nameAt;
    const name = this.readName();
    if ((token & MORE) !== 0) this.skip(4);
    const attributes: { name: Name; parts: Part[] }[] = [];
    while ((this.byteAt(this.at) & ~MORE) === TOKEN.attribute) {
      this.at++;
      const attribute = this.readName();
      attributes.push({ name: attribute, parts: this.readParts() });
    }
    const close = this.byteAt(this.at++);
    const content = close === TOKEN.closeStart ? this.readContent(withId, depth) : [];
    if (close !== TOKEN.closeStart && close !== TOKEN.closeEmpty) throw new Damage(`The unknown token 0x${close.toString(16)} stands in the tag of an element`, this.at - 1);
    return this.toElement(name, attributes, content);
  }

  /** <Data Name="x"> is a member x; its name is then no attribute. */
  private toElement(name: Name, attributes: readonly { name: Name; parts: Part[] }[], content: Content[]): Element {
    const named = name.text === 'Data' ? attributes.find((attribute) => attribute.name.text === 'Name' && attribute.parts.length > 0) : undefined;
    const rest: Attribute[] = attributes.filter((attribute) => attribute !== named).map((attribute) => ({ key: attribute.name.key, parts: attribute.parts }));
    const literal = named?.parts.length === 1 && typeof named.parts[0] !== 'number' && named.parts[0].length > 0 ? named.parts[0] : null;
    return new Element(literal ? keyOf(literal) : name.key, named && !literal ? named.parts : null, rest, content);
  }

  private readContent(dependent: boolean, depth: number): Content[] {
    const content: Content[] = [];
    for (;;) {
      const token = this.byteAt(this.at) & ~MORE;
      if (token === TOKEN.closeElement) {
        this.at++;
        return distinct(content);
      }
      if (token === TOKEN.open) {
        content.push(this.readElement(dependent, depth + 1));
      } else if (token === TOKEN.target) {
        this.at++;
        const name = this.readName();
        let text: Uint8Array = new Uint8Array(0);
        if ((this.byteAt(this.at) & ~MORE) === TOKEN.instruction) {
          this.at++;
          text = this.readText();
        }
        content.push(new Instruction(keyOf(concat(encoder.encode('?'), name.bytes)), text));
      } else {
        const parts = this.readParts();
        if (parts.length === 0) throw new Damage(`The unknown token 0x${token.toString(16)} stands in an element`, this.at);
        for (const part of parts) content.push(part);
      }
    }
  }

  /** Text, references and values up to the next token that is none of these. */
  private readParts(): Part[] {
    const parts: Part[] = [];
    for (;;) {
      const token = this.byteAt(this.at) & ~MORE;
      if (token === TOKEN.hole || token === TOKEN.optional) {
        parts.push(this.shortAt(this.at + 1));
        this.skip(4);
        continue;
      }
      let text: Uint8Array;
      if (token === TOKEN.value) {
        if (this.byteAt(this.at + 1) !== TYPE.string) throw new Damage(`A text has the type 0x${this.byteAt(this.at + 1).toString(16)}, which texts cannot have`, this.at);
        this.at += 2;
        text = this.readText();
      } else if (token === TOKEN.cdata) {
        this.at++;
        text = this.readText();
      } else if (token === TOKEN.character) {
        text = escapedText(String.fromCharCode(this.shortAt(this.at + 1)));
        this.skip(3);
      } else if (token === TOKEN.entity) {
        this.at++;
        const name = this.readName();
        text = escapedText(ENTITIES[name.text] ?? `&${name.text};`);
      } else {
        return parts;
      }
      const last = parts.at(-1);
      if (last instanceof Uint8Array) parts[parts.length - 1] = concat(last, text);
      else parts.push(text);
    }
  }

  /** A counted text, escaped. */
  private readText(): Uint8Array {
    const count = this.shortAt(this.at);
    const start = this.at + 2;
    this.skip(2 + 2 * count);
    return this.escape(start, start + 2 * count);
  }

  /** The name whose offset stands here; where it is defined right behind, that is read too. */
  private readName(): Name {
    const offset = this.longAt(this.at);
    this.skip(4);
    const name = this.nameAt(offset);
    if (!name) throw new Damage('The name of an element or attribute is damaged', this.at - 4);
    const inline = offset === this.at;
    this.uses.push({ at: this.at - 4 - this.start, name, inline });
    if (inline) this.skip(10 + name.raw.length);
    return name;
  }
  /** The name that is defined at this offset of the chunk; null when none is. */
  nameAt(offset: number): Name | null {
    const known = this.names.get(offset);
    if (known) return known;
    if (!this.definesName(offset)) return null;
    const { bytes, view } = this.source;
    const name = this.all.of(bytes, offset + 8, offset + 8 + 2 * view.getUint16(offset + 6, true));
    this.names.set(offset, name);
    return name;
  }
  /** Whether the four bytes here can be the offset of a name. */
  private namePlausible(at: number): boolean {
    return at + 4 <= this.end && this.definesName(this.source.view.getUint32(at, true));
  }
  private definesName(offset: number): boolean {
    const { bytes, view } = this.source;
    // The chunk's own header is no name.
    if (offset < 512 || offset + 10 > bytes.length) return false;
    const count = view.getUint16(offset + 6, true);
    const nul = offset + 8 + 2 * count;
    return count > 0 && count <= MAX_NAME && nul + 2 <= bytes.length && bytes[nul] === 0 && bytes[nul + 1] === 0;
  }

  private escape(start: number, end: number): Uint8Array {
    const { scratch } = this.all;
    scratch.at = 0;
    scratch.utf16(this.source.bytes, start, end);
    return scratch.bytes.slice(0, scratch.at);
  }
  private skip(bytes: number): void {
    this.at += bytes;
    if (this.at > this.end) throw this.short();
  }
  private byteAt(at: number): number {
    if (at >= this.end) throw this.short();
    return this.source.bytes[at];
  }
  private shortAt(at: number): number {
    if (at + 2 > this.end) throw this.short();
    return this.source.view.getUint16(at, true);
  }
  private longAt(at: number): number {
    if (at + 4 > this.end) throw this.short();
    return this.source.view.getUint32(at, true);
  }
  private short(): Damage {
    return new Damage('The XML ends in the middle', this.end);
  }
}

/** Members of one object need keys of their own: <Data> without names becomes one list, other repetitions get _1, _2, … behind their key. */
function distinct(content: Content[]): Content[] {
  const data = content.filter((item): item is Element => item instanceof Element && isUnnamedData(item));
  const listed = data.length > 1 ? new DataList(data) : null;
  const seen = new Map<string, number>();
  const result: Content[] = [];
  for (const item of content) {
    if (listed && item instanceof Element && isUnnamedData(item)) {
      if (item === data[0]) result.push(listed);
    } else if (item instanceof Element && !item.keyParts) {
      const key = new TextDecoder().decode(item.key);
      const count = seen.get(key) ?? 0;
      seen.set(key, count + 1);
      result.push(count === 0 ? item : new Element(encoder.encode(`${key.slice(0, -2)}_${count}":`), null, item.attributes, item.content));
    } else {
      result.push(item);
    }
  }
  return result;
}
const DATA_KEY = keyOf(encoder.encode('Data'));
function isUnnamedData({ key, keyParts, attributes, content }: Element): boolean {
  return keyParts === null && attributes.length === 0 && key.length === DATA_KEY.length && key.every((c, i) => c === DATA_KEY[i]) && content.every(isPart);
}

function escapedText(text: string): Uint8Array {
  return encoder.encode(JSON.stringify(text).slice(1, -1));
}
function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
