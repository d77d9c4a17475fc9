import type { CaseInfo } from '../../../shared/contract/cases.ts';
import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { CallContext } from '../../../shared/contract/rpc.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Snapshot, SnapshotProgress } from '../../../shared/contract/snapshots.ts';
import { nowMicros } from '../../../shared/time.ts';
import type { EngineState } from '../engine-state.ts';
import { compareCases } from '../store/compare-cases.ts';
import { Snapshots, type Manifest } from '../store/snapshots.ts';

/** `reopen` opens the case of that path and tells the window. */
export function snapshotHandlers(state: EngineState, reopen: (path: string, context: CallContext) => Promise<CaseInfo>): EngineHandlers['snapshots'] {
  /** one after the other: each reads and writes whole files */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async <R>(work: () => Promise<R>): Promise<R> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return await turn;
  };
  const tell = (progress: SnapshotProgress | null): void => state.push('snapshots.progress', progress);
  const ofCase = (): Snapshots => new Snapshots(state.current().path);
  const take = async (name: string, description: string, reason: Manifest['reason']): Promise<Snapshot> => {
    const open = state.current();
    try {
      const taken = await new Snapshots(open.path).take(open.opened.db, !open.readOnly, { name, description, reason, by: state.options.user, toolVersion: state.options.toolVersion, tell });
      open.changed(['snapshots']);
      return taken;
    } finally {
      tell(null);
    }
  };

  return {
    list: () => ofCase().list(),
    take: async ({ name, description }) => await inTurn(async () => await take(name, description, 'asked')),
    compare({ id, against }) {
      const snapshots = ofCase();
      const from = snapshots.get(id);
      const to = against === null ? null : snapshots.get(against);
      const before = snapshots.open(id);
      const after = to ? snapshots.open(to.id) : state.current().opened.db;
      try {
        const { events } = state.current().info();
        return {
          before: { id, name: from.name, takenAt: from.takenAt, events: from.events },
          after: to ? { id: to.id, name: to.name, takenAt: to.takenAt, events: to.events } : { id: '', name: 'now', takenAt: nowMicros(), events },
          ...compareCases(before, after),
        };
      } finally {
        before.close();
        if (to) after.close();
      }
    },
    restore: async ({ id }, context) =>
      await inTurn(async () => {
        const open = state.current();
        open.requireWritable();
        if (open.busy) throw new TidemarkError('busy', 'Something is being read into this case. Wait for it, or stop it, and then restore.');
        const snapshots = ofCase();
        try {
          const wanted = await snapshots.verify(id, tell);
          const before = await take(`Before restoring "${wanted.name}"`, `The case as it was when the snapshot of ${new Date(wanted.takenAt / 1000).toISOString()} was restored.`, 'before-restore');
          const staged = snapshots.stage(id);
          // What was asked of the case meanwhile is answered, and what was being written is stored: only then is it closed.
          await state.replace(null);
          try {
            snapshots.replace(staged);
          } finally {
            // Whichever of the two is there now.
            await reopen(open.path, context);
          }
          return { info: state.current().info(), before };
        } finally {
          tell(null);
        }
      }),
    async remove({ id }) {
      await inTurn(async () => await Promise.resolve(ofCase().remove(id)));
      state.current().changed(['snapshots']);
    },
  };
}
