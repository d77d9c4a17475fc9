import { useId } from 'react';
import type { TrendReply } from '../../../shared/contract/trends.ts';
import { formatValue, type Measure } from '../../../shared/measure.ts';
import { formatCount, formatDuration } from '../../../shared/numbers.ts';
import { useView } from '../../state/view.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { formatTime, precisionFor } from '../../ui/time.ts';
import { beyondWords, lookBackWords, trendWords, verdictWords } from './words.ts';
import classes from './trends.module.css';

interface LookBackProps {
  reply: TrendReply;
  measure: Measure;
  stale: boolean;
  onMethod(id: string): void;
}
/** How wrong each method would have been, which is read before what it says now; and what else is known of the series. */
export function LookBack({ reply, measure, stale, onMethod }: LookBackProps) {
  const name = useId();
  const { methods, origins, forecast, findings, limitNote, trend, filled, seasons, step, values } = reply;
  const verdict = verdictWords(reply, measure);
  const known = values.reduce((count, value) => count + (Number.isFinite(value) ? 1 : 0), 0);
  return (
    <section className={classes.look} aria-label="Looking back" data-stale={stale || undefined} tabIndex={0}>
      {forecast && origins === 0 ? <p className={classes.warn}>The series is too short to look back from earlier moments: nothing is known of how wrong this forecast may be.</p> : null}
      {forecast ? null : <p className={classes.warn}>{known < 8 ? `${formatCount(known)} values are too few for a forecast; 8 are needed.` : 'There is no forecast.'} A shorter step or a longer range gives more.</p>}
      {methods.length > 0 ? (
        <>
          <table className={classes.table}>
            <caption>{lookBackWords(reply)}</caption>
            <thead>
              <tr>
                <th scope="col">Method</th>
                <th scope="col" className={classes.right} title="Mean absolute error, in the unit of the series">Error</th>
                <th scope="col" className={classes.right} title="The error as a multiple of that of the last value, or that of one season ago, one step ahead. Below 1 is good.">MASE</th>
                <th scope="col" className={classes.right} title="Symmetric mean absolute percentage error">sMAPE</th>
                <th scope="col" className={classes.right} title="Share of the combination">Weight</th>
              </tr>
            </thead>
            <tbody>
              {methods.map((method) => (
                <tr key={method.id} data-chosen={method.id === forecast?.method || undefined}>
                  <th scope="row">
                    <label className={classes.method} title={method.title}>
                      <input type="radio" name={name} checked={method.id === forecast?.method} onChange={() => onMethod(method.id === 'combination' ? '' : method.id)} />
                      <span className="ellipsis">{method.title}</span>
                    </label>
                  </th>
                  <td className={classes.right}>{Number.isNaN(method.mae) ? '' : formatValue(method.mae, measure)}</td>
                  <td className={classes.right}>{Number.isNaN(method.mase) ? '' : method.mase.toFixed(2)}</td>
                  <td className={classes.right}>{Number.isNaN(method.smape) ? '' : `${method.smape.toFixed(1)} %`}</td>
                  <td className={classes.right}>{method.id === 'combination' ? '' : method.reference ? 'to compare' : `${Math.round(method.weight * 100)} %`}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {verdict.text === '' ? null : <p className={verdict.good ? classes.said : classes.warn}>{verdict.text}</p>}
        </>
      ) : null}
      {beyondWords(reply) === '' ? null : <p className={classes.warn}>{beyondWords(reply)}</p>}
      {findings.map((finding) => <FindingCard key={finding.key} finding={finding} />)}
      {limitNote === '' ? null : <p className={classes.said}>{limitNote}</p>}
      <dl className={classes.facts}>
        <div><dt>Trend</dt><dd>{trendWords(trend, measure)}</dd></div>
        <div><dt>Season</dt><dd>{seasons.length === 0 ? 'none found' : seasons.map((season) => `${formatDuration(season * step)} (${formatCount(season)} steps)`).join(' and ')}</dd></div>
        <div><dt>Values</dt><dd>{formatCount(values.length)}, one each {formatDuration(step)}{filled > 0 ? `; ${formatCount(filled)} missing were filled for the forecast` : ''}</dd></div>
      </dl>
      {forecast ? <Steps reply={reply} measure={measure} /> : null}
    </section>
  );
}

/** Steps in the table; more are in the picture and on the command line. */
const LISTED = 300;

function Steps({ reply: { forecast, step, came }, measure }: { reply: TrendReply; measure: Measure }) {
  const zone = useView((view) => view.zone);
  if (!forecast) return null;
  const wide = forecast.intervals.find(({ level }) => level === 0.95);
  const known = came.some(Number.isFinite);
  return (
    <details className={classes.steps}>
      <summary>Forecast in numbers ({formatCount(forecast.values.length)} steps)</summary>
      <table className={classes.table}>
        <thead><tr><th scope="col">From</th><th scope="col" className={classes.right}>Forecast</th><th scope="col" className={classes.right}>Lower 95 %</th><th scope="col" className={classes.right}>Upper 95 %</th>{known ? <th scope="col" className={classes.right}>Came</th> : null}</tr></thead>
        <tbody>
          {Array.from(forecast.values.subarray(0, LISTED), (value, k) => (
            <tr key={k}>
              <td>{formatTime(forecast.start + k * step, zone, precisionFor(step * 60))}</td><td className={classes.right}>{formatValue(value, measure)}</td>
              <td className={classes.right}>{wide ? formatValue(wide.lower[k], measure) : ''}</td><td className={classes.right}>{wide ? formatValue(wide.upper[k], measure) : ''}</td>
              {known ? <td className={classes.right}>{Number.isFinite(came[k]) ? formatValue(came[k], measure) : ''}</td> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
