import { IconAlertCircle, IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import type { TraceSpan } from '../../../shared/contract/traces.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SourceMark, sourceVar } from '../../ui/source-mark.tsx';
import { durationText, factorText, remarks, shareOf, type Part, type Stretch } from './model.ts';
import classes from './trace.module.css';

const INDENT_PX = 10;
/** Deeper than this the indent stays, so that there is room for the name. */
const MOST_INDENT = 18;

interface SpanRowProps {
  id: string;
  /** pixels */
  y: number;
  /** start of the trace */
  start: number;
  /** what is looked at */
  part: Part;
  span: TraceSpan;
  /** spans below it, when it is closed */
  hidden: number;
  /** of its service */
  number: number;
  critical: readonly Stretch[] | undefined;
  ticks: readonly { tick: number; share: number }[];
  fold: 'none' | 'open' | 'closed';
  selected: boolean;
  /** it is one of those that are looked for */
  found: boolean;
  onToggle(): void;
  onSelect(): void;
}

/** A span: whose it is and what it does, and a bar from its start to its end with the critical path as a line below it. */
export function SpanRow({ id, y, start, part, span, hidden, number, critical, ticks, fold, selected, found, onToggle, onSelect }: SpanRowProps) {
  const duration = span.duration ?? 0;
  const bar = shareOf(part, span.start, span.start + duration);
  const outside = bar.to < 0 || bar.from > 1;
  const said = remarks(span);
  const name = `${span.service || 'no service'}, ${span.operation || 'no name'}, ${durationText(span)}`;
  const hover = [name, span.kind, `starts ${formatDuration(span.start - start)} into the trace`, `${formatDuration(span.self)} of its own`, ...said].filter((line) => line !== '').join('\n').slice(0, 2000);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree has the keys
    <div id={id} role="treeitem" tabIndex={-1} className={classes.row} data-found={found || undefined} style={{ transform: `translateY(${y}px)` }} aria-level={span.depth + 1} aria-expanded={fold === 'none' ? undefined : fold === 'open'} aria-selected={selected} aria-label={[name, ...said].join(', ').slice(0, 1000)} title={hover} onClick={onSelect}>
      <div className={classes.name} style={{ paddingLeft: 4 + Math.min(MOST_INDENT, span.depth) * INDENT_PX }}>
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- left and right do the same */}
        <span
          className={classes.fold} data-shown={fold !== 'none'} aria-hidden="true"
          onClick={(event) => {
            if (fold === 'none') return;
            event.stopPropagation();
            onToggle();
          }}
        >
          {fold === 'open' ? <IconChevronDown size={14} stroke={1.75} /> : fold === 'closed' ? <IconChevronRight size={14} stroke={1.75} /> : null}
        </span>
        <SourceMark id={number} title={span.service || 'no service'} />
        <span className={classes.what}>
          <SafeText text={span.operation || 'no name'} inline fold={200} /> <span className="dim"><SafeText text={span.service} inline fold={80} /></span>
        </span>
        {fold === 'closed' ? <span className={classes.note}>+{formatCount(hidden)}</span> : null}
        {span.place === 'orphan' ? <span className={classes.note}>parent missing</span> : span.place === 'cycle' ? <span className={classes.note}>in a circle</span> : null}
        {span.early > 0 ? <span className={classes.note}>clock −{formatDuration(span.early)}</span> : null}
        {span.usual?.slow ? <span className={classes.note}>{factorText(span.usual.factor)} usual {formatDuration(span.usual.median)}</span> : null}
        {span.failed ? <span className={classes.error}><IconAlertCircle size={13} stroke={1.75} aria-hidden="true" />error</span> : null}
      </div>
      <div className={classes.plot}>
        {ticks.map(({ tick, share }) => <span key={tick} className={classes.grid} style={{ left: `${share * 100}%` }} />)}
        <span className={classes.clip}>
          <span className={classes.bar} data-none={span.duration === null || undefined} style={{ left: `${bar.from * 100}%`, width: `${(bar.to - bar.from) * 100}%`, background: span.duration === null ? undefined : sourceVar(number), borderColor: sourceVar(number) }} />
          {critical?.map(({ from, to }) => <span key={from} className={classes.critical} style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />)}
        </span>
        {outside ? <span className={classes.label} style={bar.to < 0 ? { left: 0 } : { right: 0 }}>{bar.to < 0 ? '‹' : '›'}</span> : <span className={classes.label} style={{ left: `${Math.min(1, bar.to) * 100}%` }}>{durationText(span)}</span>}
        {span.failed && span.error !== '' && !outside ? <Failure text={span.error} bar={bar} /> : null}
      </div>
    </div>
  );
}

/** Pixels of a duration beside its bar. */
const DURATION_PX = 64;
/** Less room than this share of the plot is too little for a message. */
const LEAST_ROOM = 0.15;
/** What a span says of its failure, where there is more room: behind the bar or before it, else on it. */
function Failure({ text, bar }: { text: string; bar: Stretch }) {
  const [before, behind] = [Math.max(0, bar.from), 1 - Math.min(1, bar.to)];
  if (Math.max(before, behind) < LEAST_ROOM) return <span className={`${classes.failure} ${classes.onBar}`} style={{ left: `calc(${before * 100}% + 12px)`, maxWidth: `${(1 - before - behind) * 70}%` }}><SafeText text={text} inline fold={200} /></span>;
  const place = behind >= before ? { left: `calc(${Math.min(1, bar.to) * 100}% + ${DURATION_PX}px)`, right: 0 } : { left: 0, right: `calc(${(1 - bar.from) * 100}% + 4px)`, textAlign: 'right' as const };
  return <span className={classes.failure} style={place}><SafeText text={text} inline fold={200} /></span>;
}
