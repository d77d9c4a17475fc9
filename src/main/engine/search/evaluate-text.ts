/**
 * Tests that need texts: words and expressions in messages, in whole records, and attributes.
 * What an event says is its message and the values of its record. For formats whose records are plain text that is the record's
 * text; for JSON it is each value, so that field names are not found as words.
 */
import type { Match, QueryNode } from '../../../shared/query/ast.ts';
import { asciiLower, findWord } from '../../../shared/query/tokenise.ts';
import type { ReadRecord } from '../formats/read-record.ts';
import { mayHold, searchHashes } from '../pipeline/words.ts';
import { BLOCK_SIZE, HOT } from '../store/segment.ts';
import type { TextBlock } from '../store/shaped-text.ts';
import type { Catalog, Segment } from './catalog.ts';
import type { Evaluation, Marks, Test } from './evaluate.ts';
import { keywordTest, numberTest, textTest, type ValueTest } from './values.ts';

const utf8 = new TextDecoder('utf-8');

/** One text of a block, decoded. */
export function textAt(block: TextBlock, i: number): string {
  return utf8.decode(block.bytes.subarray(block.starts[i], block.starts[i + 1] - 1));
}

/** A whole block as a string in which character i is byte i, when all of it is ASCII; null otherwise. */
function asciiText(block: TextBlock): string | null {
  const text = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength).toString('latin1');
  // eslint-disable-next-line no-control-regex
  return /[^\x00-\x7f]/.test(text) ? null : text;
}

/** Runs a test block by block over those that a filter lets through and that still have marked events. */
function perBlock(cost: Test['cost'], hashes: number[], run: (segment: Segment, block: number, from: number, to: number, marks: Marks) => void): Test {
  return {
    cost,
    run(segment, marks) {
      for (let block = 0, from = 0; from < segment.n; block++, from += BLOCK_SIZE) {
        const to = Math.min(segment.n, from + BLOCK_SIZE);
        let alive = false;
        for (let i = from; i < to && !alive; i++) alive = marks[i] !== 0;
        if (!alive) continue;
        if (hashes.every((hash) => mayHold(segment.words, segment.wordStarts[block], segment.wordStarts[block + 1], hash))) run(segment, block, from, to, marks);
        else marks.fill(0, from, to);
      }
    },
  };
}

/** Words that every match must contain, for the filters. */
function requiredHashes(match: Match): number[] {
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
  const inMessage = match.type === 'word' || match.type === 'phrase' ? wordInBlock(asciiLower(match.text)) : slowInBlock(textTest(match));
  const test = textTest(match);
  const needle = match.type === 'word' || match.type === 'phrase' ? asciiLower(match.text) : null;
  const mayHoldOutside = valuesMayHold(needle ?? '', on.catalog);
  return perBlock(2, hashes, (segment, block, from, to, marks) => {
    const hits = new Uint8Array(to - from);
    inMessage(on.catalog.messages(segment, block), hits);
    if (where === 'text') elsewhere(segment, block, from, to, marks, hits);
    for (let i = from; i < to; i++) marks[i] &= hits[i - from];
  });

  function elsewhere(segment: Segment, block: number, from: number, to: number, marks: Marks, hits: Uint8Array): void {
    const named = on.records.named(segment.source);
    let rest: Uint8Array | null = null;
    if (needle !== null && searchHashes(needle).length <= 1) {
      if (named && !mayHoldOutside(segment, block)) return;
      // One word cannot lie across the place where the message was cut out: look through the rest of the block at once.
      rest = new Uint8Array(to - from);
      const rests = on.catalog.rests(segment, block);
      if (named) nearInBlock(needle, rest, rests);
      else wordInBlock(needle)(rests, rest);
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
  // eslint-disable-next-line no-control-regex
  const beyondAscii = /[^\x00-\x7f]/.test(needle);
  let known = -1;
  let inColumns = false;
  return (segment, block) => {
    if (beyondAscii) return true;
    if (known !== segment.id) {
      known = segment.id;
      inColumns =
        catalog.cold(segment).fields.some((field) => field?.values.mayHold(needle)) ||
        [HOT.service, HOT.host, HOT.level].some((field) => segment.dicts[field].some((id, code) => code > 0 && asciiLower(catalog.names[field][id] ?? '').includes(needle)));
    }
    if (inColumns) return true;
    const filling = catalog.filling(segment, block);
    const text = Buffer.from(filling.buffer, filling.byteOffset, filling.byteLength).toString('latin1').toLowerCase();
    // Escapes hide words.
    return text.includes(needle) || text.includes('\\');
  };
}

function valuesOf(record: ReadRecord): string[] {
  return [record.message, ...Object.values(record.fields), ...Object.values(record.numbers).map(String), ...record.attributes.map(({ value }) => String(value ?? ''))];
}

/** Marks texts of a block that hold a lower-cased word or phrase. */
function wordInBlock(needle: string): (block: TextBlock, hits: Uint8Array) => void {
  return (block, hits) => {
    const text = asciiText(block);
    if (text === null) {
      for (let i = 0; i < hits.length; i++) if (findWord(asciiLower(textAt(block, i)), needle, 0) >= 0) hits[i] = 1;
      return;
    }
    const lower = text.toLowerCase();
    for (let at = findWord(lower, needle, 0), i = 0; at >= 0; ) {
      while (block.starts[i + 1] <= at) i++;
      if (at + needle.length < block.starts[i + 1]) hits[i] = 1;
      at = findWord(lower, needle, hits[i] ? block.starts[i + 1] : at + 1);
    }
  };
}

/** Marks texts that may hold the word once escapes are decoded: they hold its characters, or have escapes. */
function nearInBlock(needle: string, hits: Uint8Array, block: TextBlock): void {
  const whole = asciiText(block);
  if (whole !== null && !whole.includes('\\')) {
    const lower = whole.toLowerCase();
    for (let at = lower.indexOf(needle), i = 0; at >= 0; at = lower.indexOf(needle, block.starts[i + 1])) {
      while (block.starts[i + 1] <= at) i++;
      hits[i] = 1;
    }
    return;
  }
  for (let i = 0; i < hits.length; i++) {
    const lower = asciiLower(textAt(block, i));
    if (lower.includes(needle) || lower.includes('\\')) hits[i] = 1;
  }
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
  return perBlock(2, hashes, (segment, block, from, to, marks) => {
    const texts = catalog.messages(segment, block);
    const text = joined ? asciiText(texts) : null;
    const hits = new Uint8Array(to - from);
    if (joined === null || text === null) {
      for (let i = from; i < to; i++) if (marks[i] !== 0 && single.test(textAt(texts, i - from))) hits[i - from] = 1;
    } else {
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
  return perBlock(2, requiredHashes(match), (segment, _block, from, to, marks) => {
    for (let i = from; i < to; i++) if (marks[i] !== 0 && !test(utf8.decode(on.catalog.record(segment, i)))) marks[i] = 0;
  });
}

/** A field that has no column: the record is read back. Words of the value rule out blocks first. */
export function attributeTest(node: QueryNode & { kind: 'field' }, on: Evaluation): Test {
  const { field, match, op } = node;
  const exact = (match.type === 'word' || match.type === 'phrase') && (op === ':' || op === '=' || op === '!=');
  const numeric = op !== ':' && op !== '=' && op !== '!=' ? true : match.type === 'range';
  const test = numeric ? numberTest(op, match) : keywordTest(match, field);
  const wanted = field.toLowerCase();
  // A number may be written in more than one way (1.50, 1.5), so its digits must not rule blocks out.
  const hashes = exact && !(match.type === 'word' && /^[-+.\d]/.test(match.text)) ? requiredHashes(match) : [];
  return perBlock(3, [], (segment, block, from, to, marks) => {
    // Formats of plain text derive attributes (a facility from a number), so only where values stand in records as they are may
    // the words of the value rule a block out.
    const absent = on.records.named(segment.source) && !hashes.every((hash) => mayHold(segment.words, segment.wordStarts[block], segment.wordStarts[block + 1], hash));
    if (absent) marks.fill(0, from, to);
    for (let i = from; i < to; i++) {
      if (marks[i] === 0) continue;
      const record = on.records.read(segment, i);
      marks[i] = record && holds(record.attributes, wanted, test) ? 1 : 0;
    }
  });
}

function holds(attributes: ReadRecord['attributes'], wanted: string, test: ValueTest): boolean {
  return attributes.some(({ name, value }) => value !== null && name.toLowerCase() === wanted && test(String(value)));
}
