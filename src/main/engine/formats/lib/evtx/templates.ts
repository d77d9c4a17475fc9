/**
 * Templates that were compiled, for all chunks of a log: each chunk defines anew what its records use. A definition is the same as one before
 * when its bytes are, but for the offsets of names, which must lead to the same names, and the links between names.
 */
import type { Name } from './names.ts';
import type { Element } from './nodes.ts';
import type { Source } from './values.ts';

/** Where a definition refers to a name. */
export interface NameUse {
  /** of its offset, from the begin of the definition's body */
  at: number;
  name: Name;
  /** the name is defined right behind the offset */
  inline: boolean;
}
interface Known {
  body: Uint8Array;
  uses: readonly NameUse[];
  element: Element;
}

/** Bytes of definitions that are kept; some hundred templates. */
const MAX_BYTES = 4 << 20;
const MAX_VARIANTS = 16;

export class Templates {
  private readonly known = new Map<number, Known[]>();
  private bytes = 0;

  /** What the definition with the body [at, end) was compiled to; `nameAt` knows the names of this chunk. */
  find({ bytes, view }: Source, id: number, at: number, end: number, nameAt: (offset: number) => Name | null): Element | null {
    next: for (const { body, uses, element } of this.known.get(id) ?? []) {
      if (body.length !== end - at) continue;
      let from = 0;
      for (const { at: use, name, inline } of uses) {
        for (let i = from; i < use; i++) if (body[i] !== bytes[at + i]) continue next;
        const offset = view.getUint32(at + use, true);
        if ((offset === at + use + 4) !== inline) continue next;
        // Behind an offset to right behind it stands the link to another name, then the name as ever.
        from = use + (inline ? 8 : 4);
        if (!inline && nameAt(offset) !== name) continue next;
      }
      for (let i = from; i < body.length; i++) if (body[i] !== bytes[at + i]) continue next;
      return element;
    }
    return null;
  }

  add({ bytes }: Source, id: number, at: number, end: number, uses: readonly NameUse[], element: Element): void {
    this.bytes += end - at;
    if (this.bytes > MAX_BYTES) {
      this.known.clear();
      this.bytes = end - at;
    }
    const variants = this.known.get(id) ?? [];
    if (variants.length >= MAX_VARIANTS) variants.shift();
    variants.push({ body: bytes.slice(at, end), uses, element });
    this.known.set(id, variants);
  }
}
