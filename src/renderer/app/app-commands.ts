/** The commands that the window itself can do, whatever is on screen. */
import { useAsk } from '../client/ask.ts';
import { engine, shell } from '../client/client.ts';
import { changePanels, canvasStore, FIRST_LAYOUT } from '../state/canvas.ts';
import { togglePin } from '../state/acts.ts';
import { caseStore, useCase } from '../state/case.ts';
import { useCommand } from '../state/commands.ts';
import { addMaps, chooseDatabases } from '../state/enrichment.ts';
import { markEvents } from '../state/event-marks.ts';
import { notify, reportError } from '../state/notices.ts';
import { goTo, openIngest, screenStore } from '../state/screen.ts';
import { openKeeping, takeSnapshot } from '../state/snapshots.ts';
import { openTrace, traceOf } from '../state/trace.ts';
import { editTypedEvent, removeIfTyped, typeEvent } from '../state/typed-acts.ts';
import { redo, undo } from '../state/undo.ts';
import type { Act } from '../state/undo.ts';
import { useView, view } from '../state/view.ts';
import type { Theme } from '../state/view.ts';
import { currentValue } from '../ui/value.ts';
import { checkCase } from './case-check.ts';
import { closeCase, copyCase, newCase, pickAndOpenCase, quickCase } from './case-actions.ts';
import { takePaths } from './drop-target.tsx';
import { openPalette } from './palette.tsx';

async function pickPaths(folders: boolean): Promise<void> {
  try {
    const paths = await shell.shell.pickFiles({ title: folders ? 'Add folders' : 'Add files', folders, multiple: true });
    if (paths) await takePaths(paths);
  } catch (error) {
    reportError(error, 'Choosing files');
  }
}
/** Without a case a new one is made, as for files that are dropped. */
async function addSource(): Promise<void> {
  if (caseStore.getState().info || (await quickCase())) openIngest({ kind: 'source' });
}
function step(move: () => Promise<Act | undefined>, word: string): void {
  move().then(
    (act) => act && notify({ title: `${word}: ${act.title.toLowerCase()}` }),
    (error: unknown) => reportError(error, word),
  );
}
/** z: the stretch marked on the timeline becomes the range. */
function zoomToSelection(): void {
  const { brush, setRange } = view.getState();
  if (brush) setRange(brush.from, brush.to);
}
/** Chooses a theme and keeps it for the next start. */
export function chooseTheme(theme: Theme): void {
  view.getState().setTheme(theme);
  shell.shell.setTheme({ theme }).catch((error: unknown) => reportError(error, 'Keeping the theme'));
}
function valueCommand(act: (field: string, value: string) => void): void {
  const value = currentValue();
  if (value) act(value.field, value.value);
  else notify({ title: 'No value is chosen', message: 'Move the focus or the pointer to a value in a list or in the detail first.' });
}

export function useAppCommands(): void {
  const open = useCase((state) => state.info !== null);
  const selectedId = useView((state) => state.selectedId);
  const writable = useCase((state) => state.info !== null && !state.info.readOnly);
  // The key of the detail panel: one request serves both.
  const { data: selected } = useAsk(['events.get', selectedId], (signal) => engine.events.get({ id: selectedId ?? 0 }, { signal }), { enabled: open && selectedId !== null });
  const traceId = selected && selected.id === selectedId ? traceOf(selected) : null;
  const { addFilter, setQuery, back, resetRange, zoomOut, select } = view.getState();
  useCommand('case.new', () => void newCase());
  useCommand('case.open', () => void pickAndOpenCase());
  useCommand('case.close', () => void closeCase(), open);
  useCommand('case.copy', () => void copyCase(), open);
  useCommand('case.check', () => void checkCase(), open);
  useCommand('case.snapshot', () => void takeSnapshot(), open);
  useCommand('case.snapshots', () => openKeeping('snapshots'), open);
  useCommand('case.retention', () => openKeeping('retention'), open);
  useCommand('ingest.files', () => void pickPaths(false));
  useCommand('ingest.folder', () => void pickPaths(true));
  useCommand('ingest.paste', () => openIngest({ kind: 'paste' }), open);
  useCommand('source.add', () => void addSource());
  useCommand('geo.choose', () => void chooseDatabases(), writable);
  useCommand('map.add', () => void addMaps(), writable);
  useCommand('edit.undo', () => step(undo, 'Undone'), open);
  useCommand('edit.redo', () => step(redo, 'Done again'), open);
  useCommand('view.palette', openPalette);
  useCommand('view.shortcuts', () => screenStore.setState({ shortcuts: true }));
  useCommand('view.theme', () => chooseTheme(document.documentElement.dataset.mantineColorScheme === 'dark' ? 'light' : 'dark'));
  useCommand('report.incident', () => goTo('reports'), open);
  useCommand('export.events', () => screenStore.setState({ exportOpen: true }), open);
  useCommand('query.clear', () => setQuery(''), open);
  useCommand('range.zoom', zoomToSelection, open);
  useCommand('range.back', back, open);
  useCommand('range.reset', resetRange, open);
  useCommand('range.out', () => {
    const info = caseStore.getState().info;
    zoomOut(info?.from != null && info.to != null ? { from: info.from, to: info.to } : undefined);
  }, open);
  useCommand('event.pin', () => selectedId !== null && void togglePin(selectedId), open && selectedId !== null);
  useCommand('event.note', () => screenStore.setState({ noteFor: { eventId: selectedId } }), open);
  useCommand('event.relevant', () => selectedId !== null && void markEvents([selectedId], true), writable && selectedId !== null);
  useCommand('event.irrelevant', () => selectedId !== null && void markEvents([selectedId], false), writable && selectedId !== null);
  useCommand('trace.open', () => traceId !== null && openTrace(traceId), open && traceId !== null);
  useCommand('event.type', () => typeEvent(), writable);
  useCommand('event.edit', () => selectedId !== null && void editTypedEvent(selectedId), writable && selectedId !== null);
  useCommand('event.delete', () => selectedId !== null && void removeIfTyped(selectedId), writable && selectedId !== null);
  useCommand('event.clear', () => select(null), open && selectedId !== null);
  useCommand('value.include', () => valueCommand((field, value) => addFilter(field, value, 'include')), open);
  useCommand('value.exclude', () => valueCommand((field, value) => addFilter(field, value, 'exclude')), open);
  useCommand('value.copy', () => valueCommand((_field, value) => {
    navigator.clipboard.writeText(value).then(() => notify({ title: 'Value copied' }), (error: unknown) => reportError(error, 'Copying'));
  }), open);
  useCommand('go.canvas', () => goTo('canvas'), open);
  useCommand('go.investigations', () => goTo('investigations'), open);
  useCommand('go.health', () => goTo('health'), open);
  useCommand('go.reports', () => goTo('reports'), open);
  useCommand('go.sql', () => goTo('sql'), open);
  useCommand('go.settings', () => goTo('settings'), open);
  useCommand('canvas.reset', () => {
    goTo('canvas');
    if (canvasStore.getState().panels !== FIRST_LAYOUT) changePanels('Reset layout', FIRST_LAYOUT);
  }, open);
}
