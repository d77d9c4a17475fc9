import { Suspense, lazy } from 'react';
import { Canvas } from '../canvas/canvas.tsx';
import { ClockDialog } from '../clocks/clock-dialog.tsx';
import { panelById } from '../panels/registry.ts';
import type { PanelId } from '../panels/panel.ts';
import { IngestSheet } from '../ingest/ingest-sheet.tsx';
import { ExportDialog } from '../reports/export-dialog.tsx';
import { useScreen } from '../state/screen.ts';
import { NoteDialog } from './note-dialog.tsx';
import { Rail } from './rail.tsx';
import { RetentionDialog } from './retention-dialog.tsx';
import { SnapshotsDialog } from './snapshots-dialog.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { TypedDialog } from './typed-dialog.tsx';
import classes from './workbench.module.css';

const ReportsScreen = lazy(() => import('../reports/reports-screen.tsx').then((module) => ({ default: module.ReportsScreen })));
const SettingsScreen = lazy(() => import('./settings-screen.tsx').then((module) => ({ default: module.SettingsScreen })));

/** A case is open: the bar on top, the rail, one screen, the status bar. */
export function Workbench() {
  return (
    <div className={classes.workbench}>
      <TopBar />
      <Rail />
      <main className={classes.screen} tabIndex={-1}>
        <Suspense fallback={null}><Screen /></Suspense>
      </main>
      <StatusBar />
      <NoteDialog />
      <TypedDialog />
      <ClockDialog />
      <ExportDialog />
      <IngestSheet />
      <SnapshotsDialog />
      <RetentionDialog />
    </div>
  );
}

function Screen() {
  const screen = useScreen((state) => state.screen);
  switch (screen) {
    case 'canvas':
      return <Canvas />;
    case 'investigations':
      return <PanelScreen id="investigation" title="Investigations" />;
    case 'health':
      return <PanelScreen id="health" title="Sources and health" />;
    case 'sql':
      return <PanelScreen id="sql" title="SQL console" />;
    case 'reports':
      return <ReportsScreen />;
    case 'settings':
      return <SettingsScreen />;
  }
}

/** A panel that has the whole screen. */
function PanelScreen({ id, title }: { id: PanelId; title: string }) {
  const panel = panelById(id);
  if (!panel) return null;
  return (
    <section className={classes.panelScreen} aria-label={title}>
      <panel.Component panelKey={`screen-${id}`} linked />
    </section>
  );
}
