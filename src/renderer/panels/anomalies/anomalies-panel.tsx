import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { formatCount } from '../../ui/numbers.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { AsItCameIn } from './as-it-came-in.tsx';
import { InRange } from './in-range.tsx';
import { DEFAULTS, settingsSchema, type AnomalySettings } from './settings.ts';
import classes from './anomalies.module.css';

/** What is out of the ordinary: over a range when it is asked for, and as it came in. */
export function AnomaliesPanel({ panelKey }: PanelProps) {
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const onChange = (edit: Partial<AnomalySettings>): void => setSettings({ ...settings, ...edit });
  const { data } = useAsk(['anomalies.live', 1], (signal) => engine.anomalies.live({ limit: 1 }, { signal }), { on: ['anomalies', 'findings'] });
  const tabs = [['range', 'In this range'], ['live', data && data.open > 0 ? `As it came in (${formatCount(data.open)})` : 'As it came in']] as const;
  return (
    <div className={classes.panel}>
      <Tabs label="Anomalies" tabs={tabs} chosen={settings.tab} bodyClass={classes.panel} onChoose={(tab) => onChange({ tab })}>
        {settings.tab === 'range' ? <InRange settings={settings} onChange={onChange} /> : <AsItCameIn settings={settings} onChange={onChange} />}
      </Tabs>
    </div>
  );
}
