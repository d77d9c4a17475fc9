import { ActionIcon, Menu, VisuallyHidden } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconChevronDown } from '@tabler/icons-react';
import { AddPanelMenu } from '../canvas/canvas.tsx';
import { QueryBar } from '../query/query-bar.tsx';
import { useCase } from '../state/case.ts';
import { runCommand } from '../state/commands.ts';
import type { CommandId } from '../state/commands.ts';
import { useUndoTitles } from '../state/undo.ts';
import { Kbd } from '../ui/states.tsx';
import { RangePicker } from './range-picker.tsx';
import { shortcutOf } from './shortcuts.ts';
import { ZoneSwitch } from './zone-switch.tsx';
import classes from './workbench.module.css';

const CASE_MENU: readonly (CommandId | null)[] = [
  'ingest.files', 'ingest.folder', 'ingest.paste', 'source.add', null, 'report.incident', 'export.events', null, 'case.new', 'case.open', 'case.copy', 'case.check', 'case.close',
];

/** Case menu, query, range, zone, undo: what every screen shares. */
export function TopBar() {
  const titles = useUndoTitles();
  const name = useCase((state) => state.info?.name ?? '');
  return (
    <header className={classes.topBar}>
      <VisuallyHidden><h1>{name}</h1></VisuallyHidden>
      <CaseMenu />
      <div className={classes.query}><QueryBar /></div>
      <RangePicker />
      <ZoneSwitch />
      <AddPanelMenu />
      <ActionIcon size="md" aria-label="Undo" title={titles.undo ? `Undo: ${titles.undo.toLowerCase()} (Ctrl+Z)` : 'Nothing to undo'} disabled={!titles.undo} onClick={() => runCommand('edit.undo')}><IconArrowBackUp size={16} /></ActionIcon>
      <ActionIcon size="md" aria-label="Redo" title={titles.redo ? `Redo: ${titles.redo.toLowerCase()} (Ctrl+Shift+Z)` : 'Nothing to redo'} disabled={!titles.redo} onClick={() => runCommand('edit.redo')}><IconArrowForwardUp size={16} /></ActionIcon>
    </header>
  );
}

function CaseMenu() {
  const info = useCase((state) => state.info);
  if (!info) return null;
  return (
    <>
      <Menu position="bottom-start" width={260}>
        <Menu.Target>
          <button type="button" className={classes.caseButton} title={info.path}>
            <span className="ellipsis">{info.name}</span>
            <IconChevronDown size={14} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {CASE_MENU.map((id, index) => {
            const shortcut = id === null ? undefined : shortcutOf(id);
            if (!shortcut) return <Menu.Divider key={index} />;
            return <Menu.Item key={shortcut.id} fz="md" py={4} rightSection={shortcut.keys[0] ? <Kbd keys={shortcut.keys[0]} /> : null} onClick={() => runCommand(shortcut.id)}>{shortcut.title}</Menu.Item>;
          })}
        </Menu.Dropdown>
      </Menu>
      {info.readOnly ? <span className={classes.readOnly} title={info.readOnlyReason}>read-only</span> : null}
    </>
  );
}
