import { IconNote, IconPencil, IconPin, IconPinnedFilled, IconRoute, IconTarget } from '@tabler/icons-react';
import { exactSpan } from '../../../shared/clock.ts';
import { FLAG } from '../../../shared/event.ts';
import type { EventDetail } from '../../../shared/event.ts';
import { withFilter } from '../../../shared/query/print.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { togglePin } from '../../state/acts.ts';
import { useCase } from '../../state/case.ts';
import { openClock } from '../../state/clocks.ts';
import { setPinNote } from '../../state/investigations.ts';
import { screenStore } from '../../state/screen.ts';
import { openTrace, traceOf } from '../../state/trace.ts';
import { editTypedEvent } from '../../state/typed-acts.ts';
import { useView, useViewStore } from '../../state/view.ts';
import { MarkdownField } from '../../ui/markdown-field.tsx';
import { formatDuration } from '../../ui/numbers.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { formatStamp } from '../../ui/time.ts';
import { nearPins, textOf } from './model.ts';
import { EventMarkButtons, TriageLine } from './triage-line.tsx';
import classes from './detail.module.css';

/** Seconds on either side that 'around it' shows. */
const AROUND = 30e6;
const PIVOTS = [['trace_id', 'Same trace'], ['request_id', 'Same request']] as const;

/** How grave, when, what; pin and note; the ways on from here. */
export function DetailHead({ event }: { event: EventDetail }) {
  const zone = useView((view) => view.zone);
  const pins = useCase((state) => state.pins);
  const pinned = pins.filter((pin) => pin.eventId === event.id);
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const investigationId = useView((view) => view.investigationId);
  const here = pinned.find((pin) => pin.investigationId === investigationId) ?? (investigationId === null ? pinned[0] : undefined);
  return (
    <header className={classes.head}>
      <div className={classes.line}>
        <SeverityMark severity={event.severity} label />
        <span className={classes.time}>{formatStamp(event.time, zone)}</span>
      </div>
      <p className={classes.about}><Original event={event} /></p>
      <p className={classes.about}><Between event={event} /></p>
      <p className={classes.about}><TriageLine eventId={event.id} /></p>
      <div className={classes.message}><SafeText text={event.message} fold={1500} /></div>
      <div className={classes.line}>
        {readOnly ? null : (
          <>
            <button type="button" className={classes.action} aria-pressed={here !== undefined} title={here ? 'Take it off the investigation (p)' : 'Put it on the investigation (p)'} onClick={() => void togglePin(event.id)}>
              {here ? <IconPinnedFilled size={14} /> : <IconPin size={14} />}{here ? 'Pinned' : 'Pin'}
            </button>
            <button type="button" className={classes.action} title="Write a note about it (n)" onClick={() => screenStore.setState({ noteFor: { eventId: event.id } })}><IconNote size={14} />Note</button>
            <EventMarkButtons eventId={event.id} />
            {event.provenance.format === 'typed' ? <button type="button" className={classes.action} title="Correct what was typed, or delete it (Shift+e)" onClick={() => void editTypedEvent(event.id)}><IconPencil size={14} />Change</button> : null}
          </>
        )}
        <Ways event={event} />
      </div>
      {here ? <PinNote eventId={event.id} investigationId={here.investigationId} readOnly={readOnly} /> : null}
    </header>
  );
}

/** The time as the record wrote it, and what had to be assumed. */
function Original({ event }: { event: EventDetail }) {
  const zone = useView((view) => view.zone);
  const notes = [
    event.flags & FLAG.TIME_INFERRED ? 'no time of its own: it has that of the record before it' : '',
    event.flags & FLAG.TIME_SUSPECT ? 'not believable: it does not stretch the time axis' : '',
    event.flags & FLAG.ZONE_ASSUMED ? 'no zone in the record: that of the source was used' : '',
  ].filter(Boolean);
  const { clock } = event;
  return (
    <>
      {clock ? <>clock corrected{clock.uncertainty > 0 ? `, right within ${exactSpan(clock.uncertainty)}` : ''}: the source said <span className="mono">{formatStamp(clock.original, zone)}</span> <button type="button" className={classes.link} onClick={() => openClock(event.provenance.sourceId)}>clock</button>{event.timeText === '' && notes.length === 0 ? '' : '; '}</> : null}
      {event.timeText === '' ? null : <>written as <span className="mono"><SafeText inline text={event.timeText} fold={100} /></span></>}
      {notes.length > 0 ? <>{event.timeText === '' ? '' : '; '}{notes.join('; ')}</> : null}
    </>
  );
}

function Between({ event }: { event: EventDetail }) {
  const pins = useCase((state) => state.pins);
  const select = useView((view) => view.select);
  const { before, next } = nearPins(pins, event.id, event.time);
  if (!before && !next) return null;
  return (
    <>
      {before ? <button type="button" className={classes.link} title="Go to that pin" onClick={() => select(before.eventId)}>{formatDuration(before.after)} after a pin</button> : null}
      {before && next ? ', ' : ''}
      {next ? <button type="button" className={classes.link} title="Go to that pin" onClick={() => select(next.eventId)}>{formatDuration(-next.after)} before a pin</button> : null}
    </>
  );
}

function Ways({ event }: { event: EventDetail }) {
  const store = useViewStore();
  const pivot = (field: string, value: string): void => store.getState().setQuery(withFilter('', field, value, 'include'));
  const valueOf = (name: string): string => {
    const found = event.fields.find((field) => field.name === name);
    return found ? textOf(found.value) : '';
  };
  const traceId = traceOf(event);
  return (
    <>
      {traceId === null ? null : <button type="button" className={classes.action} title="Its spans against time, in the traces panel (o)" onClick={() => openTrace(traceId)}><IconRoute size={14} />Open trace</button>}
      {PIVOTS.map(([field, title]) => {
        const value = valueOf(field);
        return value === '' ? null : <button key={field} type="button" className={classes.action} title={`Every event with ${field} ${value}, without the present filter`} onClick={() => pivot(field, value)}>{title}</button>;
      })}
      {event.template === '' ? null : <button type="button" className={classes.action} title={`Every event of this pattern: ${event.template.slice(0, 300)}`} onClick={() => store.getState().addFilter('template', event.template, 'include')}>All like this</button>}
      <button type="button" className={classes.action} title={`${formatDuration(AROUND)} before to ${formatDuration(AROUND)} after, every source`} onClick={() => {
        store.getState().setQuery('');
        store.getState().setRange(event.time - AROUND, event.time + AROUND);
      }}><IconTarget size={14} />Around it</button>
    </>
  );
}

function PinNote({ eventId, investigationId, readOnly }: { eventId: number; investigationId: number; readOnly: boolean }) {
  const { data } = useAsk(['investigations.pins', investigationId], (signal) => engine.investigations.pins({ id: investigationId }, { signal }), { on: ['pins'] });
  const pin = data?.find((one) => one.eventId === eventId);
  if (!pin) return null;
  return (
    <div className={classes.note}>
      <MarkdownField key={pin.id} label="Note of the pin" value={pin.note} empty="Say why it matters" readOnly={readOnly} save={(note) => void setPinNote(investigationId, eventId, pin.note, note)} />
    </div>
  );
}
