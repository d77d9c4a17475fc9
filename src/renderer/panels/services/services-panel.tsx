import { Button } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import type { RiskFinding, ServicesReply } from '../../../shared/contract/services.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { useCase } from '../../state/case.ts';
import { runCommand } from '../../state/commands.ts';
import { useMarks } from '../../state/findings.ts';
import { useScope } from '../../state/view.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { RunBar } from '../../ui/run-bar.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { RulesDialog } from './rules-dialog.tsx';
import { ServiceTable } from './service-table.tsx';
import { ordered, summaryOf } from './words.ts';
import classes from './services.module.css';

const TAB_IDS = ['health', 'sla', 'outages', 'errors', 'slowest', 'risk'] as const;
type Tab = (typeof TAB_IDS)[number];
const settingsSchema = z.object({ tab: z.enum(TAB_IDS), filtered: z.boolean(), quieted: z.boolean() });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { tab: 'health', filtered: false, quieted: false };
const BUCKETS = 60;
const FINDINGS_SHOWN = 60;

/** How each service of the range fared. What is filtered for does not matter unless it is asked to: among errors alone every service is unhealthy. */
export function ServicesPanel({ panelKey }: PanelProps) {
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const change = (edit: Partial<Settings>): void => setSettings({ ...settings, ...edit });
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const sources = useCase((state) => state.sources.size);
  const all = useScope();
  const scope = settings.filtered ? all : { ...all, query: '' };
  const { run, progress } = useRun();
  const [stopped, setStopped] = useState(false);
  const [editing, setEditing] = useState<{ service: string | null } | null>(null);
  // Not asked again with every event that comes in: each answer looks at all of them.
  const { data, error, loading, outdated, retry } = useAsk(['services.get', scope], (signal) => engine.services.get({ scope, buckets: BUCKETS, run }, { signal }), { on: ['services', 'retention'], outdatedBy: ['sources', 'series'], enabled: !stopped && sources > 0 });
  if (sources === 0) return <EmptyState title="No source in this case yet" action={<Button size="compact-sm" variant="default" onClick={() => runCommand('ingest.files')}>Add files</Button>}>Requests, errors and latency of each service are counted here: who was healthy, who was not and when, and what is left of error budgets.</EmptyState>;
  if (error && !data) return <ErrorState error={error} doing="Looking at the services" retry={retry} />;
  const tabs = [
    ['health', 'Health'], ['sla', 'SLA'], ['outages', data && data.outages.length > 0 ? `Outages (${formatCount(data.outages.length + data.outagesMore)})` : 'Outages'], ['errors', 'Errors'], ['slowest', 'Slowest'], ['risk', 'Risk'],
  ] as const satisfies readonly (readonly [Tab, string])[];
  return (
    <div className={classes.panel}>
      <RunBar loading={loading} progress={progress} stopped={stopped} outdated={outdated} onStop={() => setStopped(true)} onAgain={() => (stopped ? setStopped(false) : retry())}>
        <span className={classes.status}>{data ? summaryOf(data.services, data.more) : ''}</span>
        <label className={classes.check}><input type="checkbox" checked={settings.filtered} onChange={(event) => change({ filtered: event.currentTarget.checked })} />Only what is filtered for</label>
        <button type="button" className={classes.action} onClick={() => setEditing({ service: null })} disabled={!data}>Rules</button>
      </RunBar>
      <Tabs label="Services" tabs={tabs} chosen={settings.tab} bodyClass={classes.body} onChoose={(tab) => change({ tab })}>
        {data ? <Body data={data} settings={settings} readOnly={readOnly} onQuieted={(quieted) => change({ quieted })} onObjective={(service) => setEditing({ service })} /> : <div aria-busy="true" />}
      </Tabs>
      {editing && data ? <RulesDialog settings={data.settings} service={editing.service} readOnly={readOnly} close={() => setEditing(null)} /> : null}
    </div>
  );
}

interface BodyProps {
  data: ServicesReply;
  settings: Settings;
  readOnly: boolean;
  onQuieted(shown: boolean): void;
  onObjective(service: string): void;
}
function Body({ data, settings: { tab, quieted }, readOnly, onQuieted, onObjective }: BodyProps) {
  if (data.services.length === 0) return <EmptyState title="No event fits here">No event of this range has a time that can be believed{data.unreadable > 0 ? `, and ${formatCount(data.unreadable)} could not be read` : ''}. Widen the range.</EmptyState>;
  if (tab === 'outages') return <Findings findings={data.outages} more={data.outagesMore} none="No service was in trouble in this range" quieted={quieted} onQuieted={onQuieted} head={recoveryWords(data)} />;
  if (tab === 'risk') return <Findings findings={data.risks} more={0} none="Nothing here is an error or has an indicator" quieted={quieted} onQuieted={onQuieted} head="Kinds of events, those of the highest risk first: how severe, whether a list has an indicator of theirs, and how rare they are." />;
  const rows = ordered(data.services, tab === 'errors' ? 'errors' : tab === 'slowest' ? 'slowest' : 'health');
  if (rows.length === 0) return <EmptyState title={tab === 'errors' ? 'No service has an error in this range' : 'No event of this range tells how long something took'} />;
  return <ServiceTable key={tab} kind={tab} rows={rows} outages={data.outages} readOnly={readOnly} onObjective={onObjective} />;
}

/** What outages and investigations took until they were over. */
function recoveryWords({ recovery: { outages, outageMean, noticed, noticedMean, acknowledged, acknowledgedMean, investigations, investigated } }: ServicesReply): string {
  const parts: string[] = [];
  if (outages > 0) parts.push(`${formatCount(outages)} ${outages === 1 ? 'outage' : 'outages'} ended in this range, after ${formatDuration(outageMean)} on average.`);
  if (noticed > 0) parts.push(`In ${formatCount(noticed)} an alert fired, ${formatDuration(noticedMean)} after the start on average.`);
  if (acknowledged > 0) parts.push(`${formatCount(acknowledged)} ${acknowledged === 1 ? 'alert was' : 'alerts were'} acknowledged after ${formatDuration(acknowledgedMean)} on average.`);
  if (investigations > 0) parts.push(`${formatCount(investigations)} ${investigations === 1 ? 'investigation was' : 'investigations were'} resolved ${formatDuration(investigated)} after being opened, on average.`);
  return parts.join(' ');
}

interface FindingsProps {
  findings: readonly (ServicesReply['outages'][number] | RiskFinding)[];
  more: number;
  none: string;
  head: string;
  quieted: boolean;
  onQuieted(shown: boolean): void;
}
function Findings({ findings, more, none, head, quieted, onQuieted }: FindingsProps) {
  const marks = useMarks();
  const wrong = findings.filter(({ like }) => marks.get(like)?.verdict === 'wrong').length;
  const shown = findings.filter(({ like }) => quieted || marks.get(like)?.verdict !== 'wrong');
  const left = shown.length - FINDINGS_SHOWN + more;
  return (
    <div className={classes.box} tabIndex={0} role="region" aria-label="Findings">
      {head !== '' || wrong > 0 ? (
        <p className={classes.head}>
          <span>{head}</span>
          {wrong > 0 ? <label className={classes.check}><input type="checkbox" checked={quieted} onChange={(event) => onQuieted(event.currentTarget.checked)} />Marked wrong too ({formatCount(wrong)})</label> : null}
        </p>
      ) : null}
      {shown.length === 0 ? <EmptyState title={wrong > 0 ? 'Everything here was marked wrong' : none} /> : null}
      {shown.slice(0, FINDINGS_SHOWN).map((finding) => <FindingCard key={finding.key} finding={finding} />)}
      {left > 0 ? <p className={classes.head}>{formatCount(left)} more are not shown: choose a shorter range.</p> : null}
    </div>
  );
}
