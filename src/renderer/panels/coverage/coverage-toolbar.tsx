import type { CoverageReply } from '../../../shared/contract/coverage.ts';
import { useView } from '../../state/view.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { formatRange } from '../../ui/time.ts';
import { noOverlap, ORDER_TITLES, ORDERS } from './rows.ts';
import type { CoverageOrder } from './rows.ts';
import classes from './coverage.module.css';

interface CoverageToolbarProps {
  reply: CoverageReply | undefined;
  /** sources that have the words */
  shown: number;
  stale: boolean;
  text: string;
  onText(text: string): void;
  order: CoverageOrder;
  onOrder(order: CoverageOrder): void;
}

export function CoverageToolbar({ reply, shown, stale, text, onText, order, onOrder }: CoverageToolbarProps) {
  const zone = useView((view) => view.zone);
  const setRange = useView((view) => view.setRange);
  const overlap = reply?.overlap ?? null;
  const silent = reply?.sources.filter(({ stoppedEarly }) => stoppedEarly !== null).length ?? 0;
  return (
    <div className={classes.toolbar}>
      <input className={classes.find} type="search" placeholder="Find a source" aria-label="Find a source" value={text} onChange={(event) => onText(event.currentTarget.value)} />
      <label className={classes.order}>
        Order
        <select value={order} onChange={(event) => onOrder(event.currentTarget.value as CoverageOrder)}>
          {ORDERS.map((one) => <option key={one} value={one}>{ORDER_TITLES[one]}</option>)}
        </select>
      </label>
      <span role="status" className={classes.status}>
        {reply ? `${shown === reply.sources.length ? '' : `${formatCount(shown)} of `}${formatCount(reply.sources.length)}${reply.more > 0 ? ` (${formatCount(reply.more)} more not listed)` : ''} ${reply.sources.length === 1 ? 'source' : 'sources'}` : ''}
        {silent > 0 ? `, ${formatCount(silent)} stopped before the rest` : ''}
        {reply && !reply.complete ? ', reading' : stale ? ', updating' : ''}
      </span>
      <span className={classes.spacer} />
      {reply && overlap ? (
        <button type="button" className={classes.overlap} title={`The time that every source is about: ${formatRange(overlap.from, overlap.to, zone)}. Click makes it the range.`} onClick={() => setRange(overlap.from, overlap.to + 1)}>
          All sources: {formatDuration(overlap.to - overlap.from)}
        </button>
      ) : null}
      {reply && !overlap ? <span className={classes.apart} title={noOverlap(reply)}>{noOverlap(reply)}</span> : null}
    </div>
  );
}
