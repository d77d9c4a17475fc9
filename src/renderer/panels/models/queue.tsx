import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { TriageReply, TriageState } from '../../../shared/contract/models.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import { reasonsText } from '../../../shared/reasons-text.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { markEvents, useEventMarks } from '../../state/event-marks.ts';
import { useScope, useView, useViewStore } from '../../state/view.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { MarkButtons } from '../../ui/mark-buttons.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { RunBar } from '../../ui/run-bar.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { SeverityMark } from '../../ui/severity.tsx';
import { EmptyState, ErrorState, Kbd } from '../../ui/states.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { TrainButton } from './train-button.tsx';
import { figuresSentence } from './words.ts';
import classes from './models.module.css';

const LIMIT = 200;

/** The events to look at next. Rows stay while they are marked, so that nothing moves under the hand; another training makes another queue. */
export function Queue({ state, readOnly }: { state: TriageState; readOnly: boolean }) {
  const scope = useScope();
  const { run, progress } = useRun();
  const [stopped, setStopped] = useState(false);
  const current = state.versions.find((version) => version.current);
  const { data, error, loading, stale, retry } = useAsk(['models.triage', scope, current?.version ?? null], (signal) => engine.models.triage({ scope, limit: LIMIT, run }, { signal }), { on: [], enabled: !stopped });
  const again = (): void => {
    if (stopped) setStopped(false);
    else retry();
  };
  if (error && !data) return <ErrorState error={error} doing="Ranking the events" retry={retry} />;
  return (
    <>
      <RunBar loading={loading} progress={progress} stopped={stopped} onStop={() => setStopped(true)} onAgain={again}>
        <span className={classes.basis}>{current ? <><b>Model {current.version}</b> {figuresSentence(current)}</> : <Counted state={state} />}</span>
        {readOnly ? null : <TrainButton state={state} />}
      </RunBar>
      {data ? <List reply={data} stale={stale} readOnly={readOnly} /> : <div className={classes.list} aria-busy="true" />}
    </>
  );
}

function Counted({ state: { relevant, notRelevant, byPinOrNote, tooFew } }: { state: TriageState }) {
  const pins = byPinOrNote > 0 ? `, ${formatCount(byPinOrNote)} of them by pin or note` : '';
  return <>{formatCount(relevant)} marked relevant{pins}, {formatCount(notRelevant)} not. {tooFew === '' ? 'Enough to train from.' : `${Math.max(0, 5 - relevant)} more relevant ones and a model can learn.`}</>;
}

function List({ reply, stale, readOnly }: { reply: TriageReply; stale: boolean; readOnly: boolean }) {
  const store = useViewStore();
  const selected = useView((view) => view.selectedId);
  const marks = useEventMarks();
  const { rows, events, by, more, total, scored, marked, drift } = reply;
  const at = rows.findIndex(({ event }) => event === selected);
  const go = (place: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, place))];
    if (!row) return;
    store.getState().select(row.event);
    document.getElementById(`triage-${row.event}`)?.scrollIntoView({ block: 'nearest' });
  };
  const next = (from: number): void => {
    const unmarked = rows.findIndex(({ event }, place) => place > from && !marks.has(event));
    go(unmarked < 0 ? from : unmarked);
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const relevant = { y: true, '+': true, x: false, '-': false }[event.key];
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -rows.length, End: rows.length }[event.key];
    if (relevant === undefined && step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (step !== undefined) go(at < 0 ? 0 : at + step);
    else if (relevant !== undefined && at >= 0 && !readOnly) {
      const { event: id } = rows[at];
      void markEvents([id], marks.get(id) === relevant ? null : relevant);
      if (marks.get(id) !== relevant) next(at);
    }
  };
  if (rows.length === 0) {
    return (
      <EmptyState title={total === 0 ? 'No event in this range and query' : 'Everything here was marked'}>
        <p>{total === 0 ? 'Widen the range, or clear the query.' : 'Every pattern of this range and query has been looked at.'}</p>
      </EmptyState>
    );
  }
  return (
    <>
      {drift.filter(({ quieted }) => !quieted).map((finding) => <FindingCard key={finding.key} finding={finding} />)}
      <p className={classes.note}>
        {by === 'unlike' ? 'There is no model yet. These patterns differ most from each other, so marks on them say most.' : 'One event for each pattern and service, the most likely first.'}
        {scored + marked < total ? ` ${formatCount(scored)} of ${formatCount(total - marked)} events were scored: all of rare patterns, an even share of the others.` : ''}
        {readOnly ? '' : <> <Kbd keys="j" /> <Kbd keys="k" /> go, <Kbd keys="y" /> relevant, <Kbd keys="x" /> not.</>}
      </p>
      <div className={`${classes.list} ${stale ? 'stale' : ''}`} role="grid" aria-label="Next to look at" tabIndex={0} aria-activedescendant={at < 0 ? undefined : `triage-${rows[at].event}`} onKeyDown={keys}>
        {rows.map((row, i) => <Row key={row.event} reply={reply} i={i} mark={marks.get(row.event)} selected={i === at} readOnly={readOnly} time={events.time[i]} onSelect={() => go(i)} />)}
      </div>
      {more > 0 ? <p className={classes.foot}>{formatCount(more)} more patterns are not listed; mark these, or narrow the query.</p> : null}
    </>
  );
}

function Row({ reply: { rows, events, by }, i, mark, selected, readOnly, time, onSelect }: { reply: TriageReply; i: number; mark: boolean | undefined; selected: boolean; readOnly: boolean; time: number; onSelect(): void }) {
  const zone = useView((view) => view.zone);
  const { event, score, reasons, service, alike, pattern } = rows[i];
  const said = mark === undefined ? '' : mark ? ', marked relevant' : ', marked not relevant';
  return (
    <div id={`triage-${event}`} className={classes.row} role="row" aria-selected={selected} data-mark={mark === undefined ? undefined : String(mark)} aria-label={`${by === 'model' ? `${Math.round(score * 100)} %` : ''} ${events.message[i].slice(0, 200)}${said}`} onMouseDown={onSelect}>
      <span role="gridcell" className={classes.score} title={by === 'model' ? `Probability that you would mark it relevant: ${(score * 100).toFixed(1)} %` : 'How unlike others its pattern is'}>
        <span className={classes.bar}><span style={{ width: `${Math.max(2, score * 100)}%` }} /></span>
        <span className={classes.figure}>{by === 'model' ? Math.round(score * 100) : ''}</span>
      </span>
      <span role="gridcell"><SeverityMark severity={SEVERITIES[events.severity[i]]} /></span>
      <span role="gridcell" className={classes.time} title={formatStamp(time, zone)}>{formatTime(time, zone, 'second')}</span>
      <span role="gridcell" className={classes.service}><SafeText inline text={service} fold={80} /></span>
      <span role="gridcell" className={classes.message} title={pattern.slice(0, 500)}><SafeText inline text={events.message[i]} fold={400} /></span>
      <span role="gridcell" className={classes.alike} title={`${formatCount(alike)} events of this pattern and service are not marked`}>{alike > 1 ? `× ${formatCount(alike)}` : ''}</span>
      <span role="gridcell" className={classes.acts}>{readOnly ? null : <MarkButtons eventId={event} mark={mark} untabbed />}</span>
      <span role="gridcell" className={classes.why}><SafeText inline text={reasonsText(reasons, by === 'model' ? score : 1)} fold={400} /></span>
    </div>
  );
}
