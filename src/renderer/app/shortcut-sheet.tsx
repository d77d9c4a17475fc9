import { Modal } from '@mantine/core';
import { screenStore, useScreen } from '../state/screen.ts';
import { Kbd } from '../ui/states.tsx';
import { GROUPS, SHORTCUTS } from './shortcuts.ts';
import classes from './shortcut-sheet.module.css';

/** All shortcuts, drawn from the one table. */
export function ShortcutSheet() {
  const opened = useScreen((state) => state.shortcuts);
  return (
    <Modal opened={opened} onClose={() => screenStore.setState({ shortcuts: false })} title="Keyboard shortcuts" size={860}>
      <div className={classes.columns}>
        {GROUPS.map((group) => (
          <section key={group} className={classes.group}>
            <h3>{group}</h3>
            <dl>
              {SHORTCUTS.filter((shortcut) => shortcut.group === group && shortcut.keys.length > 0).map((shortcut) => (
                <div key={shortcut.id}>
                  <dt>{shortcut.title}</dt>
                  <dd>{shortcut.keys.map((keys, index) => <span key={keys}>{index > 0 ? <span className={classes.or}>or</span> : null}<Kbd keys={keys} /></span>)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
