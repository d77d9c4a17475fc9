import { z } from 'zod';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useView } from '../../state/view.ts';
import { EmptyState, ErrorState, Kbd } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { ContextTab } from './context-tab.tsx';
import { DetailHead } from './detail-head.tsx';
import { FieldsTab } from './fields-tab.tsx';
import { OriginTab } from './origin-tab.tsx';
import { RawTab } from './raw-tab.tsx';
import classes from './detail.module.css';

const TABS = [['fields', 'Fields'], ['raw', 'Raw'], ['context', 'Context'], ['origin', 'Origin']] as const;
const settingsSchema = z.object({ tab: z.enum(['fields', 'raw', 'context', 'origin']), wrap: z.boolean(), pretty: z.boolean() });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { tab: 'fields', wrap: true, pretty: true };

/** Everything about the selected event. */
export function DetailPanel({ panelKey }: PanelProps) {
  const id = useView((view) => view.selectedId);
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const { data: event, error, stale, retry } = useAsk(['events.get', id], (signal) => engine.events.get({ id: id ?? 0 }, { signal }), { enabled: id !== null });
  if (id === null) {
    return (
      <EmptyState title="No event is selected">
        Choose one in the list, a bar or a pin on the timeline. <Kbd keys="j" /> and <Kbd keys="k" /> go from event to event.
      </EmptyState>
    );
  }
  if (error && event?.id !== id) return <ErrorState error={error} doing="Reading the event" retry={retry} />;
  if (!event) return <p className={classes.about} style={{ padding: 8 }}>reading</p>;
  return (
    <div className={`${classes.panel} ${stale && event.id !== id ? 'stale' : ''}`}>
      <DetailHead event={event} />
      <Tabs label="Parts of the event" tabs={TABS} chosen={settings.tab} listClass={classes.tabs} bodyFocus onChoose={(tab) => setSettings({ ...settings, tab })}>
        {settings.tab === 'fields' ? <FieldsTab event={event} /> : null}
        {settings.tab === 'raw' ? <RawTab event={event} wrap={settings.wrap} pretty={settings.pretty} onChange={(change) => setSettings({ ...settings, ...change })} /> : null}
        {settings.tab === 'context' ? <ContextTab event={event} /> : null}
        {settings.tab === 'origin' ? <OriginTab event={event} /> : null}
      </Tabs>
    </div>
  );
}
