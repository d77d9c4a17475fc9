import { useId, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { z } from 'zod';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useView } from '../../state/view.ts';
import { EmptyState, ErrorState, Kbd } from '../../ui/states.tsx';
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
      <Tabs settings={settings} onTab={(tab) => setSettings({ ...settings, tab })}>
        {settings.tab === 'fields' ? <FieldsTab event={event} /> : null}
        {settings.tab === 'raw' ? <RawTab event={event} wrap={settings.wrap} pretty={settings.pretty} onChange={(change) => setSettings({ ...settings, ...change })} /> : null}
        {settings.tab === 'context' ? <ContextTab event={event} /> : null}
        {settings.tab === 'origin' ? <OriginTab event={event} /> : null}
      </Tabs>
    </div>
  );
}

function Tabs({ settings, onTab, children }: { settings: Settings; onTab(tab: Settings['tab']): void; children: React.ReactNode }) {
  const name = useId();
  const list = useRef<HTMLDivElement>(null);
  const keys = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const at = (TABS.findIndex(([id]) => id === settings.tab) + step + TABS.length) % TABS.length;
    onTab(TABS[at][0]);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[at]?.focus();
  };
  return (
    <>
      <div className={classes.tabs} role="tablist" aria-label="Parts of the event" tabIndex={-1} ref={list} onKeyDown={keys}>
        {TABS.map(([id, title]) => (
          <button key={id} type="button" role="tab" id={`${name}-${id}`} className={classes.tab} aria-selected={settings.tab === id} aria-controls={`${name}-body`} tabIndex={settings.tab === id ? 0 : -1} data-autofocus-panel={settings.tab === id ? '' : undefined} onClick={() => onTab(id)}>{title}</button>
        ))}
      </div>
      <div role="tabpanel" id={`${name}-body`} aria-labelledby={`${name}-${settings.tab}`} tabIndex={0}>{children}</div>
    </>
  );
}
