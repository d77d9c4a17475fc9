import { useMemo, useState } from 'react';
import { z } from 'zod';
import type { RootCauseReply } from '../../../shared/contract/root-cause.ts';
import { engine } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useRun } from '../../state/analysis.ts';
import { RunBar } from '../../ui/run-bar.tsx';
import { ServicePicture } from '../../ui/service-graph/service-picture.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { Around } from './context.tsx';
import { OnsetBar } from './onset-bar.tsx';
import { SuspectList } from './suspect-list.tsx';
import { SuspectView } from './suspect-view.tsx';
import { picturedCauses } from './words.ts';
import classes from './root-cause.module.css';

const settingsSchema = z.object({ at: z.number().nullable() });
const DEFAULTS: z.infer<typeof settingsSchema> = { at: null };

/** From the time it started to the service it came from. */
export function RootCausePanel({ panelKey }: PanelProps) {
  const [{ at }, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const { run, progress } = useRun();
  const [stopped, setStopped] = useState(false);
  // Not asked again with every event that comes in: the question is a long one.
  const { data, error, loading, outdated, stale, retry } = useAsk(['rootCause.rank', at], (signal) => engine.rootCause.rank({ at, normal: null, run }, { signal }), { on: [], outdatedBy: ['sources', 'series'], enabled: !stopped });
  const again = (): void => {
    if (stopped) setStopped(false);
    else retry();
  };
  return (
    <div className={classes.panel}>
      <RunBar loading={loading} progress={progress} stopped={stopped} outdated={outdated} onStop={() => setStopped(true)} onAgain={again}>
        <OnsetBar at={at} reply={stale ? undefined : data} onAt={(time) => setSettings({ at: time })} />
      </RunBar>
      {error && !data ? <ErrorState error={error} doing="Looking for the root cause" retry={retry} /> : data ? <Found reply={data} stale={stale} /> : null}
    </div>
  );
}

function Found({ reply, stale }: { reply: RootCauseReply; stale: boolean }) {
  const { suspects, more, edges } = reply;
  const [wanted, setWanted] = useState('');
  const chosen = suspects.find(({ service }) => service === wanted) ?? suspects.at(0);
  const service = chosen?.service ?? '';
  const picture = useMemo(() => picturedCauses(suspects, edges, service), [suspects, edges, service]);
  if (!chosen) {
    return (
      <EmptyState title={reply.at === null ? 'Nothing tells when it started' : 'No service stands out'}>
        {reply.notes.map((note) => <p key={note}>{note}</p>)}
        <p>Traces, logs with trace ids and metrics of services before and after the trouble are what this compares.</p>
      </EmptyState>
    );
  }
  return (
    <div className={`${classes.columns} ${stale ? 'stale' : ''}`}>
      <div className={classes.left} tabIndex={0} role="region" aria-label="Suspects, impact and changes">
        <SuspectList suspects={suspects} more={more} chosen={service} onChoose={setWanted} />
        <Around reply={reply} />
      </div>
      <div className={classes.right}>
        <div className={classes.why} tabIndex={0} role="region" aria-label="Evidence"><SuspectView suspect={chosen} at={reply.at ?? chosen.from} metrics={reply.periods.metrics} /></div>
        {picture.edges.length > 0 ? (
          <div className={classes.graph}>
            <ServicePicture graph={picture} label="Picture of services and their calls, the redder the likelier the cause; the list has the figures" act="Evidence of" chosen={service} onChoose={setWanted} />
          </div>
        ) : null}
      </div>
    </div>
  );
}
