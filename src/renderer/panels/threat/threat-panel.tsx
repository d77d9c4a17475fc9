import { useState } from 'react';
import { z } from 'zod';
import { ENTITY_TYPES, type EntityType, type ThreatEntity } from '../../../shared/contract/threat.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { useMarks } from '../../state/findings.ts';
import { useScope } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { RunBar } from '../../ui/run-bar.tsx';
import { SafeText } from '../../ui/safe-text.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { EntityView } from './entity-view.tsx';
import { ScoreBar } from './score-bar.tsx';
import { TYPE_TITLES } from './types.ts';
import classes from './threat.module.css';

const settingsSchema = z.object({ type: z.enum([...ENTITY_TYPES, 'all']), quieted: z.boolean() });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { type: 'all', quieted: false };

/** Who is a threat, on the left; all about the one that is chosen, on the right. */
export function ThreatPanel({ panelKey }: PanelProps) {
  const scope = useScope();
  const marks = useMarks();
  const { run, progress } = useRun();
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const [stopped, setStopped] = useState(false);
  const [chosen, setChosen] = useState<{ type: EntityType; value: string } | null>(null);
  const { data, error, loading, outdated, retry } = useAsk(['threat.overview', scope], (signal) => engine.threat.overview({ scope, limit: 300, run }, { signal }), { on: ['rules', 'indicators'], outdatedBy: ['sources', 'series'], enabled: !stopped });
  if (error && !data) return <ErrorState error={error} doing="The threat analysis" retry={retry} />;
  const wrong = (like: string): boolean => marks.get(like)?.verdict === 'wrong';
  const rows = data?.rows.filter((row) => (settings.type === 'all' || row.type === settings.type) && (settings.quieted || !wrong(row.like))) ?? [];
  const quieted = data?.rows.filter(({ like }) => wrong(like)).length ?? 0;
  const selected = data?.rows.find((row) => row.type === chosen?.type && row.value === chosen.value) ?? null;
  const shown = selected ?? (chosen === null ? (rows[0] ?? null) : null);
  return (
    <div className={classes.panel}>
      <RunBar loading={loading} progress={progress} stopped={stopped} outdated={outdated} onStop={() => setStopped(true)} onAgain={() => (stopped ? setStopped(false) : retry())}>
        <div role="group" aria-label="Who" className={classes.types}>
          {(['all', ...ENTITY_TYPES] as const).map((type) => (
            <button key={type} type="button" className={classes.type} aria-pressed={settings.type === type} onClick={() => setSettings({ ...settings, type })}>{type === 'all' ? 'All' : TYPE_TITLES[type].many}{type !== 'all' && data ? ` (${formatCount(data.looked[type])})` : ''}</button>
          ))}
        </div>
        <label className={classes.check}><input type="checkbox" checked={settings.quieted} onChange={(event) => setSettings({ ...settings, quieted: event.currentTarget.checked })} />Marked wrong too{quieted > 0 ? ` (${formatCount(quieted)})` : ''}</label>
      </RunBar>
      <div className={classes.split}>
        <div className={classes.list} aria-busy={loading}>
          {rows.length > 0 ? <Ranking rows={rows} shown={shown} choose={setChosen} wrong={wrong} /> : null}
          {data && rows.length === 0 ? (
            <EmptyState title={quieted > 0 && settings.type === 'all' ? 'All of them were marked wrong' : 'Nothing speaks against anybody here'}>
              <p>Scores are made of lists of indicators, Sigma rules, sequences of events, failed logins, and what is unlike others.</p>
            </EmptyState>
          ) : null}
          {data?.notes.map((note) => <p key={note} className={classes.note}>{note}</p>)}
        </div>
        <div className={classes.page}>
          {shown || chosen ? <EntityView key={JSON.stringify(chosen ?? shown?.key)} type={chosen?.type ?? shown?.type ?? 'ip'} value={chosen?.value ?? shown?.value ?? ''} found={shown} choose={setChosen} /> : null}
        </div>
      </div>
    </div>
  );
}

interface RankingProps {
  rows: readonly ThreatEntity[];
  shown: ThreatEntity | null;
  choose(entity: { type: EntityType; value: string }): void;
  wrong(like: string): boolean;
}

/** One row an entity; the arrows go from row to row. */
function Ranking({ rows, shown, choose, wrong }: RankingProps) {
  return (
    <div
      role="listbox" aria-label="Users, hosts and addresses by threat" tabIndex={0} data-autofocus-panel="" className={classes.rows}
      aria-activedescendant={shown ? idOf(shown) : undefined}
      onClick={(event) => {
        const id = (event.target as HTMLElement).closest('[role="option"]')?.id;
        const row = rows.find((each) => idOf(each) === id);
        if (row) choose({ type: row.type, value: row.value });
      }}
      onKeyDown={(event) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        event.stopPropagation();
        const next = rows[Math.max(0, Math.min(rows.length - 1, rows.findIndex((row) => row === shown) + step))];
        choose({ type: next.type, value: next.value });
        document.getElementById(idOf(next))?.scrollIntoView({ block: 'nearest' });
      }}
    >
      {rows.map((row) => (
        <div key={row.key} id={idOf(row)} role="option" aria-selected={row === shown} className={classes.row} data-quieted={wrong(row.like) || undefined}>
          <ScoreBar parts={row.parts} score={row.score} />
          <span className={classes.kind}>{TYPE_TITLES[row.type].one}</span>
          <span className={classes.value}><SafeText inline text={row.value} fold={60} /></span>
          <span className={classes.count}>{formatCount(row.count)}</span>
        </div>
      ))}
    </div>
  );
}
function idOf(row: ThreatEntity): string {
  return `entity-${encodeURIComponent(row.key)}`;
}
