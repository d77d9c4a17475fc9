/** The open case as the engine tells it: its info, sources, jobs, pins, and the health of the engine. */
import { createStore, useStore } from 'zustand';
import type { CaseInfo, ChangedTable } from '../../shared/contract/cases.ts';
import type { JobStatus } from '../../shared/contract/ingest.ts';
import type { Source } from '../../shared/event.ts';
import { askCache } from '../client/ask-cache.ts';
import { engine, engineLost, shell } from '../client/client.ts';
import { connectionTold, connectionsOf } from './connections.ts';
import { reportUnasked } from './notices.ts';
import { clearUndo } from './undo.ts';
import { view } from './view.ts';

type EngineState = { state: 'starting' | 'running' | 'restarting' | 'dead'; message: string };
interface PinMark {
  eventId: number;
  investigationId: number;
  time: number;
}
export interface CaseState {
  /** null when none is open */
  info: CaseInfo | null;
  /** by id; a source is always drawn with the shape and colour of its id */
  sources: ReadonlyMap<number, Source>;
  /** jobs of this session, newest first */
  jobs: readonly JobStatus[];
  /** every pin in the case */
  pins: readonly PinMark[];
  /** ids of the pinned events */
  pinned: ReadonlySet<number>;
  engine: EngineState;
  /** the first answer about the case is there */
  ready: boolean;
}
const NONE = { sources: new Map<number, Source>(), jobs: [], pins: [], pinned: new Set<number>() } as const;
export const caseStore = createStore<CaseState>()(() => ({ info: null, ...NONE, engine: { state: 'starting', message: '' }, ready: false }));

export function useCase<T>(selector: (state: CaseState) => T): T {
  return useStore(caseStore, selector);
}
/** One source, or undefined while it is not known yet. */
export function useSource(id: number): Source | undefined {
  return useStore(caseStore, (state) => state.sources.get(id));
}
/** First and last believable event of the case, null when it has none. */
export function useBounds(): { from: number; to: number } | null {
  const from = useStore(caseStore, (state) => state.info?.from ?? null);
  const to = useStore(caseStore, (state) => state.info?.to ?? null);
  return from === null || to === null ? null : { from, to };
}

/** Runs one refresh at a time; a call during it causes exactly one more. */
function serial(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  return function run(): void {
    if (running) {
      again = true;
      return;
    }
    running = true;
    work()
      .catch((error: unknown) => reportUnasked(error, 'Reading the state of the case'))
      .finally(() => {
        running = false;
        if (again) {
          again = false;
          run();
        }
      });
  };
}
const refreshInfo = serial(async () => caseStore.setState({ info: await engine.cases.info({}), ready: true }));
const refreshSources = serial(async () => {
  if (!caseStore.getState().info) return;
  const sources = await engine.events.sources({});
  caseStore.setState({ sources: new Map(sources.map((source) => [source.id, source])) });
});
const refreshPins = serial(async () => {
  if (!caseStore.getState().info) return;
  const pins = await engine.investigations.pinned({});
  caseStore.setState({ pins, pinned: new Set(pins.map((pin) => pin.eventId)) });
});

function opened(info: CaseInfo | null): void {
  const before = caseStore.getState().info;
  if (before?.path !== info?.path) {
    view.setState({ query: '', from: null, to: null, selectedId: null, brush: null, hoverTime: null, investigationId: null, rangeHistory: [] });
    view.temporal.getState().clear();
    clearUndo();
    caseStore.setState({ ...NONE });
  }
  caseStore.setState({ info, ready: true });
  askCache.clear();
  connectionsOf(info !== null);
  if (!info) return;
  refreshSources();
  refreshPins();
  engine.ingest.jobs({}).then((jobs) => caseStore.setState({ jobs }), (error: unknown) => reportUnasked(error, 'Reading the list of jobs'));
}

function progress(status: JobStatus): void {
  caseStore.setState((state) => {
    const known = state.jobs.some((job) => job.job === status.job);
    return { jobs: known ? state.jobs.map((job) => (job.job === status.job ? status : job)) : [status, ...state.jobs] };
  });
}

/** Listens to the engine and the shell for the life of the window. Returns the way to stop (tests). */
export function watchCase(): () => void {
  const stops = [
    engine.cases.onOpened(opened),
    engine.cases.onChanged((change) => {
      const tables: readonly ChangedTable[] = change.tables;
      askCache.changed(tables);
      refreshInfo();
      if (tables.includes('sources') || tables.includes('events') || tables.includes('rejects')) refreshSources();
      if (tables.includes('pins') || tables.includes('investigations')) refreshPins();
    }),
    engine.ingest.onProgress(progress),
    engine.connectors.onStatus(connectionTold),
    shell.shell.onEngineState((state) => {
      caseStore.setState({ engine: state });
      if (state.state !== 'running') engineLost(state.message);
      else resync();
    }),
  ];
  resync();
  return () => stops.forEach((stop) => stop());
}

/** Asks the engine what is open: at the start, and after the engine was restarted. */
function resync(): void {
  engine.cases.info({}).then(
    (info) => {
      caseStore.setState({ engine: { state: 'running', message: '' } });
      opened(info);
    },
    (error: unknown) => reportUnasked(error, 'Talking to the engine'),
  );
}
