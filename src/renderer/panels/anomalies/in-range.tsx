import { useState } from 'react';
import { ANOMALY_KINDS, type AnomalyKind } from '../../../shared/contract/anomalies.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { useMarks } from '../../state/findings.ts';
import { useScope } from '../../state/view.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { RunBar } from '../../ui/run-bar.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { AnomalyPicture } from './anomaly-picture.tsx';
import type { TabProps } from './settings.ts';
import { Votes } from './votes.tsx';
import classes from './anomalies.module.css';

const TITLES: Readonly<Record<AnomalyKind | 'all', string>> = { all: 'All', series: 'Series', behaviour: 'Behaviour' };
const NOTHING: Readonly<Record<AnomalyKind | 'all', string>> = {
  all: 'No series has a stretch that most detectors call odd, and nobody does what they never did before.',
  series: 'No series has a stretch that most of the detectors that judge it call odd.',
  behaviour: 'Nobody does what they never or hardly ever did before, or at an hour at which they are never seen.',
};

/** What is out of the ordinary in the range, the strongest first, with what each detector says of it. */
export function InRange({ settings, onChange }: TabProps) {
  const scope = useScope();
  const { run, progress } = useRun();
  const marks = useMarks();
  const [stopped, setStopped] = useState(false);
  // Not asked again with every event that comes in: the question is a long one.
  const { data, error, loading, outdated, retry } = useAsk(['anomalies.find', scope], (signal) => engine.anomalies.find({ scope, run }, { signal }), { on: [], outdatedBy: ['sources', 'series'], enabled: !stopped });
  if (error && !data) return <ErrorState error={error} doing="Looking for what is odd" retry={retry} />;
  const { kind, quieted: showQuieted } = settings;
  const wrong = (like: string): boolean => marks.get(like)?.verdict === 'wrong';
  const found = data?.findings ?? [];
  const ofKind = found.filter((finding) => kind === 'all' || finding.kind === kind);
  const quieted = ofKind.filter(({ like }) => wrong(like)).length;
  const shown = ofKind.filter(({ like }) => showQuieted || !wrong(like));
  const count = (of: AnomalyKind | 'all'): number => found.filter((finding) => (of === 'all' || finding.kind === of) && !wrong(finding.like)).length;
  return (
    <>
      <RunBar
        loading={loading} progress={progress} stopped={stopped} outdated={outdated} onStop={() => setStopped(true)}
        onAgain={() => {
          if (stopped) setStopped(false);
          else retry();
        }}
      >
        <div className={classes.kinds} role="group" aria-label="Kinds">
          {(['all', ...ANOMALY_KINDS] as const).map((each) => (
            <button key={each} type="button" className={classes.kind} aria-pressed={kind === each} onClick={() => onChange({ kind: each })}>
              {TITLES[each]} <span className={classes.dim}>{data ? formatCount(count(each)) : ''}</span>
            </button>
          ))}
        </div>
        <label className={classes.check}><input type="checkbox" checked={showQuieted} onChange={(event) => onChange({ quieted: event.currentTarget.checked })} />Marked wrong too{quieted > 0 ? ` (${formatCount(quieted)})` : ''}</label>
      </RunBar>
      <div className={classes.list} tabIndex={0} role="region" aria-label="What is out of the ordinary" aria-busy={loading}>
        {data ? <p className={classes.looked}>{ANOMALY_KINDS.filter((each) => kind === 'all' || kind === each).map((each) => data.looked[each]).join(' ')}</p> : null}
        {data && shown.length === 0 ? (
          <EmptyState title={quieted > 0 ? 'Everything found was marked wrong' : 'Nothing is out of the ordinary here'}>
            <p>{quieted > 0 ? 'Tick "Marked wrong too" to see it.' : `${NOTHING[kind]} A wider range tells more of what is usual, a narrower one makes finer buckets.`}</p>
          </EmptyState>
        ) : null}
        {shown.map((finding) => (
          <FindingCard key={finding.key} finding={finding}>
            {finding.chart ? <AnomalyPicture chart={finding.chart} title={finding.title} /> : null}
            {finding.votes.length > 0 && data ? <Votes votes={finding.votes} detectors={data.detectors} /> : null}
          </FindingCard>
        ))}
        {data && data.more > 0 ? <p className={classes.looked}>{formatCount(data.more)} weaker ones are not listed; narrow the range or the query.</p> : null}
      </div>
    </>
  );
}
