import { memo, useMemo } from 'react';
import type { CoverageGap, CoverageReply, SourceCoverage } from '../../../shared/contract/coverage.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SIGNAL_TITLES } from '../../ui/signal-mark.tsx';
import { SourceMark, shortPath, sourceVar } from '../../ui/source-mark.tsx';
import { toShare } from '../../ui/time-axis/range.ts';
import type { Range } from '../../ui/time-axis/range.ts';
import { formatRange, formatStamp, formatTime } from '../../ui/time.ts';
import { valueProps } from '../../ui/value.ts';
import { ROW_PX } from './columns.ts';
import type { Columns } from './columns.ts';
import { blocksOf, LEVELS, pathOf } from './presence.ts';
import { remarkOf } from './rows.ts';
import classes from './coverage.module.css';

const BAR_PX = 18;
/** A gap that is shown alone has this share of its length on either side. */
const AROUND = 0.5;

interface CoverageRowProps {
  source: SourceCoverage;
  index: number;
  /** pixels */
  top: number;
  range: Range;
  reply: Pick<CoverageReply, 'from' | 'to' | 'buckets'>;
  columns: Columns;
  /** what of the row is the stop of the tab order: a gap, -1 its name, null = nothing */
  stop: number | null;
  onPlace(gap: number): void;
}

export function CoverageRow({ source, index, top, range, reply, columns, stop, onPlace }: CoverageRowProps) {
  const zone = useView((view) => view.zone);
  const addFilter = useView((view) => view.addFilter);
  const { id, path, signal, events, first, last } = source;
  const remark = remarkOf(source);
  const stamps = first === null || last === null ? 'no event has a time' : `${formatStamp(first, zone)} to ${formatStamp(last, zone)}, ${formatDuration(last - first)}`;
  return (
    <div className={classes.row} role="row" aria-rowindex={index + 2} style={{ top, height: ROW_PX }}>
      <div role="gridcell" className={classes.name} style={{ width: columns.name }}>
        <button
          type="button" data-place={`${index}:-1`} tabIndex={stop === -1 ? 0 : -1} onFocus={() => onPlace(-1)} className={classes.source}
          title={`${path}\n${SIGNAL_TITLES[signal]}, ${stamps}\nClick filters for it`} onClick={() => addFilter('source', path, 'include')} {...valueProps('source', path)}
        >
          <SourceMark id={id} title={SIGNAL_TITLES[signal]} /> <SafeText text={shortPath(path)} inline fold={200} />
        </button>
        {remark ? <span className={classes.remark} data-warn={source.stoppedEarly !== null || undefined} title={remark}>{remark}</span> : null}
      </div>
      <div role="gridcell" className={classes.plot} style={{ width: columns.plot }}>
        <Presence source={source} range={range} reply={reply} width={columns.plot} />
        {source.gaps.map((gap, i) => (gap.to > range.from && gap.from < range.to ? (
          <Gap key={gap.from} gap={gap} place={`${index}:${i}`} stop={stop === i} onFocus={() => onPlace(i)} range={range} width={columns.plot} name={shortPath(path)} />
        ) : null))}
      </div>
      <div role="gridcell" className={classes.number} style={{ width: columns.events }}>{formatCount(events)}</div>
      <div role="gridcell" className={classes.time} style={{ width: columns.time }} hidden={columns.time === 0} title={first === null ? undefined : formatStamp(first, zone)}>{first === null ? '' : formatTime(first, zone, 'second')}</div>
      <div role="gridcell" className={classes.time} style={{ width: columns.time }} hidden={columns.time === 0} title={last === null ? undefined : formatStamp(last, zone)}>{last === null ? '' : formatTime(last, zone, 'second')}</div>
    </div>
  );
}

/** Where the source has events: height and strength say how many. Drawn for the range of the answer, which may be another than the one in sight. */
const Presence = memo(function Presence({ source, range, reply, width }: { source: SourceCoverage; range: Range; reply: Pick<CoverageReply, 'from' | 'to' | 'buckets'>; width: number }) {
  const blocks = useMemo(() => blocksOf(source.counts), [source.counts]);
  const left = toShare(range, reply.from) * width;
  const drawn = (toShare(range, reply.to) - toShare(range, reply.from)) * width;
  return (
    <svg className={classes.presence} style={{ left, color: sourceVar(source.id) }} width={Math.max(1, drawn)} height={BAR_PX} aria-hidden="true">
      {Array.from({ length: LEVELS }, (_, i) => i + 1).map((level) => <path key={level} d={pathOf(blocks, level, reply.buckets, drawn, BAR_PX)} fill="currentColor" opacity={0.35 + (0.45 * level) / LEVELS} />)}
    </svg>
  );
});

/** A silence: hatched, and a button that shows it alone. */
function Gap({ gap, place, stop, onFocus, range, width, name }: { gap: CoverageGap; place: string; stop: boolean; onFocus(): void; range: Range; width: number; name: string }) {
  const store = useViewStore();
  const zone = useView((view) => view.zone);
  const left = Math.max(0, toShare(range, gap.from)) * width;
  const right = Math.min(1, toShare(range, gap.to)) * width;
  const length = gap.to - gap.from;
  const said = `${name} is silent for ${formatDuration(length)}: ${formatRange(gap.from, gap.to, zone)}`;
  return (
    <button
      type="button" data-place={place} tabIndex={stop ? 0 : -1} onFocus={onFocus} className={classes.gap} style={{ left, width: Math.max(4, right - left) }} aria-label={`${said}. Show it`} title={`${said}\nClick shows it`}
      onClick={() => {
        const { setRange, setBrush } = store.getState();
        setRange(Math.round(gap.from - length * AROUND), Math.round(gap.to + length * AROUND));
        setBrush({ from: gap.from, to: gap.to });
      }}
    />
  );
}
