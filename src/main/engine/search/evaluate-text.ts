/**
 * Tests that need texts: words and expressions in messages and in whole records.
 * What an event says is its message and the values of its record. For formats whose records are plain text that is the record's
 * text; for JSON it is each value, so that field names are not found as words.
 */
import { isAscii } from 'node:buffer';
import type { Match } from '../../../shared/query/ast.ts';
import { asciiLower, findWord, tokensOf } from '../../../shared/query/tokenise.ts';
import type { ReadRecord } from '../formats/read-record.ts';
import { mayHold, searchHashes } from '../pipeline/words.ts';
import { BLOCK_SIZE, HOT } from '../store/segment.ts';
import type { TextBlock } from '../store/shaped-text.ts';
import type { Catalog, Segment } from './catalog.ts';
import type { Evaluation, Marks, Test } from './segment-tests.ts';
import { textTest, type ValueTest } from './values.ts';

const utf8 = new TextDecoder('utf-8');

/** One text of a block, decoded. */
export function textAt(block: TextBlock, i: number): string {
  return utf8.decode(block.bytes.subarray(block.starts[i], block.starts[i + 1] - 1));
}

/** Bytes as a string in which character i is byte i. */
export function byteText({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}

/** Whether a word may be in the messages of a block; false is certain. */
function inMessages(segment: Segment, block: number, hash: number): boolean {
  return mayHold(segment.words, segment.wordStarts[block * 2], segment.wordStarts[block * 2 + 1], hash);
}
/** Whether it may be in what the records of a block say elsewhere. */
function outside(segment: Segment, block: number, hash: number): boolean {
  return mayHold(segment.words, segment.wordStarts[block * 2 + 1], segment.wordStarts[block * 2 + 2], hash);
}

/** Whether a block may hold words, each of them a whole word of a message or a value; false is certain. */
export function mayHoldWords(segment: Segment, block: number, hashes: readonly number[]): boolean {
  return hashes.every((hash) => inMessages(segment, block, hash) || outside(segment, block, hash));
}

/** Runs a test block by block over those that a filter lets through and that still have marked events. */
function perBlock(cost: Test['cost'], hashes: number[], where: 'text' | 'message', run: (segment: Segment, block: number, from: number, to: number, marks: Marks) => void): Test {
  return {
    cost,
    run(segment, marks) {
      for (let block = 0, from = 0; from < segment.n; block++, from += BLOCK_SIZE) {
        const to = Math.min(segment.n, from + BLOCK_SIZE);
        let alive = false;
        for (let i = from; i < to && !alive; i++) alive = marks[i] !== 0;
        if (!alive) continue;
        if (where === 'text' ? mayHoldWords(segment, block, hashes) : hashes.every((hash) => inMessages(segment, block, hash))) run(segment, block, from, to, marks);
        else marks.fill(0, from, to);
      }
    },
  };
}

/** Words that every match must contain, for the filters. */
export function requiredHashes(match: Match): number[] {
  if (match.type === 'word' || match.type === 'phrase') return searchHashes(match.text);
  if (match.type === 'wildcard') {
    // Only words that no star or question mark touches are certain.
    const certain = match.pattern.replace(/[\w\u0080-\uffff]*[*?]+[\w\u0080-\uffff*?]*/g, ' ');
    return searchHashes(certain);
  }
  return [];
}

/** Free text, or `message:` when `where` says so. */
export function textTests(match: Match, on: Evaluation, where: 'text' | 'message' = 'text'): Test {
  // A bare expression is over messages; raw:/.../ is over records.
  if (match.type === 'regex') return messageRegex(match, on.catalog);
  const hashes = requiredHashes(match);
  const test = textTest(match);
  const needle = match.type === 'word' || match.type === 'phrase' ? asciiLower(match.text) : null;
  const tokens = needle === null ? [] : tokensOf(needle);
  const single = needle !== null && tokens.length <= 1;
  // What the text of a value with it must hold; a number may be written in other digits.
  const sought = single ? needle : tokens.filter((token) => /^[a-z_]\w*$/.test(token)).reduce((longest, token) => (token.length > longest.length ? token : longest), '');
  const soughtHashes = searchHashes(sought);
  const mayHoldOutside = valuesMayHold(sought, on.catalog);
  const near = nearInBlock(sought);
  const word = wordInBlock(needle ?? '');
  const inMessage = needle === null ? slowInBlock(test) : word;
  return perBlock(2, hashes, where, (segment, block, from, to, marks) => {
    const hits = new Uint8Array(to - from);
    inMessage(on.catalog.scanned(segment, block), hits);
    if (where === 'text') elsewhere(segment, block, from, to, marks, hits);
    for (let i = from; i < to; i++) marks[i] &= hits[i - from];
  });

  function elsewhere(segment: Segment, block: number, from: number, to: number, marks: Marks, hits: Uint8Array): void {
    const named = on.records.named(segment.source);
    let rest: Uint8Array | null = null;
    if (single || (named && sought !== '')) {
      if (!soughtHashes.every((hash) => outside(segment, block, hash))) return;
      if (named && !mayHoldOutside(segment, block)) return;
      // One word, or one value, cannot lie across the place where the message was cut out: look through the rest of the block at once.
      rest = new Uint8Array(to - from);
      const rests = on.catalog.rests(segment, block);
      (named ? near : word)(rests, rest);
      if (!named) {
        for (let i = 0; i < rest.length; i++) hits[i] |= rest[i];
        return;
      }
    }
    for (let i = from; i < to; i++) {
      if (marks[i] === 0 || hits[i - from] !== 0 || (rest !== null && rest[i - from] === 0)) continue;
      if (!named) {
        if (test(utf8.decode(on.catalog.record(segment, i)))) hits[i - from] = 1;
        continue;
      }
      const record = on.records.read(segment, i);
      if (record && valuesOf(record).some((value) => test(value))) hits[i - from] = 1;
    }
  }
}

/**
 * Whether values of a block's records may hold a lower-cased word; false is certain. Much cheaper than putting the records together: it
 * looks at what fills them and, once a segment, at the columns.
 */
function valuesMayHold(needle: string, catalog: Catalog): (segment: Segment, block: number) => boolean {
  const escape = escapesOf(needle);
  let known = -1;
  let inColumns = false;
  return (segment, block) => {
    if (!isAscii(Buffer.from(needle))) return true;
    if (known !== segment.id) {
      known = segment.id;
      inColumns =
        catalog.cold(segment).fields.some((field) => field?.values.mayHold(needle)) ||
        [HOT.service, HOT.host, HOT.level].some((field) => segment.dicts[field].some((id, code) => code > 0 && asciiLower(catalog.names[field][id] ?? '').includes(needle)));
    }
    if (inColumns) return true;
    const text = byteText(catalog.filling(segment, block)).toLowerCase();
    return text.includes(needle) || escape.test(text);
  };
}

function valuesOf(record: ReadRecord): string[] {
  return [record.message, ...Object.values(record.fields), ...Object.values(record.numbers).map(String), ...record.attributes.map(({ value }) => String(value ?? ''))];
}

/** Marks texts of a block that hold a lower-cased word or phrase. */
function wordInBlock(needle: string): (block: TextBlock, hits: Uint8Array) => void {
  // Bytes above 127 are parts of words as the characters are that they make, so words are found among bytes as among characters.
  const wanted = Buffer.from(needle).toString('latin1').toLowerCase();
  const sure = isAscii(Buffer.from(needle));
  return (block, hits) => {
    if (needle.includes('\ufffd')) {
      for (let i = 0; i < hits.length; i++) if (findWord(asciiLower(textAt(block, i)), needle, 0) >= 0) hits[i] = 1;
      return;
    }
    const lower = byteText(block.bytes).toLowerCase();
    for (let at = findWord(lower, wanted, 0), i = 0; at >= 0; ) {
      while (block.starts[i + 1] <= at) i++;
      if (at + wanted.length < block.starts[i + 1] && (sure || findWord(asciiLower(textAt(block, i)), needle, 0) >= 0)) hits[i] = 1;
      at = findWord(lower, wanted, hits[i] ? block.starts[i + 1] : at + 1);
    }
  };
}

/** Marks texts that may hold the word once escapes are decoded: they hold its characters, or escapes that could make them. */
function nearInBlock(needle: string): (block: TextBlock, hits: Uint8Array) => void {
  const wanted = Buffer.from(needle).toString('latin1').toLowerCase();
  const escapes = new RegExp(escapesOf(needle), 'g');
  return (block, hits) => {
    const lower = byteText(block.bytes).toLowerCase();
    for (let at = lower.indexOf(wanted), i = 0; at >= 0; at = lower.indexOf(wanted, block.starts[i + 1])) {
      while (block.starts[i + 1] <= at) i++;
      hits[i] = 1;
    }
    escapes.lastIndex = 0;
    for (let found = escapes.exec(lower), i = 0; found; found = escapes.exec(lower)) {
      while (block.starts[i + 1] <= found.index) i++;
      hits[i] = 1;
      escapes.lastIndex = block.starts[i + 1];
    }
  };
}

/** Escapes, lower-cased, behind which characters of a lower-cased text may hide. Letters, digits and _ hide only behind their codes. */
function escapesOf(needle: string): RegExp {
  if (/^\w+$/.test(needle)) return /\\(?:u00|x)(?:3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\da])/;
  return /\\/;
}

function slowInBlock(test: ValueTest): (block: TextBlock, hits: Uint8Array) => void {
  return (block, hits) => {
    for (let i = 0; i < hits.length; i++) if (test(textAt(block, i))) hits[i] = 1;
  };
}

/** Regular expressions over messages: a whole block in one run where that means the same as one message at a time. */
function messageRegex(match: Match & { type: 'regex' }, catalog: Catalog): Test {
  const flags = match.flags.replace(/[gy]/g, '');
  const single = new RegExp(match.source, flags);
  // A look-around could see the neighbour's text across the line feed, and with s a dot could eat it.
  const joined = /\(\?[=!<]/.test(match.source) || flags.includes('s') ? null : new RegExp(match.source, `${flags.includes('m') ? flags : `${flags}m`}g`);
  const hashes = regexWords(match);
  return perBlock(2, hashes, 'message', (segment, block, from, to, marks) => {
    const texts = catalog.scanned(segment, block);
    const hits = new Uint8Array(to - from);
    if (joined) {
      const text = byteText(texts.bytes);
      joined.lastIndex = 0;
      let i = 0;
      for (let found = joined.exec(text); found; found = joined.exec(text)) {
        while (i < hits.length && texts.starts[i + 1] <= found.index) i++;
        if (i >= hits.length) break;
        // A match that runs over the end of its message proves nothing about it.
        const inside = found.index + found[0].length < texts.starts[i + 1];
        if (inside || single.test(text.slice(texts.starts[i], texts.starts[i + 1] - 1))) hits[i] = 1;
        joined.lastIndex = texts.starts[i + 1];
      }
    }
    // Beyond ASCII a byte is no character: those messages are looked at decoded.
    const ascii = joined !== null && isAscii(texts.bytes);
    for (let i = 0; i < hits.length && !ascii; i++) {
      if (marks[from + i] === 0 || (joined && isAscii(texts.bytes.subarray(texts.starts[i], texts.starts[i + 1])))) continue;
      hits[i] = single.test(textAt(texts, i)) ? 1 : 0;
    }
    for (let i = from; i < to; i++) marks[i] &= hits[i - from];
  });
}

/** Whole words that every match of an expression must contain; only where that is plain to see. */
function regexWords(match: Match & { type: 'regex' }): number[] {
  // Words between blanks on both sides, in an expression without branches, groups or classes, that no quantifier touches.
  if (/[|()[\]]/.test(match.source)) return [];
  const parts = match.source.split(' ');
  const words = parts.filter((word, i) => i > 0 && i < parts.length - 1 && /^\w+$/.test(word) && !/^[?*+{]/.test(parts[i + 1]));
  return words.flatMap((word) => searchHashes(word));
}

/** raw: over the whole record. */
export function rawTest(match: Match, on: Evaluation): Test {
  const test = textTest(match);
  return perBlock(2, requiredHashes(match), 'text', (segment, _block, from, to, marks) => {
    for (let i = from; i < to; i++) if (marks[i] !== 0 && !test(utf8.decode(on.catalog.record(segment, i)))) marks[i] = 0;
  });
}
