import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { IMPACT_DOMAINS, INVESTIGATION_STATUSES, SEVERITIES } from '../../../shared/event.ts';
import type { ImpactDomain, Investigation, InvestigationStatus, Severity } from '../../../shared/event.ts';
import type { InvestigationEdit } from '../../../shared/contract/investigations.ts';
import { useAsk } from '../../client/ask.ts';
import { engine } from '../../client/client.ts';
import { runCommand } from '../../state/commands.ts';
import { editInvestigation, removeInvestigation } from '../../state/investigations.ts';
import { useView } from '../../state/view.ts';
import { MarkdownField } from '../../ui/markdown-field.tsx';
import { SEVERITY_TITLES } from '../../ui/severity.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { Pins } from './pins.tsx';
import { DOMAIN_TITLES, STATUS_TITLES } from './words.ts';
import classes from './investigation.module.css';

/** One investigation: every field in place, each change undoable. */
export function Detail({ id, readOnly }: { id: number; readOnly: boolean }) {
  const asked = useAsk(['investigations.get', id], (signal) => engine.investigations.get({ id }, { signal }), { on: ['investigations', 'pins', 'notes'], keep: false });
  const zone = useView((state) => state.zone);
  if (asked.error) return <ErrorState error={asked.error} doing="Reading the investigation" retry={asked.retry} />;
  const one = asked.data;
  if (!one) return null;
  const save = (edit: Partial<InvestigationEdit>): void => void editInvestigation(one, edit);
  return (
    <div className={classes.detail}>
      <div className={classes.head}>
        <Line key={one.title} label="Title" value={one.title} readOnly={readOnly} big save={(title) => title.trim() && save({ title })} />
        <Button size="compact-sm" variant="default" onClick={() => runCommand('report.incident')}>Report</Button>
        {readOnly ? null : <ActionIcon aria-label="Delete the investigation" title="Delete; can be undone" onClick={() => void removeInvestigation(one)}><IconTrash size={14} /></ActionIcon>}
      </div>
      <div className={classes.fields}>
        <Select label="Status" disabled={readOnly} allowDeselect={false} data={INVESTIGATION_STATUSES.map((value) => ({ value, label: STATUS_TITLES[value] }))} value={one.status} onChange={(value) => value && save({ status: value as InvestigationStatus })} />
        <Select label="Severity" disabled={readOnly} allowDeselect={false} data={SEVERITIES.map((value) => ({ value, label: SEVERITY_TITLES[value] })).reverse()} value={one.severity} onChange={(value) => value && save({ severity: value as Severity })} />
        <Line key={`team-${one.team}`} label="Team" value={one.team} readOnly={readOnly} save={(team) => save({ team })} />
        <Select label="Impact on" disabled={readOnly} allowDeselect={false} data={[{ value: '', label: 'Not said' }, ...IMPACT_DOMAINS.map((value) => ({ value, label: DOMAIN_TITLES[value] }))]} value={one.impactDomain} onChange={(value) => save({ impactDomain: (value ?? '') as ImpactDomain | '' })} />
        <Figure key={`mttr-${one.estimatedMttrMinutes}`} label="Estimated recovery, min" value={one.estimatedMttrMinutes} max={1e7} readOnly={readOnly} save={(estimatedMttrMinutes) => save({ estimatedMttrMinutes })} />
        <Figure key={`auto-${one.automationPotential}`} label="Could be automated, %" value={one.automationPotential} max={100} readOnly={readOnly} save={(automationPotential) => save({ automationPotential })} />
      </div>
      <h2>Business impact</h2>
      <MarkdownField label="Business impact" value={one.businessImpact} empty="Say who was affected and how" readOnly={readOnly} save={(businessImpact) => save({ businessImpact })} />
      <h2>Summary</h2>
      <MarkdownField label="Summary" value={one.summary} empty="Write what happened" readOnly={readOnly} save={(summary) => save({ summary })} />
      <Pins investigation={one} readOnly={readOnly} />
      <p className={classes.dates}>Made <Stamp one={one} at="createdAt" zone={zone} />, changed <Stamp one={one} at="updatedAt" zone={zone} /></p>
    </div>
  );
}

function Stamp({ one, at, zone }: { one: Investigation; at: 'createdAt' | 'updatedAt'; zone: string }) {
  return <time title={formatStamp(one[at], zone)}>{formatTime(one[at], zone, 'minute')}</time>;
}

/** A line of text saved when the focus leaves it. */
function Line({ label, value, readOnly, big = false, save }: { label: string; value: string; readOnly: boolean; big?: boolean; save: (value: string) => void }) {
  const [draft, setDraft] = useState(value);
  return (
    <TextInput
      label={big ? undefined : label}
      aria-label={label}
      className={big ? classes.big : undefined}
      value={draft}
      readOnly={readOnly}
      maxLength={big ? 300 : 200}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => draft !== value && save(draft)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setDraft(value);
      }}
    />
  );
}
/** A figure saved when the focus leaves it; empty is "nobody said". */
function Figure({ label, value, max, readOnly, save }: { label: string; value: number | null; max: number; readOnly: boolean; save: (value: number | null) => void }) {
  const [draft, setDraft] = useState<number | null>(value);
  return (
    <NumberInput label={label} value={draft ?? ''} min={0} max={max} clampBehavior="strict" hideControls readOnly={readOnly} thousandSeparator="," onChange={(next) => setDraft(typeof next === 'number' ? next : null)} onBlur={() => draft !== value && save(draft)} />
  );
}
