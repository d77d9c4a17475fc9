import path from 'node:path';
import type { EngineHandlers } from '../../../shared/contract/index.ts';
import type { ExportStatus } from '../../../shared/contract/reports.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { isZone } from '../../../shared/time.ts';
import { exportError, exportEvents, type ExportCount } from '../reports/export/export-events.ts';
import { REPORTS } from '../reports/registry.ts';
import type { ReportContext, ReportQuestions } from '../reports/report.ts';

export interface ReportDependencies extends ReportQuestions {
  push(status: ExportStatus): void;
  toolVersion: string;
  /** who makes reports */
  user: string;
}

/** At most five pushes a second for one export. */
const PUSH_EVERY_MS = 200;

export function reportHandlers({ push, toolVersion, user, ...ask }: ReportDependencies): EngineHandlers['reports'] {
  const running = new Map<number, { path: string; abort: AbortController }>();
  let lastJob = 0;
  const contextOf = (signal: AbortSignal): ReportContext => ({ signal, toolVersion, user, now: Date.now() * 1000 });

  async function run(job: number, input: Parameters<typeof exportEvents>[1], signal: AbortSignal): Promise<void> {
    let count: ExportCount = { rows: 0, total: 0, bytes: 0, unreadable: 0 };
    let pushedAt = 0;
    const tell = (state: ExportStatus['state'], error = ''): void => push({ job, state, error, ...count, path: input.path });
    try {
      count = await exportEvents(ask, input, signal, (now) => {
        count = { ...now };
        if (performance.now() - pushedAt < PUSH_EVERY_MS) return;
        pushedAt = performance.now();
        tell('running');
      });
      running.delete(job);
      tell('done');
    } catch (error) {
      running.delete(job);
      const known = exportError(error, input.path);
      tell(known.code === 'cancelled' ? 'cancelled' : 'failed', known.message);
    }
  }

  return {
    async incidentHtml({ investigationId, zone }, { signal }) {
      if (!isZone(zone)) throw new TidemarkError('invalid_input', `"${zone.slice(0, 100)}" is not a time zone. Use a name such as Europe/Berlin.`);
      const data = await REPORTS.incident.collect(ask, { investigationId }, contextOf(signal));
      return { html: REPORTS.incident.html(data, zone), title: data.investigation.title };
    },
    incidentJson: async ({ investigationId }, { signal }) => await REPORTS.incident.collect(ask, { investigationId }, contextOf(signal)),
    exportEvents(input) {
      const target = path.resolve(input.path);
      if ([...running.values()].some((other) => other.path === target)) throw new TidemarkError('busy', `${target} is being written by another export. Wait for it, or choose another name.`);
      const job = ++lastJob;
      const abort = new AbortController();
      running.set(job, { path: target, abort });
      // How it goes is pushed, errors included: after the answer, so that the asker knows the job it is about.
      setImmediate(() => void run(job, { ...input, path: target }, abort.signal));
      return { job };
    },
    cancelExport({ job }) {
      if (!Number.isInteger(job) || job < 1 || job > lastJob) throw new TidemarkError('not_found', `There is no export ${job}.`);
      // One that ended meanwhile has nothing to cancel.
      running.get(job)?.abort.abort();
    },
  };
}
