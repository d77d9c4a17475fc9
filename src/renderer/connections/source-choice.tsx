import { Button, TextInput } from '@mantine/core';
import { IconClipboardText, IconFiles } from '@tabler/icons-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ConnectorKind } from '../../shared/contract/connectors.ts';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import { useCase } from '../state/case.ts';
import { openIngest } from '../state/screen.ts';
import { SignalIcon, signalsText } from '../ui/signal-mark.tsx';
import { ErrorState } from '../ui/states.tsx';
import classes from './connections.module.css';

/** From this many on there is a field to find one. */
const MANY = 10;

/** Where events can come from: files first, then each connector. */
export function SourceChoice() {
  const readOnly = useCase((state) => state.info?.readOnly ?? true);
  const kinds = useAsk(['connectors.kinds'], (signal) => engine.connectors.kinds({}, { signal }), { on: [] });
  const [words, setWords] = useState('');
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const all = kinds.data ?? [];
  const found = all.filter((kind) => wanted.every((word) => `${kind.title} ${kind.description} ${kind.signals.join(' ')} ${kind.id}`.toLowerCase().includes(word)));
  return (
    <div className={classes.step}>
      <section aria-labelledby="source-files">
        <h3 id="source-files" className={classes.group}>Read once</h3>
        <ul className={classes.kinds}>
          <Choice first icon={<IconFiles size={16} stroke={1.5} aria-hidden="true" />} title="Files or folders" description="Logs, archives and exports on this machine. You see what each is read as before anything is stored." hint="Files" choose={() => openIngest({ kind: 'choose' })} />
          <Choice icon={<IconClipboardText size={16} stroke={1.5} aria-hidden="true" />} title="Pasted text" description="From a chat, a ticket or a terminal." hint="Text" choose={() => openIngest({ kind: 'paste' })} />
        </ul>
      </section>
      <section aria-labelledby="source-connections">
        <h3 id="source-connections" className={classes.group}>Connect, and read on</h3>
        {readOnly ? <p className="dim">This case is read-only: nothing can be connected to it. Copy the case to make changes.</p> : null}
        {kinds.error ? <ErrorState error={kinds.error} doing="Reading the list of connectors" retry={kinds.retry} /> : null}
        {all.length >= MANY ? <TextInput className={classes.find} aria-label="Find a connector" placeholder="Find a connector" value={words} onChange={(event) => setWords(event.currentTarget.value)} /> : null}
        {all.length > 0 && found.length === 0 ? <p className="dim">No connector has these words. <Button size="compact-xs" variant="default" onClick={() => setWords('')}>Show all</Button></p> : null}
        <ul className={classes.kinds}>
          {found.map((kind) => (
            <Choice
              key={kind.id} icon={<SignalIcon signal={kind.signal} />} title={kind.title} description={kind.description} hint={hintOf(kind)} disabled={readOnly}
              choose={() => openIngest({ kind: 'connect', connector: kind.id })}
            />
          ))}
        </ul>
      </section>
    </div>
  );
}
function hintOf({ signals, mode }: ConnectorKind): string {
  return `${signalsText(signals)}${mode === 'live' ? ', live' : ''}`;
}

function Choice({ icon, title, description, hint, choose, first = false, disabled = false }: { icon: ReactNode; title: string; description: string; hint: string; choose: () => void; first?: boolean; disabled?: boolean }) {
  return (
    <li>
      <button type="button" className={classes.kind} onClick={choose} disabled={disabled} data-autofocus={first || undefined}>
        {icon}
        <span className={classes.kindText}><span className={classes.kindTitle}>{title}</span><span className={classes.kindHelp}>{description}</span></span>
        <span className={classes.hint}>{hint}</span>
      </button>
    </li>
  );
}
