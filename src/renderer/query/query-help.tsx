import { FIELDS } from '../../shared/event.ts';
import classes from './query-help.module.css';

/** The whole language on one page; an example is put into the bar with a click. */
const ROWS: readonly { example: string; means: string }[] = [
  { example: 'timeout', means: 'the word, in the message or any value; case does not matter' },
  { example: '"timed out after"', means: 'these words in this order' },
  { example: 'conn*reset', means: '* is any run of characters, ? is one' },
  { example: '/timed out after \\d{4} ms/i', means: 'a regular expression over the message; raw:/…/ over the whole record' },
  { example: 'service:api', means: 'the field has this value' },
  { example: '-host:web-3', means: 'without these events; NOT host:web-3 is the same' },
  { example: 'severity>=high', means: 'compare: > >= < <= = !=; severities are info, low, medium, high, critical' },
  { example: 'latency_ms:200..500', means: 'a range, both ends included; either end may be left out' },
  { example: 'ip:10.0.0.0/8', means: 'addresses in a network' },
  { example: 'service:(api OR checkout)', means: 'one of several values' },
  { example: '(timeout OR refused) service:api', means: 'terms side by side must all hold; OR and ( ) group' },
  { example: 'has:trace_id', means: 'events that have the field; -has:trace_id that lack it' },
  { example: 'is:pinned', means: 'pinned; also is:noted, is:suspect (time hard to believe), is:inferred (record wrote no time)' },
  { example: 'after:2026-11-21T14:00', means: 'times; also before:, time:2026-11-21, time:-1h; UTC unless Z or an offset is written' },
];

export function QueryHelp({ use }: { use: (example: string) => void }) {
  return (
    <div className={classes.help}>
      <table>
        <caption>How to write a query</caption>
        <tbody>
          {ROWS.map((row) => (
            <tr key={row.example}>
              <th scope="row"><button type="button" onClick={() => use(row.example)} title="Put it into the query bar">{row.example}</button></th>
              <td>{row.means}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>Fields: <span className="mono">{FIELDS.map((field) => field.name).join(', ')}</span>, and every name that the records of this case use.</p>
    </div>
  );
}
