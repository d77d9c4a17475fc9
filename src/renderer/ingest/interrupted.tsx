import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAsk } from '../client/ask.ts';
import { engine } from '../client/client.ts';
import { reportError } from '../state/notices.ts';
import { formatBytes, formatCount } from '../ui/numbers.ts';
import { shortPath } from '../ui/source-mark.tsx';
import classes from './ingest.module.css';

/** Sources whose reading was cut short can go on from where they ended. */
export function Interrupted({ started }: { started: (job: number) => void }) {
  const sources = useAsk(['ingest.interrupted'], (signal) => engine.ingest.interrupted({}, { signal }), { on: ['sources'] });
  const [starting, setStarting] = useState(false);
  const list = sources.data ?? [];
  if (list.length === 0) return null;
  const go = (): void => {
    setStarting(true);
    engine.ingest.continue({ sources: list.map((source) => source.id) }).then(({ job }) => started(job), (error: unknown) => {
      setStarting(false);
      reportError(error, 'Continuing');
    });
  };
  return (
    <div className={classes.interrupted}>
      <div>
        <strong>{list.length === 1 ? 'One source was' : `${formatCount(list.length)} sources were`} cut short</strong>
        <p>{list.slice(0, 4).map((source) => `${shortPath(source.path)} (${formatBytes(source.bytesRead)} of ${formatBytes(source.size)})`).join(', ')}{list.length > 4 ? ` and ${formatCount(list.length - 4)} more` : ''}. Reading goes on where it ended; nothing is stored twice.</p>
      </div>
      <Button onClick={go} loading={starting}>Continue</Button>
    </div>
  );
}
