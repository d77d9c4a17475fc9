import { Button, Group, Modal, Select, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Alert, AlertRule, SilenceEdit } from '../../../shared/alert.ts';
import { addSilence } from '../../state/alerts.ts';
import { messageOf } from '../../state/notices.ts';
import { useScope, useView } from '../../state/view.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { formatRange } from '../../ui/time.ts';
import classes from './alerts.module.css';

const HOUR = 3600e6;
/** How long from the beginning of the alert on. */
const LENGTHS = [
  { value: 'this', label: 'This alert only' }, { value: '1', label: '1 hour from its beginning' }, { value: '4', label: '4 hours from its beginning' }, { value: '24', label: 'A day from its beginning' }, { value: 'always', label: 'Always' },
] as const;

/** Silences what is like an alert, or what begins in the range on screen. */
export function SilenceDialog({ alert, rules, close }: { alert: Alert | null; rules: readonly AlertRule[]; close: () => void }) {
  const zone = useView((view) => view.zone);
  const scope = useScope();
  const [what, setWhat] = useState<string>('group');
  const [rule, setRule] = useState('');
  const [length, setLength] = useState<string>('4');
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState('');
  const silence = (): SilenceEdit => {
    if (!alert) return { rule: rule === '' ? null : Number(rule), group: null, from: scope.from, until: scope.to, reason: reason.trim() };
    const { started } = alert;
    const until = length === 'always' ? null : length === 'this' ? started + 1 : started + Number(length) * HOUR;
    return { rule: alert.rule, group: what === 'group' || length === 'this' ? alert.group : null, from: length === 'always' ? null : started, until, reason: reason.trim() };
  };
  const save = async (): Promise<void> => {
    if (reason.trim() === '') {
      setFailure('Say why, for those who wonder later why nothing was told.');
      return;
    }
    try {
      await addSilence(silence());
      close();
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  return (
    <Modal opened onClose={close} title={alert ? <>Silence <SafeText inline text={alert.finding.title} fold={80} /></> : 'Silence a time'}>
      <form
        noValidate className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {alert ? (
          <>
            {alert.group === '' ? null : <Select label="What" allowDeselect={false} value={what} onChange={(value) => value && setWhat(value)} data={[{ value: 'group', label: `${alert.ruleName}, ${alert.group.slice(0, 80)}` }, { value: 'rule', label: `${alert.ruleName}, every group` }]} />}
            <Select label="For how long" description="By the time of the events" inputWrapperOrder={['label', 'input', 'description']} allowDeselect={false} value={length} onChange={(value) => value && setLength(value)} data={LENGTHS} />
          </>
        ) : (
          <>
            <Select label="Rule" allowDeselect={false} value={rule} onChange={(value) => value !== null && setRule(value)} data={[{ value: '', label: 'Every rule' }, ...rules.map(({ id, name }) => ({ value: String(id), label: name }))]} />
            <Text fz="sm">{scope.from === null || scope.to === null ? 'The range on screen is the whole case, so every alert of it would be silenced. Choose a range on the timeline first to silence a part.' : `Alerts that began in the range on screen, ${formatRange(scope.from, scope.to, zone)}.`}</Text>
          </>
        )}
        <Textarea label="Why" data-autofocus rows={2} value={reason} error={failure} onChange={(event) => {
          setReason(event.currentTarget.value);
          setFailure('');
        }} />
        <Group gap="sm" justify="flex-end">
          <Button variant="default" onClick={close}>Cancel</Button>
          <Button type="submit">Silence</Button>
        </Group>
      </form>
    </Modal>
  );
}
