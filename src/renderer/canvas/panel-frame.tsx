import { ActionIcon, Menu, TextInput } from '@mantine/core';
import { IconArrowsMaximize, IconArrowsMinimize, IconDots, IconLink, IconLinkOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { panelById } from '../panels/registry.ts';
import type { PanelId } from '../panels/panel.ts';
import { FIRST_LAYOUT, canvasStore, changePanels, maximise } from '../state/canvas.ts';
import type { Placed } from '../state/canvas.ts';
import { EmptyState } from '../ui/states.tsx';
import { PanelBoundary } from './panel-boundary.tsx';
import { PanelView } from './panel-view.tsx';
import classes from './canvas.module.css';

/** So long a panel may take to show what the focus belongs on. */
const ON_THE_WAY_MS = 5000;
type Nudge = (change: { x?: number; y?: number; w?: number; h?: number }) => void;

/** The panel that has the focus, else null. */
export function focusedPanel(): string | null {
  return document.activeElement?.closest<HTMLElement>('[data-panel]')?.dataset.panel ?? null;
}
/**
 * Moves the focus into a panel: to what it marks with data-autofocus-panel, until that is there to its body. A panel that was just added,
 * its code, or what it shows may be on the way; the focus goes on to it unless the person went elsewhere meanwhile.
 */
export function focusPanel(key: string): void {
  let body: HTMLElement | null = null;
  const there = (): boolean => {
    if (body && document.activeElement !== body) return true;
    const frame = document.querySelector<HTMLElement>(`[data-panel="${CSS.escape(key)}"]`);
    if (!frame) return false;
    if (!body) frame.scrollIntoView({ block: 'nearest' });
    const marked = frame.querySelector<HTMLElement>('[data-autofocus-panel]');
    body ??= frame.querySelector<HTMLElement>('[data-panel-body]');
    (marked ?? body)?.focus();
    return marked !== null;
  };
  if (there()) return;
  const observer = new MutationObserver(() => {
    if (there()) observer.disconnect();
  });
  observer.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => observer.disconnect(), ON_THE_WAY_MS);
}

function edit(key: string, title: string, change: Partial<Placed>): void {
  changePanels(title, canvasStore.getState().panels.map((panel) => (panel.key === key ? { ...panel, ...change } : panel)));
}
function removePanel(placed: Placed): void {
  changePanels('Remove panel', canvasStore.getState().panels.filter((panel) => panel.key !== placed.key));
}

/** A panel's title, menu and box. Arrow keys on the grip move it, with Shift they resize it. */
export function PanelFrame({ placed, maximised = false, nudge }: { placed: Placed; maximised?: boolean; nudge?: Nudge }) {
  const [renaming, setRenaming] = useState(false);
  const panel = panelById(placed.panel as PanelId);
  const title = placed.title || panel?.title || placed.panel;
  const keys = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step || !nudge) return;
    event.preventDefault();
    event.stopPropagation();
    nudge(event.shiftKey ? { w: step[0], h: step[1] } : { x: step[0], y: step[1] });
  };
  return (
    <section className={classes.panel} data-panel={placed.key} aria-label={title}>
      <header className={classes.header} data-drag={maximised ? undefined : ''} onDoubleClick={() => maximise(maximised ? null : placed.key)}>
        {renaming ? (
          <Rename title={title} done={(name) => {
            setRenaming(false);
            if (name !== null && name !== title) edit(placed.key, 'Rename panel', { title: name === panel?.title ? '' : name });
          }} />
        ) : nudge ? (
          <button type="button" className={classes.grip} data-grip="" onKeyDown={keys} title={`${panel?.description ?? ''} Drag to move; with the focus here, arrow keys move and Shift with arrow keys resize.`}>
            <h2>{title}</h2>
          </button>
        ) : <h2>{title}</h2>}
        <div className={classes.headerSpace} />
        {placed.linked ? null : <span className={classes.unlinked} title="Has its own range, filter and selection">own view</span>}
        <ActionIcon size="xs" aria-label={maximised ? `Restore ${title}` : `Maximise ${title}`} title={maximised ? 'Restore (m)' : 'Maximise (m)'} onClick={() => maximise(maximised ? null : placed.key)}>
          {maximised ? <IconArrowsMinimize size={14} /> : <IconArrowsMaximize size={14} />}
        </ActionIcon>
        <Menu position="bottom-end" width={230}>
          <Menu.Target><ActionIcon size="xs" aria-label={`Menu of ${title}`}><IconDots size={14} /></ActionIcon></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item py={4} leftSection={placed.linked ? <IconLinkOff size={14} /> : <IconLink size={14} />} onClick={() => edit(placed.key, placed.linked ? 'Unlink panel' : 'Link panel', { linked: !placed.linked })}>
              {placed.linked ? 'Give it its own view' : 'Share the view again'}
            </Menu.Item>
            <Menu.Item py={4} onClick={() => setRenaming(true)}>Rename</Menu.Item>
            <Menu.Item py={4} onClick={() => changePanels('Reset layout', FIRST_LAYOUT)}>Reset the layout</Menu.Item>
            <Menu.Divider />
            <Menu.Item py={4} onClick={() => removePanel(placed)}>Remove from the canvas</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </header>
      <div className={classes.body} data-panel-body tabIndex={0}>
        {panel ? (
          <PanelBoundary title={title}>
            <PanelView linked={placed.linked}><panel.Component panelKey={placed.key} linked={placed.linked} /></PanelView>
          </PanelBoundary>
        ) : (
          <EmptyState title={`This Tidemark has no panel "${placed.panel}"`}>The case was arranged with another version. The panel is kept; remove it, or open the case there.</EmptyState>
        )}
      </div>
    </section>
  );
}

function Rename({ title, done }: { title: string; done: (name: string | null) => void }) {
  const [name, setName] = useState(title);
  return (
    <TextInput
      size="xs"
      autoFocus
      aria-label="Name of the panel"
      value={name}
      maxLength={100}
      onChange={(event) => setName(event.currentTarget.value)}
      onBlur={() => done(name.trim() || null)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') done(name.trim() || null);
        if (event.key === 'Escape') done(null);
      }}
    />
  );
}
