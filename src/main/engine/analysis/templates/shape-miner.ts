/**
 * Gives messages the number of their template as they come. A template is a shape (tokens.ts) until there are many; then those known are
 * grouped (refine.ts), what was found to vary becomes a variable, and later messages that fit are of the template that is there.
 * Memory is bounded by the number of templates, not of messages.
 */
import { refine } from './refine.ts';
import { commonType, cut, DELIMITER, PARTIAL, patternText, shapeKey, VARIABLE, type Token } from './tokens.ts';
import type { TemplateMiner } from './miner.ts';

/** Grouped for the first time at so many templates, then whenever they have doubled. */
const FIRST_GROUPING = 1000;
/** Past so many that no grouping brings together, new shapes share one template for each number of tokens. */
const MAX_TEMPLATES = 20_000;

interface Template {
  id: number;
  tokens: readonly Token[];
}

export class ShapeMiner implements TemplateMiner {
  #byKey = new Map<string, Template>();
  /** templates that are not part of another */
  #live: Template[] = [];
  readonly #all: Template[] = [];
  /** of each template, the one it is part of, or itself */
  readonly #partOf: number[] = [];
  /** templates with places that were found to vary, by number of tokens */
  #open = new Map<number, Template[]>();
  #nextGrouping = FIRST_GROUPING;
  readonly #rest = new Map<number, Template>();
  readonly #tokens = new Map<string, Token>();
  #changed = new Set<number>();

  /** How many numbers were given out; they count from 0. */
  get size(): number {
    return this.#all.length;
  }

  add(message: string): number {
    const tokens = cut(message);
    // First, as those with names in them are as many as there are names, and nothing is to be held of each.
    const fits = this.#open.get(tokens.length)?.find((template) => fit(template.tokens, tokens));
    if (fits !== undefined) {
      this.#widen(fits, tokens);
      return fits.id;
    }
    const key = shapeKey(tokens);
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      this.#widen(known, tokens);
      return known.id;
    }
    if (this.#live.length >= this.#nextGrouping) this.#group();
    if (this.#live.length >= MAX_TEMPLATES) return this.#restOf(tokens.length).id;
    const template = this.#found(tokens);
    this.#byKey.set(key, template);
    return template.id;
  }

  #found(tokens: readonly Token[]): Template {
    const template = { id: this.#all.length, tokens: tokens.map((token) => this.#shared(token)) };
    this.#all.push(template);
    this.#partOf.push(template.id);
    this.#live.push(template);
    this.#changed.add(template.id);
    return template;
  }

  /** One object for tokens that are alike: most words stand in many templates. */
  #shared(token: Token): Token {
    const { kind, text, type, gap, slot, many } = token;
    const key = `${kind}${Number(gap)}${Number(slot)}${Number(many ?? false)}${type} ${text}`;
    let shared = this.#tokens.get(key);
    if (shared === undefined) {
      // A slice of a string keeps all of it in memory.
      shared = { ...token, text: Buffer.from(text).toString(), from: -1, to: -1 };
      this.#tokens.set(key, shared);
    }
    return shared;
  }

  /** Another message of a shape may have a value of another type: 40000500, ffffffff. */
  #widen(template: Template, tokens: readonly Token[]): void {
    if (tokens.length !== template.tokens.length) return;
    tokens.forEach((token, i) => {
      const held = template.tokens[i];
      if (token.type === held.type || held.type === 'text' || held.kind !== token.kind) return;
      const type = commonType(held.type, token.type);
      if (type === held.type) return;
      template.tokens = template.tokens.with(i, { ...held, type });
      this.#changed.add(template.id);
    });
  }

  #restOf(length: number): Template {
    let template = this.#rest.get(length);
    if (!template) {
      const words = ['rare', 'wording', 'of', `${length}`, 'words'].map((text, i): Token => ({ kind: 0, text: i === 0 ? `(${text}` : i === 4 ? `${text})` : text, type: '', gap: i > 0, slot: false, from: -1, to: -1 }));
      template = this.#found(words);
      this.#rest.set(length, template);
    }
    return template;
  }

  #group(): void {
    const { pattern, patterns } = refine(this.#live.map(({ tokens }) => tokens));
    const first: (Template | undefined)[] = patterns.map(() => undefined);
    this.#live.forEach((template, i) => {
      const head = (first[pattern[i]] ??= template);
      if (head === template) return;
      this.#partOf[template.id] = head.id;
    });
    this.#live = [];
    this.#open = new Map();
    patterns.forEach((tokens, i) => {
      const template = first[i];
      if (!template) return;
      if (shapeKey(tokens) !== shapeKey(template.tokens)) {
        template.tokens = tokens;
        this.#changed.add(template.id);
      }
      this.#live.push(template);
      if (tokens.some((token) => token.kind === VARIABLE && token.type === 'text')) {
        const open = this.#open.get(tokens.length);
        if (open) open.push(template);
        else this.#open.set(tokens.length, [template]);
      }
    });
    this.#byKey = new Map(this.#live.map((template) => [shapeKey(template.tokens), template]));
    this.#nextGrouping = Math.max(FIRST_GROUPING, this.#live.length * 2);
  }

  pattern(id: number): string {
    return patternText(this.#all[id].tokens);
  }

  takeChanged(): number[] {
    const ids = [...this.#changed].sort((a, b) => a - b);
    this.#changed = new Set();
    return ids;
  }

  /** All of them grouped once more: the pattern of each number, and the tokens of each pattern. */
  patterns(): { of: Uint32Array; tokens: (readonly Token[])[] } {
    const { pattern, patterns } = refine(this.#live.map(({ tokens }) => tokens));
    const ofLive = new Map(this.#live.map(({ id }, i) => [id, pattern[i]]));
    const of = new Uint32Array(this.#all.length);
    for (let id = 0; id < of.length; id++) {
      let whole = id;
      while (this.#partOf[whole] !== whole) whole = this.#partOf[whole];
      of[id] = ofLive.get(whole) ?? 0;
    }
    return { of, tokens: patterns };
  }
}

/** Whether a message is of a template: a place found to vary takes any word or value, other places what they say. */
function fit(template: readonly Token[], tokens: readonly Token[]): boolean {
  for (let i = 0; i < tokens.length; i++) {
    const a = template[i];
    const b = tokens[i];
    if (a.kind === VARIABLE) {
      if (b.kind !== VARIABLE && (b.kind === DELIMITER || a.type !== 'text')) return false;
    } else if (a.kind !== b.kind || a.text !== b.text) return false;
    if (a.kind === PARTIAL && b.kind !== PARTIAL) return false;
  }
  return true;
}
