import { ActionIcon, Button, Popover, TextInput } from '@mantine/core';
import { IconZoomOut } from '@tabler/icons-react';
import { useState } from 'react';
import { readTime } from '../../shared/query/time-text.ts';
import { useBounds } from '../state/case.ts';
import { runCommand } from '../state/commands.ts';
import { useView } from '../state/view.ts';
import { formatDuration } from '../ui/numbers.ts';
import { formatRange, formatTime, nowMicros } from '../ui/time.ts';
import bar from './workbench.module.css';
import classes from './range-picker.module.css';

const MINUTE = 60e6;
/** Lengths counted back from the last event of the case: in a case about last week, "the last hour" is not the clock's. */
const LAST = [5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 6 * 60 * MINUTE, 24 * 60 * MINUTE, 7 * 24 * 60 * MINUTE] as const;

/** The time range: what it is and how long; presets and typed times. */
export function RangePicker() {
  const from = useView((state) => state.from);
  const to = useView((state) => state.to);
  const zone = useView((state) => state.zone);
  const bounds = useBounds();
  const [opened, setOpened] = useState(false);
  const whole = from === null && to === null;
  const start = from ?? bounds?.from ?? null;
  const end = to ?? bounds?.to ?? null;
  const text = start === null || end === null ? 'No events yet' : whole ? 'Whole case' : formatRange(start, end, zone);
  return (
    <>
      <Popover opened={opened} onChange={setOpened} position="bottom-end" width={420} trapFocus returnFocus>
        <Popover.Target>
          <button type="button" className={bar.barButton} aria-haspopup="dialog" aria-expanded={opened} onClick={() => setOpened(!opened)} title={start === null || end === null ? undefined : `${formatTime(start, zone, 'us')} to ${formatTime(end, zone, 'us')} ${zone}`}>
            {text} {start === null || end === null ? null : <span>{formatDuration(end - start)}</span>}
          </button>
        </Popover.Target>
        <Popover.Dropdown p="md">{opened ? <RangeForm close={() => setOpened(false)} /> : null}</Popover.Dropdown>
      </Popover>
      {whole ? null : <ActionIcon size="md" aria-label="Zoom out" title="Zoom out (-)" onClick={() => runCommand('range.out')}><IconZoomOut size={16} /></ActionIcon>}
    </>
  );
}

function RangeForm({ close }: { close: () => void }) {
  const { from, to, zone, setRange, resetRange, back } = useView((state) => state);
  const canGoBack = useView((state) => state.rangeHistory.length > 0);
  const bounds = useBounds();
  const start = from ?? bounds?.from ?? null;
  const end = to ?? bounds?.to ?? null;
  const [fromText, setFromText] = useState(start === null ? '' : formatTime(start, zone, 'second'));
  const [toText, setToText] = useState(end === null ? '' : formatTime(end, zone, 'second'));
  const [tried, setTried] = useState(false);
  const clock = { zone, now: nowMicros() };
  const first = fromText.trim() === '' ? null : readTime(fromText.trim(), clock);
  const last = toText.trim() === '' ? null : readTime(toText.trim(), clock);
  const fromError = first && !first.ok ? first.message : '';
  const newFrom = first?.ok ? first.span.from : null;
  const newTo = last?.ok ? last.span.to : null;
  const toError = last && !last.ok ? last.message : newFrom !== null && newTo !== null && newTo <= newFrom ? 'The end is not after the start.' : '';
  const apply = (): void => {
    setTried(true);
    if (fromError || toError) return;
    setRange(newFrom, newTo);
    close();
  };
  const preset = (work: () => void) => () => {
    work();
    close();
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <div className={classes.presets}>
        <Button variant="default" size="compact-xs" onClick={preset(resetRange)}>Whole case</Button>
        {bounds ? LAST.filter((length) => length < bounds.to - bounds.from).map((length) => (
          <Button key={length} variant="default" size="compact-xs" onClick={preset(() => setRange(bounds.to - length, bounds.to + 1))}>Last {formatDuration(length)}</Button>
        )) : null}
        {canGoBack ? <Button variant="default" size="compact-xs" onClick={preset(back)}>Range before</Button> : null}
      </div>
      <p className={classes.hint}>"Last" counts back from the last event of the case.</p>
      <TextInput label={`From (${zone})`} value={fromText} onChange={(event) => setFromText(event.currentTarget.value)} error={tried && fromError} data-autofocus />
      <TextInput label={`To, including (${zone})`} value={toText} onChange={(event) => setToText(event.currentTarget.value)} error={tried && toError} />
      <p className={classes.hint}>A time as 2026-11-21, 2026-11-21T14:02, 14:02:33.250 with a date, with Z or +02:00, or counted from now: -15m, today. Empty is no bound.</p>
      <div className={classes.end}><Button type="submit">Use this range</Button></div>
    </form>
  );
}
