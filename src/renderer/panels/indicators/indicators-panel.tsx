import { Button } from '@mantine/core';
import { useState, useSyncExternalStore } from 'react';
import type { IndicatorsStatus } from '../../../shared/contract/indicators.ts';
import { engine, shell } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { notify, reportError } from '../../state/notices.ts';
import { formatBytes, formatCount } from '../../ui/numbers.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import type { PanelProps } from '../panel.ts';
import { Hits } from './hits.tsx';
import { Lists } from './lists.tsx';
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

export function IndicatorsPanel(_props: PanelProps) {
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const live = useSyncExternalStore(follow, () => told);
  const { data, error, retry } = useAsk(['indicators.status'], (signal) => engine.indicators.status({}, { signal }), { on: ['indicators'] });
  const [tab, setTab] = useState<'hits' | 'lists'>('hits');
  if (error && !data) return <ErrorState error={error} doing="Reading the lists" retry={retry} />;
  if (!data) return <div aria-busy="true" />;
  const reading = live?.reading ?? data.reading;
  const add = readOnly ? null : <Button size="compact-sm" disabled={reading !== null} onClick={() => void addLists()}>Add lists</Button>;
  if (data.lists.length === 0) {
    return (
      <EmptyState title="No lists of indicators yet" action={add}>
        {reading ? <Reading reading={reading} /> : null}
        <p>Add what is known to be bad: a STIX 2.1 bundle, a MISP export, a CSV, or a text file with an address, block, name, URL or hash a line. Spellings such as hxxp and [.] are understood.</p>
        <p>Events that are here already are looked through; what is read later is compared while it is read. Nothing leaves this machine.</p>
      </EmptyState>
    );
  }
  const matching = live?.matching ?? null;
  const indicators = data.lists.reduce((sum, list) => sum + list.stored, 0);
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <div className={classes.tabs} role="tablist" aria-label="Indicators">
          {(['hits', 'lists'] as const).map((id) => (
            <button key={id} type="button" role="tab" className={classes.tab} aria-selected={tab === id} onClick={() => setTab(id)}>{id === 'hits' ? 'Met' : `Lists (${formatCount(data.lists.length)})`}</button>
          ))}
        </div>
        <span className={classes.dim}>{formatCount(indicators)} indicators</span>
        <span className={classes.grow} role="status">
          {reading ? <Reading reading={reading} /> : null}
          {matching ? <>Looking through the events: {Math.floor((matching.done / Math.max(1, matching.total)) * 100)} %{' '}<Button size="compact-xs" variant="default" onClick={() => engine.indicators.stop({}).then(undefined, (failure: unknown) => reportError(failure, 'Stopping'))}>Stop</Button></> : null}
          {live?.error ? <span className={classes.bad}>{live.error}</span> : null}
        </span>
        {add}
      </div>
      {tab === 'hits' ? <Hits /> : <Lists lists={data.lists} readOnly={readOnly} />}
    </div>
  );
}

function Reading({ reading }: { reading: NonNullable<IndicatorsStatus['reading']> }) {
  return <>Reading {reading.name}: {formatBytes(reading.done)} of {formatBytes(reading.total)}, {formatCount(reading.stored)} indicators</>;
}
