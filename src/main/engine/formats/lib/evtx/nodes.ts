/** What a template (or an element outside of one) says, ready to be written: literal JSON and holes for values. */

/** A piece of text: escaped JSON bytes without quotes, or the number of the value that stands there. */
export type Part = Uint8Array | number;
export type Content = Part | Element | DataList | Instruction;

export class Element {
  /** `"Name":` */
  readonly key: Uint8Array;
  /** The key when it is only known with the values: <Data Name="%1">. */
  readonly keyParts: readonly Part[] | null;
  readonly attributes: readonly Attribute[];
  readonly content: readonly Content[];
  /** nothing in it but one text or value, or nothing at all */
  readonly simple: boolean;
  /** nothing in it but elements */
  readonly nest: boolean;

  constructor(key: Uint8Array, keyParts: readonly Part[] | null, attributes: readonly Attribute[], content: readonly Content[]) {
    this.key = key;
    this.keyParts = keyParts;
    this.attributes = attributes;
    this.content = content;
    this.simple = attributes.length === 0 && content.length <= 1 && content.every(isPart);
    this.nest = attributes.length === 0 && content.length > 0 && content.every((item) => item instanceof Element);
  }
}

export interface Attribute {
  key: Uint8Array;
  parts: readonly Part[];
}

/** Several <Data> without a name: they are told by their order only. */
export class DataList {
  readonly items: readonly Element[];

  constructor(items: readonly Element[]) {
    this.items = items;
  }
}

/** A processing instruction: a member `"?target"`. */
export class Instruction {
  readonly key: Uint8Array;
  readonly text: Uint8Array;

  constructor(key: Uint8Array, text: Uint8Array) {
    this.key = key;
    this.text = text;
  }
}

export function isPart(content: Content): content is Part {
  return typeof content === 'number' || content instanceof Uint8Array;
}
