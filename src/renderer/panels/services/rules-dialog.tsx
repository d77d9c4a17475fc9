import { Button, Group, Modal, NumberInput, Text } from '@mantine/core';
import { useState } from 'react';
import { objective as objectiveSchema, serviceSettings, type HealthRules, type Objective, type ServiceSettings } from '../../../shared/contract/services.ts';
import { engine } from '../../client/client.ts';
import { messageOf } from '../../state/notices.ts';
import { perform } from '../../state/undo.ts';
import { SafeText } from '../../ui/safe-text.tsx';
import { serviceName } from './words.ts';
import classes from './services.module.css';

interface RulesDialogProps {
  settings: ServiceSettings;
  /** whose objective is changed; null = rules and the objective of all */
  service: string | null;
  readOnly: boolean;
  close(): void;
}

/** Shares are typed as percent. */
const RULES: readonly { key: keyof HealthRules; label: string; suffix: string; scale: number }[] = [
  { key: 'degradedErrorRate', label: 'Degraded above an error rate of', suffix: ' %', scale: 100 }, { key: 'degradedP99Ms', label: 'or a p99 latency of', suffix: ' ms', scale: 1 },
  { key: 'unhealthyErrorRate', label: 'Unhealthy above an error rate of', suffix: ' %', scale: 100 }, { key: 'unhealthyP99Ms', label: 'or a p99 latency of', suffix: ' ms', scale: 1 },
  { key: 'leastRequests', label: 'Not judged below', suffix: ' requests', scale: 1 }, { key: 'leastErrors', label: 'and not for fewer errors than', suffix: '', scale: 1 },
  { key: 'silentFactor', label: 'Silent after its usual pause times', suffix: '', scale: 1 },
];
const OBJECTIVE: readonly { key: keyof Objective; label: string; suffix: string; scale: number }[] = [
  { key: 'availability', label: 'Requests without error', suffix: ' %', scale: 100 }, { key: 'latencyShare', label: 'Requests that are fast enough', suffix: ' %', scale: 100 }, { key: 'latencyMs', label: 'Fast enough is at most', suffix: ' ms', scale: 1 },
];

/** When a service counts as healthy, and what services promise; of this case. */
export function RulesDialog({ settings, service, readOnly, close }: RulesDialogProps) {
  const [rules, setRules] = useState(settings.rules);
  const [promised, setPromised] = useState(service === null ? settings.objective : (settings.services[service] ?? settings.objective));
  const [failure, setFailure] = useState('');
  const save = async (next: ServiceSettings): Promise<void> => {
    const read = serviceSettings.safeParse(next);
    if (!read.success) {
      setFailure('Each of these has to be a number that can be meant: rates from 0 to 100 %, times above 0.');
      return;
    }
    try {
      await perform({ title: 'Change the rules of services', redo: async () => void (await engine.services.setSettings({ settings: read.data })), undo: async () => void (await engine.services.setSettings({ settings })) });
      close();
    } catch (error) {
      setFailure(messageOf(error));
    }
  };
  const own = service !== null && service in settings.services;
  const without = (): ServiceSettings => ({ ...settings, services: Object.fromEntries(Object.entries(settings.services).filter(([name]) => name !== service)) });
  const next = (): ServiceSettings => (service === null ? { ...settings, rules, objective: promised } : { ...settings, services: { ...settings.services, [service]: promised } });
  return (
    <Modal opened onClose={close} title={service === null ? 'When services are healthy' : <>What <SafeText inline text={serviceName(service)} fold={60} /> promises</>} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save(next());
        }}
      >
        <fieldset className={classes.fields} disabled={readOnly}>
          {service === null ? (
            <>
              <div className={classes.pair}>{RULES.map(({ key, label, suffix, scale }) => <Field key={key} label={label} suffix={suffix} value={rules[key] * scale} onChange={(value) => setRules({ ...rules, [key]: value / scale })} />)}</div>
              <Text fz="sm" fw={600} mt="sm">What services promise, unless one promises something else</Text>
            </>
          ) : null}
          <div className={classes.pair}>{OBJECTIVE.map(({ key, label, suffix, scale }) => <Field key={key} label={label} suffix={suffix} value={promised[key] * scale} onChange={(value) => setPromised({ ...promised, [key]: value / scale })} />)}</div>
        </fieldset>
        {failure === '' ? null : <Text fz="sm" className={classes.bad} role="alert" mt="sm">{failure}</Text>}
        <Group gap="sm" mt="lg" justify="flex-end">
          {service === null ? <Button variant="default" disabled={readOnly} onClick={() => {
            const defaults = serviceSettings.parse({});
            setRules(defaults.rules);
            setPromised(objectiveSchema.parse({}));
          }}>Defaults</Button> : own ? <Button variant="default" onClick={() => void save(without())}>The same as the others</Button> : null}
          <Button variant="default" onClick={close}>Cancel</Button>
          <Button type="submit" disabled={readOnly}>Save</Button>
        </Group>
      </form>
    </Modal>
  );
}

function Field({ label, suffix, value, onChange }: { label: string; suffix: string; value: number; onChange: (value: number) => void }) {
  // 0.05 * 100 must read as 5.
  return <NumberInput label={label} suffix={suffix} value={Number(value.toPrecision(10))} min={0} decimalScale={4} onChange={(typed) => onChange(typeof typed === 'number' ? typed : Number.NaN)} />;
}
