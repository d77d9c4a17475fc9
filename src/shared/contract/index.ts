/** THE contract: every question one process may ask another. */
import { alerts } from './alerts.ts';
import { analysis } from './analysis.ts';
import { anomalies } from './anomalies.ts';
import { cases } from './cases.ts';
import { clocks } from './clocks.ts';
import { connectors } from './connectors.ts';
import { correlation } from './correlation.ts';
import { coverage } from './coverage.ts';
import { enrichment } from './enrichment.ts';
import { events } from './events.ts';
import { findings } from './findings.ts';
import { health } from './health.ts';
import { indicators } from './indicators.ts';
import { ingest, rejects } from './ingest.ts';
import { investigations } from './investigations.ts';
import { metrics } from './metrics.ts';
import { models } from './models.ts';
import { patterns } from './patterns.ts';
import { reports } from './reports.ts';
import { retention } from './retention.ts';
import { rootCause } from './root-cause.ts';
import { services } from './services.ts';
import { shell } from './shell.ts';
import { sigma } from './sigma.ts';
import { snapshots } from './snapshots.ts';
import { sql } from './sql.ts';
import { statistics } from './statistics.ts';
import { threat } from './threat.ts';
import { traces } from './traces.ts';
import { trends } from './trends.ts';
import { typed } from './typed.ts';
import type { Client, Handlers } from './rpc.ts';

/** Answered by the engine. */
export const engineContract = { alerts, analysis, anomalies, cases, clocks, connectors, correlation, coverage, enrichment, events, findings, health, indicators, ingest, investigations, metrics, models, patterns, rejects, reports, retention, rootCause, services, sigma, snapshots, sql, statistics, threat, traces, trends, typed };
type EngineContract = typeof engineContract;
export type EngineClient = Client<EngineContract>;
export type EngineHandlers = Handlers<EngineContract>;

/** Answered by the main process. */
export const shellContract = { shell };
export type ShellContract = typeof shellContract;
export type ShellClient = Client<ShellContract>;
export type ShellHandlers = Handlers<ShellContract>;
