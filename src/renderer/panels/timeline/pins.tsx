import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useCase } from '../../state/case.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { formatStamp } from '../../ui/time.ts';
import type { Box } from '../../ui/time-axis/range.ts';
import { clusterPins } from './pin-marks.ts';
import type { Range } from '../../ui/time-axis/range.ts';
import classes from './timeline.module.css';

/**
 * Pinned events on the time axis. They are one stop in the tab order: arrows go from mark to mark, Enter selects the event of one
 * (of several at one place: the next of them).
 */
export function Pins({ range, plot }: { range: Range; plot: Box }) {
  const pins = useCase((state) => state.pins);
  const zone = useView((view) => view.zone);
  const selectedId = useView((view) => view.selectedId);
  const store = useViewStore();
  const marks = useMemo(() => clusterPins(pins, range, plot), [pins, range, plot]);
  const [current, setCurrent] = useState(0);
  const group = useRef<HTMLDivElement>(null);
  const stop = Math.min(current, marks.length - 1);
  const keys = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, Home: -marks.length, End: marks.length };
    const step = steps[event.key];
    // Otherwise the plot below would take Enter and the arrows for its own.
    if (step !== undefined || event.key === 'Enter' || event.key === ' ') event.stopPropagation();
    if (step === undefined) return;
    event.preventDefault();
    group.current?.querySelectorAll('button')[Math.min(marks.length - 1, Math.max(0, stop + step))]?.focus();
  };
  if (marks.length === 0) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/no-noninteractive-element-interactions -- the keys go from button to button
    <div ref={group} role="group" aria-label="Pinned events" onKeyDown={keys}>
      {marks.map(({ x, time, eventIds }, index) => {
        const name = `${eventIds.length === 1 ? 'Pinned event' : `${formatCount(eventIds.length)} pinned events from`} ${formatStamp(time, zone)}`;
        return (
          <button
            key={eventIds[0]} type="button" tabIndex={index === stop ? 0 : -1} className={classes.pin} style={{ left: x }} title={name}
            aria-label={`${name}, mark ${index + 1} of ${marks.length}`} aria-pressed={selectedId !== null && eventIds.includes(selectedId)}
            onFocus={() => setCurrent(index)} onClick={() => store.getState().select(eventIds[(eventIds.indexOf(selectedId ?? -1) + 1) % eventIds.length])}
          >
            <svg width="11" height="13" viewBox="0 0 11 13" aria-hidden="true"><path d="M.5.5h10v6l-5 6l-5-6z" fill="currentColor" /></svg>
          </button>
        );
      })}
    </div>
  );
}
