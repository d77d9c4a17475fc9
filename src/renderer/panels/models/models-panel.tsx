import { z } from 'zod';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { ErrorState } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { ModelTab } from './model-tab.tsx';
import { Queue } from './queue.tsx';
import classes from './models.module.css';

const settingsSchema = z.object({ tab: z.enum(['queue', 'model']) });
const DEFAULTS: z.infer<typeof settingsSchema> = { tab: 'queue' };
const TABS = [['queue', 'Next to look at'], ['model', 'Model']] as const;

export function ModelsPanel({ panelKey }: PanelProps) {
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const [{ tab }, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const { data: state, error, retry } = useAsk(['models.state'], (signal) => engine.models.state({}, { signal }), { on: ['models', 'pins', 'notes'] });
  if (error && !state) return <ErrorState error={error} doing="Reading the models" retry={retry} />;
  if (!state) return <div aria-busy="true" />;
  return (
    <div className={classes.panel}>
      <Tabs label="Triage" tabs={TABS} chosen={tab} bodyClass={classes.panel} onChoose={(chosen) => setSettings({ tab: chosen })}>
        {tab === 'queue' ? <Queue state={state} readOnly={readOnly} /> : <ModelTab state={state} readOnly={readOnly} />}
      </Tabs>
    </div>
  );
}
