/**
 * Groups shapes (messages with their variables taken out) into patterns: which words are variables too is told by statistics over all
 * shapes at once. The unit of evidence is the family: shapes that are equal but for one place (or two, or the values of key=value pairs).
 * A place where a family has enough different words is a variable; few words are constants, as the states of a machine are. The idea
 * of looking at columns of messages with a most common combination of words is that of Brain (Yu, He, et al., IEEE TSC 2023) and IPLoM
 * (Makanju et al., KDD 2009); families make it independent of the order of lines and need no tree, no depth, no similarity threshold.
 * All thresholds are counts of different words, the same for every log, and a shape is never joined with one that differs outside the
 * places of its family.
 */
import { endsStep, FamilyFinder, mix, type Family, type Row } from './families.ts';
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

export interface Grouping {
  /** of each shape, the index of its pattern */
  pattern: Uint32Array;
  /** tokens of each pattern */
  patterns: (readonly Token[])[];
}
interface Join extends Family {
  score: number;
}

/** Groups shapes (the tokens of each). The same shapes in the same order give the same groups. */
export function refine(shapes: readonly (readonly Token[])[]): Grouping {
  const steps = refining(shapes);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of some milliseconds. */
export function* refining(shapes: readonly (readonly Token[])[]): Generator<void, Grouping, void> {
  const refiner = new Refiner();
  yield* refiner.take(shapes);
  while (yield* refiner.round());
  return refiner.grouping(shapes.length);
}

class Refiner {
  #rows: Row[] = [];
  readonly #codeOf = new Map<string, number>([['\u0002', 1]]);
  readonly #textOf: string[] = ['', '\u0002'];
  /** by code: whether a pattern can be known by it */
  readonly #isWord: boolean[] = [false, false];
  /** words that were found to be values */
  readonly #known = new Set<number>();
  readonly #families = new FamilyFinder();
  #rounds = 0;

  *take(shapes: readonly (readonly Token[])[]): Generator<void, void, void> {
    for (let i = 0; i < shapes.length; i++) {
      if (endsStep(i)) yield;
      this.#rows.push(this.#row(shapes[i], [i]));
    }
    yield* this.#joinEqual();
    yield* this.#joinCompounds();
  }

  /** Rows that differ only in how their values are built (10.0.0.1:80 and 10.0.0.1; 5 and 5:6-7) have one value there. */
  *#joinCompounds(): Generator<void, void, void> {
    const byKey = new Map<string, { row: number; tokens: readonly Token[] }[]>();
    const rows = this.#rows;
    for (let row = 0; row < rows.length; row++) {
      if (endsStep(row)) yield;
      const tokens = withoutCompounds(rows[row].tokens);
      const key = shapeKey(tokens);
      const group = byKey.get(key);
      if (group) group.push({ row, tokens });
      else byKey.set(key, [{ row, tokens }]);
    }
    for (const group of byKey.values()) if (group.length > 1) for (const { row, tokens } of group) rows[row] = this.#row(tokens, rows[row].members);
    yield* this.#joinEqual();
  }

  #row(tokens: readonly Token[], members: number[]): Row {
    let words = 0;
    const codes = new Int32Array(tokens.length);
    const places: number[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const { kind, text } = tokens[i];
      const code = kind === VARIABLE ? 1 : this.#code(kind === PARTIAL ? `${text}\u0001` : text);
      codes[i] = code;
      if (kind === DELIMITER) continue;
      if (this.#isWord[code]) words++;
      if (kind !== WORD || i + 1 === tokens.length || tokens[i + 1].text !== '=') places.push(i);
    }
    return { tokens, codes, places, members, words };
  }
  #code(text: string): number {
    let code = this.#codeOf.get(text);
    if (code === undefined) {
      code = this.#textOf.push(text) - 1;
      this.#codeOf.set(text, code);
      this.#isWord.push(/[A-Za-z\u0080-\uffff]{2}/.test(text));
    }
    return code;
  }

  /** Joins the families that are clear now; false when there are none. */
  *round(): Generator<void, boolean, void> {
    if (this.#rounds++ >= MAX_ROUNDS) return false;
    const joins = [...(yield* this.#singles()), ...(yield* this.#pairs()), ...(yield* this.#slots()), ...(yield* this.#together())].sort((a, b) => b.score - a.score);
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
    yield* this.#joinEqual();
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

  *#joinEqual(): Generator<void, void, void> {
    const byHash = new Map<number, Row>();
    const rows = this.#rows;
    for (let index = 0; index < rows.length; index++) {
      if (endsStep(index)) yield;
      const row = rows[index];
      let hash = hashOf(row.codes);
      let other = byHash.get(hash);
      for (; other && !areEqual(other.codes, row.codes); other = byHash.get(hash)) hash++;
      if (!other) {
        byHash.set(hash, row);
        continue;
      }
      for (const member of row.members) other.members.push(member);
      other.tokens = other.tokens.map((token, i) => (token.type === row.tokens[i].type ? token : { ...token, type: commonType(token.type, row.tokens[i].type) }));
    }
    this.#rows = [...byHash.values()];
  }

  *#singles(): Generator<void, Join[], void> {
    const at = [0];
    const families = yield* this.#families.find(this.#rows, 2, ({ places }, visit) => {
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

  *#pairs(): Generator<void, Join[], void> {
    const at = [0, 0];
    const families = yield* this.#families.find(this.#rows, ENOUGH_PAIRS, ({ places, codes }, visit) => {
      if (places.length > MAX_PAIRED) return;
      for (let i = 0; i < places.length; i++) {
        if (codes[places[i]] === 1) continue;
        at[0] = places[i];
        for (let j = i + 1; j < places.length; j++) {
          if (codes[places[j]] === 1) continue;
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
  *#slots(): Generator<void, Join[], void> {
    const families = yield* this.#families.find(this.#rows, 2, ({ places, tokens }, visit) => {
      const slots = places.filter((place) => tokens[place].slot);
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
  *#together(): Generator<void, Join[], void> {
    const ofLength = new Map<number, number>();
    const count = new Map<number, number>();
    const at = (code: number, place: number): number => code * 512 + place;
    const rows = this.#rows;
    for (let index = 0; index < rows.length; index++) {
      if (endsStep(index)) yield;
      const { codes } = rows[index];
      ofLength.set(codes.length, (ofLength.get(codes.length) ?? 0) + 1);
      codes.forEach((code, place) => count.set(at(code, place), (count.get(at(code, place)) ?? 0) + 1));
    }
    const families = yield* this.#families.find(this.#rows, LEAST_TOGETHER, ({ codes, places, tokens, words }, visit) => {
      const few = Math.max(2, (ofLength.get(codes.length) ?? 0) / 20);
      const rare = places.filter((place) => tokens[place].kind === WORD && (count.get(at(codes[place], place)) ?? 0) <= few);
      if (rare.length > 2 && words >= 2 * rare.length) visit(rare);
    });
    return families
      .filter((family) => family.places.every((place) => new Set(family.rows.map((row) => rows[row].codes[place])).size >= ENOUGH_TOGETHER))
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

function hashOf(codes: Int32Array): number {
  let a = codes.length;
  let b = codes.length;
  for (const code of codes) {
    a = mix(code ^ a, 3);
    b = mix(code ^ b, 5);
  }
  return a * 1_048_576 + (b & 1_048_575);
}
function areEqual(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((code, i) => code === b[i]);
}
