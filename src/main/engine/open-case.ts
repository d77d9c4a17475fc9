/** An open case: its writer, its readers, its ingest, and what changed since the window was last told. */
import path from 'node:path';
import type { CaseInfo, ChangedTable } from '../../shared/contract/cases.ts';
import { TidemarkError } from '../../shared/contract/rpc.ts';
import { AlertWatch } from './alert-watch.ts';
import { AnomalyWatch } from './anomaly-watch.ts';
import { followCase } from './analysis/anomalies/follow.ts';
import { CaseRules } from './analysis/sigma/case-rules.ts';
import { ChangePush } from './change-push.ts';
import { CaseClocks } from './clocks/case-clocks.ts';
import { Connections } from './connections.ts';
import { connectors } from './connectors/registry.ts';
import { declaredFormatFiles } from './declared-formats.ts';
import type { EngineState } from './engine-state.ts';
import { Enrichments } from './enrich/enrichments.ts';
import { Indicators } from './enrich/indicators.ts';
import { FIRST, HappeningBus } from './happenings.ts';
import { Ingest } from './pipeline/ingest.ts';
import { OpenSegments } from './pipeline/open-segments.ts';
import { parseWorkers, WorkerPool } from './pipeline/worker-pool.ts';
import { archivedTotal } from './store/archives.ts';
import { CaseStore, type Committed } from './store/case-store.ts';
import { ConnectionStore } from './store/connections.ts';
import { closeCase, type OpenedCase } from './store/database.ts';
import { InvestigationStore } from './store/investigations.ts';
import { SeriesStore } from './store/series-store.ts';
import { SCHEMA_VERSION } from './store/schema.ts';
import { PatternKeeper } from './pattern-keeper.ts';
import { RetentionKeeper } from './retention/keeper.ts';
import { Retention } from './retention/retention.ts';
import { TypedEvents } from './typed-events.ts';
import { Turns } from './search/turns.ts';
import { QueryPool } from './workers/query-pool.ts';

export class OpenCase {
  readonly path: string;
  readonly opened: OpenedCase;
  readonly store: CaseStore;
  readonly investigations: InvestigationStore;
  readonly series: SeriesStore;
  readonly typed: TypedEvents;
  readonly retention: Retention;
  /** in the window only: a command line ends when it has done what it was asked for */
  readonly #keeper: RetentionKeeper | null;
  readonly query: QueryPool;
  readonly alerts: AlertWatch;
  readonly anomalies: AnomalyWatch;
  readonly patterns: PatternKeeper;
  /** what happens in the case, for those who follow it */
  readonly happenings = new HappeningBus();
  /** null in a case that is read-only */
  readonly #clocks: CaseClocks | null;
  readonly #state: EngineState;
  #pool: WorkerPool | null = null;
  #ingest: Ingest | null = null;
  #connections: Connections | null = null;
  #indicators: Indicators | null = null;
  #enrichments: Enrichments | null = null;
  #sigma: CaseRules | null = null;
  #declared = new Map<string, string>();
  #version = 0;
  readonly #changes = new ChangePush((tables) => this.#state.push('cases.changed', { tables, version: this.#version, from: null, to: null }));

  constructor(file: string, opened: OpenedCase, state: EngineState) {
    this.path = file;
    this.opened = opened;
    this.#state = state;
    this.store = new CaseStore(opened.db);
    if (!opened.readOnly) this.store.settleStates();
    this.series = new SeriesStore(opened.db);
    this.investigations = new InvestigationStore(opened.db, state.options.user);
    this.typed = new TypedEvents({ store: this.store, pool: () => this.pool, user: state.options.user, toolVersion: state.options.toolVersion, committed: (what) => this.committed(what) });
    this.retention = new Retention({
      store: this.store, file, user: state.options.user, toolVersion: state.options.toolVersion,
      committed: (what) => this.committed(what),
      changed: () => this.changed(['retention', 'events', 'sources']),
      tell: (progress) => state.push('retention.progress', progress),
      recount: () => this.#clocks?.recount(),
    });
    const early = state.options.startWorkersEarly ?? false;
    this.#keeper = early && !opened.readOnly ? new RetentionKeeper(this.retention, () => this.busy) : null;
    this.query = new QueryPool(file, state.options.workerDir, () => {
      this.changed(['events']);
      // What is in the case is wanted first, and a machine with two cores has none to spare.
      if (!early || this.readOnly) return;
      this.pool.prepare();
      // What was stored before a list was read, or by a program that ended early.
      void this.indicators.ready().then(() => this.indicators.kick());
      this.sigma.kick();
      this.patterns.kick();
      this.alerts.kick();
      this.anomalies.kick();
    });
    this.patterns = new PatternKeeper({
      db: opened.db,
      user: state.options.user,
      readOnly: opened.readOnly,
      changed: () => {
        this.query.patternsChanged();
        this.changed(['patterns', 'events']);
      },
    });
    this.alerts = new AlertWatch({
      db: opened.db,
      user: state.options.user,
      analyse: async (analysis, input, signal, run) => await this.#analysed(analysis, input, signal, run),
      bus: this.happenings,
      busy: () => this.busy,
      quietFor: () => this.query.quietFor,
      live: () => this.#live(),
    });
    this.anomalies = new AnomalyWatch({
      db: opened.db,
      // A worker would first load the events of the case: a command line, which ends when it is done, does it itself.
      follow: async (signal) => {
        if (early) return await this.query.analyse('anomalies.follow', {}, signal);
        return await followCase({}, { db: opened.db, turns: new Turns({ get cancelled() { return signal.aborted; } }), progress: () => undefined });
      },
      busy: () => this.busy,
      live: () => this.#live() !== null,
      changed: () => this.changed(['anomalies']),
      found: (found) => state.push('anomalies.found', found),
    });
    this.#follow(early);
    if (early) this.query.start();
    // Made at once: a counting that was cut short goes on.
    this.#clocks = opened.readOnly ? null : this.#makeClocks();
  }

  get readOnly(): boolean {
    return this.opened.readOnly;
  }

  /** Throws read_only when the case cannot be written. */
  requireWritable(): void {
    if (this.readOnly) throw new TidemarkError('read_only', `This case is read-only: ${this.opened.readOnlyReason}. Copy it to work on it.`);
  }

  get pool(): WorkerPool {
    this.#pool ??= new WorkerPool(parseWorkers(), this.#state.options.workerDir);
    return this.#pool;
  }

  /** Declared formats may have been added or changed: to be called before anything is read. */
  refreshFormats(): void {
    const declared = declaredFormatFiles(this.#state.options.dataDir);
    this.#declared = new Map(declared.map(({ json }) => [String((json as { id?: unknown } | null)?.id), JSON.stringify(json)]));
    this.pool.setDeclared(declared);
  }

  /** The ingest manager; its workers are started with it if they are not up yet. */
  get ingest(): Ingest {
    this.requireWritable();
    this.#ingest ??= new Ingest({
      store: this.store,
      pool: this.pool,
      user: this.#state.options.user,
      toolVersion: this.#state.options.toolVersion,
      refreshFormats: () => this.refreshFormats(),
      declaredOf: (format) => this.#declared.get(format) ?? null,
      committed: (what) => this.committed(what),
      progress: (status) => this.#state.push('ingest.progress', status),
      sourcesChanged: () => this.changed(['sources']),
      series: this.series,
      samplesCommitted: () => this.#samplesCommitted(['series', 'sources', 'rejects']),
    });
    return this.#ingest;
  }

  get connections(): Connections {
    this.#connections ??= new Connections(
      {
        store: this.store,
        connections: new ConnectionStore(this.opened.db),
        pool: () => this.pool,
        user: this.#state.options.user,
        toolVersion: this.#state.options.toolVersion,
        committed: (what) => this.committed(what),
        open: new OpenSegments(),
        series: this.series,
        samplesCommitted: () => this.#samplesCommitted(['series', 'sources']),
      },
      connectors,
      (status) => this.#state.push('connectors.status', status),
    );
    return this.#connections;
  }

  /** Only of a case that can be written. */
  get clocks(): CaseClocks {
    if (!this.#clocks) throw new Error('a case that is read-only has no clocks to set');
    return this.#clocks;
  }
  #makeClocks(): CaseClocks {
    return new CaseClocks({
      store: this.store,
      user: this.#state.options.user,
      changed: () => {
        this.query.clocksChanged();
        this.changed(['events', 'sources', 'series']);
        if (!this.#state.options.startWorkersEarly) return;
        this.alerts.kick();
        this.anomalies.kick();
      },
      tell: (status) => this.#state.push('clocks.recount', status),
    });
  }

  get enrichments(): Enrichments {
    this.#enrichments ??= new Enrichments({
      db: this.opened.db,
      user: this.#state.options.user,
      toolVersion: this.#state.options.toolVersion,
      changed: () => {
        this.query.lookupsChanged();
        this.changed(['indicators', 'events']);
      },
    });
    return this.#enrichments;
  }

  get indicators(): Indicators {
    this.#indicators ??= new Indicators({
      db: this.opened.db,
      query: this.query,
      user: this.#state.options.user,
      toolVersion: this.#state.options.toolVersion,
      // Without a list nobody needs the workers for it.
      use: (table) => {
        if (table || this.#pool) this.pool.setIndicators(table);
      },
      changed: () => this.changed(['indicators']),
      progress: (status) => this.#state.push('indicators.progress', status),
    });
    return this.#indicators;
  }

  /**
   * Asks for an analysis (analysis/registry.ts) and tells how far it is to whoever named the run.
   * @param run '' = nobody wants to know
   */
  async analyse<R>(analysis: string, input: { run?: string }, signal: AbortSignal): Promise<R> {
    return await this.#analysed<R>(analysis, input, signal, input.run ?? '');
  }
  async #analysed<R>(analysis: string, input: unknown, signal: AbortSignal, run: string): Promise<R> {
    return await this.query.analyse<R>(analysis, input, signal, run === '' ? undefined : (share, what) => this.#state.push('analysis.progress', { run, share, what }));
  }

  get sigma(): CaseRules {
    this.#sigma ??= new CaseRules({
      db: this.opened.db,
      query: this.query,
      user: this.#state.options.user,
      toolVersion: this.#state.options.toolVersion,
      changed: (tables) => this.changed(tables),
      progress: (status) => this.#state.push('sigma.progress', status),
    });
    return this.#sigma;
  }

  /** Sources from which events come in over connections; null = no connection runs. */
  #live(): number[] | null {
    const running = this.#connections?.list().filter(({ state: now }) => now === 'ok' || now === 'starting' || now === 'degraded') ?? [];
    return running.length > 0 ? running.flatMap(({ sources }) => sources) : null;
  }

  get busy(): boolean {
    return this.#ingest?.busy ?? false;
  }
  get chunksInFlight(): number {
    return this.#pool?.inFlight ?? 0;
  }

  committed(what: Committed): void {
    this.happenings.tell('events.committed', what);
  }

  /** Who follows what happens. On the command line, where workers are started when they are needed, nobody looks at what comes in. */
  #follow(early: boolean): void {
    const { happenings } = this;
    happenings.on('events.committed', ({ value }) => this.query.committed(value), FIRST);
    happenings.on('events.committed', ({ value }) => {
      this.patterns.noticed(value);
      if (early) this.patterns.kick();
      if (early) this.#indicators?.kick();
      if (early) this.sigma.kick();
      this.changed(['events', 'sources', 'rejects']);
    });
    if (early) {
      const kick = (): void => {
        this.alerts.kick();
        this.anomalies.kick();
      };
      happenings.on('events.committed', kick);
      happenings.on('samples.committed', kick);
    }
    happenings.on('alerts.*', () => this.changed(['alerts']));
    happenings.on('alerts.fired', ({ value }) => {
      const noticed = value.filter(({ channels }) => channels.includes('notice')).map(({ alert: { id, level, finding } }) => ({ id, level, title: finding.title }));
      if (noticed.length > 0) this.#state.push('alerts.fired', { alerts: noticed.slice(0, 20), total: noticed.length });
    });
    happenings.on('alerts.fired', ({ value }) => {
      for (const { alert, channels } of value) if (channels.includes('log')) console.error(`alert ${alert.level} ${JSON.stringify(alert.finding.title)} ${JSON.stringify(alert.finding.why)}`);
    });
  }

  #samplesCommitted(tables: readonly ChangedTable[]): void {
    this.changed(tables);
    this.happenings.tell('samples.committed', undefined);
  }

  /** Tells the window soon which tables changed. */
  changed(tables: readonly ChangedTable[]): void {
    this.#version++;
    if (tables.includes('pins') || tables.includes('notes')) this.query.pinsChanged();
    this.#changes.add(tables);
  }

  info(): CaseInfo {
    const { db } = this.opened;
    const pages = db.pragma('page_count', { simple: true }) as number;
    const size = db.pragma('page_size', { simple: true }) as number;
    const totals = db.prepare<[], { events: number; sources: number; t0: number | null; t1: number | null }>('SELECT coalesce(sum(stored), 0) AS events, count(*) AS sources, min(t0) AS t0, max(t1) AS t1 FROM source').get();
    const created = db.prepare<[], string>("SELECT value FROM meta WHERE key = 'created_at'").pluck().get();
    return {
      path: this.path,
      name: path.basename(this.path).replace(/\.tidemark$/i, ''),
      readOnly: this.readOnly,
      readOnlyReason: this.opened.readOnlyReason,
      schemaVersion: SCHEMA_VERSION,
      createdAt: created ? Number(created) : 0,
      bytes: pages * size,
      events: (totals?.events ?? 0) - this.typed.removedCount - archivedTotal(db),
      sources: totals?.sources ?? 0,
      from: totals?.t0 ?? null,
      to: totals?.t1 ?? null,
      version: this.#version,
    };
  }

  async close(): Promise<void> {
    this.#changes.stop();
    if (this.#keeper) await this.#keeper.close();
    else await this.retention.settled();
    this.alerts.close();
    await this.anomalies.close();
    await this.#indicators?.close();
    await this.#sigma?.close();
    await this.patterns.close();
    await this.#connections?.close();
    await this.#ingest?.close();
    await this.typed.settled();
    await this.#pool?.close();
    await this.#clocks?.close();
    // Readers first: the last connection tidies the write-ahead log away.
    await this.query.close();
    closeCase(this.opened);
  }
}
