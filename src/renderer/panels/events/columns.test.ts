import { describe, expect, it } from 'vitest';
import { columnSettings, columnsOf, gridTemplate, LEAST_WIDTH, leastWidth, MOST_EXTRA, NO_SETTINGS, sized, withColumn, withExtra, withoutExtra } from './columns.ts';

describe('added columns', () => {
  const ids = (settings: typeof NO_SETTINGS): string[] => columnsOf(settings).filter((column) => column.shown).map((column) => column.id);
  it('stand before the message, once each, and are filtered by their name', () => {
    const two = withExtra(withExtra(withExtra(NO_SETTINGS, 'user_agent'), 'status'), 'user_agent');
    expect(ids(two)).toEqual(['time', 'severity', 'source', 'service', 'host', 'extra:user_agent', 'extra:status', 'message']);
    expect(columnsOf(two).find((column) => column.id === 'extra:status')).toMatchObject({ title: 'Status', field: 'status' });
    expect(ids(withoutExtra(two, 'user_agent'))).not.toContain('extra:user_agent');
  });
  it('keep their width, whatever else changes', () => {
    const wide = withColumn(withExtra(NO_SETTINGS, 'a:b'), 'extra:a:b', { width: 333 });
    expect(columnsOf(withColumn(wide, 'host', { shown: false })).find((column) => column.id === 'extra:a:b')?.width).toBe(333);
  });
  it('are read from a case that knew none, and are never more than a page takes', () => {
    expect(columnSettings.parse({ columns: [] })).toEqual(NO_SETTINGS);
    let many = NO_SETTINGS;
    for (let n = 0; n < MOST_EXTRA + 5; n++) many = withExtra(many, `field ${n}`);
    expect(many.extra).toHaveLength(MOST_EXTRA);
    expect(columnSettings.safeParse(many).success).toBe(true);
  });
});

describe('columns', () => {
  it('starts with the defaults', () => {
    expect(columnsOf(NO_SETTINGS).filter((column) => column.shown).map((column) => column.id)).toEqual(['time', 'severity', 'source', 'service', 'host', 'message']);
    expect(gridTemplate(sized(columnsOf(NO_SETTINGS), 'ms'))).toBe('16px 148px 28px minmax(56px, 100px) minmax(56px, 84px) minmax(56px, 76px) minmax(160px, 1fr)');
  });
  it('leaves the message its room however many there are', () => {
    let many = NO_SETTINGS;
    for (let n = 0; n < MOST_EXTRA; n++) many = withExtra(many, `field ${n}`);
    expect(leastWidth(sized(columnsOf(many), 'second'))).toBe(16 + 120 + 28 + 3 * 56 + MOST_EXTRA * 56 + 160);
  });
  it('changes one column and leaves the others', () => {
    const wide = withColumn(NO_SETTINGS, 'host', { width: 200 });
    const hidden = withColumn(wide, 'source', { shown: false });
    expect(columnsOf(hidden).find((column) => column.id === 'host')).toMatchObject({ width: 200, shown: true });
    expect(gridTemplate(sized(columnsOf(hidden), 'second'))).toBe('16px 120px 28px minmax(56px, 84px) minmax(56px, 200px) minmax(160px, 1fr)');
  });
  it('keeps the width of the time that somebody set, whatever the precision', () => {
    const set = columnsOf(withColumn(NO_SETTINGS, 'time', { width: 300 }));
    expect(sized(set, 'us')[0].width).toBe(300);
    expect(sized(columnsOf(withColumn(NO_SETTINGS, 'host', { width: 90 })), 'us')[0].width).toBe(170);
  });
  it('never makes a column too narrow to be found again, and the message never goes', () => {
    expect(columnsOf(withColumn(NO_SETTINGS, 'host', { width: 3 })).find((column) => column.id === 'host')?.width).toBe(LEAST_WIDTH);
    expect(columnsOf(withColumn(NO_SETTINGS, 'message', { shown: false })).find((column) => column.id === 'message')).toMatchObject({ shown: true, width: 0 });
  });
});
