import { useState } from 'react';
import type { RootCauseReply } from '../../../shared/contract/root-cause.ts';
import { readTime } from '../../../shared/query/time-text.ts';
import { formatTime, nowMicros } from '../../../shared/time.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useView } from '../../state/view.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import classes from './root-cause.module.css';

interface OnsetBarProps {
  /** what was said; null = it is to be found */
  at: number | null;
  reply: RootCauseReply | undefined;
  onAt(at: number | null): void;
}

/** When did it start? What is known of it, and the ways to say it: typed, from the selected event, from the stretch marked on the timeline. */
export function OnsetBar({ at, reply, onAt }: OnsetBarProps) {
  const zone = useView((view) => view.zone);
  const brush = useView((view) => view.brush);
  const selectedId = useView((view) => view.selectedId);
  // The key of the detail panel: one request serves both.
  const { data: selected } = useAsk(['events.get', selectedId], (signal) => engine.events.get({ id: selectedId ?? 0 }, { signal }), { enabled: selectedId !== null, keep: false });
  const known = at ?? reply?.at ?? null;
  const [typed, setTyped] = useState<string | null>(null);
  const [trouble, setTrouble] = useState('');
  const apply = (): void => {
    if (typed === null) return;
    if (typed.trim() === '') onAt(null);
    else {
      const read = readTime(typed.trim(), { zone, now: nowMicros() });
      if (!read.ok) {
        setTrouble(read.message);
        return;
      }
      onAt(read.span.from);
    }
    setTyped(null);
    setTrouble('');
  };
  const said = trouble !== '' ? trouble : saidOf(at, reply, zone);
  return (
    <div className={classes.onset}>
      <label className={classes.question} htmlFor="root-cause-onset">When did it start?</label>
      <input
        id="root-cause-onset" className={classes.input} value={typed ?? (known === null ? '' : formatTime(known, zone, 'second'))} placeholder="found in the case" spellCheck={false} aria-invalid={trouble !== ''}
        onChange={(event) => setTyped(event.currentTarget.value)} onBlur={apply}
        onKeyDown={(event) => {
          if (event.key === 'Enter') apply();
          if (event.key === 'Escape') {
            setTyped(null);
            setTrouble('');
          }
        }}
      />
      {at !== null ? <button type="button" className={classes.action} title="Looks in the case for when it started" onClick={() => onAt(null)}>Find it</button> : null}
      {brush ? <button type="button" className={classes.action} title="The stretch marked on the timeline begins there" onClick={() => onAt(brush.from)}>Begin of the marked stretch</button> : null}
      {selected && selected.time !== at ? <button type="button" className={classes.action} title="The selected event happened then" onClick={() => onAt(selected.time)}>Selected event</button> : null}
      <span className={trouble === '' ? classes.said : classes.trouble} role={trouble === '' ? undefined : 'alert'} title={said}><SafeText text={said} inline /></span>
    </div>
  );
}

/** Why it is this time. The one that was typed may not be the one that tells. */
function saidOf(at: number | null, reply: RootCauseReply | undefined, zone: string): string {
  if (at !== null && (!reply || reply.at === null || reply.at === at)) return 'as you said';
  if (!reply || reply.at === null) return '';
  if (at === null) return reply.atWhy;
  const [typed, found] = [formatTime(at, zone, 'second'), formatTime(reply.at, zone, 'second')];
  return `${found.slice(0, 10) === typed.slice(0, 10) ? found.slice(11) : found} instead: ${reply.atWhy}`;
}
