import fs from 'node:fs';
import path from 'node:path';
import type { EngineHandlers } from '../../../shared/contract/index.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { EngineState } from '../engine-state.ts';
import { declaredFormatFiles } from '../declared-formats.ts';
import { loadDeclared } from '../formats/declared.ts';
import { formats } from '../formats/registry.ts';
import { METRIC_PARSERS } from '../metrics/recognise-metrics.ts';
import { preview } from '../pipeline/preview.ts';
import { retryRejects } from '../pipeline/retry.ts';
import { RejectStore } from '../store/rejects.ts';

function declaredOf(state: EngineState): ReturnType<typeof loadDeclared>[] {
  return declaredFormatFiles(state.options.dataDir).map(({ file, json }) => loadDeclared(json, file, formats));
}

/** A check of format and zone as a person gave them. */
function checkOf(state: EngineState): (options: { format: string; zone: string }) => void {
  return (options: { format: string; zone: string }): void => {
    if (options.format !== '' && ![...formats, ...METRIC_PARSERS, ...declaredOf(state)].some((format) => format.id === options.format)) throw new TidemarkError('invalid_input', `There is no format called '${options.format}'. 'tidemark formats' lists them.`);
    try {
      new Intl.DateTimeFormat('en', { timeZone: options.zone || 'UTC' });
    } catch {
      throw new TidemarkError('invalid_input', `'${options.zone}' is not a time zone. Write UTC or a name such as Europe/Berlin.`);
    }
  };
}

export function ingestHandlers(state: EngineState): EngineHandlers['ingest'] {
  const declared = (): ReturnType<typeof loadDeclared>[] => declaredOf(state);
  const check = checkOf(state);
  return {
    preview: async ({ paths, options, limit }, { signal }) => {
      check(options);
      return await preview(paths, options, limit, [...formats, ...declared()], signal);
    },
    async start({ paths, options }) {
      check(options);
      state.current().requireWritable();
      await state.current().indicators.ready();
      return { job: state.current().ingest.start(paths, options) };
    },
    async paste({ name, text, options }) {
      check(options);
      // Pasted text is evidence too: it is kept as a file beside the case, so that its custody can be told like that of any other.
      const open = state.current();
      const folder = `${open.path.replace(/\.tidemark$/i, '')}.pasted`;
      fs.mkdirSync(folder, { recursive: true });
      const safe = name.replace(/[^\w. -]+/g, '_').slice(0, 80) || 'pasted';
      const file = path.join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')} ${safe}.txt`);
      fs.writeFileSync(file, text, { flag: 'wx' });
      await open.indicators.ready();
      return { job: open.ingest.start([file], options) };
    },
    pause: ({ job }) => state.current().ingest.pause(job),
    resume: ({ job }) => state.current().ingest.resume(job),
    cancel: ({ job }) => state.current().ingest.cancel(job),
    jobs: () => {
      const open = state.peek();
      return open && !open.readOnly ? open.ingest.statuses() : [];
    },
    finished: async ({ job }) => await state.current().ingest.finished(job),
    interrupted: () => state.current().store.interrupted(),
    continue({ sources }) {
      const open = state.current();
      const chosen = sources.map((id) => open.store.source(id)).filter((source) => source !== undefined);
      if (chosen.length === 0) throw new TidemarkError('not_found', 'There is nothing to continue.');
      const first = chosen[0];
      return { job: open.ingest.start([...new Set(chosen.map((source) => source.diskPath))], { format: '', zone: first.zone, service: first.service, dedupWindow: first.dedupWindow }) };
    },
    formats: () => [
      ...formats.map(({ id, title, description }) => ({ id, title, description, declared: false })),
      ...METRIC_PARSERS.map(({ id, title }) => ({ id, title, description: 'Metrics: samples are kept as series, not as events.', declared: false })),
      ...declared().map(({ id, title, description }) => ({ id, title, description, declared: true })),
    ],
  };
}

export function rejectHandlers(state: EngineState): EngineHandlers['rejects'] {
  const check = checkOf(state);
  const store = (): RejectStore => new RejectStore(state.current().opened.db);
  return {
    list: ({ sourceId, after, limit }) => store().list(sourceId, after, limit),
    get({ id }) {
      const found = store().get(id);
      if (!found) throw new TidemarkError('not_found', `There is no dead letter ${id} any more.`);
      return { ...found.reject, text: new TextDecoder().decode(found.bytes), hex: Buffer.from(found.bytes.subarray(0, 4096)).toString('hex'), kept: found.bytes.length, binary: isBinary(found.bytes) };
    },
    async replay({ ids, sourceId, format, zone }) {
      const open = state.current();
      open.requireWritable();
      check({ format, zone });
      open.refreshFormats();
      return await retryRejects(
        { store: open.store, rejects: store(), series: open.series, pool: open.pool, committed: (what) => open.committed(what), samplesCommitted: () => open.changed(['series', 'sources', 'rejects']), schemaOf: async (source) => await open.connections.schemaOf(source) },
        { ids, sourceId, format, zone },
      );
    },
  };
}

/** Whether bytes are better shown as bytes: no text has characters below the tab. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 4096).some((byte) => byte < 9);
}
