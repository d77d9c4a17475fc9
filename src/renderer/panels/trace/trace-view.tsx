import { useMemo, useState } from 'react';
import type { Trace, TraceSpan } from '../../../shared/contract/traces.ts';
import { withFilter } from '../../../shared/query/print.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SourceMark } from '../../ui/source-mark.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { valueProps } from '../../ui/value.ts';
import { durationText, findSpans, nextOf, remarks, serviceNumbers } from './model.ts';
import { Waterfall } from './waterfall.tsx';
import classes from './trace.module.css';

/** Services that are named above the spans, where there is room; the head says how many there are. */
const NAMED_SERVICES = 12;

/** One trace: what it is, which services take part, its spans against time, and what is said of the selected one. */
export function TraceView({ trace, stale }: { trace: Trace; stale: boolean }) {
  const { spans } = trace;
  const numbers = useMemo(() => serviceNumbers(spans), [spans]);
  const [text, setText] = useState('');
  const found = useMemo(() => findSpans(spans, text), [spans, text]);
  const marked = useMemo(() => new Set(found), [found]);
  const selected = useView((view) => view.selectedId);
  const select = useView((view) => view.select);
  const place = spans.findIndex(({ event }) => event === selected);
  const step = (places: readonly number[], direction: 1 | -1 = 1): void => {
    const next = nextOf(places, place, direction);
    if (next !== undefined) select(spans[next].event);
  };
  return (
    <div className={`${classes.trace} ${stale ? 'stale' : ''}`}>
      <Head trace={trace} services={numbers.size} onStep={step} />
      <div className={classes.legend}>
        <Services numbers={numbers} />
        <span className={classes.key} title="At every moment, the one span that the end of the trace waits for"><span className={classes.keyLine} aria-hidden="true" />critical path</span>
        <Find text={text} found={found} place={place} onText={setText} onStep={(direction) => step(found, direction)} />
      </div>
      <Waterfall trace={trace} numbers={numbers} found={marked} />
      {place >= 0 ? <SpanFoot trace={trace} span={spans[place]} /> : null}
    </div>
  );
}

interface HeadProps {
  trace: Trace;
  services: number;
  /** goes to the next of some spans */
  onStep(places: readonly number[]): void;
}
function Head({ trace, services, onStep }: HeadProps) {
  const zone = useView((view) => view.zone);
  const [root] = trace.spans;
  const duration = trace.end - trace.start;
  const those = (test: (span: TraceSpan) => boolean): number[] => trace.spans.flatMap((span, i) => (test(span) ? [i] : []));
  const figures = [
    { places: those(({ failed }) => failed), words: (n: number) => (n === 1 ? 'error' : 'errors'), className: classes.error, title: 'Go to the next span that failed' },
    { places: those(({ usual }) => usual?.slow === true), words: () => 'slow', className: classes.slow, title: `Go to the next span that took much longer than is usual for its operation, by ${formatCount(trace.earlier)} earlier spans of these services` },
    { places: those(({ place }) => place === 'orphan' || place === 'cycle'), words: (n: number) => (n === 1 ? 'without its parent' : 'without their parents'), className: classes.slow, title: 'Go to the next span whose parent is not in the case, so that it stands beside the root' },
  ];
  return (
    <div className={classes.head}>
      <span className={classes.title}><SafeText text={root.operation || 'no name'} inline fold={200} /></span>
      <span className={classes.figure} title={`${formatCount(Math.round(duration))} µs`}>{formatDuration(duration)}</span>
      <span className={classes.figure} title={formatStamp(trace.start, zone)}>{formatTime(trace.start, zone)}</span>
      <span className={classes.figure}>{trace.total > trace.spans.length ? `first ${formatCount(trace.spans.length)} of ${formatCount(trace.total)} spans` : `${formatCount(trace.total)} ${trace.total === 1 ? 'span' : 'spans'}`}</span>
      <span className={classes.figure}>{formatCount(services)} {services === 1 ? 'service' : 'services'}</span>
      {figures.map(({ places, words, className, title }) => (places.length === 0 ? null : <button key={title} type="button" className={`${classes.step} ${className}`} title={title} onClick={() => onStep(places)}>{formatCount(places.length)} {words(places.length)}</button>))}
      {trace.unreadable > 0 ? <span className={classes.slow} title="The case file is damaged. Check the case, and copy what can be read into a new one.">{formatCount(trace.unreadable)} not readable</span> : null}
      <span className={classes.spacer} />
      <Ways trace={trace} />
    </div>
  );
}

/** The trace as a filter and as a range for the other panels. */
function Ways({ trace }: { trace: Trace }) {
  const addFilter = useView((view) => view.addFilter);
  const setRange = useView((view) => view.setRange);
  const { traceId } = trace;
  const query = useMemo(() => withFilter('', 'trace_id', traceId, 'include'), [traceId]);
  const { data } = useAsk(['events.count', query], (signal) => engine.events.count({ scope: { query, from: null, to: null } }, { signal }));
  const others = data ? Math.max(0, data.total - trace.total) : 0;
  return (
    <>
      <button type="button" className={classes.action} title={data ? `Filter for the ${formatCount(data.total)}${data.complete ? '' : '+'} events with trace id ${traceId}` : `Filter for the events with trace id ${traceId}`} {...valueProps('trace_id', traceId)} onClick={() => addFilter('trace_id', traceId, 'include')}>
        {others > 0 ? `Filter (${formatCount(others)} other ${others === 1 ? 'event' : 'events'})` : 'Filter'}
      </button>
      <button type="button" className={classes.action} title="Make the time of this trace the range of the timeline and of all panels" onClick={() => setRange(Math.floor(trace.start), Math.ceil(trace.end) + 1)}>Set range</button>
    </>
  );
}

interface FindProps {
  text: string;
  found: readonly number[];
  /** of the selected span, -1 for none */
  place: number;
  onText(text: string): void;
  onStep(direction: 1 | -1): void;
}
/** Looks for a text in the spans; Enter goes from one to the next. */
function Find({ text, found, place, onText, onStep }: FindProps) {
  const at = found.indexOf(place);
  return (
    <span className={classes.find}>
      {text.trim() === '' ? null : <span role="status">{found.length === 0 ? 'none' : at < 0 ? formatCount(found.length) : `${formatCount(at + 1)} of ${formatCount(found.length)}`}</span>}
      <input
        type="search" className={classes.input} aria-label="Find in the trace" placeholder="Find in the trace" title="Service, operation, kind, span id or error; Enter for the next, Shift+Enter for the one before" value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape' && text !== '') onText('');
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
    </span>
  );
}

/** All that is said of one span, in words. */
function SpanFoot({ trace, span }: { trace: Trace; span: TraceSpan }) {
  return (
    <div className={classes.foot}>
      <p><strong><SafeText text={span.operation || 'no name'} inline fold={200} /></strong> <SafeText text={[span.service || 'no service', span.kind].filter((part) => part !== '').join(', ')} inline fold={120} /> · {durationText(span)}, {formatDuration(span.self)} of its own · starts {formatDuration(span.start - trace.start)} into the trace</p>
      {remarks(span).map((said, i) => <p key={said} className={span.failed && i === 0 ? classes.error : undefined}><SafeText text={said} inline fold={500} /></p>)}
    </div>
  );
}

function Services({ numbers }: { numbers: ReadonlyMap<string, number> }) {
  const all = [...numbers];
  return (
    <div className={classes.services} title={all.map(([service]) => service).join(', ').slice(0, 1000)}>
      {all.slice(0, NAMED_SERVICES).map(([service, number]) => (
        <span key={service} className={classes.service} {...valueProps('service', service)}><SourceMark id={number} title={service || 'no service'} /> <SafeText text={service || 'no service'} inline fold={60} /></span>
      ))}
    </div>
  );
}
