import { Button } from '@mantine/core';
import { useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { RULE_LEVELS, type SigmaStatus } from '../../../shared/contract/sigma.ts';
import { engine, shell } from '../../client/client.ts';
import { useAsk } from '../../client/ask.ts';
import { useCase } from '../../state/case.ts';
import { reportError } from '../../state/notices.ts';
import { formatCount } from '../../ui/numbers.ts';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { usePanelSettings } from '../panel.ts';
import type { PanelProps } from '../panel.ts';
import { AttackView } from './attack-view.tsx';
import { Found } from './found.tsx';
import { RuleDialog } from './rule-dialog.tsx';
import { Rules } from './rules.tsx';
import { tellAdded } from './tell-added.ts';
import classes from './detections.module.css';

/** What the engine told last of reading and running rules; null before it told anything. */
let told: SigmaStatus | null = null;
const listeners = new Set<() => void>();
let following = false;
function follow(listener: () => void): () => void {
  if (!following) {
    following = true;
    engine.sigma.onProgress((status) => {
      told = status;
      for (const tell of listeners) tell();
    });
  }
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

async function addRules(folders: boolean): Promise<void> {
  try {
    const paths = await shell.shell.pickFiles({ title: 'Add Sigma rules', folders, multiple: true, extensions: folders ? [] : ['yml', 'yaml'] });
    if (paths && paths.length > 0) tellAdded(await engine.sigma.add({ paths }));
  } catch (error) {
    reportError(error, 'Adding the rules');
  }
}

const settingsSchema = z.object({ tab: z.enum(['found', 'attack', 'rules']), level: z.enum([...RULE_LEVELS, 'all']), quieted: z.boolean() });
type Settings = z.infer<typeof settingsSchema>;
const DEFAULTS: Settings = { tab: 'found', level: 'all', quieted: false };

export function DetectionsPanel({ panelKey }: PanelProps) {
  const readOnly = useCase((state) => state.info?.readOnly ?? false);
  const [settings, setSettings] = usePanelSettings(panelKey, settingsSchema, DEFAULTS);
  const change = (edit: Partial<Settings>): void => setSettings({ ...settings, ...edit });
  const [writing, setWriting] = useState(false);
  const live = useSyncExternalStore(follow, () => told);
  const { data, error, retry } = useAsk(['sigma.status'], (signal) => engine.sigma.status({}, { signal }), { on: ['rules'] });
  if (error && !data) return <ErrorState error={error} doing="Reading the rules" retry={retry} />;
  if (!data) return <div aria-busy="true" />;
  const preparing = live?.preparing ?? data.preparing;
  const matching = live ? live.matching : data.matching;
  const failure = live?.error ?? data.error;
  const acts = readOnly ? null : (
    <div className={classes.acts}>
      <Button size="compact-sm" variant="default" onClick={() => setWriting(true)}>Write a rule</Button>
      <Button size="compact-sm" variant="default" disabled={preparing !== ''} onClick={() => void addRules(true)}>Add a folder</Button>
      <Button size="compact-sm" disabled={preparing !== ''} onClick={() => void addRules(false)}>Add files</Button>
    </div>
  );
  const none = data.rules === 0 && data.problems === 0;
  const tabs = [['found', 'Found'], ['attack', 'ATT&CK'], ['rules', `Rules (${formatCount(data.rules)})`]] as const;
  return (
    <div className={classes.panel}>
      {none ? <NoRules acts={acts} preparing={preparing} readOnly={readOnly} /> : (
        <Tabs label="Detections" tabs={tabs} chosen={settings.tab} bodyClass={classes.panel} onChoose={(tab) => change({ tab })}>
          <div className={classes.head}>
            <span className={classes.dim}>{formatCount(data.enabled)} of {formatCount(data.rules)} rules on{data.problems > 0 ? `, ${formatCount(data.problems)} not running` : ''}</span>
            <span className={classes.grow} role="status">
              {preparing}
              {matching ? <>Looking through the events: {Math.floor((matching.done / Math.max(1, matching.total)) * 100)} %{' '}<Button size="compact-xs" variant="default" onClick={() => engine.sigma.stop({}).then(undefined, (reason: unknown) => reportError(reason, 'Stopping'))}>Stop</Button></> : null}
              {failure === '' ? null : <><span className={classes.bad}>{failure}</span>{' '}<Button size="compact-xs" variant="default" onClick={() => engine.sigma.settled({}).then(undefined, (reason: unknown) => reportError(reason, 'Running the rules'))}>Go on</Button></>}
            </span>
            {acts}
          </div>
          {settings.tab === 'found' ? <Found level={settings.level} showQuieted={settings.quieted} onLevel={(level) => change({ level })} onQuieted={(quieted) => change({ quieted })} /> : null}
          {settings.tab === 'attack' ? <AttackView /> : null}
          {settings.tab === 'rules' ? <Rules readOnly={readOnly} /> : null}
        </Tabs>
      )}
      {writing ? <RuleDialog file={null} readOnly={readOnly} close={() => setWriting(false)} /> : null}
    </div>
  );
}

function NoRules({ acts, preparing, readOnly }: { acts: ReactNode; preparing: string; readOnly: boolean }) {
  return (
    <EmptyState title="No rules yet" action={acts}>
      {preparing === '' ? null : <p role="status">{preparing}</p>}
      <p>Add Sigma rules as they are published: files, or a folder such as a clone of the SigmaHQ repository. Rules, correlations, filters and processing pipelines are understood; what is not is named, and not run.</p>
      <p>Events that are here already are looked through, and so is what is read later. Rules stay in the case with their authors and licences.</p>
      {readOnly ? <p>This case is read-only: copy it to add rules.</p> : null}
    </EmptyState>
  );
}
