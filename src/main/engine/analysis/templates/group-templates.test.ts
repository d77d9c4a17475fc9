import { describe, expect, it } from 'vitest';
import type { PatternEdit } from '../../store/patterns.ts';
import { groupTemplates } from './group-templates.ts';

const TEMPLATES = [
  ...['ada', 'bob', 'eve', 'joe'].map((name, i) => ({ id: i + 1, pattern: `session closed for user ${name}` })),
  { id: 7, pattern: 'queue <num> is full' },
  { id: 9, pattern: 'queue is empty' },
];
const edit = (kind: PatternEdit['kind'], templates: number[], text: string): PatternEdit => ({ id: 1, kind, templates, text, madeAt: 0, madeBy: '' });
async function patterns(edits: PatternEdit[] = []): Promise<Record<number, string>> {
  const rows = await groupTemplates(TEMPLATES, edits);
  const texts = new Map(rows.filter(({ text }) => text !== '').map(({ template, text }) => [template, text]));
  return Object.fromEntries(rows.map(({ template, pattern }) => [template, `${pattern}: ${texts.get(pattern)}`]));
}
const closed = '1: session closed for user <text>';

describe('groupTemplates', () => {
  it('brings together what the workers could not', async () => {
    expect(await patterns()).toEqual({ 1: closed, 2: closed, 3: closed, 4: closed, 7: '7: queue <num> is full', 9: '9: queue is empty' });
  });
  it('merges whole patterns', async () => {
    expect(await patterns([edit('merge', [2, 9], 'something else')])).toMatchObject({ 1: '1: something else', 4: '1: something else', 9: '1: something else', 7: '7: queue <num> is full' });
  });
  it('splits off templates, also the one that stood for all', async () => {
    const rest = '2: session closed for user <text>';
    expect(await patterns([edit('split', [1], 'session closed for user ada')])).toMatchObject({ 1: '1: session closed for user ada', 2: rest, 4: rest });
  });
  it('applies edits one after the other, and undoes by leaving one out', async () => {
    const merge = edit('merge', [7, 9], 'queue');
    expect(await patterns([merge, edit('split', [9], 'queue is empty')])).toEqual(await patterns([edit('split', [7], 'queue')]));
  });
  it('never gives two patterns one text', async () => {
    const result = await patterns([edit('split', [1], 'session closed for user <text>')]);
    expect(new Set([result[1], result[2], result[7]].map((text) => text.replace(/^\d+: /, ''))).size).toBe(3);
  });
  it('passes over templates that are lost', async () => expect(await patterns([edit('merge', [77, 78], 'x')])).toEqual(await patterns()));
});
