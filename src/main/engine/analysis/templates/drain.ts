/**
 * Drain: an online log template miner (He, Zhu, Zheng, Lyu, ICWS 2017): a tree of fixed depth (number of words, then the first
 * words) whose leaves hold templates; a message joins the most similar template of its leaf or founds a new one.
 * One setting for all data: similarity 0.5, depth 2, 100 children.
 */
import { maskWord, type TemplateMiner } from './miner.ts';

const WILD = '<*>';
const SIMILARITY = 0.5;
const DEPTH = 2;
const MAX_CHILDREN = 100;
const MAX_WORDS = 120;
const MAX_TEMPLATES = 60_000;

interface Node {
  children: Map<string, Node>;
  templates: number[];
}

export class Drain implements TemplateMiner {
  readonly #roots = new Map<number, Node>();
  readonly #words: string[][] = [];
  #changed = new Set<number>();

  add(message: string): number {
    const words = message.trim().slice(0, 4000).split(/\s+/, MAX_WORDS).map(maskWord);
    const leaf = this.#leaf(words);
    let best = -1;
    let bestScore = -1;
    for (const id of leaf.templates) {
      const pattern = this.#words[id];
      let same = 0;
      let wild = 0;
      for (let i = 0; i < words.length; i++) {
        if (pattern[i] === words[i]) same++;
        else if (pattern[i] === WILD) wild++;
      }
      const score = same + wild * 0.01;
      if (same / words.length >= SIMILARITY && score > bestScore) {
        best = id;
        bestScore = score;
      }
    }
    if (best >= 0) {
      const pattern = this.#words[best];
      for (let i = 0; i < words.length; i++) {
        if (pattern[i] !== words[i] && pattern[i] !== WILD) {
          pattern[i] = WILD;
          this.#changed.add(best);
        }
      }
      return best;
    }
    // A flood of shapes (binary data, free prose) must not eat the memory: past the bound they share one template per length.
    const founded = this.#words.length >= MAX_TEMPLATES ? words.map(() => WILD) : words;
    const id = this.#words.push(founded) - 1;
    leaf.templates.push(id);
    this.#changed.add(id);
    return id;
  }

  #leaf(words: string[]): Node {
    let node = this.#roots.get(words.length);
    if (!node) this.#roots.set(words.length, (node = { children: new Map(), templates: [] }));
    for (let level = 0; level < DEPTH && level < words.length; level++) {
      const word = words[level].includes(WILD) ? WILD : words[level];
      let next: Node | undefined = node.children.get(word);
      if (!next) {
        const key = node.children.size >= MAX_CHILDREN ? WILD : word;
        next = node.children.get(key);
        if (!next) node.children.set(key, (next = { children: new Map(), templates: [] }));
      }
      node = next;
    }
    return node;
  }

  pattern(id: number): string {
    return this.#words[id].join(' ');
  }

  takeChanged(): number[] {
    const ids = [...this.#changed].sort((a, b) => a - b);
    this.#changed = new Set();
    return ids;
  }
}
