import { Button } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { z } from 'zod';
import type { IndicatorsStatus } from '../../../shared/contract/indicators.ts';
import { engine, shell } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { notify, reportError } from '../../state/notices.ts';
import { formatBytes, formatCount } from '../../ui/numbers.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { Hits } from './hits.tsx';
import { Lists } from './lists.tsx';
import { AddPlaces, Places } from './places.tsx';
import classes from './indicators.module.css';

/** What the engine told last of reading and of looking through events; null before it told anything. */
let told: IndicatorsStatus | null = null;
const listeners = new Set<() => void>();
let following = false;
function follow(listener: () => void): () => void {
  if (!following) {
    following = true;
    engine.indicators.onProgress((status) => {
      told = status;
      for (const tell of listeners) tell();
    });
  }
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Lets a person choose lists, and reads them one after the other. */
export async function addLists(): Promise<void> {
  const paths = await shell.shell.pickFiles({ title: 'Add lists of indicators', folders: false, multiple: true, extensions: [] });
  for (const path of paths ?? []) {
    try {
      const list = await engine.indicators.add({ path });
      notify({ title: `${list.name} is in the case`, message: `${formatCount(list.stored)} indicators${list.rejected > 0 ? `, ${formatCount(list.rejected)} could not be matched` : ''}.` });
    } catch (error) {
      reportError(error, 'Adding the list');
    }
  }
}

const settingsSchema = z.object({ tab: z.enum(['hits', 'lists', 'places']) });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { tab: 'hits' };

export function IndicatorsPanel({ panelKey }: PanelProps) {
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const [{ tab }, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const live = useSyncExternalStore(follow, () => told);
  const { data, error, retry } = useAsk(['indicators.status'], (signal) => engine.indicators.status({}, { signal }), { on: ['indicators'] });
  const places = useAsk(['enrichment.list'], (signal) => engine.enrichment.list({}, { signal }), { on: ['indicators'] });
  if (error && !data) return <ErrorState error={error} doing="Reading the lists" retry={retry} />;
  if (places.error && !places.data) return <ErrorState error={places.error} doing="Reading the databases and maps" retry={places.retry} />;
  if (!data || !places.data) return <div aria-busy="true" />;
  const reading = live?.reading ?? data.reading;
  const add = readOnly ? null : <Button size="compact-sm" disabled={reading !== null} onClick={() => void addLists()}>Add lists</Button>;
  const matching = live?.matching ?? null;
  const indicators = data.lists.reduce((sum, list) => sum + list.stored, 0);
  const none = data.lists.length === 0;
  const choose = (id: Settings['tab']): void => {
    setSettings({ tab: id });
    // Their files may be others than when they were asked after last.
    if (id === 'places') places.retry();
  };
  const tabs = [['hits', 'Met'], ['lists', `Lists (${formatCount(data.lists.length)})`], ['places', `Places and owners (${formatCount(places.data.length)})`]] as const;
  return (
    <div className={classes.panel}>
      <Tabs label="Indicators, places and owners" tabs={tabs} chosen={tab} bodyClass={classes.panel} onChoose={choose}>
        {tab === 'places' ? (
          <>
            {readOnly || places.data.length === 0 ? null : <div className={classes.head}><span className={classes.grow} /><AddPlaces /></div>}
            <Places all={places.data} readOnly={readOnly} />
          </>
        ) : none ? <NoLists add={add} reading={reading} readOnly={readOnly} /> : (
          <>
            <div className={classes.head}>
              <span className={classes.dim}>{formatCount(indicators)} indicators</span>
              <span className={classes.grow} role="status">
                {reading ? <Reading reading={reading} /> : null}
                {matching ? <>Looking through the events: {Math.floor((matching.done / Math.max(1, matching.total)) * 100)} %{' '}<Button size="compact-xs" variant="default" onClick={() => engine.indicators.stop({}).then(undefined, (failure: unknown) => reportError(failure, 'Stopping'))}>Stop</Button></> : null}
                {live?.error ? <span className={classes.bad}>{live.error}</span> : null}
              </span>
              {add}
            </div>
            {tab === 'hits' ? <Hits /> : <Lists lists={data.lists} readOnly={readOnly} />}
          </>
        )}
      </Tabs>
    </div>
  );
}

function NoLists({ add, reading, readOnly }: { add: ReactNode; reading: IndicatorsStatus['reading']; readOnly: boolean }) {
  return (
    <EmptyState title="No lists of indicators yet" action={add}>
      {reading ? <Reading reading={reading} /> : null}
      <p>Add what is known to be bad: a STIX 2.1 bundle, a MISP export, a CSV, or a text file with an address, block, name, URL or hash a line. Spellings such as hxxp and [.] are understood.</p>
      <p>Events that are here already are looked through; what is read later is compared while it is read. Nothing leaves this machine.</p>
      {readOnly ? <p>This case is read-only: copy it to add a list.</p> : null}
    </EmptyState>
  );
}

function Reading({ reading }: { reading: NonNullable<IndicatorsStatus['reading']> }) {
  return <>Reading {reading.name}: {formatBytes(reading.done)} of {formatBytes(reading.total)}, {formatCount(reading.stored)} indicators</>;
}
