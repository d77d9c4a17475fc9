import type { EngineHandlers } from '../../../shared/contract/index.ts';
import { FIELDS, type EventDetail } from '../../../shared/event.ts';
import { parseQuery } from '../../../shared/query/grammar.ts';
import type { FacetReply, PageReply } from '../../../shared/contract/events.ts';
import type { EngineState } from '../engine-state.ts';

/** Questions about events go to the search worker; here only what needs the writer's tables is added. */
export function eventHandlers(state: EngineState): EngineHandlers['events'] {
  const ask = async <R>(method: string, input: unknown, signal: AbortSignal): Promise<R> => await state.current().query.ask<R>(method, input, signal);
  return {
    page: async (input, { signal }) => await ask<PageReply>('page', input, signal),
    rank: async (input, { signal }) => await ask('rank', input, signal),
    async get({ id }, { signal }): Promise<EventDetail> {
      const { offset, length, source, ...detail } = await ask<Omit<EventDetail, 'provenance'> & { offset: number; length: number; source: number }>('detail', { id }, signal);
      const row = state.current().store.source(source);
      return {
        ...detail,
        provenance: {
          sourceId: source,
          path: row?.path ?? '',
          format: row?.format ?? '',
          offset,
          length,
          sha256: row?.sha256 ?? '',
          size: row?.size ?? 0,
          modified: row?.modified ?? 0,
          ingestedAt: row?.ingestedAt ?? 0,
          ingestedBy: row?.ingestedBy ?? '',
          toolVersion: row?.toolVersion ?? '',
        },
      };
    },
    context: async (input, { signal }) => await ask('context', input, signal),
    facets: async (input, { signal }) => await ask<FacetReply>('facets', input, signal),
    count: async (input, { signal }) => await ask('count', input, signal),
    window: async (input, { signal }) => await ask('window', input, signal),
    check({ query }) {
      const parsed = parseQuery(query);
      return parsed.ok ? { ok: true, message: '', from: 0, to: 0 } : { ok: false, message: parsed.error.message, from: parsed.error.from, to: parsed.error.to };
    },
    async fields(_input, { signal }) {
      const names = await ask<string[]>('attributeNames', {}, signal);
      // A record may call an attribute what a column is called; the column's name wins, as it does in a query.
      const columns = new Set<string>(FIELDS.map((field) => field.name));
      const derived = await ask<string[]>('derivedNames', {}, signal);
      return [...FIELDS.map((field) => ({ name: field.name, kind: field.kind, column: true })), ...derived.filter((name) => !names.includes(name)).map((name) => ({ name, kind: 'keyword' as const, column: false })), ...names.filter((name) => !columns.has(name)).map((name) => ({ name, kind: 'keyword' as const, column: false }))];
    },
    async values({ field, prefix, limit }, { signal }) {
      const reply = await ask<FacetReply>('facets', { scope: { query: '', from: null, to: null }, fields: [field], limit: 1000 }, signal);
      const wanted = prefix.toLowerCase();
      return reply.facets[0].values.filter(({ value }) => value.toLowerCase().startsWith(wanted)).slice(0, limit);
    },
    sources() {
      const { store } = state.current();
      const { corrections } = store.clocks;
      return store.sources().map(({ diskPath: _, suffix: _s, dedupWindow: _d, headHash: _h, headLength: _l, checkpoint: _c, ...source }) => {
        const clock = corrections.get(source.id)?.clock;
        return clock ? { ...source, clock } : source;
      });
    },
  };
}
