/** Rows as text for the clipboard: tab separated, one line a row, so that a spreadsheet or a ticket takes it. */
import { SEVERITIES } from '../../../shared/event.ts';
import { formatTime } from '../../ui/time.ts';
import type { Row } from './pages.ts';

function oneLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}
/** @param path gives the path of a source by its id
 * @param columns names of the added columns, which stand before the message */
export function rowsToText(rows: readonly Row[], path: (source: number) => string, columns: readonly string[] = []): string {
  return rows
    .map((row) => [`${formatTime(row.time, 'UTC', 'us').replace(' ', 'T')}Z`, SEVERITIES[row.severity], path(row.source), row.service, row.host, ...columns.map((column) => row.extra[column] ?? ''), row.message].map(oneLine).join('\t'))
    .join('\n');
}
