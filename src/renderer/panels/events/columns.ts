/** Columns of the list: which, how wide, in what order. The message takes what the others leave; any field or attribute can be one. */
import { z } from 'zod';
import { columnOf } from '../../../shared/query/names.ts';
import type { Precision } from '../../ui/time.ts';

const COLUMN_IDS = ['time', 'since', 'severity', 'level', 'source', 'service', 'host', 'message'] as const;
type FixedId = (typeof COLUMN_IDS)[number];
/** `extra:user_agent` is a column that somebody added */
export type ColumnId = FixedId | `extra:${string}`;

export interface Column {
  id: ColumnId;
  title: string;
  /** pixels; 0 = what is left of the row (message), or what the precision of the times needs (time) */
  width: number;
  shown: boolean;
  /** the query field of its values; '' when they are not filtered by */
  field: string;
}
const EXTRA = 'extra:';
/** The name of the field or attribute that an added column shows; null for the others. */
export function extraOf(id: ColumnId): string | null {
  return id.startsWith(EXTRA) ? id.slice(EXTRA.length) : null;
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
const EXTRA_WIDTH = 140;
/** What the contract takes for a page. */
export const MOST_EXTRA = 20;

/** What the case keeps of a list's columns. */
export const columnSettings = z.object({
  columns: z.array(z.object({ id: z.enum(COLUMN_IDS), width: z.number().min(0).max(MOST_WIDTH), shown: z.boolean() })).max(COLUMN_IDS.length),
  /** fields and attributes that were added, in their order; a case from before has none */
  extra: z.array(z.object({ name: z.string().min(1).max(200), width: z.number().min(0).max(MOST_WIDTH) })).max(MOST_EXTRA).default([]),
});
export type ColumnSettings = z.infer<typeof columnSettings>;
export const NO_SETTINGS: ColumnSettings = { columns: [], extra: [] };

/** The columns with what was saved of them; columns that are newer than the settings have their defaults. */
export function columnsOf(settings: ColumnSettings): Column[] {
  const fixed = COLUMNS.map((column) => {
    const saved = settings.columns.find((one) => one.id === column.id);
    if (!saved || column.id === 'message') return column;
    return { ...column, width: column.id === 'time' && saved.width === 0 ? 0 : Math.max(LEAST_WIDTH, saved.width), shown: saved.shown };
  });
  const extra = settings.extra.map(({ name, width }): Column => ({ id: `extra:${name}`, title: columnOf(name)?.title ?? name, width: Math.max(LEAST_WIDTH, width), shown: true, field: name }));
  return [...fixed.slice(0, -1), ...extra, fixed[fixed.length - 1]];
}
/** With one more column; a name that is there already, or one too many, changes nothing. */
export function withExtra(settings: ColumnSettings, name: string): ColumnSettings {
  if (name === '' || settings.extra.length >= MOST_EXTRA || settings.extra.some((one) => one.name === name)) return settings;
  return { ...settings, extra: [...settings.extra, { name, width: EXTRA_WIDTH }] };
}
export function withoutExtra(settings: ColumnSettings, name: string): ColumnSettings {
  return { ...settings, extra: settings.extra.filter((one) => one.name !== name) };
}
export function withColumn(settings: ColumnSettings, id: ColumnId, change: Partial<Pick<Column, 'width' | 'shown'>>): ColumnSettings {
  const width = (wanted: number): number => (wanted === 0 ? 0 : Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, Math.round(wanted))));
  const extra = settings.extra.map((one) => (`${EXTRA}${one.name}` === id && change.width !== undefined ? { ...one, width: width(change.width) } : one));
  const columns = columnsOf(settings).flatMap((column) => {
    const fixed = COLUMN_IDS.find((one) => one === column.id);
    const next = { ...column, ...(column.id === id ? change : {}) };
    return fixed ? [{ id: fixed, width: width(next.width), shown: next.shown }] : [];
  });
  return { columns, extra };
}
/** Widths that `MM-DD hh:mm:ss` and its fractions need in the row's font, with padding. */
const TIME_WIDTHS: Readonly<Partial<Record<Precision, number>>> = { second: 120, ms: 148, us: 170 };
/** The columns with the time as wide as its precision needs, unless somebody has set it. */
export function sized(columns: readonly Column[], precision: Precision, years = false): Column[] {
  return columns.map((column) => (column.id === 'time' && column.width === 0 ? { ...column, width: (TIME_WIDTHS[precision] ?? 120) + (years ? YEAR_PX : 0) } : column));
}
const MARK_PX = 16;
const YEAR_PX = 36;
const MESSAGE_PX = 160;
/** Columns of words give way when the panel is narrow, down to this; times and severities do not. */
const SQUEEZED_PX = 56;
function least({ id, width }: Column): number {
  if (width === 0) return MESSAGE_PX;
  return id === 'time' || id === 'since' || id === 'severity' ? width : Math.min(SQUEEZED_PX, width);
}
/** For grid-template-columns; the first track is the mark of pinned rows. The message always has room. */
export function gridTemplate(columns: readonly Column[]): string {
  const track = (column: Column): string => (column.width === 0 ? `minmax(${MESSAGE_PX}px, 1fr)` : least(column) === column.width ? `${column.width}px` : `minmax(${least(column)}px, ${column.width}px)`);
  return [`${MARK_PX}px`, ...columns.filter((column) => column.shown).map(track)].join(' ');
}
/** Pixels that the columns need at least; a narrower list scrolls sideways. */
export function leastWidth(columns: readonly Column[]): number {
  return columns.filter((column) => column.shown).reduce((sum, column) => sum + least(column), MARK_PX);
}
