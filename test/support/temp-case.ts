/** A real engine on a case in a folder of its own, for integration tests. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createEngine, type Engine } from '../../src/main/engine/engine.ts';
import type { PageReply } from '../../src/shared/contract/events.ts';
import type { IngestOptions, IngestSummary } from '../../src/shared/contract/ingest.ts';
import type { Scope } from '../../src/shared/contract/scope.ts';

export const OPTIONS: IngestOptions = { format: '', zone: 'UTC', service: '', dedupWindow: 0 };
export const context = { signal: new AbortController().signal };
export const everything = (query = ''): Scope => ({ query, from: null, to: null });

export class TempCase {
  readonly folder: string;
  readonly file: string;
  engine: Engine;

  private constructor(folder: string) {
    this.folder = folder;
    this.file = path.join(folder, 'x.tidemark');
    this.engine = this.#start();
  }
  #start(): Engine {
    return createEngine({ dataDir: path.join(this.folder, 'data'), toolVersion: '0.1.0', user: 'ana' });
  }
  /** A new case in a new folder (or in `folder`, which must exist). */
  static async create(folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-case-'))): Promise<TempCase> {
    const made = new TempCase(folder);
    await made.engine.handlers.cases.create({ path: made.file }, context);
    return made;
  }
  async reopen(readOnly = false): Promise<void> {
    await this.engine.close();
    this.engine = this.#start();
    await this.engine.handlers.cases.open({ path: this.file, readOnly }, context);
  }
  async remove(): Promise<void> {
    await this.engine.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
  /** Writes a file beside the case. */
  write(name: string, content: string | Uint8Array): string {
    const file = path.join(this.folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  }
  async ingest(files: string | string[], options: Partial<IngestOptions> = {}): Promise<IngestSummary> {
    const { ingest } = this.engine.handlers;
    const { job } = await ingest.start({ paths: [files].flat(), options: { ...OPTIONS, ...options } }, context);
    return await ingest.finished({ job }, context);
  }
  /** Asks until the scan is through. */
  async page(scope: Scope, at: { rank: number } | { time: number } | { after: number } = { rank: 0 }, order: 'asc' | 'desc' = 'asc', limit = 1000): Promise<PageReply> {
    return await whenComplete(async () => await this.engine.handlers.events.page({ scope, order, at, limit }, context));
  }
  /** All messages of a result in time order, as listed (cut at LISTED_MESSAGE). */
  async messages(query = ''): Promise<string[]> {
    const all: string[] = [];
    for (;;) {
      const { rows, total } = await this.page(everything(query), { rank: all.length });
      all.push(...rows.message);
      if (all.length >= total || rows.message.length === 0) return all;
    }
  }
}

/** Repeats a question until its answer says that it is complete; at most half a minute, on a busy machine. */
export async function whenComplete<R extends { complete: boolean }>(ask: () => Promise<R>): Promise<R> {
  const until = performance.now() + 30_000;
  for (;;) {
    const reply = await ask();
    if (reply.complete) return reply;
    if (performance.now() > until) throw new Error('the scan did not end within half a minute');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
