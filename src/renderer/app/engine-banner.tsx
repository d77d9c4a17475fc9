import { Button } from '@mantine/core';
import { shell } from '../client/client.ts';
import { useCase } from '../state/case.ts';
import { reportError } from '../state/notices.ts';
import classes from './app.module.css';

/** The engine died or is being started again: what happened, what was kept, what to do. */
export function EngineBanner() {
  const engine = useCase((state) => state.engine);
  if (engine.state !== 'dead' && engine.state !== 'restarting') return null;
  return (
    <div className={classes.banner} role="alert">
      <strong>{engine.state === 'dead' ? 'The engine stopped' : 'The engine is starting again'}</strong>
      <span>{engine.message} Everything stored up to then is kept; reading goes on where it ended.</span>
      {engine.state === 'dead' ? (
        <Button size="compact-sm" onClick={() => void shell.shell.restartEngine({}).catch((error: unknown) => reportError(error, 'Starting the engine'))}>Start the engine</Button>
      ) : null}
    </div>
  );
}
