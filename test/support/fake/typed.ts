import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { TypedEvent, TypedEventChange, TypedEventState } from '../../../src/shared/contract/typed.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { FakeState } from '../fake-engine.ts';

const FIRST_ID = 4096 * 900;
const AT = Date.UTC(2026, 10, 21, 14) * 1000;

/** Keeps what is typed; the lists of the fake engine do not show it. */
export function typedRoom(_state: FakeState): EngineHandlers['typed'] {
  const rows = new Map<number, TypedEventState>();
  const changes = new Map<number, TypedEventChange[]>();
  const get = (id: number): TypedEventState => {
    const row = rows.get(id);
    if (!row) throw new TidemarkError('not_found', `Event ${id} was not typed in.`);
    return row;
  };
  const record = (id: number, what: TypedEventChange['what'], before: TypedEvent | null): void => {
    changes.set(id, [{ at: AT + (changes.get(id)?.length ?? 0), by: 'ana', what, before }, ...(changes.get(id) ?? [])]);
  };
  const put = (row: TypedEventState): TypedEventState => {
    rows.set(row.id, row);
    return row;
  };
  return {
    add: (event) => {
      const id = FIRST_ID + rows.size * 4096;
      record(id, 'typed', null);
      return put({ id, event, createdAt: AT, createdBy: 'ana', updatedAt: AT, updatedBy: 'ana', removed: false });
    },
    get: ({ id }) => rows.get(id) ?? null,
    update: ({ id, event }) => {
      record(id, 'changed', get(id).event);
      return put({ ...get(id), event, updatedAt: AT + (changes.get(id)?.length ?? 0) });
    },
    remove: ({ id }) => {
      record(id, 'removed', get(id).event);
      put({ ...get(id), removed: true });
    },
    restore: ({ id }) => {
      record(id, 'restored', get(id).event);
      return put({ ...get(id), removed: false });
    },
    history: ({ id }) => changes.get(id) ?? [],
  };
}
