import { Button, Checkbox, Group, Modal, NumberInput, Select, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ALERT_LEVELS, CHANNELS, editOf, GROUP_FIELDS, METRICS, metricOf, NO_DATA, OPERATORS, type AlertLevel, type AlertRule, type AlertRuleEdit, type Channel, type Metric } from '../../../shared/alert.ts';
import { OPERATOR_WORDS } from '../../../shared/alert-text.ts';
import { ruleEdit } from '../../../shared/contract/alerts.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { addRule, changeRule } from '../../state/alerts.ts';
import { messageOf } from '../../state/notices.ts';
import { useView } from '../../state/view.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { formatStamp, formatTime } from '../../ui/time.ts';
import { BacktestView } from './backtest.tsx';
import { GROUP_TITLES, NO_DATA_TITLES } from './words.ts';
import classes from './alerts.module.css';

const NEW: AlertRuleEdit = { name: '', metric: 'event_count', series: '', operator: '>', threshold: 0, window: 60, windows: 'sliding', hold: 0, level: 'WARNING', query: '', groupBy: '', noData: 'ok', channels: [...CHANNELS], enabled: true };
const CHANNEL_TITLES: Readonly<Record<Channel, string>> = { notice: 'Notice in the window', log: 'Log of the engine' };

/** A rule, and beside it what it would have done in this case: before it is saved, and before it is on. */
export function RuleDialog({ rule, readOnly, close }: { rule: AlertRule | null; readOnly: boolean; close: () => void }) {
  const query = useView((view) => view.query);
  const [draft, setDraft] = useState<AlertRuleEdit>(() => (rule ? editOf(rule) : { ...NEW, query }));
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const change = (edit: Partial<AlertRuleEdit>): void => {
    setDraft((now) => ({ ...now, ...edit }));
    setFailure('');
  };
  const save = async (): Promise<void> => {
    const read = ruleEdit.safeParse(draft);
    if (!read.success) {
      setFailure(draft.name.trim() === '' ? 'The rule needs a name.' : (read.error.issues[0]?.message ?? 'Something is missing.'));
      return;
    }
    setBusy(true);
    try {
      if (rule) await changeRule(rule, read.data);
      else await addRule(read.data);
      close();
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  };
  const series = draft.metric === 'series';
  const { unit } = metricOf(draft.metric);
  const number = (label: string, key: 'threshold' | 'window' | 'hold', least?: number, description?: string) => (
    <NumberInput label={label} description={description} inputWrapperOrder={['label', 'input', 'description']} min={least} allowDecimal={key === 'threshold'} value={draft[key]} onChange={(value) => typeof value === 'number' && change({ [key]: value })} />
  );
  return (
    <Modal opened onClose={close} size={1080} title={rule === null ? 'Write an alert rule' : readOnly ? 'The alert rule' : 'Change the alert rule'}>
      <form
        noValidate className={classes.editor}
        onSubmit={(event) => {
          event.preventDefault();
          if (!readOnly) void save();
        }}
      >
        <div className={classes.form}>
          <div className={classes.row}>
            <TextInput label="Name" data-autofocus value={draft.name} onChange={(event) => change({ name: event.currentTarget.value })} />
            <Select label="Level" allowDeselect={false} data={Object.keys(ALERT_LEVELS)} value={draft.level} onChange={(level) => level && change({ level: level as AlertLevel })} />
          </div>
          <div className={`${classes.row} ${classes.measured}`}>
            <Select label="What is measured" allowDeselect={false} data={METRICS.map(({ id, title }) => ({ value: id, label: title }))} value={draft.metric} onChange={(metric) => metric && change({ metric: metric as Metric })} />
            <Select label="Fires when it is" allowDeselect={false} data={OPERATORS.map((value) => ({ value, label: OPERATOR_WORDS[value] }))} value={draft.operator} onChange={(operator) => operator && change({ operator: operator as AlertRuleEdit['operator'] })} />
            {number(unit === '' ? 'Threshold' : `Threshold, ${unit}`, 'threshold')}
          </div>
          {series ? (
            <TextInput label="Metric" classNames={{ input: 'mono' }} placeholder="cpu web-1" description="Words that its name and labels have; each series that fits is judged alone" inputWrapperOrder={['label', 'input', 'description']} value={draft.series} onChange={(event) => change({ series: event.currentTarget.value })} />
          ) : (
            <TextInput label="Of which events" classNames={{ input: 'mono' }} placeholder="service:checkout -url:/health" description="A query as in the bar; empty for all" inputWrapperOrder={['label', 'input', 'description']} value={draft.query} onChange={(event) => change({ query: event.currentTarget.value })} />
          )}
          <div className={classes.row}>
            {number('Window, seconds', 'window', 1, 'Measured over so much time of the events')}
            <Select label="Windows" description="Moved by a second, or one after the other" inputWrapperOrder={['label', 'input', 'description']} allowDeselect={false} data={[{ value: 'sliding', label: 'Sliding' }, { value: 'tumbling', label: 'Side by side' }]} value={draft.windows} onChange={(windows) => windows && change({ windows: windows as AlertRuleEdit['windows'] })} />
            {number('For, seconds', 'hold', 0, 'It must hold so long before it fires')}
          </div>
          <div className={classes.row}>
            <Select label="Apart for each" allowDeselect={false} disabled={series} data={GROUP_FIELDS.map((value) => ({ value, label: GROUP_TITLES[value] }))} value={draft.groupBy} onChange={(groupBy) => groupBy !== null && change({ groupBy: groupBy as AlertRuleEdit['groupBy'] })} />
            <Select label="A window without data" allowDeselect={false} data={NO_DATA.map((value) => ({ value, label: NO_DATA_TITLES[value] }))} value={draft.noData} onChange={(noData) => noData && change({ noData: noData as AlertRuleEdit['noData'] })} />
          </div>
          <Group gap="md">
            {CHANNELS.map((channel) => <Checkbox key={channel} label={CHANNEL_TITLES[channel]} checked={draft.channels.includes(channel)} onChange={(event) => change({ channels: CHANNELS.filter((one) => (one === channel ? event.currentTarget.checked : draft.channels.includes(one))) })} />)}
            <Checkbox label="On" checked={draft.enabled} onChange={(event) => change({ enabled: event.currentTarget.checked })} />
          </Group>
          {rule ? <History rule={rule} /> : null}
          {failure ? <Text role="alert" fz="sm" c="var(--danger)">{failure}</Text> : null}
          <Group gap="sm" justify="flex-end" mt="auto">
            <Button variant="default" onClick={close}>{readOnly ? 'Close' : 'Cancel'}</Button>
            {readOnly ? null : <Button type="submit" loading={busy}>{rule ? 'Save' : 'Add the rule'}</Button>}
          </Group>
        </div>
        <BacktestView rule={draft} />
      </form>
    </Modal>
  );
}

/** Who changed it, and how. */
function History({ rule }: { rule: AlertRule }) {
  const zone = useView((view) => view.zone);
  const { data } = useAsk(['alerts.ruleChanges', rule.id, rule.version], (signal) => engine.alerts.ruleChanges({ id: rule.id }, { signal }), { on: ['alerts'] });
  if (!data || data.length < 2) return null;
  return (
    <details className={classes.history}>
      <summary>{data.length} changes</summary>
      <ol className={classes.trail}>
        {data.map(({ id, at, by, what }) => <li key={id}><time className="mono" title={formatStamp(at, zone)}>{formatTime(at, zone, 'second')}</time> {what} by <SafeText inline text={by === '' ? 'the engine' : by} fold={60} /></li>)}
      </ol>
    </details>
  );
}
