import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { INVESTIGATION_STATUSES } from '../../../shared/event.ts';
import type { Investigation, InvestigationStatus } from '../../../shared/event.ts';
import { useAsk } from '../../client/ask.ts';
import { engine } from '../../client/client.ts';
import { useCase } from '../../state/case.ts';
import { createInvestigation } from '../../state/investigations.ts';
import { useView } from '../../state/view.ts';
import { formatCount } from '../../ui/numbers.ts';
import { SeverityMark } from '../../ui/severity.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Detail } from './detail.tsx';
import { STATUS_TITLES } from './words.ts';
import classes from './investigation.module.css';

/** The list of investigations beside the one that is chosen; in a narrow box the list is above. */
export function InvestigationPanel() {
  const readOnly = useCase((state) => state.info?.readOnly ?? true);
  const [text, setText] = useState('');
  const [status, setStatus] = useState<InvestigationStatus | 'all'>('all');
  const chosen = useView((state) => state.investigationId);
  const choose = useView((state) => state.setInvestigation);
  const list = useAsk(['investigations.list', text, status], (signal) => engine.investigations.list({ text, status }, { signal }), { on: ['investigations', 'pins', 'notes'] });
  const rows = list.data ?? [];
  const shown = chosen ?? rows[0]?.id ?? null;
  const filtered = text !== '' || status !== 'all';
  if (list.error) return <ErrorState error={list.error} doing="Reading the investigations" retry={list.retry} />;
  if (list.data && rows.length === 0 && !filtered) {
    return (
      <EmptyState title="No investigation yet" action={readOnly ? null : <New />}>
        An investigation gathers what you find: pinned events, notes, status and impact. The report is made of it. Pinning an event (p) starts one by itself.
      </EmptyState>
    );
  }
  return (
    <div className={classes.box}><div className={classes.split}>
      <aside className={classes.side} aria-label="Investigations">
        <div className={classes.filters}>
          <TextInput aria-label="Search investigations" placeholder="Search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
          <Select
            aria-label="Status"
            data={[{ value: 'all', label: 'Any status' }, ...INVESTIGATION_STATUSES.map((value) => ({ value, label: STATUS_TITLES[value] }))]}
            value={status}
            allowDeselect={false}
            onChange={(value) => setStatus((value ?? 'all') as InvestigationStatus | 'all')}
          />
        </div>
        <ul className={classes.list}>
          {rows.map((row) => <Row key={row.id} row={row} current={row.id === shown} choose={() => choose(row.id)} />)}
        </ul>
        {list.data && rows.length === 0 ? <p className={classes.none}>No investigation has these words and this status.</p> : null}
        {readOnly ? null : <div className={classes.new}><New /></div>}
      </aside>
      <div className={classes.main}>{shown === null ? null : <Detail key={shown} id={shown} readOnly={readOnly} />}</div>
    </div></div>
  );
}

function Row({ row, current, choose }: { row: Investigation; current: boolean; choose: () => void }) {
  return (
    <li>
      <button type="button" className={classes.row} aria-current={current || undefined} onClick={choose}>
        <SeverityMark severity={row.severity} />
        <span className={classes.rowTitle}>{row.title}</span>
        <span className={classes.rowMeta}>{STATUS_TITLES[row.status]} · {formatCount(row.pins)} {row.pins === 1 ? 'pin' : 'pins'} · {formatCount(row.notes)} {row.notes === 1 ? 'note' : 'notes'}</span>
      </button>
    </li>
  );
}

function New() {
  const [title, setTitle] = useState<string | null>(null);
  if (title === null) return <Button size="compact-sm" variant="default" onClick={() => setTitle('')}>New investigation</Button>;
  const make = (): void => {
    if (title.trim()) void createInvestigation(title.trim());
    setTitle(null);
  };
  return (
    <form className={classes.newForm} onSubmit={(event) => {
      event.preventDefault();
      make();
    }}>
      <TextInput autoFocus aria-label="Title of the investigation" placeholder="What happened" maxLength={300} value={title} onChange={(event) => setTitle(event.currentTarget.value)} onKeyDown={(event) => event.key === 'Escape' && setTitle(null)} />
      <Button type="submit" disabled={!title.trim()}>Make</Button>
    </form>
  );
}
