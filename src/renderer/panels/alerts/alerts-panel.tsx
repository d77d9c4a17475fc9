import { useState } from 'react';
import { z } from 'zod';
import { ALERT_STATES, type Alert } from '../../../shared/alert.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { formatCount } from '../../ui/numbers.ts';
import { ErrorState } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { AlertList } from './alert-list.tsx';
import { Rules } from './rules.tsx';
import { SilenceDialog } from './silence-dialog.tsx';
import { Silences } from './silences.tsx';
import { Statistics } from './statistics.tsx';
import classes from './alerts.module.css';

const settingsSchema = z.object({ tab: z.enum(['alerts', 'rules', 'silences', 'statistics']), state: z.enum([...ALERT_STATES, 'open', 'all']), quiet: z.boolean() });
export type AlertSettings = z.infer<typeof settingsSchema>;
const DEFAULTS: AlertSettings = { tab: 'alerts', state: 'all', quiet: false };

export function AlertsPanel({ panelKey }: PanelProps) {
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const change = (edit: Partial<AlertSettings>): void => setSettings({ ...settings, ...edit });
  const [silencing, setSilencing] = useState<Alert | 'range' | null>(null);
  const { data, error, retry } = useAsk(['alerts.list'], (signal) => engine.alerts.list({}, { signal }), { on: ['alerts', 'findings'] });
  const rules = useAsk(['alerts.rules'], (signal) => engine.alerts.rules({}, { signal }), { on: ['alerts'] });
  const silences = useAsk(['alerts.silences'], (signal) => engine.alerts.silences({}, { signal }), { on: ['alerts'] });
  const failure = [{ error, doing: 'Reading the alerts', retry, data }, { ...rules, doing: 'Reading the rules' }, { ...silences, doing: 'Reading the silences' }].find((one) => one.error && !one.data);
  if (failure) return <ErrorState error={failure.error} doing={failure.doing} retry={failure.retry} />;
  if (!data || !rules.data || !silences.data) return <div aria-busy="true" />;
  const on = rules.data.filter(({ enabled }) => enabled).length;
  const open = data.counts.active + data.counts.acknowledged + data.counts.pending;
  const tabs = [
    ['alerts', open > 0 ? `Alerts (${formatCount(open)} open)` : 'Alerts'], ['rules', `Rules (${formatCount(on)} on)`],
    ['silences', silences.data.length > 0 ? `Silences (${formatCount(silences.data.length)})` : 'Silences'], ['statistics', 'Statistics'],
  ] as const;
  return (
    <div className={classes.panel}>
      <Tabs label="Alerts" tabs={tabs} chosen={settings.tab} bodyClass={classes.panel} onChoose={(tab) => change({ tab })}>
        {settings.tab === 'alerts' ? <AlertList list={data} rules={rules.data} settings={settings} readOnly={readOnly} onChange={change} onSilence={setSilencing} /> : null}
        {settings.tab === 'rules' ? <Rules rules={rules.data} list={data} readOnly={readOnly} /> : null}
        {settings.tab === 'silences' ? <Silences silences={silences.data} rules={rules.data} alerts={data.alerts} readOnly={readOnly} onNew={() => setSilencing('range')} /> : null}
        {settings.tab === 'statistics' ? <Statistics /> : null}
      </Tabs>
      {silencing ? <SilenceDialog alert={silencing === 'range' ? null : silencing} rules={rules.data} close={() => setSilencing(null)} /> : null}
    </div>
  );
}
