/**
 * A small engine in memory for tests of the window: same contract, made-up events. Test only, never bundled with the product.
 * Its query evaluator knows bare words and field:value, which is all the window's own tests need.
 */
import type { Clock } from '../../src/shared/clock.ts';
import { SEVERITIES } from '../../src/shared/event.ts';
import type { ConnectionStatus } from '../../src/shared/contract/connectors.ts';
import type { EngineHandlers, ShellHandlers } from '../../src/shared/contract/index.ts';
import { TidemarkError } from '../../src/shared/contract/rpc.ts';
import type { Port, Reply, Request } from '../../src/shared/contract/rpc.ts';
import { alertRoom, fakeAlerts, type FakeAlerts } from './fake/alerts.ts';
import { clockRoom } from './fake/clocks.ts';
import { connectorRooms } from './fake/connectors.ts';
import { investigationRooms } from './fake/investigations.ts';
import { indicatorRooms } from './fake/indicators.ts';
import { ingestRooms } from './fake/ingest.ts';
import { modelRoom } from './fake/models.ts';
import { metricRooms } from './fake/metrics.ts';
import { makeEvents } from './fake/events.ts';
import type { FakeEvent } from './fake/events.ts';
import { eventRooms } from './fake/queries.ts';
import { caseRooms } from './fake/cases.ts';
import { threatRoom } from './fake/threat.ts';
import { traceRoom } from './fake/traces.ts';
import { coverageRoom } from './fake/coverage.ts';
import { anomaliesRoom } from './fake/anomalies.ts';
import { correlationRoom } from './fake/correlation.ts';
import { findingRooms } from './fake/findings.ts';
import { patternRoom } from './fake/patterns.ts';
import { retentionRoom } from './fake/retention.ts';
import { rootCauseRoom } from './fake/root-cause.ts';
import { serviceRoom } from './fake/services.ts';
import { sigmaRoom } from './fake/sigma.ts';
import { snapshotRoom } from './fake/snapshots.ts';
import { statisticsRoom } from './fake/statistics.ts';
import { trendRoom } from './fake/trends.ts';
import { typedRoom } from './fake/typed.ts';

export type Scenario = 'case' | 'empty' | 'none' | 'ingesting';
type EmitFake = (name: string, value: unknown) => void;
export interface FakeState {
  scenario: Scenario;
  open: boolean;
  version: number;
  events: FakeEvent[];
  emit: EmitFake;
  /** calls received, for assertions */
  calls: { call: string; input: unknown }[];
  /** what would be told of a connection now; to be changed and emitted */
  connection(id: number): ConnectionStatus | undefined;
  /** clocks that are set, by source */
  clocks: Map<number, Clock>;
  /** what there is of alerts; to be set by a test */
  alerts: FakeAlerts;
}

export interface Fake {
  engine: EngineHandlers;
  shell: ShellHandlers;
  state: FakeState;
}
/** Makes the handlers; `serve` joins them to ports. */
export function makeFake(scenario: Scenario = 'case', count = 12_000): Fake {
  const state: FakeState = {
    scenario, open: scenario !== 'none', version: 1, events: scenario === 'empty' || scenario === 'none' ? [] : makeEvents(count), emit: () => undefined, calls: [], connection: () => undefined, clocks: new Map(), alerts: fakeAlerts(),
  };
  const engine: EngineHandlers = {
    ...caseRooms(state), ...connectorRooms(state), ...eventRooms(state), ...indicatorRooms(state), ...ingestRooms(state), ...investigationRooms(state), ...metricRooms(state), ...findingRooms(state), ...snapshotRoom(state),
    health: {
      get: () => ({
        engine: { rssBytes: 241_000_000, heapBytes: 90_000_000, uptimeSeconds: 812, runtime: 'fake', version: '0.1.0' },
        ledger: { read: 12_052, stored: 12_000, duplicates: 40, rejected: 12 },
        sources: { ok: 4, reading: scenario === 'ingesting' ? 1 : 0, failed: 1, stopped: 1 },
        queue: { chunksInFlight: 2, writerBusy: 0.4 },
        case: state.open ? { bytes: 4_820_000, walBytes: 120_000, diskFreeBytes: 82_000_000_000, segments: 3 } : null,
      }),
    },
    alerts: alertRoom(state, state.alerts),
    clocks: clockRoom(state),
    threat: threatRoom(state),
    traces: traceRoom(state),
    anomalies: anomaliesRoom(state),
    correlation: correlationRoom(state),
    coverage: coverageRoom(state),
    models: modelRoom(state),
    statistics: statisticsRoom(),
    patterns: patternRoom(state),
    retention: retentionRoom(state),
    rootCause: rootCauseRoom(state),
    services: serviceRoom(state),
    sigma: sigmaRoom(state),
    trends: trendRoom(state),
    typed: typedRoom(state),
    sql: {
      run: ({ sql, limit }) => {
        if (/\b(drop|insert|update|delete|create|alter)\b/i.test(sql)) throw new TidemarkError('invalid_input', 'Only a statement that reads is allowed here; this one writes.');
        const rows = state.events.slice(0, limit).map((event) => [event.id, event.time, SEVERITIES[event.severity], event.service, event.message]);
        return { columns: ['id', 'time', 'severity', 'service', 'message'], rows, truncated: state.events.length > limit, milliseconds: 12.4 };
      },
      tables: () => [
        { name: 'events', kind: 'table', columns: ['id', 'time', 'severity', 'service', 'host', 'level', 'message'].map((name) => ({ name, type: name === 'id' || name === 'time' ? 'INTEGER' : 'TEXT' })) },
        { name: 'roll_1m', kind: 'table', columns: ['bucket', 'service', 'severity', 'n'].map((name) => ({ name, type: 'INTEGER' })) },
        { name: 'investigation', kind: 'table', columns: ['id', 'title', 'status'].map((name) => ({ name, type: 'TEXT' })) },
      ],
    },
  };
  const shell: ShellHandlers = {
    shell: {
      pickFiles: ({ folders }) => (folders ? ['/var/log'] : ['/var/log/api.jsonl', '/var/log/nginx/access.log.gz']),
      pickSave: ({ suggestion }) => `/home/me/${suggestion}`,
      printPdf: () => ({ bytes: 184_000, pages: 4 }),
      writeText: ({ text }) => ({ bytes: text.length }),
      showInFolder: () => undefined,
      setTheme: () => undefined,
      restartEngine: () => undefined,
      about: () => ({ version: '0.1.0', electron: '33.2.1', chrome: '130', platform: 'linux', defaultCaseFolder: '/home/me/Cases', startPaths: [], startCase: '', theme: 'system' }),
    },
  };
  return { engine, shell, state };
}

type AnyHandler = (input: unknown, context: { signal: AbortSignal }) => unknown;
/** Answers a port with handlers the way the real engine does (input defaults included, through the contract). */
export function serve(handlers: object, contract: Record<string, Record<string, { kind: string; input?: { parse(value: unknown): unknown } }>>, port: Port, state?: FakeState): void {
  const running = new Map<number, AbortController>();
  port.onMessage((message) => {
    const request = message as Request;
    if ('abort' in request) {
      running.get(request.id)?.abort();
      return;
    }
    const [room, method] = request.call.split('.');
    const declared = contract[room]?.[method];
    const handler = (handlers as Record<string, Record<string, AnyHandler>>)[room]?.[method];
    const abort = new AbortController();
    running.set(request.id, abort);
    state?.calls.push({ call: request.call, input: request.input });
    const answer = async (): Promise<unknown> => {
      if (!declared?.input || !handler) throw new TidemarkError('internal', `no ${request.call}`);
      return await handler(declared.input.parse(request.input), { signal: abort.signal });
    };
    answer().then(
      (ok) => port.postMessage({ id: request.id, ok } satisfies Reply),
      (error: unknown) => {
        const known = error instanceof TidemarkError;
        port.postMessage({ id: request.id, error: { code: known ? error.code : 'internal', message: error instanceof Error ? error.message : String(error), ...(known && error.position ? { position: error.position } : {}) } } satisfies Reply);
      },
    );
  });
}
