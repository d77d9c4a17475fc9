/** Patterns through a real engine: what several workers and files bring, compared, merged, split, taken back; every answer goes by them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PatternList, PatternRow } from '../../src/shared/contract/patterns.ts';
import type { Scope } from '../../src/shared/contract/scope.ts';
import { context, TempCase } from '../support/temp-case.ts';

const T = Date.UTC(2026, 10, 20, 8) * 1000;
const MINUTE = 60e6;
const ALL: Scope = { query: '', from: null, to: null };
let held: TempCase;
beforeEach(async () => {
  held = await TempCase.create();
});
afterEach(async () => await held.remove());

const at = (minute: number, message: string, more: object = {}): string => JSON.stringify({ time: new Date((T + minute * MINUTE) / 1000).toISOString(), level: 'info', service: 'api', message, ...more });
const NAMES = ['ada', 'bob', 'eve', 'joe', 'kim'];
/** Two hours: sessions all the time; cache until the first is over; failures after it; one rare line. */
function log(): string {
  const lines: string[] = [];
  for (let minute = 0; minute < 120; minute++) {
    for (let i = 0; i < 10; i++) lines.push(at(minute, `session closed for user ${NAMES[(minute + i) % NAMES.length]} after ${minute * 7 + i} s`));
    if (minute < 60) lines.push(at(minute, `cache ${minute} is warm`));
    else lines.push(at(minute, `could not charge card: code ${minute}`, { level: 'error' }));
  }
  lines.push(at(100, 'licence expires soon'));
  return `${lines.join('\n')}\n`;
}
async function list(scope: Partial<Scope> = {}, other: 'before' | null = null): Promise<PatternList> {
  const { handlers } = held.engine;
  await handlers.patterns.group({}, context);
  return await handlers.patterns.list({ scope: { ...ALL, ...scope }, other, buckets: 12, run: '' }, context);
}
const named = ({ patterns }: PatternList): Record<string, PatternRow> => Object.fromEntries(patterns.map((row) => [row.text, row]));
const CLOSED = 'session closed for user <text> after <num> s';
async function facet(): Promise<Record<string, number>> {
  const { facets: [{ values }] } = await held.engine.handlers.events.facets({ scope: ALL, fields: ['template'], limit: 20 }, context);
  return Object.fromEntries(values.map(({ value, count }) => [value, count]));
}

describe('patterns', () => {
  it('are listed with counts, times, severities and services; every answer goes by them', async () => {
    await held.ingest(held.write('api.jsonl', log()));
    const all = await list();
    expect(all).toMatchObject({ total: 1321, other: null, grouped: true, findings: [] });
    const rows = named(all);
    expect(Object.keys(rows)).toEqual([CLOSED, 'cache <num> is warm', 'could not charge card: code <num>', 'licence expires soon']);
    expect(rows[CLOSED]).toMatchObject({ count: 1200, templates: 5, first: T, last: T + 119 * MINUTE, services: [{ service: 'api', count: 1200 }], isNew: false });
    expect([...rows[CLOSED].line]).toHaveLength(12);
    expect(rows[CLOSED].line.reduce((sum, n) => sum + n, 0)).toBe(1200);
    expect(rows['licence expires soon'].isRare).toBe(true);
    expect(rows['could not charge card: code <num>'].severities[0]).toBe(0);
    expect(await facet()).toEqual({ [CLOSED]: 1200, 'cache <num> is warm': 60, 'could not charge card: code <num>': 60, 'licence expires soon': 1 });
    expect((await held.page({ ...ALL, query: `template:"${CLOSED}"` })).total).toBe(1200);
  });

  it('says what is new and gone beside what was before, and why', async () => {
    await held.ingest(held.write('api.jsonl', log()));
    const { other, patterns, findings } = await list({ from: T + 60 * MINUTE }, 'before');
    expect(other).toEqual({ from: T, to: T + 60 * MINUTE });
    expect(patterns.filter(({ isNew }) => isNew).map(({ text }) => text)).toEqual(['could not charge card: code <num>', 'licence expires soon']);
    expect(patterns.filter(({ isGone }) => isGone).map(({ text }) => text)).toEqual(['cache <num> is warm']);
    expect(findings.map(({ detector, title }) => [detector, title])).toEqual([
      ['pattern-new', 'New: could not charge card: code <num>'], ['pattern-gone', 'Gone: cache <num> is warm'], ['pattern-new', 'New: licence expires soon'],
    ]);
    expect(findings[0]).toMatchObject({ severity: 'high', why: '60 times in this range, not once in the 1 h it is compared with.', scope: { query: 'template:"could not charge card: code <num>"', from: T + 60 * MINUTE } });
    // What is marked wrong quiets its like.
    await held.engine.handlers.findings.mark({ like: findings[0].like, key: findings[0].key, title: findings[0].title, verdict: 'wrong', note: '' }, context);
    expect((await list({ from: T + 60 * MINUTE }, 'before')).findings.filter(({ quieted }) => quieted)).toHaveLength(1);
  });

  it('are compared with the rest of a range that holds theirs', async () => {
    await held.ingest(held.write('api.jsonl', log()));
    const { handlers } = held.engine;
    await handlers.patterns.group({}, context);
    const reply = await handlers.patterns.list({ scope: { ...ALL, from: T + 60 * MINUTE, to: T + 90 * MINUTE }, other: { from: null, to: null }, buckets: 6, run: '' }, context);
    expect(named(reply)).toMatchObject({ [CLOSED]: { count: 300, other: 900 }, 'could not charge card: code <num>': { count: 30, other: 30 } });
    expect(named(reply)[CLOSED].ratio).toBeCloseTo(1, 1);
    expect(named(reply)['could not charge card: code <num>'].ratio).toBeCloseTo(3, 1);
  });

  it('tell what their variables hold', async () => {
    await held.ingest(held.write('api.jsonl', log()));
    const { id } = named(await list())[CLOSED];
    const detail = await held.engine.handlers.patterns.detail({ scope: ALL, id, run: '' }, context);
    expect(detail).toMatchObject({ text: CLOSED, count: 1200, sampled: 1200, aligned: 1200 });
    expect(detail.templates.map(({ count }) => count)).toEqual([240, 240, 240, 240, 240]);
    expect(detail.variables.map(({ name, type, distinct }) => [name, type, distinct])).toEqual([['user', 'text', 5], ['after', 'num', 843]]);
    expect(detail.variables[0].values[0]).toEqual({ value: 'ada', count: 240 });
    expect(detail.examples).toHaveLength(20);
  });

  it('are merged and split by hand, and that is taken back', async () => {
    const { handlers } = held.engine;
    await held.ingest(held.write('api.jsonl', log()));
    const before = named(await list());
    const merged = await handlers.patterns.merge({ patterns: [before['cache <num> is warm'].id, before['licence expires soon'].id], text: 'noise' }, context);
    expect(await facet()).toEqual({ [CLOSED]: 1200, 'could not charge card: code <num>': 60, noise: 61 });
    const { templates } = await handlers.patterns.detail({ scope: ALL, id: before[CLOSED].id, run: '' }, context);
    const ada = templates.find(({ text }) => text.includes('ada'));
    const split = await handlers.patterns.split({ pattern: before[CLOSED].id, templates: [ada?.id ?? 0] }, context);
    expect(split.text).toBe('session closed for user ada after <num> s');
    expect(await facet()).toMatchObject({ [CLOSED]: 960, [split.text]: 240, noise: 61 });
    expect((await handlers.patterns.changes({}, context)).map(({ kind, text }) => [kind, text])).toEqual([['split', split.text], ['merge', 'noise']]);
    // They outlive the program, and later events go by them.
    await held.reopen();
    await held.ingest(held.write('more.jsonl', `${at(200, 'session closed for user ada after 3 s')}\n${at(201, 'cache 77 is warm')}\n`));
    expect(named(await list())).toMatchObject({ [split.text]: { count: 241 }, noise: { count: 62 } });
    await held.engine.handlers.patterns.undo({ id: split.id }, context);
    await held.engine.handlers.patterns.undo({ id: merged.id }, context);
    expect(named(await list())).toMatchObject({ [CLOSED]: { count: 1201 }, 'cache <num> is warm': { count: 61 }, 'licence expires soon': { count: 1 } });
    await expect(async () => await held.engine.handlers.patterns.undo({ id: merged.id }, context)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses to split off everything, or what is not of it', async () => {
    const { handlers } = held.engine;
    await held.ingest(held.write('api.jsonl', log()));
    const rows = named(await list());
    const { templates } = await handlers.patterns.detail({ scope: ALL, id: rows[CLOSED].id, run: '' }, context);
    await expect(async () => await handlers.patterns.split({ pattern: rows[CLOSED].id, templates: templates.map(({ id }) => id) }, context)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(async () => await handlers.patterns.split({ pattern: rows[CLOSED].id, templates: [rows['licence expires soon'].id] }, context)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(async () => await handlers.patterns.detail({ scope: ALL, id: 9999, run: '' }, context)).rejects.toMatchObject({ code: 'not_found' });
  });
});
