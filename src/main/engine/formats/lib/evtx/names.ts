/** Names of elements and attributes, made once for the whole log: its chunks define the same few again and again. */
import { JsonOutput } from './json-output.ts';

export interface Name {
  text: string;
  /** escaped JSON, without quotes */
  bytes: Uint8Array;
  /** `"Name":` */
  key: Uint8Array;
  /** UTF-16LE, as it is defined */
  raw: Uint8Array;
}

/** Real logs have some hundreds; a log with more gets names of its own each time. */
const MAX_NAMES = 4096;
const encoder = new TextEncoder();
const COLON = encoder.encode('":');

export class Names {
  readonly scratch = new JsonOutput();
  private readonly byHash = new Map<number, Name[]>();
  private count = 0;

  /** The name of the UTF-16LE units source[start, end): the same object for the same name, until there are too many. */
  of(source: Uint8Array, start: number, end: number): Name {
    let hash = end - start;
    for (let i = start; i < end; i += 2) hash = (Math.imul(hash, 31) + source[i]) | 0;
    let same = this.byHash.get(hash);
    if (same) {
      for (const name of same) if (equalBytes(name.raw, source, start, end)) return name;
    }
    const name = this.make(source, start, end);
    if (this.count++ >= MAX_NAMES) {
      this.byHash.clear();
      this.count = 0;
      same = undefined;
    }
    if (same) same.push(name);
    else this.byHash.set(hash, [name]);
    return name;
  }

  private make(source: Uint8Array, start: number, end: number): Name {
    const { scratch } = this;
    scratch.at = 0;
    scratch.utf16(source, start, end);
    const bytes = scratch.bytes.slice(0, scratch.at);
    let text = '';
    for (let i = start; i < end; i += 2) text += String.fromCharCode(source[i] | (source[i + 1] << 8));
    return { text, bytes, key: keyOf(bytes), raw: source.slice(start, end) };
  }
}

/** `"name":` of an escaped name. */
export function keyOf(name: Uint8Array): Uint8Array {
  const key = new Uint8Array(name.length + 3);
  key[0] = 34;
  key.set(name, 1);
  key.set(COLON, name.length + 1);
  return key;
}
/** Whether `whole` is what stands in bytes[start, end). */
export function equalBytes(whole: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (whole.length !== end - start) return false;
  for (let i = 0, at = start; at < end; i++, at++) if (whole[i] !== bytes[at]) return false;
  return true;
}
