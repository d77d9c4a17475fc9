import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { runCommand } from '../../state/commands.ts';
import { traceOf, useAskedTrace } from '../../state/trace.ts';
import type { AskedTrace } from '../../state/trace.ts';
import { useView } from '../../state/view.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { ServicesTab } from './services-tab.tsx';
import { TraceList } from './trace-list.tsx';
import { TraceView } from './trace-view.tsx';
import classes from './trace.module.css';

const TABS = [['trace', 'Trace'], ['list', 'All traces'], ['services', 'Services']] as const;
type Tab = (typeof TABS)[number][0];
const settingsSchema = z.object({ tab: z.enum(['trace', 'list', 'services']), sort: z.enum(['start', 'duration', 'errors']) });
const DEFAULTS: z.infer<typeof settingsSchema> = { tab: 'trace', sort: 'start' };

/** The trace of the selected event, the traces there are, and the services in them. */
export function TracePanel({ panelKey }: PanelProps) {
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const { traceId, choose, without } = useTraceId();
  const setTab = (tab: Tab): void => setSettings({ ...settings, tab });
  const asked = useAskedTrace();
  const [answered, setAnswered] = useState<AskedTrace | null>(null);
  useEffect(() => {
    if (asked === null || asked === answered) return;
    setAnswered(asked);
    choose(asked.traceId);
    setSettings({ ...settings, tab: 'trace' });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what was asked for is shown once; the person may go on from there
  }, [asked]);
  if (!useAnySpans()) {
    return (
      <EmptyState title="No traces in this case" action={<Button size="compact-sm" onClick={() => runCommand('ingest.files')}>Add files of spans</Button>}>
        Files of spans from Jaeger, Zipkin, OpenTelemetry (OTLP), Datadog and New Relic become traces: which call waited for which, where the time went, what failed. Events of logs that carry a trace id lead to their trace.
      </EmptyState>
    );
  }
  return (
    <div className={classes.panel}>
      <Tabs label="Parts of traces" tabs={TABS} chosen={settings.tab} takesFocus={settings.tab !== 'trace'} bodyClass={classes.body} onChoose={setTab}>
        {settings.tab === 'trace' && traceId !== null ? <ShownTrace traceId={traceId} /> : null}
        {settings.tab === 'trace' && traceId === null ? (
          <EmptyState title={without ? 'The selected event belongs to no trace' : 'No trace is chosen'} action={<Button size="compact-sm" variant="default" onClick={() => setTab('list')}>List the traces</Button>}>
            Select an event that has a trace id, in any panel, and its trace is shown here. Or choose one of all traces, the slowest or those with errors first.
          </EmptyState>
        ) : null}
        {settings.tab === 'list' ? (
          <TraceList
            chosen={traceId} sort={settings.sort} onSort={(sort) => setSettings({ ...settings, sort })}
            onChoose={(id) => {
              choose(id);
              setTab('trace');
            }}
          />
        ) : null}
        {settings.tab === 'services' ? <ServicesTab /> : null}
      </Tabs>
    </div>
  );
}

/** Whether there is a trace in the case; logs may have spans between them, so where no source is of traces the engine is asked. */
function useAnySpans(): boolean {
  const source = useCase((state) => [...state.sources.values()].some(({ signal }) => signal === 'traces'));
  const { data } = useAsk(['traces.list', 'any'], (signal) => engine.traces.list({ scope: { query: '', from: null, to: null }, limit: 1 }, { signal }), { enabled: !source });
  return source || data === undefined || data.total > 0;
}

/** The trace to show: that of the event selected last, or the one chosen last, whichever came later. */
function useTraceId(): { traceId: string | null; choose(id: string): void; without: boolean } {
  const selected = useView((view) => view.selectedId);
  const { data: event } = useAsk(['events.get', selected], (signal) => engine.events.get({ id: selected ?? 0 }, { signal }), { enabled: selected !== null });
  const [shown, setShown] = useState<{ traceId: string | null; followed: number | null }>({ traceId: null, followed: null });
  const current = event !== undefined && event.id === selected ? event : undefined;
  const own = current ? traceOf(current) : null;
  if (current && current.id !== shown.followed) setShown({ traceId: own ?? shown.traceId, followed: current.id });
  return { traceId: shown.traceId, choose: (traceId) => setShown((before) => ({ ...before, traceId })), without: current !== undefined && own === null };
}

function ShownTrace({ traceId }: { traceId: string }) {
  const { data: trace, error, stale, retry } = useAsk(['traces.get', traceId], (signal) => engine.traces.get({ traceId }, { signal }));
  if (error && trace?.traceId !== traceId) return <ErrorState error={error} doing="Putting the trace together" retry={retry} />;
  if (!trace) return <p className={classes.reading}>reading</p>;
  return <TraceView key={trace.traceId} trace={trace} stale={stale && trace.traceId !== traceId} />;
}
