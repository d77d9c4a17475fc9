import { Button, Loader } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { clockWords, exactSpan, type ClockSetting } from '../../shared/clock.ts';
import type { ClockSuggestion, ClockSuggestions, SightingKind } from '../../shared/contract/clocks.ts';
import type { Source } from '../../shared/event.ts';
import { engine } from '../client/client.ts';
import { useCase } from '../state/case.ts';
import { useView } from '../state/view.ts';
import { formatCount } from '../ui/numbers.ts';
import { shortPath, SourceMark } from '../ui/source-mark.tsx';
import { ErrorState } from '../ui/states.tsx';
import { formatStamp } from '../ui/time.ts';
import classes from './clocks.module.css';

const KINDS: Readonly<Record<SightingKind, string>> = { call: 'calls between them', span_id: 'span ids', request_id: 'request ids', trace_id: 'trace ids', message: 'messages that stand once in each' };

type Asked = { state: 'idle' } | { state: 'asking' } | { state: 'told'; reply: ClockSuggestions } | { state: 'failed'; error: unknown };

/** What other sources say of the clock of a source; asked for by a button, because it looks at the events of all. `take` null = only to look at. */
export function Suggestions({ source, take }: { source: Source; take: ((setting: ClockSetting, note: string) => void) | null }) {
  const [asked, setAsked] = useState<Asked>({ state: 'idle' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const ask = (): void => {
    const abort = new AbortController();
    running.current = abort;
    setAsked({ state: 'asking' });
    engine.clocks.suggest({ source: source.id }, { signal: abort.signal }).then(
      (reply) => setAsked({ state: 'told', reply }),
      (error: unknown) => setAsked(abort.signal.aborted ? { state: 'idle' } : { state: 'failed', error }),
    );
  };
  return (
    <section className={classes.suggestions} aria-label="What other sources say">
      {asked.state === 'idle' ? <><Button variant="default" size="compact-sm" onClick={ask}>Compare with other sources</Button> <span className="dim">by ids, calls and messages that both have</span></> : null}
      {asked.state === 'asking' ? <p className={classes.asking} role="status"><Loader size={14} />Looking for moments that other sources saw too <Button variant="default" size="compact-xs" onClick={() => running.current?.abort()}>Stop</Button></p> : null}
      {asked.state === 'failed' ? <ErrorState error={asked.error} doing="Comparing the clocks" retry={ask} /> : null}
      {asked.state === 'told' ? <Told reply={asked.reply} take={take} /> : null}
    </section>
  );
}

function Told({ reply: { suggestions, looked, truncated }, take }: { reply: ClockSuggestions; take: ((setting: ClockSetting, note: string) => void) | null }) {
  if (suggestions.length === 0) return <p className="dim" role="status">No other source saw enough of the same: {formatCount(looked)} events were looked at.</p>;
  return (
    <>
      <ul className={classes.list} tabIndex={0} aria-label="Suggestions">
        {suggestions.map((one) => <Suggestion key={one.against} one={one} take={take} />)}
      </ul>
      {truncated ? <p className="dim">A sample of the ids and messages was compared.</p> : null}
    </>
  );
}

function Suggestion({ one, take }: { one: ClockSuggestion; take: ((setting: ClockSetting, note: string) => void) | null }) {
  const zone = useView((state) => state.zone);
  const against = useCase((state) => state.sources.get(one.against));
  const setting: ClockSetting = { ...one.setting, zone: '', note: '' };
  const shared = `${formatCount(one.shared)} ${KINDS[one.kind]}`;
  const evidence = `${shared}${one.outliers > 0 ? `, of which ${formatCount(one.outliers)} do not fit` : ''}`;
  return (
    <li className={classes.suggestion}>
      <div>
        <p>Against <SourceMark id={one.against} title={against?.path ?? ''} /> <span className="mono" title={against?.path}>{against ? shortPath(against.path) : one.against}</span>: <strong>{clockWords(setting, (time) => formatStamp(time, zone))}</strong></p>
        <p className={classes.evidence}>{evidence}. {one.zone === null ? '' : `It looks like a zone that is ${exactSpan(one.zone)} off. `}Assumes: {one.assumes}</p>
      </div>
      {take ? <Button variant="default" size="compact-xs" onClick={() => take(setting, `by ${shared} shared with ${against?.path ?? one.against}`.slice(0, 500))}>Use</Button> : null}
    </li>
  );
}
