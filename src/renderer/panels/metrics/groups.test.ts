import { describe, expect, it } from 'vitest';
import { keyText, wordsFor, type SeriesKey } from '../../state/series-key.ts';
import { MOST_CHOSEN, differingLabels, groupSeries, toggled, toggledGroup, toldApart } from './groups.ts';

const one = (name: string, labels: Record<string, string> = {}, source = 1): SeriesKey => ({ source, name, labels: Object.entries(labels) });
const nameOf = (id: number): string => `file-${id}.prom`;

describe('groups of series', () => {
  it('hold what has one name, in the order in which names come', () => {
    const rows = [one('b', { x: '1' }), one('a'), one('b', { x: '2' })];
    expect(groupSeries(rows).map(({ name, series }) => [name, series.length])).toEqual([['b', 2], ['a', 1]]);
  });
  it('are told apart by the labels that differ, and only those', () => {
    const rows = [one('n', { code: '200', host: 'a', job: 'api' }), one('n', { code: '500', host: 'a', job: 'api' }), one('n', { host: 'b', job: 'api' })];
    expect(differingLabels(rows, nameOf)).toEqual(['code=200 host=a', 'code=500 host=a', 'host=b']);
  });
  it('share labels too, which is all that one alone has', () => {
    expect(toldApart([one('n', { code: '200', job: 'api' }), one('n', { code: '500', job: 'api' })])).toEqual([{ own: 'code=200', shared: 'job=api' }, { own: 'code=500', shared: 'job=api' }]);
    expect(toldApart([one('n', { host: 'a' })])).toEqual([{ own: '', shared: 'host=a' }]);
  });
  it('are told apart by their source where no label differs', () => {
    expect(differingLabels([one('n', { host: 'a' }, 1), one('n', { host: 'a' }, 2)], nameOf)).toEqual(['file-1.prom', 'file-2.prom']);
    expect(differingLabels([one('n', { host: 'a' }, 1), one('n', { host: 'a' }, 2), one('n', { host: 'b' }, 2)], nameOf)).toEqual(['host=a file-1.prom', 'host=a file-2.prom', 'host=b']);
  });
  it('say nothing of one alone, and that one has no labels', () => {
    expect(differingLabels([one('n', { host: 'a' })], nameOf)).toEqual(['']);
    expect(differingLabels([one('n', { host: 'a' }), one('n')], nameOf)).toEqual(['host=a', 'without labels']);
  });
  it('fold labels of any length', () => {
    expect(differingLabels([one('n', { a: 'x'.repeat(9000) }), one('n', { a: 'y' })], nameOf)[0]).toHaveLength(121);
  });
});

describe('the choice', () => {
  const many = Array.from({ length: 20 }, (_, index) => one('n', { i: String(index) }));
  it('takes and leaves one, by what it is called, and no thirteenth', () => {
    expect(toggled([one('a')], one('b')).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(toggled([one('a', { x: '1' }), one('b')], one('a', { x: '1' })).map(({ name }) => name)).toEqual(['b']);
    const full = many.slice(0, MOST_CHOSEN);
    expect(toggled(full, many[15])).toEqual(full);
    expect(toggled(full, many[3])).toHaveLength(MOST_CHOSEN - 1);
  });
  it('takes a group as far as there is room, and leaves it again', () => {
    const all = toggledGroup([one('a')], many);
    expect(all).toHaveLength(MOST_CHOSEN);
    expect(toggledGroup(all, many)).toEqual([one('a')]);
    expect(toggledGroup([many[1]], many.slice(0, 3)).map(keyText)).toEqual([many[1], many[0], many[2]].map(keyText));
  });
  it('is found again by words that are stored as they are written', () => {
    expect(wordsFor(one('up', { host: 'a-1:9090', path: '/x y', odd: 'ü"', job: 'api' }))).toBe('up a-1:9090 api');
    expect(wordsFor(one('n'.repeat(600), { a: 'b' })).length).toBeLessThan(500);
    expect(wordsFor(one('up', Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`l${index}`, `v${index}`])))).split(' ')).toHaveLength(20);
  });
});
