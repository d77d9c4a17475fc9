import { useMemo } from 'react';
import type { ServiceGraph } from '../../../shared/contract/traces.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useScope, useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { ServicePicture } from '../../ui/service-graph/service-picture.tsx';
import { valueProps } from '../../ui/value.ts';
import { pictured } from './pictured.ts';
import classes from './trace.module.css';

/** More services than this make no picture that can be read; the table has them. */
const MOST_DRAWN = 40;

/** Which service calls which in the traces of the filter and range. */
export function ServicesTab() {
  const scope = useScope();
  const { data: graph, error, stale, retry } = useAsk(['traces.services', scope], (signal) => engine.traces.services({ scope }, { signal }));
  if (error && !graph) return <ErrorState error={error} doing="Counting the calls" retry={retry} />;
  if (!graph) return <p className={classes.reading}>reading</p>;
  if (graph.nodes.length === 0) return <EmptyState title="No trace fits the filter in this range">Calls between services are counted in the traces that have a span here. Widen the range or take a filter away.</EmptyState>;
  return <Services graph={graph} stale={stale} />;
}

function Services({ graph, stale }: { graph: ServiceGraph; stale: boolean }) {
  const addFilter = useView((view) => view.addFilter);
  // A service that calls none and is called by none says nothing in a picture of calls.
  const joined = useMemo(() => {
    const inCalls = new Set(graph.edges.flatMap(({ caller, callee }) => [caller, callee]));
    return pictured({ nodes: graph.nodes.filter(({ service }) => inCalls.has(service)), edges: graph.edges });
  }, [graph]);
  const apart = graph.nodes.length - joined.nodes.length;
  return (
    <div className={`${classes.serviceTab} ${stale ? 'stale' : ''}`}>
      <p className={classes.status} role="status">
        {formatCount(graph.nodes.length)} {graph.nodes.length === 1 ? 'service' : 'services'}, from {graph.looked < graph.total ? `the first ${formatCount(graph.looked)} of ${formatCount(graph.total)}` : formatCount(graph.total)} spans{apart > 0 ? `; ${formatCount(apart)} of them neither ${apart === 1 ? 'calls another nor is' : 'call another nor are'} called` : ''}{graph.more > 0 ? `; ${formatCount(graph.more)} more services and calls are not shown` : ''}
      </p>
      {joined.nodes.length === 0 ? null : joined.nodes.length <= MOST_DRAWN ? <ServicePicture graph={joined} label="Picture of services and their calls; the table below has the figures" act="Filter for" onChoose={(service) => addFilter('service', service, 'include')} /> : <p className={classes.status}>More than {MOST_DRAWN} services call each other: filter for some to have them drawn.</p>}
      {graph.edges.length > 0 ? <div className={classes.callTable}><Calls graph={graph} /></div> : <p className={classes.status}>No service calls another here.</p>}
    </div>
  );
}

function Calls({ graph }: { graph: ServiceGraph }) {
  const time = (duration: number) => <td data-number title={Number.isNaN(duration) ? undefined : `${formatCount(Math.round(duration))} µs`}>{Number.isNaN(duration) ? <span className="dim">not said</span> : formatDuration(duration)}</td>;
  return (
    <table className={classes.table}>
      <thead><tr><th scope="col">Caller</th><th scope="col">Called</th><th scope="col" data-number>Calls</th><th scope="col" data-number>Errors</th><th scope="col" data-number title="Half of the calls took at most this">p50</th><th scope="col" data-number title="95 of 100 calls took at most this">p95</th></tr></thead>
      <tbody>
        {graph.edges.map(({ caller, callee, calls, errors, p50, p95 }) => (
          <tr key={JSON.stringify([caller, callee])}>
            <td {...valueProps('service', caller)}><SafeText text={caller || 'no service'} inline fold={80} /></td>
            <td {...valueProps('service', callee)}><SafeText text={callee || 'no service'} inline fold={80} /></td>
            <td data-number>{formatCount(calls)}</td>
            <td data-number>{errors > 0 ? <span className={classes.error} title={`${((errors / calls) * 100).toFixed(1)} % of the calls`}>{formatCount(errors)}</span> : <span className="dim">0</span>}</td>
            {time(p50)}{time(p95)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
