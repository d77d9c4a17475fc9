/** Columns of the list: which, how wide, in what order. The message takes what the others leave. */
import { z } from 'zod';
import type { Precision } from '../../ui/time.ts';

const COLUMN_IDS = ['time', 'since', 'severity', 'level', 'source', 'service', 'host', 'message'] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

export interface Column {
  id: ColumnId;
  title: string;
  /** pixels; 0 = what is left of the row (message), or what the precision of the times needs (time) */
  width: number;
  shown: boolean;
  /** the query field of its values; '' when they are not filtered by */
  field: string;
}
const COLUMNS: readonly Column[] = [
  { id: 'time', title: 'Time', width: 0, shown: true, field: '' },
  { id: 'since', title: 'Since', width: 72, shown: false, field: '' },
  { id: 'severity', title: 'Severity', width: 28, shown: true, field: 'severity' },
  { id: 'level', title: 'Level', width: 64, shown: false, field: 'level' },
  { id: 'source', title: 'Source', width: 100, shown: true, field: 'source' },
  { id: 'service', title: 'Service', width: 84, shown: true, field: 'service' },
  { id: 'host', title: 'Host', width: 76, shown: true, field: 'host' },
  { id: 'message', title: 'Message', width: 0, shown: true, field: '' },
];
export const LEAST_WIDTH = 28;
const MOST_WIDTH = 800;

/** What the case keeps of a list's columns. */
export const columnSettings = z.object({
  columns: z.array(z.object({ id: z.enum(COLUMN_IDS), width: z.number().min(0).max(MOST_WIDTH), shown: z.boolean() })).max(COLUMN_IDS.length),
});
export type ColumnSettings = z.infer<typeof columnSettings>;
export const NO_SETTINGS: ColumnSettings = { columns: [] };

/** The columns with what was saved of them; columns that are newer than the settings have their defaults. */
export function columnsOf(settings: ColumnSettings): Column[] {
  return COLUMNS.map((column) => {
    const saved = settings.columns.find((one) => one.id === column.id);
    if (!saved || column.id === 'message') return column;
    return { ...column, width: column.id === 'time' && saved.width === 0 ? 0 : Math.max(LEAST_WIDTH, saved.width), shown: saved.shown };
  });
}
export function withColumn(settings: ColumnSettings, id: ColumnId, change: Partial<Pick<Column, 'width' | 'shown'>>): ColumnSettings {
  const columns = columnsOf(settings).map((column) => ({ id: column.id, width: column.width, shown: column.shown, ...(column.id === id ? change : {}) }));
  return { columns: columns.map((column) => ({ ...column, width: column.width === 0 ? 0 : Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, Math.round(column.width))) })) };
}
/** Widths that `MM-DD hh:mm:ss` and its fractions need in the row's font, with padding. */
const TIME_WIDTHS: Readonly<Partial<Record<Precision, number>>> = { second: 120, ms: 148, us: 170 };
/** The columns with the time as wide as its precision needs, unless somebody has set it. */
export function sized(columns: readonly Column[], precision: Precision): Column[] {
  return columns.map((column) => (column.id === 'time' && column.width === 0 ? { ...column, width: TIME_WIDTHS[precision] ?? 120 } : column));
}
/** For grid-template-columns; the first track is the mark of pinned rows. */
export function gridTemplate(columns: readonly Column[]): string {
  return ['16px', ...columns.filter((column) => column.shown).map((column) => (column.width === 0 ? 'minmax(160px, 1fr)' : `${column.width}px`))].join(' ');
}
