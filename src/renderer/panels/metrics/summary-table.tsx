import { useMemo } from 'react';
import { useView } from '../../state/view.ts';
import { formatRange, formatStamp } from '../../ui/time.ts';
import { formatValue } from '../../../shared/measure.ts';
import type { Measure } from '../../../shared/measure.ts';
import { summaryOf } from './points.ts';
import type { Range } from '../../ui/time-axis/range.ts';
import type { ShownLine } from './shown-line.tsx';
import { unusualWords } from './words.ts';
import classes from './metrics.module.css';

/** The picture as numbers, for those who do not see it. */
export function SummaryTable({ name, lines, measure, range }: { name: string; lines: readonly ShownLine[]; measure: Measure; range: Range }) {
  const zone = useView((view) => view.zone);
  const rows = useMemo(() => lines.map((line) => ({ line, summary: summaryOf(line.points) })), [lines]);
  return (
    <div className={classes.hidden}>
      <table>
        <caption>{name}, {formatRange(range.from, range.to, zone)}</caption>
        <thead><tr>{['Series', 'First', 'Last', 'Lowest', 'Highest', 'Most unusual'].map((title) => <th key={title} scope="col">{title}</th>)}</tr></thead>
        <tbody>
          {rows.map(({ line, summary }) => (
            <tr key={line.id}>
              <th scope="row">{line.label === '' ? name : line.label}</th>
              {summary ? (
                <>
                  <td>{formatValue(summary.first.mean, measure)}</td>
                  <td>{formatValue(summary.last.mean, measure)}</td>
                  <td>{formatValue(summary.lowest.min, measure)} at {formatStamp(summary.lowest.from, zone)}</td>
                  <td>{formatValue(summary.highest.max, measure)} at {formatStamp(summary.highest.from, zone)}</td>
                  <td>{summary.unusual ? `${formatValue(summary.unusual.value, measure)} at ${formatStamp(summary.unusual.point.from, zone)}, ${unusualWords(summary.unusual.point)}` : 'nothing unusual'}</td>
                </>
              ) : <td colSpan={5}>no samples in this range</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
