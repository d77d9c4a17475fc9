import { reasonsText } from '../../../shared/reasons-text.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useEventMarks } from '../../state/event-marks.ts';
import { MarkButtons } from '../../ui/mark-buttons.tsx';

/** Says that the event matters, or that it does not. */
export function EventMarkButtons({ eventId }: { eventId: number }) {
  return <MarkButtons eventId={eventId} mark={useEventMarks().get(eventId)} words />;
}

/** What the triage model says of it; nothing where there is no model. */
export function TriageLine({ eventId }: { eventId: number }) {
  const { data } = useAsk(['models.score', eventId], (signal) => engine.models.score({ eventIds: [eventId] }, { signal }), { on: ['models'], keep: false });
  const scored = data?.at(0);
  if (!scored) return null;
  const why = reasonsText(scored.reasons, scored.score);
  return <>triage: {Math.round(scored.score * 100)} %{why === '' ? '' : `, ${why}`}</>;
}
