import { IconDatabaseSearch, IconFileText, IconHeartbeat, IconLayoutDashboard, IconListSearch, IconSettings } from '@tabler/icons-react';
import { runCommand } from '../state/commands.ts';
import type { CommandId } from '../state/commands.ts';
import { useScreen } from '../state/screen.ts';
import type { ScreenId } from '../state/screen.ts';
import { shortcutOf } from './shortcuts.ts';
import classes from './workbench.module.css';

const ITEMS: readonly { screen: ScreenId; command: CommandId; Icon: typeof IconSettings }[] = [
  { screen: 'investigations', command: 'go.investigations', Icon: IconListSearch },
  { screen: 'canvas', command: 'go.canvas', Icon: IconLayoutDashboard },
  { screen: 'health', command: 'go.health', Icon: IconHeartbeat },
  { screen: 'reports', command: 'go.reports', Icon: IconFileText },
  { screen: 'sql', command: 'go.sql', Icon: IconDatabaseSearch },
];

/** The screens, on the left. */
export function Rail() {
  return (
    <nav className={classes.rail} aria-label="Screens">
      {ITEMS.map((item) => <RailButton key={item.screen} {...item} />)}
      <div className={classes.railGap} />
      <RailButton screen="settings" command="go.settings" Icon={IconSettings} />
    </nav>
  );
}

function RailButton({ screen, command, Icon }: (typeof ITEMS)[number]) {
  const current = useScreen((state) => state.screen) === screen;
  const shortcut = shortcutOf(command);
  const title = shortcut?.title ?? screen;
  return (
    <button type="button" className={classes.railButton} aria-current={current ? 'page' : undefined} aria-label={title} title={`${title} (${shortcut?.keys[0] ?? ''})`} onClick={() => runCommand(command)}>
      <Icon size={20} stroke={1.5} />
    </button>
  );
}
