import { useState } from 'react';
import { z } from 'zod';
import { CORRELATION_KINDS, type CorrelationKind } from '../../../shared/contract/correlation.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { useMarks } from '../../state/findings.ts';
import { useScope } from '../../state/view.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { RunBar } from '../../ui/run-bar.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { PairChart } from './pair-chart.tsx';
import { Sequences } from './sequences.tsx';
import { KIND_QUESTIONS, KIND_TITLES } from './kinds.ts';
import classes from './correlation.module.css';

const settingsSchema = z.object({ tab: z.enum(['found', 'sequences']), kind: z.enum([...CORRELATION_KINDS, 'all']), quieted: z.boolean() });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { tab: 'found', kind: 'all', quieted: false };
const TABS = [['found', 'Found'], ['sequences', 'Sequences']] as const;

export function CorrelationPanel({ panelKey }: PanelProps) {
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const change = (edit: Partial<Settings>): void => setSettings({ ...settings, ...edit });
  return (
    <div className={classes.panel}>
      <Tabs label="Correlation" tabs={TABS} chosen={settings.tab} bodyClass={classes.panel} onChoose={(tab) => change({ tab })}>
        {settings.tab === 'found' ? <Found kind={settings.kind} showQuieted={settings.quieted} onKind={(kind) => change({ kind })} onQuieted={(quieted) => change({ quieted })} /> : <Sequences />}
      </Tabs>
    </div>
  );
}

interface FoundProps {
  kind: CorrelationKind | 'all';
  showQuieted: boolean;
  onKind(kind: CorrelationKind | 'all'): void;
  onQuieted(shown: boolean): void;
}

function Found({ kind, showQuieted, onKind, onQuieted }: FoundProps) {
  const scope = useScope();
  const { run, progress } = useRun();
  const marks = useMarks();
  const [stopped, setStopped] = useState(false);
  // Not asked again with every event that comes in: the question is a long one.
  const { data, error, loading, outdated, retry } = useAsk(['correlation.find', scope], (signal) => engine.correlation.find({ scope, kinds: [], run }, { signal }), { on: ['rules'], outdatedBy: ['sources', 'series'], enabled: !stopped });
  const again = (): void => {
    if (stopped) setStopped(false);
    else retry();
  };
  if (error && !data) return <ErrorState error={error} doing="Looking for what goes together" retry={retry} />;
  const wrong = (like: string): boolean => marks.get(like)?.verdict === 'wrong';
  // Within a kind they come in their order; of all kinds the gravest first.
  const ofKind = kind === 'all' ? [...(data?.findings ?? [])].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity)) : (data?.findings ?? []).filter((finding) => finding.kind === kind);
  const quieted = ofKind.filter(({ like }) => wrong(like)).length;
  const shown = ofKind.filter(({ like }) => showQuieted || !wrong(like));
  const count = (of: CorrelationKind): number => (data ? data.findings.filter((finding) => finding.kind === of && !wrong(finding.like)).length + data.more[of] : 0);
  return (
    <>
      <RunBar loading={loading} progress={progress} stopped={stopped} outdated={outdated} onStop={() => setStopped(true)} onAgain={again}>
        <label className={classes.check}><input type="checkbox" checked={showQuieted} onChange={(event) => onQuieted(event.currentTarget.checked)} />Marked wrong too{quieted > 0 ? ` (${formatCount(quieted)})` : ''}</label>
      </RunBar>
      <div className={classes.split}>
        <div className={classes.kinds} role="group" aria-label="Kinds">
          <button type="button" className={classes.kind} aria-pressed={kind === 'all'} onClick={() => onKind('all')}><span>All kinds</span><span className={classes.n}>{data ? formatCount(CORRELATION_KINDS.reduce((sum, each) => sum + count(each), 0)) : ''}</span></button>
          {CORRELATION_KINDS.map((each) => (
            <button key={each} type="button" className={classes.kind} aria-pressed={kind === each} title={KIND_QUESTIONS[each]} onClick={() => onKind(each)}>
              <span>{KIND_TITLES[each]}</span><span className={classes.n}>{data ? formatCount(count(each)) : ''}</span>
            </button>
          ))}
        </div>
        <div className={classes.list} tabIndex={0} role="region" aria-label="What goes together" aria-busy={loading}>
          {kind !== 'all' && data ? <p className={classes.looked}>{KIND_QUESTIONS[kind]} {data.looked[kind]}</p> : null}
          {data && shown.length === 0 ? (
            <EmptyState title={quieted > 0 ? 'Everything found was marked wrong' : 'Nothing goes together here'}>
              <p>{kind === 'all' ? 'No two series move together beyond chance, no services fail in shared requests, and no sequence was met in this range.' : 'Nothing of this kind was found in this range.'} A narrower range makes finer buckets; another source (traces, metrics, git) gives more to compare.</p>
            </EmptyState>
          ) : null}
          {shown.map((finding) => <FindingCard key={finding.key} finding={finding}>{finding.pair ? <PairChart pair={finding.pair} /> : null}</FindingCard>)}
          {data && kind !== 'all' && data.more[kind] > 0 ? <p className={classes.looked}>{formatCount(data.more[kind])} weaker ones are not listed; narrow the range or the query.</p> : null}
        </div>
      </div>
    </>
  );
}
