import { useElementSize } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import type { ServiceGraph } from '../../../shared/contract/traces.ts';
import { useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { drawnGraph, LABEL_LINE, NODE, pathOf } from './graph-layout.ts';
import classes from './trace.module.css';

/** Letters of a name for which a box has room. */
const NAME = 20;
const [SMALLEST, LARGEST] = [0.3, 2];
/** Smaller than this nobody can read it: then it scrolls. */
const READABLE = 0.75;
const STEP = 1.25;

function cut(text: string): string {
  const characters = [...text];
  return characters.length > NAME ? `${characters.slice(0, NAME - 1).join('')}…` : text;
}
/** A key of two names that may hold anything. */
const keyOf = (...names: readonly string[]): string => JSON.stringify(names);

/** Services and their calls. It fits into its place until it is made larger; what the pointer or the focus is on stands out with its calls. */
export function ServicePicture({ graph }: { graph: Pick<ServiceGraph, 'nodes' | 'edges'> }) {
  const addFilter = useView((view) => view.addFilter);
  const drawn = useMemo(() => drawnGraph(graph), [graph]);
  const { ref, width, height } = useElementSize();
  const [chosen, setChosen] = useState<number | null>(null);
  const [at, setAt] = useState<string | null>(null);
  const fit = width > 0 ? Math.max(READABLE, Math.min(1, width / drawn.width, height / drawn.height)) : 1;
  const scale = chosen ?? fit;
  const zoom = (factor: number): void => setChosen(Math.min(LARGEST, Math.max(SMALLEST, scale * factor)));
  const most = Math.max(1, ...drawn.calls.map(({ calls }) => calls));
  const near = new Set(at === null ? [] : drawn.calls.filter(({ caller, callee }) => caller === at || callee === at || keyOf(caller, callee) === at).flatMap(({ caller, callee }) => [caller, callee, keyOf(caller, callee)]));
  const dim = (own: string): true | undefined => (at !== null && own !== at && !near.has(own) ? true : undefined);
  return (
    <div className={classes.pictureFrame}>
      <div className={classes.zoom}>
        <button type="button" className={classes.action} title="Make it smaller" aria-label="Smaller" disabled={scale <= SMALLEST} onClick={() => zoom(1 / STEP)}>−</button>
        <span className={classes.scaleText}>{Math.round(scale * 100)} %</span>
        <button type="button" className={classes.action} title="Make it larger" aria-label="Larger" disabled={scale >= LARGEST} onClick={() => zoom(STEP)}>+</button>
        <button type="button" className={classes.action} title="As much of it in sight as can be read" disabled={chosen === null} onClick={() => setChosen(null)}>Fit</button>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls */}
      <div className={classes.pictureScroll} ref={ref} tabIndex={0} role="group" aria-label="Picture of services and their calls; the table below has the figures">
        <svg className={classes.picture} width={drawn.width * scale} height={drawn.height * scale} viewBox={`0 0 ${drawn.width} ${drawn.height}`} onPointerLeave={() => setAt(null)}>
          <defs>
            <marker id="tidemark-call" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" className={classes.arrow} /></marker>
          </defs>
          {drawn.calls.map(({ caller, callee, calls, errors, label, points }) => (
            <g key={keyOf(caller, callee)} data-dim={dim(keyOf(caller, callee))} onPointerEnter={() => setAt(keyOf(caller, callee))} onPointerLeave={() => setAt(null)}>
              <title>{`${caller || 'no service'} calls ${callee || 'no service'}: ${label.join(', ')}`}</title>
              <path d={pathOf(points)} className={classes.callArea} />
              <path d={pathOf(points)} className={classes.call} strokeWidth={1 + 2 * (Math.log1p(calls) / Math.log1p(most))} strokeDasharray={errors > 0 ? '6 3' : undefined} data-failed={errors > 0 || undefined} markerEnd="url(#tidemark-call)" />
            </g>
          ))}
          {/* After all lines, so that none crosses a figure. */}
          {drawn.calls.map(({ caller, callee, errors, label, x, y }) => (
            <g key={keyOf(caller, callee)} data-dim={dim(keyOf(caller, callee))} className={classes.figures}>
              {label.map((line, i) => <text key={line} x={x} y={y + (i - (label.length - 1) / 2) * LABEL_LINE + 4} textAnchor="middle" className={`${classes.calls} ${classes.callFigures} ${errors > 0 && i === 0 ? classes.failedText : ''}`}>{line}</text>)}
            </g>
          ))}
          {drawn.services.map(({ service, spans, errors, x, y }) => {
            const act = (): void => addFilter('service', service, 'include');
            return (
              <g
                key={service} className={classes.node} data-dim={dim(service)} role="button" tabIndex={0} aria-label={`Filter for ${service || 'no service'}: ${formatCount(spans)} spans, ${formatCount(errors)} failed`} transform={`translate(${x} ${y})`} onClick={act}
                onPointerEnter={() => setAt(service)} onPointerLeave={() => setAt(null)} onFocus={() => setAt(service)} onBlur={() => setAt(null)}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' && event.key !== ' ') return;
                  event.preventDefault();
                  act();
                }}
              >
                <title>{`${service || 'no service'}: filter for it`}</title>
                <rect width={NODE.width} height={NODE.height} rx="3" />
                <text x="8" y="17" className={classes.nodeName}>{cut(service || 'no service')}</text>
                <text x="8" y="32" className={classes.calls}>{formatCount(spans)} {spans === 1 ? 'span' : 'spans'}{errors > 0 ? <tspan className={classes.failedText}>{`, ${formatCount(errors)} failed`}</tspan> : null}</text>
              </g>
            );
          })}
        </svg>
      </div>
    </div>
  );
}
