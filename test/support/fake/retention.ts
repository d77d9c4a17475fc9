import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import { retentionPolicy, type Archive, type RetentionPolicy } from '../../../src/shared/contract/retention.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { FakeState } from '../fake-engine.ts';

const DAY = 86_400e6;

/** Events older than warm go into an archive, and come back. */
export function retentionRoom(state: FakeState): EngineHandlers['retention'] {
  let kept: RetentionPolicy = retentionPolicy.parse({});
  let archives: Archive[] = [];
  const newest = state.events.at(-1)?.time ?? null;
  const changed = (): void => state.emit('cases.changed', { tables: ['retention', 'events'], version: ++state.version, from: null, to: null });
  const gone = (): number => archives.reduce((sum, { archived }) => sum + archived, 0);
  return {
    policy: () => kept,
    setPolicy: ({ policy }) => {
      kept = policy;
      changed();
      return kept;
    },
    preview: ({ policy }) => {
      const { hotDays, warmDays, coldDays } = policy ?? kept;
      const end = newest ?? 0;
      const events = newest === null || gone() > 0 ? 0 : 4096;
      return {
        policy: policy ?? kept, newest, folder: '/home/me/Cases/checkout-outage.archive',
        tiers: [
          { tier: 'hot', from: end - hotDays * DAY, to: end + 1, events: state.events.length - events, bytes: 3_600_000, goes: { events: 0, bytes: 0 }, counts: 0 },
          { tier: 'warm', from: end - warmDays * DAY, to: end - hotDays * DAY, events: 0, bytes: 0, goes: { events: 0, bytes: 0 }, counts: 1440 },
          { tier: 'cold', from: end - coldDays * DAY, to: end - warmDays * DAY, events, bytes: events * 300, goes: { events, bytes: events * 300 }, counts: 600 },
          { tier: 'archive', from: null, to: end - coldDays * DAY, events: 0, bytes: 0, goes: { events: 0, bytes: 0 }, counts: 0 },
        ],
        goes: { events, bytes: events * 300, from: events > 0 ? end - 9 * DAY : null, to: events > 0 ? end - 8 * DAY : null, sources: events > 0 ? [{ id: 1, path: '/var/log/shop/api.jsonl', events }] : [], more: 0 },
        kept: events > 0 ? [{ reason: 'pin', things: 3, events: 8192 }] : [], hits: { indicators: events > 0 ? 12 : 0, rules: 0 }, about: { alerts: events > 0 ? 2 : 0 }, open: events > 0 ? [{ id: 1, title: 'Checkout outage' }] : [],
      };
    },
    apply: ({ evenOpen }) => {
      if (!evenOpen) throw new TidemarkError('busy', 'An investigation is open (Checkout outage): nothing was taken out of the case. Resolve it first, or say explicitly that it is to be done all the same.');
      const end = newest ?? 0;
      const archive: Archive = {
        id: archives.length + 1, path: '/home/me/Cases/checkout-outage.archive/20261121T140200000Z.tidemark-archive', sha256: 'cd'.repeat(32), bytes: 310_000, from: end - 9 * DAY, to: end - 8 * DAY, events: 4096, archived: 4096,
        createdAt: end, createdBy: 'ana', restoredAt: null, state: 'kept',
      };
      archives = [archive, ...archives];
      changed();
      return { archive, events: 4096, counts: 2040 };
    },
    archives: () => archives,
    restore: ({ id }) => {
      const archive = archives.find((one) => one.id === id);
      if (!archive) throw new TidemarkError('not_found', `There is no archive ${id} of this case.`);
      archives = archives.map((one) => (one === archive ? { ...one, archived: 0, restoredAt: newest } : one));
      changed();
      return { events: 4096, archive: archives[0] };
    },
  };
}
