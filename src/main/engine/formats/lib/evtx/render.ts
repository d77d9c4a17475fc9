/** BinXML of one chunk to JSON: templates compiled once, then written with the values of each instance. */
import { Compiler, TOKEN } from './compile.ts';
import { Damage } from './damage.ts';
import type { JsonOutput } from './json-output.ts';
import type { Names } from './names.ts';
import { DataList, Element, Instruction, isPart, type Attribute, type Content, type Part } from './nodes.ts';
import type { Templates } from './templates.ts';
import { ARRAY, isNull, TYPE, writeItems, writeValue, type Source } from './values.ts';

/** XML in values of XML in values … */
const MAX_NESTED = 16;
/** What a chunk of 64 KiB may ask for: about ten times what real ones do in nodes, sixteen times in definitions. */
const MAX_STEPS = 1 << 18;
const MAX_COMPILED_BYTES = 1 << 20;
const TEXT_KEY = new TextEncoder().encode('"#text":');
const ATTRIBUTES_KEY = new TextEncoder().encode('"#attributes":{');
const NULL = new TextEncoder().encode('null');
const DATA_LIST = new TextEncoder().encode('"Data":{"#text":[');

/** What the chunks of a log have in common. */
export interface Shared {
  names: Names;
  templates: Templates;
}

export class Renderer {
  private readonly source: Source;
  private readonly out: JsonOutput;
  private readonly compiler: Compiler;
  private readonly shared: Shared;
  private readonly templates = new Map<number, Element>();
  /** type, start and end of each value; those of an instance stand from `frame` on */
  private values = new Int32Array(3 * 256);
  private top = 0;
  private frame = 0;
  private frameEnd = 0;
  private nested = 0;
  private steps = 0;
  private compiled = 0;

  constructor(source: Source, out: JsonOutput, shared: Shared) {
    this.source = source;
    this.out = out;
    this.shared = shared;
    this.compiler = new Compiler(source, shared.names);
  }

  /** Writes the elements of the BinXML [at, end) as members, with commas between. How many there were. Throws Damage. */
  record(at: number, end: number): number {
    this.top = 0;
    this.frame = 0;
    this.frameEnd = 0;
    this.nested = 0;
    return this.fragments(at, end);
  }

  private fragments(start: number, end: number): number {
    if (this.nested >= MAX_NESTED) throw new Damage(`XML is nested in values deeper than ${MAX_NESTED}`, start);
    const { bytes } = this.source;
    this.nested++;
    let written = 0;
    let at = start;
    while (at < end) {
      this.step();
      const token = bytes[at];
      if (token === TOKEN.end) break;
      if (token === TOKEN.header) {
        at += 4;
        continue;
      }
      if (written > 0) this.out.byte(44);
      if (token === TOKEN.instance) {
        at = this.instance(at, end);
      } else {
        const element = this.compile(at, end, false);
        at = this.compiler.at;
        const { frame, frameEnd } = this;
        // Outside of a template there are no values.
        this.frameEnd = this.frame = this.top;
        this.member(element);
        this.frame = frame;
        this.frameEnd = frameEnd;
      }
      written++;
    }
    this.nested--;
    return written;
  }

  private compile(at: number, end: number, dependent: boolean): Element {
    const element = this.compiler.element(at, end, dependent);
    this.spend(this.compiler.at - at, at);
    return element;
  }
  private spend(bytes: number, at: number): void {
    this.compiled += bytes;
    if (this.compiled > MAX_COMPILED_BYTES) throw new Damage('The chunk defines more templates than fit into it', at);
  }

  /** Writes the template instance at `at` as a member; returns the position behind its values. */
  private instance(at: number, end: number): number {
    const { view } = this.source;
    if (at + 10 > end) throw new Damage('A template instance is cut off', at);
    const definition = view.getUint32(at + 6, true);
    let behind = at + 10;
    if (definition === behind) behind = this.definitionEnd(definition);
    let template = this.templates.get(definition);
    if (!template) {
      template = this.define(definition);
      this.templates.set(definition, template);
    }
    if (behind + 4 > end) throw new Damage('A template instance is cut off', at);
    const count = view.getUint32(behind, true);
    const first = this.top;
    if (count > (end - behind - 4) >> 2) throw new Damage(`A template instance has ${count} values, more than fit into its record`, behind);
    behind = this.readValues(behind + 4, count, end);
    const { frame, frameEnd } = this;
    this.frame = first;
    this.frameEnd = this.top;
    this.member(template);
    this.frame = frame;
    this.frameEnd = frameEnd;
    this.top = first;
    return behind;
  }

  private readValues(descriptors: number, count: number, end: number): number {
    const { view, bytes } = this.source;
    const need = this.top + 3 * count;
    if (need > this.values.length) {
      const larger = new Int32Array(need * 2);
      larger.set(this.values.subarray(0, this.top));
      this.values = larger;
    }
    const { values } = this;
    let at = descriptors + 4 * count;
    for (let i = 0, descriptor = descriptors; i < count; i++, descriptor += 4) {
      const size = view.getUint16(descriptor, true);
      if (at + size > end) throw new Damage(`Value ${i} of a template instance reaches behind its record`, descriptor);
      values[this.top++] = bytes[descriptor + 2];
      values[this.top++] = at;
      values[this.top++] = at += size;
    }
    return at;
  }

  private definitionEnd(at: number): number {
    if (at + 24 > this.source.bytes.length) throw new Damage('A template definition is cut off', at);
    return at + 24 + this.source.view.getUint32(at + 20, true);
  }
  private define(at: number): Element {
    const end = this.definitionEnd(at);
    const { source, compiler } = this;
    const { bytes, view } = source;
    if (end > bytes.length) throw new Damage('A template definition reaches behind its chunk', at);
    const body = bytes[at + 24] === TOKEN.header ? at + 28 : at + 24;
    // Looking for it costs about as much as reading it.
    this.spend(end - body, at);
    const { templates } = this.shared;
    const id = view.getUint32(at + 4, true);
    const known = templates.find(source, id, body, end, (offset) => compiler.nameAt(offset));
    if (known) return known;
    const element = this.compile(body, end, true);
    if (compiler.usual) templates.add(source, id, body, end, compiler.uses, element);
    return element;
  }

  private step(): void {
    if (++this.steps > MAX_STEPS) throw new Damage('The chunk takes too long to decode: its templates repeat each other beyond measure', 0);
  }

  private member(element: Element): void {
    const { out } = this;
    if (element.keyParts && element.keyParts.some((part) => typeof part !== 'number' || !this.isNull(part))) {
      this.text(element.keyParts, true);
      out.byte(58);
    } else {
      out.literal(element.key);
    }
    this.element(element);
  }

  /** The value of an element's member: an object, or only its text. */
  private element({ attributes, content, simple, nest }: Element): void {
    this.step();
    const { out } = this;
    if (simple) {
      if (content.length === 0) return out.literal(NULL);
      const part = content[0] as Part;
      if (typeof part !== 'number') return this.text(content as readonly Part[], false);
      const type = this.typeOf(part);
      if (type !== TYPE.binxml) {
        if ((type & ARRAY) === 0) return this.value(part, false);
        out.byte(123);
        out.literal(TEXT_KEY);
        this.value(part, false);
        return out.byte(125);
      }
    } else if (nest) {
      out.byte(123);
      for (let i = 0; i < content.length; i++) {
        if (i > 0) out.byte(44);
        this.member(content[i] as Element);
      }
      return out.byte(125);
    }
    const start = out.at;
    out.byte(123);
    let members = attributes.length > 0 && this.attributes(attributes) ? 1 : 0;
    let texts = 0;
    for (const item of content) {
      if (isPart(item) && (typeof item !== 'number' || this.typeOf(item) !== TYPE.binxml)) {
        if (typeof item !== 'number' || !this.isNull(item)) texts++;
        continue;
      }
      if (members > 0) out.byte(44);
      const written = this.content(item);
      if (written === 0 && members > 0) out.at--;
      members += written;
    }
    if (texts > 0) {
      const parts = content.filter((item): item is Part => isPart(item) && (typeof item !== 'number' || this.typeOf(item) !== TYPE.binxml));
      if (members > 0) {
        out.byte(44);
        out.literal(TEXT_KEY);
      } else {
        out.at = start;
      }
      this.text(parts, false);
      if (members === 0) return undefined;
    } else if (members === 0) {
      out.at = start;
      return out.literal(NULL);
    }
    out.byte(125);
    return undefined;
  }

  /** Writes what is no text; how many members that made. */
  private content(item: Content): number {
    const { out } = this;
    if (item instanceof Element) {
      this.member(item);
      return 1;
    }
    if (item instanceof Instruction) {
      out.literal(item.key);
      this.text([item.text], true);
      return 1;
    }
    if (item instanceof DataList) {
      this.dataList(item);
      return 1;
    }
    if (typeof item !== 'number') return 0;
    const { values } = this;
    const at = this.frame + 3 * item;
    return this.fragments(values[at + 1], values[at + 2]);
  }

  private dataList({ items }: DataList): void {
    const { out } = this;
    out.literal(DATA_LIST);
    let written = 0;
    for (const { content } of items) {
      this.step();
      const only = content[0];
      const before = out.at;
      if (written > 0) out.byte(44);
      const begun = out.at;
      if (content.length === 1 && typeof only === 'number' && (this.typeOf(only) & ARRAY) !== 0) {
        const at = this.frame + 3 * only;
        writeItems(out, this.source, this.values[at], this.values[at + 1], this.values[at + 2], false);
      } else if (content.length === 0) {
        out.literal(NULL);
      } else {
        this.text(content as readonly Part[], false);
      }
      if (out.at === begun) out.at = before;
      else written++;
    }
    out.byte(93);
    out.byte(125);
  }

  private attributes(attributes: readonly Attribute[]): boolean {
    const { out } = this;
    const start = out.at;
    out.literal(ATTRIBUTES_KEY);
    let written = 0;
    for (let i = 0; i < attributes.length; i++) {
      const { key, parts } = attributes[i];
      this.step();
      const only = parts.length === 1 && typeof parts[0] === 'number' ? parts[0] : -1;
      // An attribute whose value is missing is not there at all.
      if (parts.length === 0 || (only >= 0 && this.isNull(only))) continue;
      if (written++ > 0) out.byte(44);
      out.literal(key);
      if (only >= 0) this.value(only, false);
      else this.text(parts, false);
    }
    if (written === 0) {
      out.at = start;
      return false;
    }
    out.byte(125);
    return true;
  }

  /** Text as JSON: the value itself where it is only one and no `string` is wanted, else a string of all parts. */
  private text(parts: readonly Part[], string: boolean): void {
    const { out } = this;
    if (parts.length === 1 && !string && typeof parts[0] === 'number') return this.value(parts[0], false);
    out.byte(34);
    for (const part of parts) {
      if (typeof part === 'number') this.value(part, true);
      else out.literal(part);
    }
    out.byte(34);
    return undefined;
  }
  private value(hole: number, inside: boolean): void {
    this.step();
    const at = this.frame + 3 * hole;
    if (at < this.frameEnd) writeValue(this.out, this.source, this.values[at], this.values[at + 1], this.values[at + 2], inside);
    else if (!inside) this.out.literal(NULL);
    this.out.checkLimit();
  }

  private typeOf(hole: number): number {
    const at = this.frame + 3 * hole;
    return at < this.frameEnd ? this.values[at] : TYPE.null;
  }
  private isNull(hole: number): boolean {
    const at = this.frame + 3 * hole;
    return at >= this.frameEnd || isNull(this.values[at], this.values[at + 1], this.values[at + 2]);
  }
}
