import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import type { Outage, ServiceRow } from '../../../shared/contract/services.ts';
import { printValue } from '../../../shared/query/print.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { formatCount, formatDuration, formatFrequency } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { formatTime } from '../../ui/time.ts';
import { valueProps } from '../../ui/value.ts';
import { BudgetBar, HealthMark, RateLine } from './marks.tsx';
import { ms, percent, serviceName, times } from './words.ts';
import classes from './services.module.css';

type TableKind = 'health' | 'sla' | 'errors' | 'slowest';
interface ServiceTableProps {
  kind: TableKind;
  rows: readonly ServiceRow[];
  outages: readonly Outage[];
  readOnly: boolean;
  /** changes what one service promises */
  onObjective(service: string): void;
}

/** A row a service; it opens to its outages and its slowest requests. */
export function ServiceTable({ kind, rows, outages, readOnly, onObjective }: ServiceTableProps) {
  const [open, setOpen] = useState<string | null>(null);
  const heads: Readonly<Record<TableKind, readonly (readonly [title: string, number?: true])[]>> = {
    health: [['Health'], ['Error rate over the range'], ['Requests', true], ['Errors', true], ['Error rate', true], ['p95 ms', true], ['p99 ms', true], ['Rate', true], ['Error budget'], ['In trouble']],
    sla: [['Met'], ['Available', true], ['Objective', true], ['Error budget'], ['Burn rate', true], ['Worst hour', true], ['Uptime', true], ['Fast enough', true], ['Change']],
    errors: [['Error rate over the range'], ['Errors', true], ['Requests', true], ['Failed', true], ['Error rate', true], ['In trouble']],
    slowest: [['p50 ms', true], ['p95 ms', true], ['p99 ms', true], ['Slowest ms', true], ['With a latency', true], ['Slowest requests']],
  };
  const columns = heads[kind].length + 1;
  return (
    <div className={classes.box} tabIndex={0} role="region" aria-label="Table of services">
      <table className={classes.table}>
        <thead><tr><th scope="col">Service</th>{heads[kind].map(([title, number]) => <th key={title} scope="col" data-number={number}>{title}</th>)}</tr></thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={row.service}>
              <tr>
                <Name row={row} open={open === row.service} toggle={() => setOpen(open === row.service ? null : row.service)} />
                {kind === 'health' ? <HealthCells row={row} /> : kind === 'sla' ? <ObjectiveCells row={row} readOnly={readOnly} onObjective={onObjective} /> : kind === 'errors' ? <ErrorCells row={row} /> : <SlowCells row={row} />}
              </tr>
              {open === row.service ? <tr className={classes.more}><td colSpan={columns}><Details row={row} outages={outages.filter(({ service }) => service === row.service)} /></td></tr> : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Name({ row: { service, why }, open, toggle }: { row: ServiceRow; open: boolean; toggle: () => void }) {
  const store = useViewStore();
  return (
    <td>
      <span className={classes.name}>
      <button type="button" className={classes.toggle} aria-expanded={open} aria-label={`${open ? 'Close' : 'Open'} ${serviceName(service)}`} onClick={toggle}>{open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}</button>
      <button type="button" className={classes.link} title={`${why}. Click filters for it.`} {...valueProps('service', service)} onClick={() => store.getState().addFilter('service', service, 'include')}><SafeText text={serviceName(service)} inline fold={80} /></button>
      </span>
    </td>
  );
}

/** A number that opens what it counts. */
function Count({ n, service, query, title }: { n: number; service: string; query: string; title: string }) {
  const store = useViewStore();
  const of = service === '' ? '-has:service' : `service:${printValue('service', service)}`;
  if (n === 0) return <td data-number><span className="dim">0</span></td>;
  return <td data-number><button type="button" className={classes.link} title={title} onClick={() => store.getState().setQuery(`${of}${query === '' ? '' : ` ${query}`}`)}>{formatCount(n)}</button></td>;
}
const ERRORS = '(severity>=high OR status>=500)';

function Trouble({ row: { outages, outageTime } }: { row: ServiceRow }) {
  return <td>{outages === 0 ? <span className="dim">never</span> : `${formatDuration(outageTime)}${outages > 1 ? ` in ${formatCount(outages)}` : ''}`}</td>;
}
function Rate({ row: { errorRate, basis } }: { row: ServiceRow }) {
  return <td data-number title={`Of its ${basis}`}>{percent(errorRate)}</td>;
}
function Latency({ value }: { value: number | undefined }) {
  return <td data-number>{value === undefined ? <span className="dim">none</span> : ms(value)}</td>;
}

function HealthCells({ row }: { row: ServiceRow }) {
  const { service, basis, requests, events, errors, latency } = row;
  return (
    <>
      <td title={row.why}><HealthMark state={row.health} /></td>
      <td className={classes.chart}><RateLine row={row} /></td>
      {basis === 'requests' ? <Count n={requests} service={service} query="" title="Show its events" /> : <td data-number title={`It writes no requests: its ${formatCount(events)} events are counted`}><span className="dim">{formatCount(events)} events</span></td>}
      <Count n={errors} service={service} query={ERRORS} title="Show these errors" />
      <Rate row={row} />
      <Latency value={latency?.p95} />
      <Latency value={latency?.p99} />
      <td data-number>{formatFrequency(row.perSecond)}</td>
      <td><BudgetBar objective={row.objective} /></td>
      <Trouble row={row} />
    </>
  );
}

function ObjectiveCells({ row: { service, objective }, readOnly, onObjective }: { row: ServiceRow; readOnly: boolean; onObjective: (service: string) => void }) {
  const zone = useView((view) => view.zone);
  const { met, reached, availability, burn, worst, uptime, minutes, fast, latencyMs, latencyShare } = objective;
  return (
    <>
      <td>{met ? 'met' : <span className={classes.bad}>missed</span>}</td>
      <td data-number>{percent(reached)}</td>
      <td data-number>{percent(availability)}</td>
      <td><BudgetBar objective={objective} /></td>
      <td data-number title="How many times faster than allowed the budget was spent over the range">{times(burn)}</td>
      <td data-number title={worst ? `From ${formatTime(worst.from, zone, 'minute')}` : undefined}>{worst ? times(worst.burn) : <span className="dim">none</span>}</td>
      <td data-number title={`Of ${formatCount(minutes)} minutes with requests, those that met the availability`}>{percent(uptime)}</td>
      <td data-number title={`${percent(latencyShare)} should take at most ${ms(latencyMs)} ms`}>{fast === null ? <span className="dim">not said</span> : <span className={fast < latencyShare ? classes.bad : undefined}>{percent(fast)}</span>}</td>
      <td>{readOnly ? null : <button type="button" className={classes.link} aria-label={`Change the objective of ${serviceName(service)}`} onClick={() => onObjective(service)}>change</button>}</td>
    </>
  );
}

function ErrorCells({ row }: { row: ServiceRow }) {
  const { service, errors, requests, failed } = row;
  return (
    <>
      <td className={classes.chart}><RateLine row={row} /></td>
      <Count n={errors} service={service} query={ERRORS} title="Show these errors" />
      <td data-number>{formatCount(requests)}</td>
      <td data-number title="Requests that are errors">{formatCount(failed)}</td>
      <Rate row={row} />
      <Trouble row={row} />
    </>
  );
}

function SlowCells({ row: { latency, slowest } }: { row: ServiceRow }) {
  const zone = useView((view) => view.zone);
  const store = useViewStore();
  return (
    <>
      <Latency value={latency?.p50} />
      <Latency value={latency?.p95} />
      <Latency value={latency?.p99} />
      <Latency value={latency?.max} />
      <td data-number>{formatCount(latency?.count ?? 0)}</td>
      <td><span className={classes.slow}>{slowest.slice(0, 3).map(({ event, time, ms: took }) => <button key={event} type="button" className={classes.link} title={`Select the event of ${formatTime(time, zone, 'second')}`} onClick={() => store.getState().select(event)}>{ms(took)} ms</button>)}</span></td>
    </>
  );
}

function Details({ row, outages }: { row: ServiceRow; outages: readonly Outage[] }) {
  const zone = useView((view) => view.zone);
  return (
    <div className={classes.details}>
      <p>{row.why}. {formatCount(row.events)} events from {formatTime(row.first, zone, 'second')} to {formatTime(row.last, zone, 'second')}.</p>
      {outages.length === 0 ? <p className="dim">{row.outages === 0 ? 'It was never in trouble in this range.' : 'Its outages are not among the worst that are listed.'}</p> : outages.map((outage) => <FindingCard key={outage.key} finding={outage} />)}
    </div>
  );
}
