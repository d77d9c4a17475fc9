import { FIELDS, SEVERITIES } from '../../../src/shared/event.ts';
import type { EventPage } from '../../../src/shared/event.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { Scope } from '../../../src/shared/contract/scope.ts';
import type { FakeState } from '../fake-engine.ts';
import { makeSources } from './events.ts';
import type { FakeEvent } from './events.ts';
import { fakeTrace } from './traces.ts';

function valueOf(event: FakeEvent, field: string): string {
  if (field === 'severity') return SEVERITIES[event.severity];
  if (field === 'source') return makePath(event);
  const value = (event as unknown as Record<string, unknown>)[field];
  return value === undefined || value === null ? '' : String(value);
}
const PATHS = new Map<number, string>();
function makePath(event: FakeEvent): string {
  if (PATHS.size === 0) for (const source of makeSources([])) PATHS.set(source.id, source.path);
  return PATHS.get(event.source) ?? '';
}
/** Positions of the first trouble, or null: only an unclosed quote is an error here. */
function trouble(query: string): { from: number; to: number } | null {
  return (query.match(/"/g) ?? []).length % 2 === 1 ? { from: query.lastIndexOf('"'), to: query.length } : null;
}
function matching(state: FakeState, scope: Scope): FakeEvent[] {
  const bad = trouble(scope.query);
  if (bad) throw new TidemarkError('query', 'The quoted text is not closed: add a " at its end.', bad);
  const tests = [...scope.query.matchAll(/(-?)(?:([\w.]+):)?(?:"([^"]*)"|([^\s()]+))/g)].map(([, minus, field, quoted, bare]) => ({ not: minus === '-', field, text: (quoted ?? bare).toLowerCase() }));
  return state.events.filter((event) => {
    if (scope.from !== null && event.time < scope.from) return false;
    if (scope.to !== null && event.time >= scope.to) return false;
    return tests.every(({ not, field, text }) => {
      const hit = field === 'has' ? valueOf(event, text) !== '' : field === 'is' ? false : field ? valueOf(event, field).toLowerCase() === text : event.message.toLowerCase().includes(text);
      return hit !== not;
    });
  });
}
export function page(rows: readonly FakeEvent[]): EventPage {
  return {
    id: Float64Array.from(rows, (row) => row.id), time: Float64Array.from(rows, (row) => row.time), severity: Uint8Array.from(rows, (row) => row.severity),
    flags: Uint8Array.from(rows, (row) => row.flags), source: Uint32Array.from(rows, (row) => row.source), service: rows.map((row) => row.service),
    host: rows.map((row) => row.host), level: rows.map((row) => row.level), message: rows.map((row) => row.message),
  };
}
function byId(state: FakeState, id: number): FakeEvent {
  const event = state.events.find((one) => one.id === id);
  if (!event) throw new TidemarkError('not_found', `There is no event ${id} in this case.`);
  return event;
}
const DONE = { complete: true, scanned: 1, unreadable: 0 } as const;

export function eventRooms(state: FakeState): Pick<EngineHandlers, 'events'> {
  return {
    events: {
      page: ({ scope, order, at, limit, columns = [] }) => {
        const all = matching(state, scope);
        if (order === 'desc') all.reverse();
        const start = 'rank' in at ? at.rank : 'time' in at ? Math.max(0, all.findIndex((event) => (order === 'asc' ? event.time >= at.time : event.time <= at.time))) : all.findIndex((event) => event.id === at.after) + 1;
        const shown = all.slice(start, start + limit);
        return { rows: page(shown), extra: columns.map((column) => shown.map((event) => valueOf(event, column))), rank: start, total: all.length, version: state.version, ...DONE };
      },
      rank: ({ scope, order, id }) => {
        const all = matching(state, scope);
        if (order === 'desc') all.reverse();
        const rank = all.findIndex((event) => event.id === id);
        return rank < 0 ? null : { rank, exact: true };
      },
      get: ({ id }) => {
        const event = byId(state, id);
        const source = makeSources(state.events)[event.source - 1];
        const trace = fakeTrace(state);
        return {
          id, time: event.time, timeText: new Date(event.time / 1000).toISOString(), flags: event.flags, severity: SEVERITIES[event.severity], signal: 'logs', service: event.service, host: event.host,
          level: event.level, message: event.message, template: event.message.replace(/\d+/g, '<*>'), templateId: 3,
          fields: ['severity', 'service', 'host', 'level', 'status'].map((name) => ({ name, value: valueOf(event, name) })).filter((field) => field.value !== '').concat(trace.spans.some((span) => span.event === id) ? [{ name: 'trace_id', value: trace.traceId }] : []),
          attributes: [{ name: 'thread', value: 'main-4' }, { name: 'k8s.pod', value: 'api-7f9d' }], raw: JSON.stringify({ time: new Date(event.time / 1000).toISOString(), level: event.level, msg: event.message, service: event.service }),
          provenance: { sourceId: source.id, path: source.path, format: source.format, offset: (event.id - 4096) * 180, length: 176, sha256: source.sha256, size: source.size, modified: source.modified, ingestedAt: source.ingestedAt, ingestedBy: 'ana', toolVersion: '0.1.0' },
        };
      },
      context: ({ id, before, after }) => {
        const event = byId(state, id);
        const mine = state.events.filter((one) => one.source === event.source);
        const at = mine.indexOf(event);
        const start = Math.max(0, at - before);
        return { rows: page(mine.slice(start, at + after + 1)), index: at - start };
      },
      facets: ({ scope, fields, limit }) => {
        const all = matching(state, scope);
        const facets = fields.map((field) => {
          const counts = new Map<string, number>();
          for (const event of all) {
            const value = valueOf(event, field);
            if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
          }
          const values = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
          return { field, values: values.slice(0, limit), distinct: values.length, present: values.reduce((sum, one) => sum + one.count, 0), counted: all.length };
        });
        return { facets, total: all.length, ...DONE };
      },
      count: ({ scope }) => ({ groups: [], series: [], total: matching(state, scope).length, ...DONE }),
      window: ({ scope, buckets, lanes, maxLanes }) => {
        const all = matching(state, scope);
        const from = scope.from ?? state.events[0]?.time ?? 0;
        const to = scope.to ?? (state.events.at(-1)?.time ?? 0) + 1;
        const step = Math.max(1, (to - from) / buckets);
        const byLane = new Map<string, Uint32Array>();
        for (const event of all) {
          const key = lanes === 'none' ? '' : valueOf(event, lanes);
          let counts = byLane.get(key);
          if (!counts) byLane.set(key, (counts = new Uint32Array(buckets * 5)));
          counts[Math.min(buckets - 1, Math.floor((event.time - from) / step)) * 5 + event.severity]++;
        }
        const all2 = [...byLane].map(([key, counts]) => ({ key, label: lanes === 'none' ? 'All events' : key || `no ${lanes}`, total: counts.reduce((a, b) => a + b, 0), counts, gaps: [] as { from: number; to: number }[] })).sort((a, b) => b.total - a.total);
        return { from, to, step, buckets, lanes: all2.slice(0, maxLanes), more: Math.max(0, all2.length - maxLanes), severities: SEVERITIES.map((_, severity) => all.filter((event) => event.severity === severity).length), version: state.version, total: all.length, ...DONE };
      },
      check: ({ query }) => {
        const bad = trouble(query);
        return bad ? { ok: false, message: 'The quoted text is not closed: add a " at its end.', ...bad } : { ok: true, message: '', from: 0, to: 0 };
      },
      fields: () => [...FIELDS.map(({ name, kind }) => ({ name, kind, column: true })), { name: 'thread', kind: 'keyword' as const, column: false }, { name: 'k8s.pod', kind: 'keyword' as const, column: false }],
      values: ({ field, prefix, limit }) => {
        const counts = new Map<string, number>();
        for (const event of state.events) {
          const value = valueOf(event, field);
          if (value !== '' && value.toLowerCase().startsWith(prefix.toLowerCase())) counts.set(value, (counts.get(value) ?? 0) + 1);
        }
        return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count).slice(0, limit);
      },
      sources: () => (state.events.length === 0 ? [] : makeSources(state.events)).map((source) => {
        const clock = state.clocks.get(source.id);
        return clock ? { ...source, clock } : source;
      }),
    },
  };
}
