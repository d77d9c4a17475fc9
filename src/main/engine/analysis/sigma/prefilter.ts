/**
 * Rules that may match a record, by the texts its bytes hold: all texts of all rules are looked for in one pass over the bytes (Aho and
 * Corasick, "Efficient string matching", CACM 1975), as a table of next states over classes of bytes, upper and lower case being one. Backslashes
 * and quotes are passed over, so that a path is found however many times its format escapes it.
 */

/** A record that has one of these may write letters as codes (JSON behind a backslash, XML as entities), or a path in two parts: then what it holds cannot be told from its bytes. */
const ESCAPES = ['u00', '<data name=', 'objectvaluename'];
/** Bytes that are passed over: a backslash and a quote. */
const SKIPPED = [92, 34];

export class Prefilter {
  /** rules that no text can rule out */
  readonly always: readonly number[];
  readonly #classOf = new Uint8Array(256);
  readonly #classes: number;
  #next = new Int32Array(0);
  /** states from this one on (times the number of classes) end a text */
  #firstEnd = 0;
  /** texts that end in a state, by (state - firstEnd / classes) */
  #ends: Int32Array[] = [];
  /** clauses that a text satisfies: pairs of rule and clause, as one number each */
  readonly #clausesOf: Int32Array[];
  readonly #ruleOfClause: Int32Array;
  readonly #clauseCount: Int32Array;
  // The record at hand: numbers of the record in which something was seen last.
  #record = 0;
  readonly #textSeen: Int32Array;
  readonly #clauseSeen: Int32Array;
  readonly #ruleSeen: Int32Array;
  readonly #ruleClauses: Int32Array;
  #candidates: number[] = [];
  #escaped = false;
  readonly #escapeTexts: ReadonlySet<number>;

  /** `clauses`: for each rule what a record must hold (expression.ts). */
  constructor(clauses: readonly (readonly (readonly string[])[])[]) {
    const ids = new Map<string, number>();
    const idOf = (text: string): number => {
      const known = ids.get(text);
      if (known !== undefined) return known;
      ids.set(text, ids.size);
      return ids.size - 1;
    };
    this.#escapeTexts = new Set(ESCAPES.map(idOf));
    const always: number[] = [];
    const byText: number[][] = [];
    const ruleOf: number[] = [];
    this.#clauseCount = new Int32Array(clauses.length);
    clauses.forEach((wanted, rule) => {
      if (wanted.length === 0) always.push(rule);
      this.#clauseCount[rule] = wanted.length;
      for (const clause of wanted) {
        const id = ruleOf.push(rule) - 1;
        for (const text of clause) (byText[idOf(text)] ??= []).push(id);
      }
    });
    this.always = always;
    this.#clausesOf = Array.from({ length: ids.size }, (_, text) => Int32Array.from(byText[text] ?? []));
    this.#ruleOfClause = Int32Array.from(ruleOf);
    this.#textSeen = new Int32Array(ids.size);
    this.#clauseSeen = new Int32Array(ruleOf.length);
    this.#ruleSeen = new Int32Array(clauses.length);
    this.#ruleClauses = new Int32Array(clauses.length);
    // Classes: bytes that no text has are one.
    let classes = 1;
    for (const text of ids.keys()) for (const byte of Buffer.from(text)) if (this.#classOf[byte] === 0) this.#classOf[byte] = classes++;
    for (let c = 97; c <= 122; c++) this.#classOf[c - 32] = this.#classOf[c];
    // The last class changes no state.
    for (const byte of SKIPPED) this.#classOf[byte] = classes;
    this.#classes = ++classes;
    this.#build([...ids.keys()]);
  }

  #build(texts: readonly string[]): void {
    const classes = this.#classes;
    let child = new Int32Array(1024 * classes);
    const ends: number[][] = [[]];
    texts.forEach((text, id) => {
      let state = 0;
      for (const byte of Buffer.from(text)) {
        const slot = state * classes + this.#classOf[byte];
        if (child[slot] === 0) {
          child[slot] = ends.push([]) - 1;
          if (ends.length * classes > child.length) {
            const larger = new Int32Array(child.length * 2);
            larger.set(child);
            child = larger;
          }
        }
        state = child[slot];
      }
      ends[state].push(id);
    });
    const states = ends.length;
    const fail = new Int32Array(states);
    const queue: number[] = [];
    for (let c = 0; c < classes; c++) if (child[c] !== 0) queue.push(child[c]);
    for (let at = 0; at < queue.length; at++) {
      const state = queue[at];
      ends[state].push(...ends[fail[state]]);
      for (let c = 0; c < classes; c++) {
        const slot = state * classes + c;
        const failed = child[fail[state] * classes + c];
        if (child[slot] === 0) {
          child[slot] = failed;
        } else {
          fail[child[slot]] = failed;
          queue.push(child[slot]);
        }
      }
    }
    // Those that end a text go last, so that one comparison tells them.
    const order = Array.from({ length: states }, (_, state) => state).sort((a, b) => Math.sign(ends[a].length) - Math.sign(ends[b].length) || a - b);
    const place = new Int32Array(states);
    order.forEach((state, at) => (place[state] = at));
    this.#next = new Int32Array(states * classes);
    for (let state = 0; state < states; state++) for (let c = 0; c < classes; c++) this.#next[place[state] * classes + c] = (c === classes - 1 ? place[state] : place[child[state * classes + c]]) * classes;
    const first = order.findIndex((state) => ends[state].length > 0);
    this.#firstEnd = first * classes;
    this.#ends = order.slice(first).map((state) => Int32Array.from(ends[state]));
  }

  begin(): void {
    this.#record++;
    if (this.#candidates.length > 0) this.#candidates = [];
    this.#escaped = false;
  }
  /** Looks through bytes that follow on what was given before of the same record, in `state` (0 at its start); gives the state behind. */
  scan(bytes: Uint8Array, from: number, to: number, state: number): number {
    const next = this.#next;
    const classOf = this.#classOf;
    const firstEnd = this.#firstEnd;
    let at = state;
    for (let i = from; i < to; i++) {
      at = next[at + classOf[bytes[i]]];
      if (at >= firstEnd) this.#ended(at);
    }
    return at;
  }
  /** Rules whose texts are all there; valid until begin(). */
  get candidates(): readonly number[] {
    return this.#candidates;
  }
  /** Whether the record may have letters written as codes. */
  get escaped(): boolean {
    return this.#escaped;
  }

  #ended(state: number): void {
    const record = this.#record;
    for (const text of this.#ends[(state - this.#firstEnd) / this.#classes]) {
      if (this.#textSeen[text] === record) continue;
      this.#textSeen[text] = record;
      if (this.#escapeTexts.has(text)) this.#escaped = true;
      for (const clause of this.#clausesOf[text]) {
        if (this.#clauseSeen[clause] === record) continue;
        this.#clauseSeen[clause] = record;
        const rule = this.#ruleOfClause[clause];
        if (this.#ruleSeen[rule] !== record) {
          this.#ruleSeen[rule] = record;
          this.#ruleClauses[rule] = 0;
        }
        if (++this.#ruleClauses[rule] === this.#clauseCount[rule]) this.#candidates.push(rule);
      }
    }
  }
}
