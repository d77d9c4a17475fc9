import { describe, expect, it } from 'vitest';
import { columnsOf, gridTemplate, LEAST_WIDTH, NO_SETTINGS, withColumn } from './columns.ts';

describe('columns', () => {
  it('starts with the defaults', () => {
    expect(columnsOf(NO_SETTINGS).filter((column) => column.shown).map((column) => column.id)).toEqual(['time', 'severity', 'source', 'service', 'host', 'message']);
    expect(gridTemplate(columnsOf(NO_SETTINGS))).toBe('16px 172px 34px 108px 96px 84px minmax(160px, 1fr)');
  });
  it('changes one column and leaves the others', () => {
    const wide = withColumn(NO_SETTINGS, 'host', { width: 200 });
    const hidden = withColumn(wide, 'source', { shown: false });
    expect(columnsOf(hidden).find((column) => column.id === 'host')).toMatchObject({ width: 200, shown: true });
    expect(gridTemplate(columnsOf(hidden))).toBe('16px 172px 34px 96px 200px minmax(160px, 1fr)');
  });
  it('never makes a column too narrow to be found again, and the message never goes', () => {
    expect(columnsOf(withColumn(NO_SETTINGS, 'host', { width: 3 })).find((column) => column.id === 'host')?.width).toBe(LEAST_WIDTH);
    expect(columnsOf(withColumn(NO_SETTINGS, 'message', { shown: false })).find((column) => column.id === 'message')).toMatchObject({ shown: true, width: 0 });
  });
});
