import { IconThumbDown, IconThumbUp } from '@tabler/icons-react';
import { markEvents } from '../state/event-marks.ts';
import classes from './mark-buttons.module.css';

interface MarkButtonsProps {
  eventId: number;
  /** what was said of it; undefined = nothing */
  mark: boolean | undefined;
  /** with words beside the signs */
  words?: boolean;
  /** not a stop of the tab order: keys do the same */
  untabbed?: boolean;
  onMarked?(): void;
}
const SIDES = [
  { relevant: true, title: 'Relevant', hint: 'It matters: triage looks for more like it (y)', Icon: IconThumbUp },
  { relevant: false, title: 'Not relevant', hint: 'It does not matter: triage leaves its like behind (x)', Icon: IconThumbDown },
] as const;

/** Says of an event that it matters, or that it does not; again takes it back. */
export function MarkButtons({ eventId, mark, words = false, untabbed = false, onMarked }: MarkButtonsProps) {
  return SIDES.map(({ relevant, title, hint, Icon }) => (
    <button
      key={title} type="button" className={words ? classes.action : classes.icon} aria-pressed={mark === relevant} aria-label={words ? undefined : title} title={hint} tabIndex={untabbed ? -1 : undefined}
      onClick={(event) => {
        event.stopPropagation();
        void markEvents([eventId], mark === relevant ? null : relevant);
        onMarked?.();
      }}
    >
      <Icon size={14} />{words ? title : null}
    </button>
  ));
}
