import { useMemo } from 'react';
import type { Trace } from '../../../shared/contract/traces.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SourceMark } from '../../ui/source-mark.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { valueProps } from '../../ui/value.ts';
import { serviceNumbers } from './model.ts';
import { Waterfall } from './waterfall.tsx';
import classes from './trace.module.css';

/** Services that are named above the spans, where there is room; the head says how many there are. */
const NAMED_SERVICES = 12;

/** One trace: what it is, which services take part, and its spans against time. */
export function TraceView({ trace, stale }: { trace: Trace; stale: boolean }) {
  const numbers = useMemo(() => serviceNumbers(trace.spans), [trace.spans]);
  return (
    <div className={`${classes.trace} ${stale ? 'stale' : ''}`}>
      <Head trace={trace} services={numbers.size} />
      <Services numbers={numbers} />
      <Waterfall trace={trace} numbers={numbers} />
    </div>
  );
}

function Head({ trace, services }: { trace: Trace; services: number }) {
  const zone = useView((view) => view.zone);
  const addFilter = useView((view) => view.addFilter);
  const setRange = useView((view) => view.setRange);
  const [root] = trace.spans;
  const duration = trace.end - trace.start;
  const errors = trace.spans.filter(({ failed }) => failed).length;
  const slow = trace.spans.filter(({ usual }) => usual?.slow).length;
  const orphans = trace.spans.filter(({ place }) => place === 'orphan' || place === 'cycle').length;
  return (
    <div className={classes.head}>
      <span className={classes.title}><SafeText text={root.operation} inline fold={200} /></span>
      <span className={classes.figure} title={`${formatCount(Math.round(duration))} µs`}>{formatDuration(duration)}</span>
      <span className={classes.figure} title={formatStamp(trace.start, zone)}>{formatTime(trace.start, zone)}</span>
      <span className={classes.figure}>{trace.total > trace.spans.length ? `first ${formatCount(trace.spans.length)} of ${formatCount(trace.total)} spans` : `${formatCount(trace.total)} ${trace.total === 1 ? 'span' : 'spans'}`}</span>
      <span className={classes.figure}>{formatCount(services)} {services === 1 ? 'service' : 'services'}</span>
      {errors > 0 ? <span className={classes.error}>{formatCount(errors)} {errors === 1 ? 'error' : 'errors'}</span> : null}
      {slow > 0 ? <span className={classes.slow} title={`Compared with ${formatCount(trace.earlier)} earlier spans of these services`}>{formatCount(slow)} slow</span> : null}
      {orphans > 0 ? <span className={classes.slow} title="Their parents are not in the case, so they stand beside the root.">{formatCount(orphans)} without {orphans === 1 ? 'its parent' : 'their parents'}</span> : null}
      {trace.unreadable > 0 ? <span className={classes.slow} title="The case file is damaged. Check the case, and copy what can be read into a new one.">{formatCount(trace.unreadable)} not readable</span> : null}
      <span className={classes.spacer} />
      <button type="button" className={classes.action} title={`Filter for the ${formatCount(trace.total + trace.others)} events with trace id ${trace.traceId}`} {...valueProps('trace_id', trace.traceId)} onClick={() => addFilter('trace_id', trace.traceId, 'include')}>
        {trace.others > 0 ? `Filter (${formatCount(trace.others)} other ${trace.others === 1 ? 'event' : 'events'})` : 'Filter'}
      </button>
      <button type="button" className={classes.action} title="Set the time range to this trace" onClick={() => setRange(Math.floor(trace.start), Math.ceil(trace.end) + 1)}>Zoom</button>
    </div>
  );
}

function Services({ numbers }: { numbers: ReadonlyMap<string, number> }) {
  const all = [...numbers];
  return (
    <div className={classes.legend}>
      <div className={classes.services} title={all.map(([service]) => service).join(', ').slice(0, 1000)}>
      {all.slice(0, NAMED_SERVICES).map(([service, number]) => (
        <span key={service} className={classes.service} {...valueProps('service', service)}><SourceMark id={number} title={service || 'no service'} /> <SafeText text={service || 'no service'} inline fold={60} /></span>
      ))}
      </div>
      <span className={classes.key} title="At every moment, the one span that the end of the trace waits for"><span className={classes.keyLine} aria-hidden="true" />critical path</span>
    </div>
  );
}
