import { Suspense, lazy, useEffect } from 'react';
import { MantineProvider } from '@mantine/core';
import { engine, shell } from '../client/client.ts';
import { restoreCanvas } from '../state/canvas.ts';
import { useCase } from '../state/case.ts';
import { runCommand } from '../state/commands.ts';
import { notify, reportError } from '../state/notices.ts';
import { openIngest } from '../state/screen.ts';
import { useView } from '../state/view.ts';
import { formatCount } from '../ui/numbers.ts';
import { cssVariables, theme } from '../ui/theme.ts';
import { CaseCheckDialog } from './case-check-dialog.tsx';
import { DropTarget, takePaths } from './drop-target.tsx';
import { EngineBanner } from './engine-banner.tsx';
import { useAppCommands } from './app-commands.ts';
import { useShortcutKeys } from './keys.ts';
import { Notices } from './notices.tsx';
import { Palette } from './palette.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { StartScreen } from './start-screen.tsx';
import { TroubleDialog } from './trouble-dialog.tsx';
import { useStartArguments } from './start-arguments.ts';
import classes from './app.module.css';

const loadWorkbench = () => import('./workbench.tsx');
const Workbench = lazy(() => loadWorkbench().then((module) => ({ default: module.Workbench })));
/** After this the start screen has been painted, and nobody has chosen a case yet. */
const FETCH_AHEAD_MS = 300;

/** The window: the start screen without a case, the workbench with one, and what may lie over either. */
export function App() {
  const choice = useView((view) => view.theme);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" forceColorScheme={choice === 'system' ? undefined : choice}>
      <Frame />
    </MantineProvider>
  );
}

/** Reading that a crash, a cancel or a full disk cut short is offered when the case is opened; nothing goes on by itself. */
async function offerToContinue(): Promise<void> {
  const cut = await engine.ingest.interrupted({});
  if (cut.length === 0) return;
  notify({
    title: cut.length === 1 ? 'One source was cut short' : `${formatCount(cut.length)} sources were cut short`,
    message: 'Reading can go on where it ended; nothing is stored twice.',
    action: { title: 'Look and continue', run: () => openIngest({ kind: 'choose' }) },
  });
}

function Frame() {
  const path = useCase((state) => state.info?.path ?? null);
  const name = useCase((state) => state.info?.name ?? null);
  const ready = useCase((state) => state.ready);
  useShortcutKeys();
  useAppCommands();
  useStartArguments();
  useEffect(() => shell.shell.onCommand((command) => void runCommand(command)), []);
  useEffect(() => shell.shell.onOpenPaths((paths) => {
    takePaths(paths).catch((error: unknown) => reportError(error, 'Taking the files'));
  }), []);
  useEffect(() => {
    if (!ready) return undefined;
    const timer = setTimeout(() => void loadWorkbench().catch((error: unknown) => reportError(error, 'Loading the workbench')), FETCH_AHEAD_MS);
    return () => clearTimeout(timer);
  }, [ready]);
  useEffect(() => {
    document.title = name === null ? 'Tidemark' : `${name} · Tidemark`;
  }, [name]);
  useEffect(() => {
    if (path === null) return;
    restoreCanvas().catch((error: unknown) => reportError(error, 'Reading the layout'));
    offerToContinue().catch((error: unknown) => reportError(error, 'Looking for interrupted sources'));
  }, [path]);
  return (
    <div className={classes.app}>
      <EngineBanner />
      <Suspense fallback={<main className={classes.blank} aria-busy="true" />}>
        {path === null ? ready ? <StartScreen /> : <main className={classes.blank} aria-busy="true" /> : <Workbench key={path} />}
      </Suspense>
      <Notices withInfo={path === null} />
      <DropTarget />
      <TroubleDialog />
      <CaseCheckDialog />
      <ShortcutSheet />
      <Palette />
    </div>
  );
}
