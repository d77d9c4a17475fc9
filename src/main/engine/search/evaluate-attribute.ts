/**
 * Fields that have no column: records are read back through their format, which costs more than all else a query does. So what is stored rules
 * them out first, where records carry names and values as text (`named` formats): the word filters of a block, the names that its shapes and
 * what fills them hold, and at last the text of each record. What is left is read back and decided exactly.
 */
import type { CompareOp, Match, QueryNode } from '../../../shared/query/ast.ts';
import { asciiLower, tokensOf } from '../../../shared/query/tokenise.ts';
import type { ReadRecord } from '../formats/read-record.ts';
import { searchHashes } from '../pipeline/words.ts';
import { BLOCK_SIZE } from '../store/segment.ts';
import type { Catalog, Segment } from './catalog.ts';
import { byteText, mayHoldWords, requiredHashes } from './evaluate-text.ts';
import type { Evaluation, Test } from './segment-tests.ts';
import { keywordTest, numberTest, type ValueTest } from './values.ts';

/** What an attribute is compared with. */
interface Comparison {
  op: CompareOp;
  match: Match;
}

/** An attribute whose value passes any of some comparisons: each record is read back once for all of them. */
export function attributeTest(field: string, comparisons: readonly Comparison[], on: Evaluation): Test {
  const tests = comparisons.map(({ op, match }) => testOf(op, match, field));
  const test: ValueTest = tests.length === 1 ? tests[0] : (value) => tests.some((each) => each(value));
  const traces = comparisons.map(({ op, match }) => traceOf(op, match));
  const name = new NameFinder(on.catalog, field);
  const wanted = field.toLowerCase();
  return {
    cost: 3,
    run(segment, marks) {
      const named = on.records.named(segment.source);
      for (let block = 0, from = 0; from < segment.n; block++, from += BLOCK_SIZE) {
        const to = Math.min(segment.n, from + BLOCK_SIZE);
        if (!marks.subarray(from, to).includes(1)) continue;
        if (named && (!traces.some((trace) => leftIn(trace, on.catalog, segment, block)) || !name.find(segment, block, marks.subarray(from, to)))) {
          marks.fill(0, from, to);
          continue;
        }
        if (named) nearValues(traces, on.catalog, segment, block, marks.subarray(from, to));
        for (let i = from; i < to; i++) {
          if (marks[i] === 0) continue;
          const record = on.records.read(segment, i);
          marks[i] = record && holds(record.attributes, wanted, test) ? 1 : 0;
        }
      }
    },
  };
}

/** Alternatives of one attribute become one node of several comparisons; everything else stays as it is. */
export function joinAttributes(nodes: readonly QueryNode[], isAttribute: (field: string) => boolean): { rest: QueryNode[]; joined: { field: string; comparisons: Comparison[] }[] } {
  const byField = new Map<string, { field: string; comparisons: Comparison[] }>();
  const rest = nodes.filter((node) => {
    if (node.kind !== 'field' || node.op === '!=' || !isAttribute(node.field)) return true;
    const known = byField.get(node.field);
    if (known) known.comparisons.push(node);
    else byField.set(node.field, { field: node.field, comparisons: [node] });
    return false;
  });
  return { rest, joined: [...byField.values()] };
}

function testOf(op: CompareOp, match: Match, field: string): ValueTest {
  return isEquality(op) && match.type !== 'range' ? keywordTest(match, field) : numberTest(op, match);
}
function isEquality(op: CompareOp): boolean {
  return op === ':' || op === '=' || op === '!=';
}
function holds(attributes: ReadRecord['attributes'], wanted: string, test: ValueTest): boolean {
  return attributes.some(({ name, value }) => value !== null && name.toLowerCase() === wanted && test(String(value)));
}

/** What every record with a value leaves in its block. */
interface Trace {
  /** hashes of words; none = nothing is certain */
  hashes: readonly number[];
  /** the longest of the words, '' = none is certain */
  word: string;
  /** a number that could be written in another way than its words say */
  number: boolean;
}
const NOTHING_CERTAIN: Trace = { hashes: [], word: '', number: false };

function traceOf(op: CompareOp, match: Match): Trace {
  if (!isEquality(op) || match.type === 'range') return NOTHING_CERTAIN;
  if (match.type !== 'word' && match.type !== 'phrase') return { ...NOTHING_CERTAIN, hashes: requiredHashes(match) };
  const text = asciiLower(match.text);
  const number = Number(text);
  if (text !== '' && String(number) === text && Number.isFinite(number)) {
    // 4625 can be written 4625.0 and 1.5 as 1.50; the digits before the point stay, but for ODD ones.
    const whole = /^-?(\d+)(?:\.\d+)?$/.exec(text)?.[1];
    return whole === undefined ? NOTHING_CERTAIN : { hashes: searchHashes(whole), word: whole, number: true };
  }
  // No other text is what a number is shown as.
  const word = tokensOf(text).filter((token) => /^\w+$/.test(token)).reduce((longest, token) => (token.length > longest.length ? token : longest), '');
  return { hashes: requiredHashes(match), word, number: false };
}

function leftIn({ hashes, number }: Trace, catalog: Catalog, segment: Segment, block: number): boolean {
  return mayHoldWords(segment, block, hashes) || (number && oddNumbers(catalog, segment)[block] !== 0);
}

/**
 * A number with an exponent, or one that is rounded up to a whole one: the digits that would take are so many nines behind the point, or less
 * where so many stand before it. In bytes that may begin and end anywhere.
 */
const ODD = /\de[-+]?\d|\.9999|\d{12}\.\d/;
/** The same as a token, behind what stands in front of a number of JSON. */
const ODD_TOKEN = /[\s:,[]-?(?:\d+(?:\.\d+)?e|\d+\.9999|\d{12,}\.)/;
/** Which blocks of a segment hold such numbers; worked out once, so that the filters alone rule out the others. */
const knownOdd = new WeakMap<Segment, Uint8Array>();
function oddNumbers(catalog: Catalog, segment: Segment): Uint8Array {
  let odd = knownOdd.get(segment);
  if (!odd) {
    odd = new Uint8Array(Math.ceil(segment.n / BLOCK_SIZE));
    const inShape = catalog.restShapes(segment, (text) => (ODD.test(text) ? 1 : 0)).includes(1);
    for (let block = 0; block < odd.length; block++) odd[block] = inShape || ODD.test(lower(catalog.filling(segment, block))) ? 1 : 0;
    knownOdd.set(segment, odd);
  }
  return odd;
}

function lower(bytes: Uint8Array): string {
  return byteText(bytes).toLowerCase();
}

/**
 * Behind what a letter or digit may hide, in lower case: escapes of JSON, and the two letters beyond ASCII that toLowerCase() makes ASCII ones
 * of (the sign of Kelvin, and I with a dot), as bytes.
 */
const HIDDEN = /\\(?:u00|x)(?:3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\da])|\xe2\x84\xaa|\xe4\xb0/;
/** Parts of a name that are looked for. */
const MOST_PARTS = 30;

/** Rules out events whose records do not hold the parts of an attribute's name: dots, underscores and places in lists are added by formats. */
class NameFinder {
  readonly #catalog: Catalog;
  readonly #parts: readonly string[];
  readonly #all: number;
  /** of the segment looked at last: for each of its shapes which parts it holds, bit by bit */
  #segment: Segment | null = null;
  #byShape: Int32Array = new Int32Array(1);

  constructor(catalog: Catalog, field: string) {
    this.#catalog = catalog;
    this.#parts = [...new Set(field.toLowerCase().match(/[a-z\d]+/g) ?? [])].filter((part) => !/^\d+$/.test(part)).slice(0, MOST_PARTS);
    this.#all = 2 ** this.#parts.length - 1;
  }

  #held(text: string): number {
    if (HIDDEN.test(text)) return this.#all;
    return this.#parts.reduce((bits, part, i) => (text.includes(part) ? bits | (1 << i) : bits), 0);
  }

  /** Clears marks of a block; whether any is left. */
  find(segment: Segment, block: number, marks: Uint8Array): boolean {
    if (this.#segment !== segment) {
      this.#byShape = this.#catalog.restShapes(segment, (text) => this.#held(text));
      this.#segment = segment;
    }
    const filling = this.#catalog.filling(segment, block);
    const held = this.#byShape.every((bits, shape) => shape === 0 || bits === this.#all) ? this.#all : this.#held(lower(filling));
    if (held === this.#all) return true;
    let left = false;
    for (let i = 0; i < marks.length; i++) {
      if (marks[i] === 0) continue;
      // The blob begins with the shape of each event, as two bytes; a text that stands in full is part of what fills.
      if ((this.#byShape[filling[i * 2] | (filling[i * 2 + 1] << 8)] | held) === this.#all) left = true;
      else marks[i] = 0;
    }
    return left;
  }
}

/** Clears marks of records of a block that do not hold what any of the values would leave in them. */
function nearValues(traces: readonly Trace[], catalog: Catalog, segment: Segment, block: number, marks: Uint8Array): void {
  if (traces.some(({ word }) => word === '')) return;
  const { bytes, starts } = catalog.rests(segment, block);
  const text = lower(bytes);
  const numbers = traces.some(({ number }) => number);
  for (let i = 0; i < marks.length; i++) {
    if (marks[i] === 0) continue;
    const record = text.slice(starts[i], starts[i + 1]);
    if (!traces.some(({ word }) => record.includes(word)) && !HIDDEN.test(record) && !(numbers && ODD_TOKEN.test(record))) marks[i] = 0;
  }
}
