import { ActionIcon } from '@mantine/core';
import { IconPinnedOff } from '@tabler/icons-react';
import type { Investigation, Pin } from '../../../shared/event.ts';
import { useAsk } from '../../client/ask.ts';
import { engine } from '../../client/client.ts';
import { unpinEvents } from '../../state/acts.ts';
import { setPinNote } from '../../state/investigations.ts';
import { useView } from '../../state/view.ts';
import { MarkdownField } from '../../ui/markdown-field.tsx';
import { formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { shortPath } from '../../ui/source-mark.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import classes from './investigation.module.css';

/** The pinned events in time order: the spine of the story. Choosing one selects it everywhere. */
export function Pins({ investigation, readOnly }: { investigation: Investigation; readOnly: boolean }) {
  const id = investigation.id;
  const pins = useAsk(['investigations.pins', id], (signal) => engine.investigations.pins({ id }, { signal }), { on: ['pins'] });
  const list = pins.data ?? [];
  return (
    <>
      <h2>Pinned events</h2>
      {pins.error ? <ErrorState error={pins.error} doing="Reading the pins" retry={pins.retry} /> : null}
      {pins.data && list.length === 0 ? <p className={classes.none}>None yet. Select an event and press p: it joins this timeline and the report.</p> : null}
      <ol className={classes.pins}>
        {list.map((pin, index) => <One key={pin.id} pin={pin} before={list[index - 1]} readOnly={readOnly} />)}
      </ol>
    </>
  );
}

function One({ pin, before, readOnly }: { pin: Pin; before: Pin | undefined; readOnly: boolean }) {
  const zone = useView((state) => state.zone);
  const selected = useView((state) => state.selectedId === pin.eventId);
  const select = useView((state) => state.select);
  return (
    <li className={classes.pin} data-selected={selected || undefined}>
      <button type="button" className={classes.pinRow} aria-current={selected || undefined} onClick={() => select(pin.eventId)}>
        <span className={classes.pinTime} title={formatStamp(pin.time, zone)}>{formatTime(pin.time, zone, 'ms')}</span>
        <span className={classes.pinGap}>{before ? `+${formatDuration(pin.time - before.time)}` : ''}</span>
        <SeverityMark severity={pin.severity} />
        <span className={classes.pinFrom} title={pin.path}>{pin.service || pin.host || shortPath(pin.path)}</span>
        <span className={classes.pinText}><SafeText text={pin.message} inline fold={400} /></span>
      </button>
      {readOnly ? null : <ActionIcon size="xs" aria-label="Unpin" title="Unpin; can be undone" onClick={() => void unpinEvents([pin.eventId], pin.investigationId)}><IconPinnedOff size={14} /></ActionIcon>}
      <div className={classes.pinNote}>
        <MarkdownField label="Note of the pin" value={pin.note} empty="Say why it matters" readOnly={readOnly} save={(note) => void setPinNote(pin.investigationId, pin.eventId, pin.note, note)} />
      </div>
    </li>
  );
}
