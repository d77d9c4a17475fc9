/**
 * Groups shapes (messages with their variables taken out) into patterns: which words are variables too is told by statistics over all
 * shapes at once. The unit of evidence is the family: shapes that are equal but for one place (or two, or the values of key=value pairs).
 * A place where a family has enough different words is a variable; few words are constants, as the states of a machine are. The idea
 * of looking at columns of messages with a most common combination of words is that of Brain (Yu, He, et al., IEEE TSC 2023) and IPLoM
 * (Makanju et al., KDD 2009); families make it independent of the order of lines and need no tree, no depth, no similarity threshold.
 * All thresholds are counts of different words, the same for every log, and a shape is never joined with one that differs outside the
 * places of its family.
 */
import { commonType, DELIMITER, PARTIAL, shapeKey, VARIABLE, WORD, type Token } from './tokens.ts';

/** Different words at a place that make it a variable, by how many other words the pattern has to be known by: 0, 1, 2, 3 and more. */
const ENOUGH = [Infinity, 12, 6, 4];
/** ... when all of them are names of states: SCHEDULED, GET, Started. Programs have few of these, but more than three. */
const ENOUGH_STATES = 12;
/** ... when all of them look like identifiers: org.example.Service, user@host */
const ENOUGH_NAMES = 3;
/** ... that vary in other patterns too */
const ENOUGH_KNOWN = 3;
/** ... beside values with digits, in prose; where values stand one is enough */
const ENOUGH_BESIDE_VALUES = 2;
/** Two places that vary together. */
const ENOUGH_PAIRS = 6;
/** Of key=value pairs that vary together, one has this many values at least, and those are variables that have ENOUGH_NAMES. */
const ENOUGH_SLOTS = 4;
/** Three places and more that vary together have so many different words each, all of them rare, in so many shapes. */
const ENOUGH_TOGETHER = 8;
const LEAST_TOGETHER = 24;
/** Delimiters inside values. */
const JOINS: ReadonlySet<string> = new Set([':', ',', '|', ';', '@', '...']);
const MAX_ROUNDS = 16;
/** Of patterns with more places pairs are not looked at. */
const MAX_PAIRED = 40;
const SEEN = 1 << 22;

export interface Grouping {
  /** of each shape, the index of its pattern */
  pattern: Uint32Array;
  /** tokens of each pattern */
  patterns: Token[][];
}
interface Row {
  tokens: Token[];
  codes: Int32Array;
  members: number[];
  /** how many words it is known by */
  words: number;
}
interface Family {
  places: number[];
  rows: number[];
}
interface Join extends Family {
  score: number;
}

/** Groups shapes (the tokens of each). The same shapes in the same order give the same groups. */
export function refine(shapes: readonly (readonly Token[])[]): Grouping {
  const refiner = new Refiner(shapes);
  while (refiner.round());
  return refiner.grouping(shapes.length);
}

/** The same in steps: after each round() that gives true there is more to do. */
export class Refiner {
  #rows: Row[];
  readonly #codeOf = new Map<string, number>([['\u0002', 1]]);
  readonly #textOf: string[] = ['', '\u0002'];
  /** words that were found to be values */
  readonly #known = new Set<number>();
  readonly #seen = new Uint8Array(SEEN);
  #rounds = 0;

  constructor(shapes: readonly (readonly Token[])[]) {
    this.#rows = shapes.map((tokens, index) => this.#row([...tokens], [index]));
    this.#joinEqual();
    this.#joinCompounds();
  }

  /** Rows that differ only in how their values are built (10.0.0.1:80 and 10.0.0.1; 5 and 5:6-7) have one value there. */
  #joinCompounds(): void {
    const byKey = new Map<string, { row: number; tokens: Token[] }[]>();
    this.#rows.forEach(({ tokens }, row) => {
      const simple = withoutCompounds(tokens);
      const key = shapeKey(simple);
      const group = byKey.get(key);
      if (group) group.push({ row, tokens: simple });
      else byKey.set(key, [{ row, tokens: simple }]);
    });
    for (const group of byKey.values()) if (group.length > 1) for (const { row, tokens } of group) this.#rows[row] = this.#row(tokens, this.#rows[row].members);
    this.#joinEqual();
  }

  #row(tokens: Token[], members: number[]): Row {
    let words = 0;
    const codes = new Int32Array(tokens.length);
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i];
      codes[i] = this.#code(token.kind === VARIABLE ? '\u0002' : token.kind === PARTIAL ? `${token.text}\u0001` : token.text);
      if ((token.kind === WORD || token.kind === PARTIAL) && /[A-Za-z\u0080-\uffff]{2}/.test(token.text)) words++;
    }
    return { tokens, codes, members, words };
  }
  #code(text: string): number {
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#textOf.push(text) - 1;
      this.#codeOf.set(text, code);
    }
    return code;
  }

  /** Joins the families that are clear now; false when there are none. */
  round(): boolean {
    if (this.#rounds++ >= MAX_ROUNDS) return false;
    const joins = [...this.#singles(), ...this.#pairs(), ...this.#slots(), ...this.#together()].sort((a, b) => b.score - a.score);
    const used = new Uint8Array(this.#rows.length);
    const gone = new Uint8Array(this.#rows.length);
    let any = false;
    for (const { places, rows } of joins) {
      if (rows.some((row) => used[row] === 1)) continue;
      any = true;
      for (const row of rows) {
        used[row] = gone[row] = 1;
        for (const place of places) if (this.#rows[row].tokens[place].kind === WORD) this.#known.add(this.#rows[row].codes[place]);
      }
      gone[rows[0]] = 0;
      this.#rows[rows[0]] = this.#joined(rows, places);
    }
    if (!any) return false;
    this.#rows = this.#rows.filter((_, row) => gone[row] === 0);
    this.#joinEqual();
    return true;
  }

  #joined(rows: number[], places: number[]): Row {
    const tokens = [...this.#rows[rows[0]].tokens];
    for (const place of places) {
      const types = new Set(rows.map((row) => this.#rows[row].tokens[place].type));
      const old = tokens[place];
      // A word among the values makes it text, whatever the others are.
      tokens[place] = { ...old, kind: VARIABLE, text: '', type: types.size === 1 && !types.has('') && old.kind === VARIABLE ? old.type : 'text' };
    }
    return this.#row(tokens, rows.flatMap((row) => this.#rows[row].members));
  }

  #joinEqual(): void {
    const byKey = new Map<string, Row>();
    for (const row of this.#rows) {
      const key = row.codes.join(' ');
      const other = byKey.get(key);
      if (!other) {
        byKey.set(key, row);
        continue;
      }
      for (const member of row.members) other.members.push(member);
      other.tokens = other.tokens.map((token, i) => (token.type === row.tokens[i].type ? token : { ...token, type: commonType(token.type, row.tokens[i].type) }));
    }
    this.#rows = [...byKey.values()];
  }

  /** Places of a row that may vary: not delimiters, not the name in name=value. */
  #places(row: Row): number[] {
    const out: number[] = [];
    row.tokens.forEach((token, i) => {
      if (token.kind !== DELIMITER && !(token.kind === WORD && row.tokens[i + 1]?.text === '=')) out.push(i);
    });
    return out;
  }

  /**
   * Families of rows that are equal outside the places `choose` gives. Two passes: the first counts hashes, so that only families of
   * `least` rows are ever held.
   */
  #families(least: number, choose: (row: Row, places: number[], visit: (places: number[]) => void) => void): Family[] {
    const seen = this.#seen.fill(0);
    const families = new Map<number, Family>();
    for (let pass = 0; pass < 2; pass++) {
      this.#rows.forEach((row, index) => {
        const n = row.codes.length;
        const a = new Uint32Array(n);
        const b = new Uint32Array(n);
        let sumA = Math.imul(n, 0x9e3779b1);
        let sumB = n;
        for (let i = 0; i < n; i++) {
          a[i] = mix(row.codes[i], i * 2 + 1);
          b[i] = mix(row.codes[i] ^ 0x5bd1e995, i * 2 + 2);
          sumA = (sumA + a[i]) | 0;
          sumB = (sumB + b[i]) | 0;
        }
        choose(row, this.#places(row), (places) => {
          let keyA = sumA;
          let keyB = sumB;
          for (const place of places) {
            keyA = (keyA - a[place] + mix(place, 7)) | 0;
            keyB = (keyB - b[place] + mix(place, 11)) | 0;
          }
          const slot = (keyA >>> 0) % SEEN;
          if (pass === 0) {
            if (seen[slot] < 255) seen[slot]++;
            return;
          }
          if (seen[slot] < least) return;
          const key = (keyA >>> 0) * 2_097_152 + (keyB & 2_097_151);
          const family = families.get(key);
          if (family) family.rows.push(index);
          else families.set(key, { places: [...places], rows: [index] });
        });
      });
    }
    return [...families.values()].filter((family) => family.rows.length >= least);
  }

  #singles(): Join[] {
    const at = [0];
    const families = this.#families(2, (_, places, visit) => {
      for (const place of places) {
        at[0] = place;
        visit(at);
      }
    });
    return families.flatMap((family) => {
      const [place] = family.places;
      const head = this.#rows[family.rows[0]];
      const codes = new Set(family.rows.map((row) => this.#rows[row].codes[place]));
      const others = head.words - wordsAt(head, family.places);
      return this.#varies(codes, others, head.tokens[place].slot, family.rows.some((row) => this.#rows[row].tokens[place].type === 'text')) ? [{ ...family, score: codes.size * 10 + (codes.has(1) ? 5 : 0) }] : [];
    });
  }

  /** Whether so many different words (codes, 1 = a value) at a place of a pattern with `others` words besides make it a variable. */
  #varies(codes: Set<number>, others: number, slot: boolean, wild: boolean): boolean {
    if (others === 0) return false;
    const texts = [...codes].filter((code) => code !== 1).map((code) => this.#textOf[code]);
    const words = texts.filter((text) => !text.endsWith('\u0001'));
    if (codes.has(1)) {
      if (words.length === 0 || wild) return true;
      const likely = slot || words.every((word) => isName(word) || this.#known.has(this.#code(word)));
      if (others > 1 && words.length >= (likely ? 1 : ENOUGH_BESIDE_VALUES)) return true;
    }
    if (others > 1) {
      // Names with numbers, of whatever kind: rdd_<num>, broadcast_<num>.
      if (words.length === 0) return true;
      if (texts.every(isName) && texts.length >= ENOUGH_NAMES) return true;
      if (texts.filter((text) => this.#known.has(this.#code(text))).length >= ENOUGH_KNOWN) return true;
      if (texts.every(isState)) return texts.length >= ENOUGH_STATES;
    }
    return texts.length >= ENOUGH[Math.min(others, 3)];
  }

  #pairs(): Join[] {
    const at = [0, 0];
    const families = this.#families(ENOUGH_PAIRS, (row, places, visit) => {
      if (places.length > MAX_PAIRED) return;
      for (let i = 0; i < places.length; i++) {
        if (row.tokens[places[i]].kind === VARIABLE) continue;
        at[0] = places[i];
        for (let j = i + 1; j < places.length; j++) {
          if (row.tokens[places[j]].kind === VARIABLE) continue;
          at[1] = places[j];
          visit(at);
        }
      }
    });
    return families.flatMap((family) => {
      const head = this.#rows[family.rows[0]];
      const others = head.words - wordsAt(head, family.places);
      const columns = family.places.map((place) => new Set(family.rows.map((row) => this.#rows[row].codes[place])));
      const least = Math.min(columns[0].size, columns[1].size);
      const states = columns.some((codes) => [...codes].every((code) => isState(this.#textOf[code])));
      const enough = others === 0 ? Infinity : states ? ENOUGH_STATES : Math.max(ENOUGH_PAIRS, ENOUGH[Math.min(others, 3)]);
      return least >= enough ? [{ ...family, score: least * 5 }] : [];
    });
  }

  /** Several key=value pairs that vary together: what has many values is a variable among rows that agree in the rest. */
  #slots(): Join[] {
    const families = this.#families(2, (row, places, visit) => {
      const slots = places.filter((place) => row.tokens[place].slot);
      if (slots.length > 2) visit(slots);
    });
    return families.flatMap(({ places, rows }) => {
      const values = places.map((place) => new Set(rows.map((row) => this.#rows[row].codes[place])).size);
      const wide = places.filter((_, i) => values[i] >= ENOUGH_NAMES);
      if (wide.length < 2 || Math.max(...values) < ENOUGH_SLOTS) return [];
      const rest = places.filter((place) => !wide.includes(place));
      const agreeing = new Map<string, number[]>();
      for (const row of rows) {
        const key = rest.map((place) => this.#rows[row].codes[place]).join(' ');
        const group = agreeing.get(key);
        if (group) group.push(row);
        else agreeing.set(key, [row]);
      }
      return [...agreeing.values()].filter((group) => group.length > 1).map((group) => ({ places: wide, rows: group, score: rows.length * 3 }));
    });
  }

  /** Messages that are full of names: what is left of them without their rare words is what they have in common. */
  #together(): Join[] {
    const ofLength = new Map<number, number>();
    const count = new Map<number, number>();
    const at = (code: number, place: number): number => code * 512 + place;
    for (const { codes } of this.#rows) {
      ofLength.set(codes.length, (ofLength.get(codes.length) ?? 0) + 1);
      codes.forEach((code, place) => count.set(at(code, place), (count.get(at(code, place)) ?? 0) + 1));
    }
    const families = this.#families(LEAST_TOGETHER, (row, places, visit) => {
      const few = Math.max(2, (ofLength.get(row.codes.length) ?? 0) / 20);
      const rare = places.filter((place) => row.tokens[place].kind === WORD && (count.get(at(row.codes[place], place)) ?? 0) <= few);
      if (rare.length > 2 && row.words >= 2 * rare.length) visit(rare);
    });
    return families
      .filter(({ places, rows }) => places.every((place) => new Set(rows.map((row) => this.#rows[row].codes[place])).size >= ENOUGH_TOGETHER))
      .map((family) => ({ ...family, score: family.rows.length }));
  }

  grouping(shapes: number): Grouping {
    const pattern = new Uint32Array(shapes);
    this.#rows.forEach((row, index) => {
      for (const member of row.members) pattern[member] = index;
    });
    return { pattern, patterns: this.#rows.map((row) => row.tokens) };
  }
}

/** With each word that is made of values and what joins them as one value. */
function withoutCompounds(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; ) {
    let end = i;
    if (tokens[i].kind === VARIABLE) {
      let j = i + 1;
      for (end = j; j < tokens.length && !tokens[j].gap && (tokens[j].kind === VARIABLE || JOINS.has(tokens[j].text)); j++) if (tokens[j].kind === VARIABLE) end = j + 1;
    }
    out.push(end > i + 1 ? { ...tokens[i], type: 'id' } : tokens[i]);
    i = Math.max(end, i + 1);
  }
  return out;
}

function wordsAt(row: Row, places: readonly number[]): number {
  let n = 0;
  for (const place of places) if ((row.tokens[place].kind === WORD || row.tokens[place].kind === PARTIAL) && /[A-Za-z\u0080-\uffff]{2}/.test(row.tokens[place].text)) n++;
  return n;
}

/** Constants of a program by their spelling: names in capitals and verb forms ("Started", "waiting"). */
function isState(word: string): boolean {
  return /(?:^|[.:/])[A-Z][A-Z_]+$/.test(word) || /^[A-Za-z]{3,}(?:ed|ing)$/.test(word);
}
/** Looks like a name that was put in: dotted, with an at sign, a slash or an underscore inside. */
function isName(word: string): boolean {
  return /[A-Za-z][._@/][A-Za-z]/.test(word) && !isState(word);
}

function mix(value: number, salt: number): number {
  let h = Math.imul(value + 1, 0x85ebca6b) ^ Math.imul(salt, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return (h ^ (h >>> 13)) >>> 0;
}
