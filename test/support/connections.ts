/** Connections of a case of their own, with connectors and waits that a test chooses; the pool of workers, the writer and the file are the real ones. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Connections } from '../../src/main/engine/connections.ts';
import type { Connector } from '../../src/main/engine/connectors/connector.ts';
import type { RunnerPolicy } from '../../src/main/engine/connectors/runner.ts';
import { OpenSegments } from '../../src/main/engine/pipeline/open-segments.ts';
import { WorkerPool } from '../../src/main/engine/pipeline/worker-pool.ts';
import { CaseStore } from '../../src/main/engine/store/case-store.ts';
import { ConnectionStore } from '../../src/main/engine/store/connections.ts';
import { closeCase, createCase } from '../../src/main/engine/store/database.ts';
import { SeriesStore } from '../../src/main/engine/store/series-store.ts';
import type { ConnectionStatus } from '../../src/shared/contract/connectors.ts';

/** Waits that are over soon. */
const QUICK: Partial<RunnerPolicy> = { firstWait: 5, longestWait: 20, halfOpenAfter: 60, patience: 400, grace: 1000, failures: 3, steady: 100 };

export class Connected {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-connected-'));
  readonly opened = createCase(path.join(this.folder, 'x.tidemark'));
  readonly store = new CaseStore(this.opened.db);
  readonly series = new SeriesStore(this.opened.db);
  readonly pool = new WorkerPool(2, undefined);
  readonly connections: Connections;
  /** every status that was told */
  readonly told: ConnectionStatus[] = [];

  constructor(connectors: readonly Connector[], policy: Partial<RunnerPolicy> = QUICK) {
    this.connections = new Connections(
      {
        store: this.store, series: this.series, connections: new ConnectionStore(this.opened.db), pool: () => this.pool, open: new OpenSegments(), user: 'ana', toolVersion: '0.1.0',
        committed: () => undefined, samplesCommitted: () => undefined,
      },
      connectors, (status) => this.told.push(status), policy,
    );
  }

  status(id: number): ConnectionStatus {
    const found = this.connections.list().find((one) => one.id === id);
    if (!found) throw new Error(`there is no connection ${id}`);
    return found;
  }
  /** Waits for at most `ms` until it is as asked. */
  async when(id: number, what: (now: ConnectionStatus) => boolean, ms = 10_000): Promise<ConnectionStatus> {
    const until = performance.now() + ms;
    while (!what(this.status(id))) {
      if (performance.now() > until) throw new Error(`it did not come to that: ${JSON.stringify(this.status(id))}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.status(id);
  }

  async remove(): Promise<void> {
    await this.connections.close();
    await this.pool.close();
    closeCase(this.opened);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
