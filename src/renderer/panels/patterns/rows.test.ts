import { describe, expect, it } from 'vitest';
import type { PatternRow } from '../../../shared/contract/patterns.ts';
import { barsPath, countOf, listed, patternsCsv, pieces, ratioText, sorted } from './rows.ts';

const row = (text: string, count: number, more: Partial<PatternRow> = {}): PatternRow => ({
  id: 1, text, templates: 1, count, other: 0, first: 0, last: 0, severities: new Uint32Array(5), line: new Uint32Array(2), services: [], serviceCount: 0, isNew: false, isGone: false, isRare: false, ratio: Number.NaN, ...more,
});
const texts = (rows: readonly PatternRow[]): string[] => rows.map(({ text }) => text);
const rows = [row('b', 5, { ratio: 2 }), row('a', 9), row('c', 0, { isGone: true, other: 7 }), row('d <num>', 3, { isNew: true, isRare: true })];

describe('patterns that are listed', () => {
  it('are those asked for', () => {
    expect(texts(listed(rows, 'rare', ''))).toEqual(['d <num>']);
    expect(texts(listed(rows, 'all', 'NUM d'))).toEqual(['d <num>']);
    expect(countOf(rows, 'gone')).toBe(1);
  });
  it('are in the order asked for', () => {
    expect(texts(sorted(rows, 'count', false))).toEqual(['a', 'b', 'd <num>', 'c']);
    expect(texts(sorted(rows, 'text', true))).toEqual(['a', 'b', 'c', 'd <num>']);
    expect(texts(sorted(rows, 'ratio', false))).toEqual(['d <num>', 'b', 'c', 'a']);
    expect(texts(sorted(rows, 'ratio', true))).toEqual(['c', 'b', 'd <num>', 'a']);
  });
  it('are told by how much more often', () => {
    expect([0.0823, 0.999, 1.04, 12.4, 1234].map((ratio) => ratioText(row('', 1, { ratio })))).toEqual(['× 0.082', '× 1.0', '× 1.0', '× 12', '× 1,234']);
    expect(rows.map(ratioText)).toEqual(['× 2.0', '', 'gone', 'new']);
  });
  it('are taken along as a table that no spreadsheet runs', () => expect(patternsCsv([row('=cmd <num>', 2)])).toContain("\r\n'=cmd <num>,2,0,,1970-01-01T00:00:00.000Z,"));
});

describe('pieces', () => {
  it('are words and variables', () => expect(pieces('<ip> says <b> to blk_<num>')).toEqual([{ text: 'ip', variable: true }, { text: ' says <b> to blk_', variable: false }, { text: 'num', variable: true }]));
});

describe('barsPath', () => {
  it('has a bar for every bucket with events', () => {
    expect(barsPath([0, 1, 0, 1000], 40, 16).match(/M/g)).toHaveLength(2);
    expect(barsPath([0, 1, 0, 1000], 40, 16)).toContain('v-1.0');
    expect(barsPath([0, 0], 40, 16)).toBe('');
  });
});
