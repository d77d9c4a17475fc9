import fs from 'node:fs';
import path from 'node:path';
import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { RecentCase, SalvageAccount } from '../../../shared/contract/cases.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { EngineState } from '../engine-state.ts';
import { OpenCase } from '../open-case.ts';
import { createCase, fileError, openCase } from '../store/database.ts';
import { salvage, salvageAccount } from '../store/salvage.ts';

const MAX_RECENT = 20;

export function caseHandlers(state: EngineState): EngineHandlers['cases'] {
  const recentFile = path.join(state.options.dataDir, 'recent.json');

  function readRecent(): { path: string; openedAt: number }[] {
    try {
      const list = JSON.parse(fs.readFileSync(recentFile, 'utf8')) as unknown;
      return Array.isArray(list) ? list.filter((entry): entry is { path: string; openedAt: number } => typeof entry?.path === 'string' && typeof entry?.openedAt === 'number') : [];
    } catch {
      // No list yet, or one that was cut off: it is only a convenience.
      return [];
    }
  }
  function writeRecent(list: { path: string; openedAt: number }[]): void {
    fs.writeFileSync(`${recentFile}.part`, JSON.stringify(list.slice(0, MAX_RECENT)));
    fs.renameSync(`${recentFile}.part`, recentFile);
  }

  async function take(next: OpenCase): Promise<ReturnType<OpenCase['info']>> {
    await state.replace(next);
    writeRecent([{ path: next.path, openedAt: Date.now() * 1000 }, ...readRecent().filter((entry) => entry.path !== next.path)]);
    const info = next.info();
    state.push('cases.opened', info);
    return info;
  }

  return {
    async create({ path: wanted }) {
      const file = path.resolve(wanted);
      await refuseWhenSame(file);
      const opened = createCase(file);
      opened.db.prepare("INSERT INTO meta (key, value) VALUES ('created_at', ?), ('created_by', ?), ('tool_version', ?)").run(String(Date.now() * 1000), state.options.user, state.options.toolVersion);
      return await take(new OpenCase(file, opened, state));
    },
    async open({ path: wanted, readOnly }) {
      const file = path.resolve(wanted);
      const before = state.peek();
      if (before?.path === file) {
        if (before.readOnly === readOnly) return before.info();
        await state.replace(null);
      }
      const opened = openCase(file, readOnly);
      try {
        return await take(new OpenCase(file, opened, state));
      } catch (error) {
        throw fileError(error, file);
      }
    },
    async close() {
      await state.replace(null);
      state.push('cases.opened', null);
    },
    info: () => state.peek()?.info() ?? null,
    async copy({ path: target }) {
      const file = path.resolve(target);
      if (file === state.current().path) throw new TidemarkError('invalid_input', 'A case cannot be copied onto itself. Choose another name.');
      try {
        await state.current().opened.db.backup(`${file}.part`);
        fs.renameSync(`${file}.part`, file);
        return { bytes: fs.statSync(file).size };
      } catch (error) {
        fs.rmSync(`${file}.part`, { force: true });
        throw fileError(error, file);
      }
    },
    async salvage({ path: damaged, into }, { signal }) {
      const from = path.resolve(damaged);
      const file = path.resolve(into);
      if (!fs.existsSync(from)) throw new TidemarkError('not_found', `${from} does not exist.`);
      const opened = createCase(file);
      let account: SalvageAccount;
      try {
        account = await salvage(from, opened.db, { by: state.options.user, toolVersion: state.options.toolVersion }, async () => {
          if (signal.aborted) throw new TidemarkError('cancelled', 'The salvage was cancelled; nothing was kept of it.');
          await new Promise<void>((resolve) => setImmediate(resolve));
        });
      } catch (error) {
        opened.db.close();
        opened.release();
        for (const part of ['', '-wal', '-shm']) fs.rmSync(`${file}${part}`, { force: true });
        // A full disk is that of the new case, whatever else is wrong is wrong with the damaged one.
        const reason = fileError(error, file);
        throw reason.code === 'disk_full' ? reason : fileError(error, from);
      }
      return { info: await take(new OpenCase(file, opened, state)), account };
    },
    salvaged: () => salvageAccount(state.current().opened.db),
    check: async (_input, { signal }) => await state.current().query.check(signal),
    recent(): RecentCase[] {
      return readRecent().map((entry) => {
        const stat = fs.statSync(entry.path, { throwIfNoEntry: false });
        return { path: entry.path, name: path.basename(entry.path).replace(/\.tidemark$/i, ''), openedAt: entry.openedAt, exists: stat !== undefined, bytes: stat?.size ?? 0 };
      });
    },
    forget({ path: file }) {
      writeRecent(readRecent().filter((entry) => entry.path !== file));
    },
    getView({ key }) {
      const text = state.current().opened.db.prepare<[string], string>('SELECT value FROM view WHERE key = ?').pluck().get(key);
      return text === undefined ? null : (JSON.parse(text) as unknown);
    },
    setView({ key, value }) {
      const { opened, readOnly } = state.current();
      // A read-only case can be looked at in any layout; it is just not remembered.
      if (readOnly) return;
      opened.db.prepare('INSERT INTO view (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value').run(key, JSON.stringify(value ?? null));
    },
  };

  async function refuseWhenSame(file: string): Promise<void> {
    if (state.peek()?.path === file) throw new TidemarkError('invalid_input', `${file} is open already.`);
    await Promise.resolve();
  }
}
