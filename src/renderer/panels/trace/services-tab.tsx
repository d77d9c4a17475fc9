import { useMemo } from 'react';
import type { ServiceGraph } from '../../../shared/contract/traces.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useScope, useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { valueProps } from '../../ui/value.ts';
import { layersOf, type PlacedService } from './layers.ts';
import classes from './trace.module.css';

/** More services than this make no picture that can be read; the table has them. */
const MOST_DRAWN = 40;
const BOX = { w: 150, h: 40, gapX: 110, gapY: 16 };
const MARGIN = 8;
const NAME = 20;
/** More arrows than this at one box leave no room for their figures; the table has them. */
const MOST_FIGURES = 3;

/** Which service calls which in the traces of the filter and range. */
export function ServicesTab() {
  const scope = useScope();
  const { data: graph, error, stale, retry } = useAsk(['traces.services', scope], (signal) => engine.traces.services({ scope }, { signal }));
  if (error && !graph) return <ErrorState error={error} doing="Counting the calls" retry={retry} />;
  if (!graph) return <p className={classes.reading}>reading</p>;
  if (graph.nodes.length === 0) return <EmptyState title="No trace fits the filter in this range">Calls between services are counted in the traces that have a span here. Widen the range or take a filter away.</EmptyState>;
  // A service that calls none and is called by none says nothing in a picture of calls.
  const inCalls = new Set(graph.edges.flatMap(({ caller, callee }) => [caller, callee]));
  const joined = graph.nodes.filter(({ service }) => inCalls.has(service));
  const apart = graph.nodes.length - joined.length;
  return (
    <div className={`${classes.scroll} ${stale ? 'stale' : ''}`}>
      <p className={classes.status} role="status">
        {formatCount(graph.nodes.length)} {graph.nodes.length === 1 ? 'service' : 'services'}, from {graph.looked < graph.total ? `the first ${formatCount(graph.looked)} of ${formatCount(graph.total)}` : formatCount(graph.total)} spans{apart > 0 ? `; ${formatCount(apart)} of them neither call another nor are called` : ''}{graph.more > 0 ? `; ${formatCount(graph.more)} more services and calls are not shown` : ''}
      </p>
      {joined.length === 0 ? null : joined.length <= MOST_DRAWN ? <Picture graph={{ ...graph, nodes: joined }} /> : <p className={classes.status}>More than {MOST_DRAWN} services call each other: filter for some to have them drawn.</p>}
      {graph.edges.length > 0 ? <Calls graph={graph} /> : <p className={classes.status}>No service calls another here.</p>}
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

function cut(text: string): string {
  const characters = [...text];
  return characters.length > NAME ? `${characters.slice(0, NAME - 1).join('')}…` : text;
}
function Picture({ graph }: { graph: ServiceGraph }) {
  const addFilter = useView((view) => view.addFilter);
  const placed = useMemo(() => layersOf(graph), [graph]);
  const at = new Map(placed.map((one) => [one.service, one]));
  const width = (Math.max(...placed.map(({ layer }) => layer)) + 1) * (BOX.w + BOX.gapX) - BOX.gapX + 2 * MARGIN;
  const height = (Math.max(...placed.map(({ row }) => row)) + 1) * (BOX.h + BOX.gapY) - BOX.gapY + 2 * MARGIN;
  const x = ({ layer }: PlacedService): number => MARGIN + layer * (BOX.w + BOX.gapX);
  const y = ({ row }: PlacedService): number => MARGIN + row * (BOX.h + BOX.gapY);
  // Arrows end beside each other, in the order of their callers, so that their figures do not lie on each other.
  const ports = new Map<string, string[]>();
  for (const { caller, callee } of graph.edges) if ((at.get(caller)?.layer ?? 0) < (at.get(callee)?.layer ?? 0)) ports.set(callee, [...(ports.get(callee) ?? []), caller].sort((a, b) => (at.get(a)?.row ?? 0) - (at.get(b)?.row ?? 0)));
  const most = Math.max(1, ...graph.edges.map(({ calls }) => calls));
  return (
    <svg className={classes.picture} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label="Services and their calls; the table below has the figures">
      <defs><marker id="tidemark-call" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" className={classes.arrow} /></marker></defs>
      {graph.edges.map(({ caller, callee, calls, errors, p95 }) => {
        const from = at.get(caller);
        const to = at.get(callee);
        if (!from || !to) return null;
        const back = to.layer <= from.layer;
        const beside = ports.get(callee) ?? [];
        const [x1, y1, x2, y2] = [x(from) + (back ? BOX.w / 2 : BOX.w), y(from) + (back ? BOX.h : BOX.h / 2), x(to) + (back ? BOX.w / 2 : 0), y(to) + (back ? BOX.h : (BOX.h * (beside.indexOf(caller) + 1)) / (beside.length + 1))];
        const path = back ? `M${x1} ${y1}C${x1} ${y1 + 30} ${x2} ${y2 + 30} ${x2} ${y2}` : `M${x1} ${y1}C${x1 + BOX.gapX / 2} ${y1} ${x2 - BOX.gapX / 2} ${y2} ${x2} ${y2}`;
        return (
          <g key={JSON.stringify([caller, callee])}>
            <title>{`${caller} calls ${callee}: ${formatCount(calls)} calls, ${formatCount(errors)} failed${Number.isNaN(p95) ? '' : `, p95 ${formatDuration(p95)}`}`}</title>
            <path d={path} className={classes.call} strokeWidth={1 + 2 * (Math.log1p(calls) / Math.log1p(most))} strokeDasharray={errors > 0 ? '6 3' : undefined} data-failed={errors > 0 || undefined} markerEnd="url(#tidemark-call)" />
            {back || beside.length > MOST_FIGURES ? null : <text x={x2 - 12} y={y2 - 4} textAnchor="end" className={classes.calls}>{formatCount(calls)}{errors > 0 ? `, ${formatCount(errors)} failed` : ''}</text>}
          </g>
        );
      })}
      {graph.nodes.map(({ service, spans, errors }) => {
        const box = at.get(service);
        if (!box) return null;
        const act = (): void => addFilter('service', service, 'include');
        return (
          <g
            key={service} className={classes.node} role="button" tabIndex={0} aria-label={`Filter for ${service}: ${formatCount(spans)} spans, ${formatCount(errors)} failed`} transform={`translate(${x(box)} ${y(box)})`} onClick={act}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return;
              event.preventDefault();
              act();
            }}
          >
            <title>{service}</title>
            <rect width={BOX.w} height={BOX.h} rx="3" />
            <text x="8" y="17" className={classes.nodeName}>{cut(service || 'no service')}</text>
            <text x="8" y="32" className={classes.calls}>{formatCount(spans)} {spans === 1 ? 'span' : 'spans'}{errors > 0 ? <tspan className={classes.failedText}>{`, ${formatCount(errors)} failed`}</tspan> : null}</text>
          </g>
        );
      })}
    </svg>
  );
}
