import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconLayoutGridAdd } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { GridLayout, useContainerWidth, verticalCompactor } from 'react-grid-layout';
import { PANELS, panelById } from '../panels/registry.ts';
import type { Panel, PanelId } from '../panels/panel.ts';
import { CANVAS_COLUMNS, canvasStore, changePanels, maximise, useCanvas } from '../state/canvas.ts';
import type { Placed } from '../state/canvas.ts';
import { useCase } from '../state/case.ts';
import { useCommand } from '../state/commands.ts';
import type { CommandId } from '../state/commands.ts';
import { goTo, openIngest } from '../state/screen.ts';
import { EmptyState } from '../ui/states.tsx';
import { useSize } from '../ui/use-size.ts';
import { nudged, rowHeight, withPanel, withPositions } from './arrange.ts';
import { focusedPanel, focusPanel, PanelFrame } from './panel-frame.tsx';
import classes from './canvas.module.css';

const GAP = 1;
const PANEL_COMMANDS: readonly { command: CommandId; panel: PanelId }[] = [
  { command: 'go.timeline', panel: 'timeline' }, { command: 'go.events', panel: 'events' }, { command: 'go.facets', panel: 'facets' }, { command: 'go.detail', panel: 'detail' },
  { command: 'go.coverage', panel: 'coverage' },
  { command: 'go.metrics', panel: 'metrics' }, { command: 'go.trace', panel: 'trace' }, { command: 'go.indicators', panel: 'indicators' },
  { command: 'go.patterns', panel: 'patterns' }, { command: 'go.anomalies', panel: 'anomalies' }, { command: 'go.alerts', panel: 'alerts' }, { command: 'go.detections', panel: 'detections' }, { command: 'go.threat', panel: 'threat' },
  { command: 'go.correlation', panel: 'correlation' }, { command: 'go.root-cause', panel: 'root-cause' }, { command: 'go.trends', panel: 'trends' }, { command: 'go.models', panel: 'models' }, { command: 'go.services', panel: 'services' },
];

/** The panels of the case, dragged by their titles and resized at their corners. */
export function Canvas() {
  const panels = useCanvas((state) => state.panels);
  const maximised = useCanvas((state) => state.maximised);
  const empty = useCase((state) => state.info !== null && state.info.events === 0 && state.sources.size === 0 && !state.jobs.some((job) => job.state === 'running' || job.state === 'paused'));
  useCommand('canvas.maximise', () => {
    const key = focusedPanel();
    maximise(maximised !== null ? null : key);
  }, !empty);
  if (empty) return <EmptyCase />;
  const full = maximised === null ? undefined : panels.find((panel) => panel.key === maximised);
  return (
    <div className={classes.canvas}>
      {PANEL_COMMANDS.map((entry) => <GoToPanel key={entry.command} {...entry} />)}
      {full ? <div className={classes.full}><PanelFrame key={`${full.key}:${full.linked}`} placed={full} maximised /></div> : <Grid panels={panels} />}
    </div>
  );
}

function GoToPanel({ command, panel }: { command: CommandId; panel: PanelId }) {
  useCommand(command, () => {
    goTo('canvas');
    const { panels, maximised } = canvasStore.getState();
    const placed = panels.find((one) => one.panel === panel);
    const made = panelById(panel);
    if (!placed && made) changePanels(`Add ${made.title.toLowerCase()}`, withPanel(panels, made));
    if (maximised !== null && maximised !== placed?.key) maximise(null);
    // After the panel is drawn.
    setTimeout(() => focusPanel(placed?.key ?? panel));
  });
  return null;
}

function Grid({ panels }: { panels: readonly Placed[] }) {
  const { width, containerRef, mounted } = useContainerWidth();
  const { ref, height } = useSize();
  const layout = useMemo(() => panels.map((panel) => {
    const size = panelById(panel.panel as PanelId)?.defaultSize;
    return { i: panel.key, x: panel.x, y: panel.y, w: panel.w, h: panel.h, minW: Math.min(size?.minW ?? 2, panel.w), minH: Math.min(size?.minH ?? 2, panel.h) };
  }), [panels]);
  const commit = (title: string) => (next: readonly { i: string; x: number; y: number; w: number; h: number }[]): void => {
    const moved = withPositions(canvasStore.getState().panels, next);
    if (moved !== canvasStore.getState().panels) changePanels(title, moved);
  };
  const nudge = (placed: Placed, change: Parameters<typeof nudged>[1]): void => {
    const panel = panelById(placed.panel as PanelId);
    const next = nudged(placed, change, panel?.defaultSize ?? { minW: 2, minH: 2 });
    const others = panels.map((one) => (one.key === placed.key ? next : one));
    const compact = verticalCompactor.compact(others.map((one) => ({ i: one.key, x: one.x, y: one.y, w: one.w, h: one.h })), CANVAS_COLUMNS);
    commit(change.w || change.h ? 'Resize panel' : 'Move panel')(compact);
  };
  return (
    <div className={classes.scroll} ref={ref}>
      <div ref={containerRef}>
        {mounted && height > 0 ? (
          <GridLayout
            width={width}
            layout={layout}
            gridConfig={{ cols: CANVAS_COLUMNS, rowHeight: rowHeight(panels, height, GAP), margin: [GAP, GAP], containerPadding: [0, 0] }}
            dragConfig={{ enabled: true, handle: '[data-drag]', cancel: 'button:not([data-grip]),input', threshold: 4, bounded: false }}
            resizeConfig={{ enabled: true, handles: ['se'] }}
            compactor={verticalCompactor}
            onDragStop={commit('Move panel')}
            onResizeStop={commit('Resize panel')}
          >
            {panels.map((placed) => (
              <div key={placed.key} className={classes.cell}>
                <PanelFrame key={`${placed.key}:${placed.linked}`} placed={placed} nudge={(change) => nudge(placed, change)} />
              </div>
            ))}
          </GridLayout>
        ) : null}
      </div>
    </div>
  );
}

/** The menu of panels to add, in the top bar: on the canvas it would lie over a panel. */
export function AddPanelMenu() {
  const [opened, setOpened] = useState(false);
  const filled = useCase((state) => state.sources.size > 0 || (state.info?.events ?? 0) > 0);
  useCommand('canvas.add', () => setOpened(true), filled);
  const add = (panel: Panel): void => {
    const { panels } = canvasStore.getState();
    const next = withPanel(panels, panel);
    goTo('canvas');
    changePanels(`Add ${panel.title.toLowerCase()}`, next);
    setTimeout(() => focusPanel(next[next.length - 1].key));
  };
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={340}>
      <Menu.Target>
        <ActionIcon size="md" aria-label="Add a panel" title="Add a panel (a)" disabled={!filled}><IconLayoutGridAdd size={16} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {PANELS.map((panel) => (
          <Menu.Item key={panel.id} leftSection={<panel.icon size={16} stroke={1.5} />} onClick={() => add(panel)} py={4}>
            <span>{panel.title}</span>
            <span className={classes.description}>{panel.description}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** A case without events: the one thing to do is to add some. */
function EmptyCase() {
  return (
    <div className={classes.empty}>
      <EmptyState
        title="This case has no events yet"
        action={
          <>
            <Button onClick={() => openIngest({ kind: 'choose' })}>Add files or folders</Button>
            <Button variant="default" onClick={() => openIngest({ kind: 'paste' })}>Paste text</Button>
            <Button variant="default" onClick={() => openIngest({ kind: 'source' })}>Connect a source</Button>
          </>
        }
      >
        Drop log files, folders or archives anywhere in this window. They are only read; each one's SHA-256 is recorded, and every record is counted as
        stored, duplicate or rejected.
      </EmptyState>
    </div>
  );
}
