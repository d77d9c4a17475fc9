import type { ReactNode } from 'react';
import { Button, Kbd as MantineKbd } from '@mantine/core';
import { ADVICE, codeOf, messageOf } from '../state/notices.ts';
import classes from './states.module.css';

/** Nothing to show: says why, and what to do next with the person's own data. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.state}>
      <p className={classes.title}>{title}</p>
      {children ? <div className={classes.text}>{children}</div> : null}
      {action ? <div className={classes.actions}>{action}</div> : null}
    </div>
  );
}

/** An error in place of content: what happened, what was kept, what to do. */
export function ErrorState({ error, doing, kept, retry, action }: { error: unknown; doing: string; kept?: string; retry?: () => void; action?: ReactNode }) {
  const code = codeOf(error);
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>{doing} failed</p>
      <div className={classes.text}>
        <p>{messageOf(error)}</p>
        {kept ? <p>{kept}</p> : null}
        {ADVICE[code] ? <p>{ADVICE[code]}</p> : null}
        <p className={classes.code}>{code}</p>
      </div>
      <div className={classes.actions}>
        {retry ? <Button size="compact-sm" variant="default" onClick={retry}>Try again</Button> : null}
        {action}
      </div>
    </div>
  );
}

/** Keys as the shortcut table writes them: "mod+k", "shift+z", "g e". */
export function Kbd({ keys }: { keys: string }) {
  const mac = navigator.platform.startsWith('Mac');
  const names: Readonly<Record<string, string>> = { mod: mac ? '⌘' : 'Ctrl', shift: 'Shift', alt: mac ? '⌥' : 'Alt', escape: 'Esc', enter: 'Enter', home: 'Home', end: 'End', arrowup: '↑', arrowdown: '↓' };
  return (
    <span className={classes.keys}>
      {keys.split(' ').map((stroke, index) => (
        <span key={index} className={classes.keys}>
          {stroke.split('+').map((key) => <MantineKbd key={key} size="xs">{names[key] ?? (stroke.includes('+') ? key.toUpperCase() : key)}</MantineKbd>)}
        </span>
      ))}
    </span>
  );
}
