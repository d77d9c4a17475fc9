import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { Snapshot } from '../../../src/shared/contract/snapshots.ts';
import type { FakeState } from '../fake-engine.ts';

const AT = Date.UTC(2026, 10, 21, 14, 2) * 1000;

/** One snapshot to begin with, and those that are taken. */
export function snapshotRoom(state: FakeState): Pick<EngineHandlers, 'snapshots'> {
  const make = (id: string, name: string, reason: Snapshot['reason'] = 'asked', description = ''): Snapshot => ({
    id, name, description, takenAt: AT, takenBy: 'ana', toolVersion: '0.1.0', reason, bytes: 4_820_000, sha256: 'ab'.repeat(32), events: Math.max(0, state.events.length - 200), sources: 5, pins: 1, notes: 1, investigations: 1, reading: false, state: 'kept',
  });
  let list = [make('20261121T140200000Z', 'Before the restart')];
  let next = 1;
  const changed = (): void => state.emit('cases.changed', { tables: ['snapshots'], version: ++state.version, from: null, to: null });
  const get = (id: string): Snapshot => {
    const found = list.find((one) => one.id === id);
    if (!found) throw new TidemarkError('not_found', `There is no snapshot ${id} of this case.`);
    return found;
  };
  const add = (name: string, reason: Snapshot['reason'], description = ''): Snapshot => {
    const taken = make(`20261121T14020000${next++}Z`, name, reason, description);
    list = [taken, ...list];
    changed();
    return taken;
  };
  return {
    snapshots: {
      list: () => list,
      take: ({ name, description }) => add(name || 'Snapshot of 2026-11-21 14:02 UTC', 'asked', description),
      compare: ({ id }) => ({
        before: { id, name: get(id).name, takenAt: AT, events: get(id).events }, after: { id: '', name: 'now', takenAt: AT + 60e6, events: state.events.length }, more: 0,
        changes: [
          { kind: 'source', change: 'changed', title: '/var/log/host-0.log', what: '200 events more, 3,200 now', event: null },
          { kind: 'pin', change: 'added', title: 'Event 4096', what: '', event: 4096 },
          { kind: 'investigation', change: 'changed', title: 'Orders fail', what: 'contained, high, was open, high', event: null },
        ],
      }),
      restore: ({ id }) => {
        const before = add(`Before restoring "${get(id).name}"`, 'before-restore');
        const path = '/home/me/Cases/checkout-outage.tidemark';
        return {
          info: { path, name: 'checkout-outage', readOnly: false, readOnlyReason: '', schemaVersion: 1, createdAt: AT, bytes: 4_820_000, events: state.events.length, sources: 6, from: state.events[0]?.time ?? null, to: state.events.at(-1)?.time ?? null, version: state.version },
          before,
        };
      },
      remove: ({ id }) => {
        get(id);
        list = list.filter((one) => one.id !== id);
        changed();
      },
    },
  };
}
