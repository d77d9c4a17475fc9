import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { engine } from '../client/client.ts';
import { reportError } from '../state/notices.ts';
import { formatCount } from '../ui/numbers.ts';
import { formatTime, nowMicros } from '../ui/time.ts';
import { FIRST_OPTIONS, Options } from './options.tsx';
import classes from './ingest.module.css';

/** Text from a chat, a ticket or a terminal as a source of its own. */
export function PasteStep({ started }: { started: (job: number) => void }) {
  const [name, setName] = useState(() => `Pasted ${formatTime(nowMicros(), 'UTC', 'second')} UTC`);
  const [text, setText] = useState('');
  const [options, setOptions] = useState(FIRST_OPTIONS);
  const [starting, setStarting] = useState(false);
  const start = (): void => {
    setStarting(true);
    engine.ingest.paste({ name: name.trim() || 'Pasted text', text, options }).then(({ job }) => started(job), (error: unknown) => {
      setStarting(false);
      reportError(error, 'Reading the text');
    });
  };
  const lines = text === '' ? 0 : text.split('\n').length;
  return (
    <div className={classes.step}>
      <TextInput label="Name of the source" value={name} maxLength={200} onChange={(event) => setName(event.currentTarget.value)} />
      <Textarea label="Text" data-autofocus minRows={12} maxRows={24} autosize value={text} onChange={(event) => setText(event.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mono)', fontSize: 12, whiteSpace: 'pre' } }} />
      <Options value={options} change={setOptions} />
      <div className={classes.foot}>
        <span>{formatCount(lines)} {lines === 1 ? 'line' : 'lines'}</span>
        <Button onClick={start} loading={starting} disabled={text.trim() === ''}>Read into the case</Button>
      </div>
    </div>
  );
}
