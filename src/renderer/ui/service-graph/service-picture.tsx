import { useMemo, useState } from 'react';
import { useSize } from '../use-size.ts';
import { drawnGraph, LABEL_LINE, NODE, pathOf, type GraphCall, type GraphService } from './layout.ts';
import classes from './service-graph.module.css';

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

interface ServicePictureProps {
  graph: { nodes: readonly GraphService[]; edges: readonly GraphCall[] };
  /** what it is a picture of, for those who do not see it */
  label: string;
  /** what choosing a service does, in words that its name ends: 'Filter for' */
  act: string;
  /** the one that is chosen, if any */
  chosen?: string;
  onChoose(service: string): void;
}

/** Services and their calls. It fits into its place until it is made larger; what the pointer or the focus is on stands out with its calls. */
export function ServicePicture({ graph, label: title, act: doing, chosen: current, onChoose }: ServicePictureProps) {
  const drawn = useMemo(() => drawnGraph(graph), [graph]);
  const { ref, width, height } = useSize();
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
      <div className={classes.pictureScroll} ref={ref} tabIndex={0} role="group" aria-label={title}>
        <svg className={classes.picture} width={drawn.width * scale} height={drawn.height * scale} viewBox={`0 0 ${drawn.width} ${drawn.height}`} onPointerLeave={() => setAt(null)}>
          <defs>
            <marker id="tidemark-call" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" className={classes.arrow} /></marker>
          </defs>
          {drawn.calls.map(({ caller, callee, calls, bad, label, points }) => (
            <g key={keyOf(caller, callee)} data-dim={dim(keyOf(caller, callee))} onPointerEnter={() => setAt(keyOf(caller, callee))} onPointerLeave={() => setAt(null)}>
              <title>{`${caller || 'no service'} calls ${callee || 'no service'}: ${label.join(', ')}`}</title>
              <path d={pathOf(points)} className={classes.callArea} />
              <path d={pathOf(points)} className={classes.call} strokeWidth={1 + 2 * (Math.log1p(calls) / Math.log1p(most))} strokeDasharray={bad ? '6 3' : undefined} data-failed={bad || undefined} markerEnd="url(#tidemark-call)" />
            </g>
          ))}
          {/* After all lines, so that none crosses a figure. */}
          {drawn.calls.map(({ caller, callee, bad, label, x, y }) => (
            <g key={keyOf(caller, callee)} data-dim={dim(keyOf(caller, callee))} className={classes.figures}>
              {label.map((line, i) => <text key={line} x={x} y={y + (i - (label.length - 1) / 2) * LABEL_LINE + 4} textAnchor="middle" className={`${classes.calls} ${classes.callFigures} ${bad && i === 0 ? classes.failedText : ''}`}>{line}</text>)}
            </g>
          ))}
          {drawn.services.map(({ service, detail, bad, blame, x, y }) => {
            const act = (): void => onChoose(service);
            return (
              <g
                key={service} className={classes.node} data-dim={dim(service)} data-chosen={service === current || undefined} role="button" tabIndex={0} aria-label={`${doing} ${service || 'no service'}: ${detail}${bad}`} transform={`translate(${x} ${y})`} onClick={act}
                onPointerEnter={() => setAt(service)} onPointerLeave={() => setAt(null)} onFocus={() => setAt(service)} onBlur={() => setAt(null)}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' && event.key !== ' ') return;
                  event.preventDefault();
                  act();
                }}
              >
                <title>{`${doing} ${service || 'no service'}`}</title>
                <rect width={NODE.width} height={NODE.height} rx="3" />
                {blame === undefined || blame < 0.01 ? null : <rect className={classes.blame} width={NODE.width} height={NODE.height} rx="3" style={{ fillOpacity: 0.08 + 0.3 * blame, strokeOpacity: blame }} />}
                <text x="8" y="17" className={classes.nodeName}>{cut(service || 'no service')}</text>
                <text x="8" y="32" className={classes.calls}>{detail}{bad === '' ? null : <tspan className={classes.failedText}>{bad}</tspan>}</text>
              </g>
            );
          })}
        </svg>
      </div>
    </div>
  );
}
