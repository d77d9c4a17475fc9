import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import type { JobStatus } from '../../../src/shared/contract/ingest.ts';
import type { Reject } from '../../../src/shared/event.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { FakeState } from '../fake-engine.ts';
import { START, makeSources } from './events.ts';

export function ingestRooms(state: FakeState): Pick<EngineHandlers, 'ingest' | 'rejects'> {
  const job: JobStatus = {
    job: 1, state: 'running', error: '', startedAt: START + 40 * 3600e6, seconds: 14, files: 6, filesDone: 3, current: '/var/log/payments.jsonl', bytes: 412_000_000, totalBytes: 1_204_000_000,
    ledger: { read: 1_204_331, stored: 1_204_319, duplicates: 0, rejected: 12 }, eventsPerSecond: 184_210, bytesPerSecond: 31_000_000, secondsLeft: 26,
  };
  const jobs: JobStatus[] = state.scenario === 'ingesting' ? [job] : [];
  const change = (id: number, next: Partial<JobStatus>): void => {
    const found = jobs.find((one) => one.job === id);
    if (!found) throw new TidemarkError('not_found', `There is no job ${id}.`);
    Object.assign(found, next);
    state.emit('ingest.progress', { ...found });
  };
  const start = (): { job: number } => {
    jobs.unshift({ ...job, job: jobs.length + 1 });
    state.emit('ingest.progress', { ...jobs[0] });
    return { job: jobs[0].job };
  };
  const list: Reject[] = state.events.length === 0 ? [] : Array.from({ length: 12 }, (_, index) => ({
    id: index + 1, sourceId: 1, path: '/var/log/api.jsonl', offset: 18_000 + index * 211, length: 96, reason: index < 9 ? 'not JSON: the line ends in the middle of a string' : 'no time found', at: START + 40 * 3600e6, attempts: 1,
    preview: index < 9 ? `{"time":"2026-11-20T06:0${index}:12Z","level":"info","msg":"request fini` : 'Starting up \u001b[32mOK\u001b[0m',
  }));
  return {
    ingest: {
      preview: ({ paths }) => ({
        files: [
          ...paths.map((path, index) => ({ path, bytes: 48_200_000 * (index + 1), format: 'jsonl', formatTitle: 'JSON lines', reason: '20 of 20 lines are JSON objects with a time and a message', confidence: 0.98, firstMessage: 'GET /v1/orders 200 in 41 ms', error: '' })),
          { path: '/var/log/nginx/access.log.2.gz', bytes: 8_120_000, format: 'access', formatTitle: 'Access log (combined)', reason: '20 of 20 lines have the combined shape', confidence: 1, firstMessage: 'GET /healthz 200', error: '' },
          { path: '/var/log/btmp', bytes: 384, format: '', formatTitle: '', reason: '', confidence: 0, firstMessage: '', error: 'Permission denied. Give read access, or leave it out.' },
        ],
        more: 0,
      }),
      start, paste: start, continue: start,
      pause: ({ job: id }) => change(id, { state: 'paused' }),
      resume: ({ job: id }) => change(id, { state: 'running' }),
      cancel: ({ job: id }) => change(id, { state: 'cancelled', secondsLeft: null }),
      jobs: () => jobs,
      finished: () => ({ read: 0, stored: 0, duplicates: 0, rejected: 0, bytes: 0, seconds: 0, sources: [] }),
      interrupted: () => (state.scenario === 'case' ? makeSources(state.events).filter((source) => source.state === 'stopped') : []),
      formats: () => [
        { id: 'jsonl', title: 'JSON lines', declared: false, description: 'One JSON object a line' }, { id: 'access', title: 'Access log (combined)', declared: false, description: 'Apache and nginx' },
        { id: 'syslog3164', title: 'Syslog (RFC 3164)', declared: false, description: 'BSD syslog' }, { id: 'text', title: 'Text lines', declared: false, description: 'Anything else' },
      ],
    },
    rejects: {
      list: ({ sourceId, after, limit }) => {
        const rows = list.filter((reject) => (sourceId === undefined || reject.sourceId === sourceId) && reject.id > after);
        const reasons = new Map<string, number>();
        for (const reject of list) reasons.set(reject.reason, (reasons.get(reject.reason) ?? 0) + 1);
        return { rows: rows.slice(0, limit), total: list.length, reasons: [...reasons].map(([reason, count]) => ({ reason, count })) };
      },
      get: ({ id }) => {
        const found = list.find((reject) => reject.id === id);
        if (!found) throw new TidemarkError('not_found', 'The record is gone; it may have been replayed.');
        return { ...found, text: found.preview, hex: [...found.preview].map((character) => (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')).join(' '), kept: found.preview.length, binary: false };
      },
      replay: () => ({ stored: 3, rejected: list.length - 3, notes: [] }),
    },
  };
}
