/** The engine: one open case, what reads into it, what answers questions about it. It knows no window and no Electron. */
import fs from 'node:fs';
import type { EngineHandlers } from '../../shared/contract/index.ts';
import type { EngineOptions, EngineState } from './engine-state.ts';
import type { OpenCase } from './open-case.ts';
import { alertHandlers } from './handlers/alerts.ts';
import { caseHandlers } from './handlers/cases.ts';
import { clockHandlers } from './handlers/clocks.ts';
import { connectorHandlers } from './handlers/connectors.ts';
import { anomaliesHandlers } from './handlers/anomalies.ts';
import { correlationHandlers } from './handlers/correlation.ts';
import { coverageHandlers } from './handlers/coverage.ts';
import { enrichmentHandlers } from './handlers/enrichment.ts';
import { eventHandlers } from './handlers/events.ts';
import { findingHandlers } from './handlers/findings.ts';
import { healthHandlers } from './handlers/health.ts';
import { indicatorHandlers } from './handlers/indicators.ts';
import { ingestHandlers, rejectHandlers } from './handlers/ingest.ts';
import { investigationHandlers } from './handlers/investigations.ts';
import { metricHandlers } from './handlers/metrics.ts';
import { modelHandlers } from './handlers/models.ts';
import { patternHandlers } from './handlers/patterns.ts';
import { reportHandlers } from './handlers/reports.ts';
import { retentionHandlers } from './handlers/retention.ts';
import { rootCauseHandlers } from './handlers/root-cause.ts';
import { serviceHandlers } from './handlers/services.ts';
import { sigmaHandlers } from './handlers/sigma.ts';
import { snapshotHandlers } from './handlers/snapshots.ts';
import { sqlHandlers } from './handlers/sql.ts';
import { statisticsHandlers } from './handlers/statistics.ts';
import { threatHandlers } from './handlers/threat.ts';
import { traceHandlers } from './handlers/traces.ts';
import { trendHandlers } from './handlers/trends.ts';
import { typedHandlers } from './handlers/typed.ts';
import { TidemarkError } from '../../shared/contract/rpc.ts';

export type { EngineOptions } from './engine-state.ts';

export interface Engine {
  handlers: EngineHandlers;
  /** `push` is 'room.name' */
  onPush(listener: (push: string, value: unknown) => void): () => void;
  close(): Promise<void>;
}

export function createEngine(options: EngineOptions): Engine {
  fs.mkdirSync(options.dataDir, { recursive: true });
  const listeners = new Set<(push: string, value: unknown) => void>();
  let open: OpenCase | null = null;
  const state: EngineState = {
    options,
    startedAt: performance.now(),
    current() {
      if (!open) throw new TidemarkError('no_case', 'No case is open. Create one, or open one.');
      return open;
    },
    peek: () => open,
    async replace(next) {
      const before = open;
      open = null;
      await before?.close();
      open = next;
    },
    push(name, value) {
      for (const listener of listeners) listener(name, value);
    },
  };
  const events = eventHandlers(state);
  const cases = caseHandlers(state);
  const health = healthHandlers(state);
  const investigations = investigationHandlers({
    store: () => state.current().investigations,
    summaries: async (ids) => await state.current().query.ask('summaries', { ids }),
    sourcePath: (id) => state.current().store.source(id)?.path ?? '',
    changed: (tables) => state.current().changed(tables),
  });
  const handlers: EngineHandlers = {
    alerts: alertHandlers(state),
    analysis: {},
    cases,
    clocks: clockHandlers(state),
    connectors: connectorHandlers(state),
    anomalies: anomaliesHandlers(state),
    correlation: correlationHandlers(state),
    coverage: coverageHandlers(state),
    events,
    findings: findingHandlers(state),
    health,
    enrichment: enrichmentHandlers(state),
    indicators: indicatorHandlers(state),
    ingest: ingestHandlers(state),
    rejects: rejectHandlers(state),
    investigations,
    metrics: metricHandlers(state),
    models: modelHandlers(state),
    patterns: patternHandlers(state),
    reports: reportHandlers({ events, cases, health, investigations, push: (status) => state.push('reports.exportProgress', status), toolVersion: options.toolVersion, user: options.user }),
    retention: retentionHandlers(state),
    rootCause: rootCauseHandlers(state),
    services: serviceHandlers(state),
    snapshots: snapshotHandlers(state, async (path, context) => await cases.open({ path, readOnly: false }, context)),
    sigma: sigmaHandlers(state),
    sql: sqlHandlers(state),
    statistics: statisticsHandlers(state),
    threat: threatHandlers(state),
    traces: traceHandlers(state),
    trends: trendHandlers(state),
    typed: typedHandlers(state),
  };
  return {
    handlers,
    onPush(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      await state.replace(null);
    },
  };
}
