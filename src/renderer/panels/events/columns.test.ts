import { describe, expect, it } from 'vitest';
import { columnsOf, gridTemplate, LEAST_WIDTH, NO_SETTINGS, sized, withColumn } from './columns.ts';

describe('columns', () => {
  it('starts with the defaults', () => {
    expect(columnsOf(NO_SETTINGS).filter((column) => column.shown).map((column) => column.id)).toEqual(['time', 'severity', 'source', 'service', 'host', 'message']);
    expect(gridTemplate(sized(columnsOf(NO_SETTINGS), 'ms'))).toBe('16px 148px 28px 100px 84px 76px minmax(160px, 1fr)');
  });
  it('changes one column and leaves the others', () => {
    const wide = withColumn(NO_SETTINGS, 'host', { width: 200 });
    const hidden = withColumn(wide, 'source', { shown: false });
    expect(columnsOf(hidden).find((column) => column.id === 'host')).toMatchObject({ width: 200, shown: true });
    expect(gridTemplate(sized(columnsOf(hidden), 'second'))).toBe('16px 120px 28px 84px 200px minmax(160px, 1fr)');
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
