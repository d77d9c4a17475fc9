import type { Command } from '../command.ts';
import { alerts } from './alerts.ts';
import { anomalies } from './anomalies.ts';
import { cases } from './cases.ts';
import { clock } from './clock.ts';
import { connect } from './connect.ts';
import { correlate } from './correlate.ts';
import { count } from './count.ts';
import { coverage } from './coverage.ts';
import { detect } from './detect.ts';
import { enrich } from './enrich.ts';
import { event } from './event.ts';
import { forecast } from './forecast.ts';
import { formats } from './formats.ts';
import { indicators } from './indicators.ts';
import { ingest } from './ingest.ts';
import { metrics } from './metrics.ts';
import { rejects } from './rejects.ts';
import { report } from './report.ts';
import { retention } from './retention.ts';
import { search } from './search.ts';
import { services } from './services.ts';
import { snapshot } from './snapshot.ts';
import { sql } from './sql.ts';
import { statistics } from './statistics.ts';
import { triage } from './triage.ts';

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [ingest, connect, event, indicators, detect, enrich, search, count, coverage, services, triage, statistics, alerts, anomalies, correlate, forecast, clock, sql, metrics, formats, rejects, report, snapshot, retention, cases];
