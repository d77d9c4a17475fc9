import { Button, Checkbox, Group, Modal, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { CORRELATION_KINDS, sequenceRule, type CorrelationFinding, type CorrelationKind, type SequenceRule, type StoredSequenceRule } from '../../../shared/contract/correlation.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import type { Severity } from '../../../shared/event.ts';
import { engine } from '../../client/client.ts';
import { messageOf } from '../../state/notices.ts';
import { perform } from '../../state/undo.ts';
import { useScope } from '../../state/view.ts';
import { FindingCard } from '../../ui/finding-card.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { SEVERITY_TITLES } from '../../ui/severity.tsx';
import { KIND_TITLES } from './kinds.ts';
import classes from './correlation.module.css';

const NEW: SequenceRule = { title: '', kind: 'causal', severity: 'medium', by: 'service', within: 300, steps: [{ query: '', least: 1, absent: false }, { query: '', least: 1, absent: false }] };
const MOST_STEPS = 8;

/** Writes a sequence, and tries it on the range before it is saved. One of the product is a beginning for one's own. */
export function SequenceDialog({ rule, readOnly, close }: { rule: StoredSequenceRule | null; readOnly: boolean; close: () => void }) {
  const scope = useScope();
  const [draft, setDraft] = useState<SequenceRule>(() => (rule ? { title: rule.title, kind: rule.kind, severity: rule.severity, by: rule.by, within: rule.within, steps: rule.steps } : NEW));
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState<'' | 'try' | 'save'>('');
  const [tried, setTried] = useState<CorrelationFinding[] | null>(null);
  const own = rule !== null && rule.id > 0;
  const change = (edit: Partial<SequenceRule>): void => {
    setDraft((now) => ({ ...now, ...edit }));
    setTried(null);
    setFailure('');
  };
  const step = (at: number, edit: Partial<SequenceRule['steps'][number]>): void => change({ steps: draft.steps.map((each, i) => (i === at ? { ...each, ...edit } : each)) });
  const checked = (what: 'try' | 'save'): SequenceRule | null => {
    // To be tried it needs no name.
    const read = sequenceRule.safeParse(what === 'try' && draft.title.trim() === '' ? { ...draft, title: 'New sequence' } : draft);
    if (read.success) return read.data;
    const empty = draft.steps.findIndex(({ query }) => query.trim() === '');
    setFailure(empty >= 0 ? `Step ${empty + 1} needs a query.` : draft.title.trim() === '' ? 'The sequence needs a name.' : (read.error.issues[0]?.message ?? 'Something is missing.'));
    return null;
  };
  const work = async (what: 'try' | 'save', act: (read: SequenceRule) => Promise<void>): Promise<void> => {
    const read = checked(what);
    if (!read) return;
    setBusy(what);
    setFailure('');
    try {
      await act(read);
    } catch (error) {
      setFailure(messageOf(error));
    } finally {
      setBusy('');
    }
  };
  const save = (): Promise<void> => work('save', async (read) => {
    let { id } = await engine.correlation.saveRule({ id: own ? rule.id : null, rule: read });
    close();
    if (!own) await perform({ title: 'Write a sequence', redo: async () => await engine.correlation.removeRule({ id, removed: false }), undo: async () => await engine.correlation.removeRule({ id }) });
    else {
      const before: SequenceRule = { title: rule.title, kind: rule.kind, severity: rule.severity, by: rule.by, within: rule.within, steps: rule.steps };
      let first = true;
      await perform({
        title: 'Change a sequence',
        redo: async () => {
          if (!first) ({ id } = await engine.correlation.saveRule({ id, rule: read }));
          first = false;
        },
        undo: async () => void ({ id } = await engine.correlation.saveRule({ id, rule: before })),
      });
    }
  });
  return (
    <Modal opened onClose={close} size="xl" title={rule === null ? 'Write a sequence' : own ? 'Change the sequence' : 'A sequence of the product'}>
      <form
        noValidate className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!readOnly) void save();
        }}
      >
        <TextInput label="Name" data-autofocus value={draft.title} onChange={(event) => change({ title: event.currentTarget.value })} />
        <div className={classes.row}>
          <Select label="Kind" allowDeselect={false} data={CORRELATION_KINDS.map((kind) => ({ value: kind, label: KIND_TITLES[kind] }))} value={draft.kind} onChange={(kind) => kind && change({ kind: kind as CorrelationKind })} />
          <Select label="Severity" allowDeselect={false} data={SEVERITIES.map((severity) => ({ value: severity, label: SEVERITY_TITLES[severity] }))} value={draft.severity} onChange={(severity) => severity && change({ severity: severity as Severity })} />
          <TextInput label="For each" placeholder="ip, user, host, trace_id" description="Empty: any events of the case" inputWrapperOrder={['label', 'input', 'description']} value={draft.by} onChange={(event) => change({ by: event.currentTarget.value })} />
          <NumberInput label="Within, seconds" description="A longer silence ends it" inputWrapperOrder={['label', 'input', 'description']} min={1} value={draft.within} onChange={(value) => typeof value === 'number' && change({ within: value })} />
        </div>
        {draft.steps.map((each, i) => (
          <div key={i} className={classes.step}>
            <TextInput label={`Step ${i + 1}`} classNames={{ input: 'mono' }} placeholder='"failed password" OR EventID:4625' value={each.query} onChange={(event) => step(i, { query: event.currentTarget.value })} />
            <NumberInput label="At least" w={90} min={1} disabled={each.absent} value={each.least} onChange={(value) => typeof value === 'number' && step(i, { least: value })} />
            <Checkbox label="None before" mb={8} checked={each.absent} disabled={i === draft.steps.length - 1} onChange={(event) => step(i, { absent: event.currentTarget.checked, least: 1 })} />
            <Button variant="subtle" disabled={draft.steps.length === 1} onClick={() => change({ steps: draft.steps.filter((_, at) => at !== i) })}>Remove</Button>
          </div>
        ))}
        {failure ? <Text role="alert" fz="sm" c="var(--danger)">{failure}</Text> : null}
        {tried ? (
          <div className={classes.tried} role="region" aria-label="What it finds" tabIndex={0}>
            <p className={classes.looked}>{tried.length === 0 ? 'It finds nothing in this range.' : `It finds ${formatCount(tried.length)} in this range.`}</p>
            {tried.map((finding) => <FindingCard key={finding.key} finding={finding} />)}
          </div>
        ) : null}
        <Group gap="sm">
          <Button variant="default" disabled={draft.steps.length >= MOST_STEPS} onClick={() => change({ steps: [...draft.steps, { query: '', least: 1, absent: false }] })}>Add a step</Button>
          <Button variant="default" loading={busy === 'try'} onClick={() => void work('try', async (read) => setTried(await engine.correlation.tryRule({ scope, rule: read })))}>Try it</Button>
          <span className={classes.grow} />
          <Button variant="default" onClick={close}>{readOnly ? 'Close' : 'Cancel'}</Button>
          {readOnly ? null : <Button type="submit" loading={busy === 'save'}>{own ? 'Save' : rule ? 'Save as my own' : 'Save'}</Button>}
        </Group>
      </form>
    </Modal>
  );
}
