import { Spotlight, createSpotlight } from '@mantine/spotlight';
import { useState } from 'react';
import { canRun, runCommand } from '../state/commands.ts';
import classes from './palette.module.css';
import { Kbd } from '../ui/states.tsx';
import { GROUPS, SHORTCUTS } from './shortcuts.ts';

const [paletteStore, palette] = createSpotlight();
export function openPalette(): void {
  palette.open();
}

/** Every command that something on screen can do now, by its title; the keys are shown, so that they are learnt. */
export function Palette() {
  const [query, setQuery] = useState('');
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  // canRun is asked while drawing: the palette is drawn anew each time it opens or the text changes.
  const found = SHORTCUTS.filter((shortcut) => shortcut.id !== 'view.palette' && canRun(shortcut.id) && words.every((word) => `${shortcut.group} ${shortcut.title}`.toLowerCase().includes(word)));
  return (
    <Spotlight.Root store={paletteStore} shortcut={null} query={query} onQueryChange={setQuery} clearQueryOnClose transitionProps={{ duration: 0 }} shadow="none" size={560} overlayProps={{ backgroundOpacity: 0.35, blur: 0 }} styles={{ content: { border: '1px solid var(--line-strong)' } }} attributes={{ content: { 'aria-label': 'Command palette' } }}>
      <Spotlight.Search placeholder="What do you want to do" aria-label="Command" classNames={{ input: classes.search }} />
      <div className={classes.list} role="region" aria-label="Commands" tabIndex={0}>
      <Spotlight.ActionsList style={{ maxHeight: 'none' }}>
        {GROUPS.map((group) => {
          const actions = found.filter((shortcut) => shortcut.group === group);
          return actions.length === 0 ? null : (
            <Spotlight.ActionsGroup key={group} label={group} className={classes.group}>
              {actions.map((shortcut) => (
                <Spotlight.Action
                  key={shortcut.id}
                  className={classes.action}
                  label={shortcut.title}
                  rightSection={shortcut.keys[0] ? <Kbd keys={shortcut.keys[0]} /> : null}
                  onClick={() => setTimeout(() => runCommand(shortcut.id))}
                />
              ))}
            </Spotlight.ActionsGroup>
          );
        })}
        {found.length === 0 ? <Spotlight.Empty>No command has these words.</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
      </div>
    </Spotlight.Root>
  );
}
