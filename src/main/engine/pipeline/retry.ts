/** Dead letters tried again with another format or zone (I9). What parses becomes events or samples; what does not goes back with the new reason. */
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { MISMATCH, type Check } from '../connectors/lib/json-schema.ts';
import { isWritten, originalOf } from '../formats/lib/undecodable.ts';
import { formats } from '../formats/registry.ts';
import { METRIC_PARSERS } from '../metrics/recognise-metrics.ts';
import type { CaseStore, Committed, SourceRow } from '../store/case-store.ts';
import type { Letter, RejectStore } from '../store/rejects.ts';
import type { SeriesStore } from '../store/series-store.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Letters are tried in groups, so that a large queue neither fills the memory nor holds the writer. */
const GROUP = 20_000;

export interface RetryContext {
  store: CaseStore;
  rejects: RejectStore;
  series: SeriesStore;
  pool: WorkerPool;
  /** the JSON Schema that records of a source have to match as they come; null = none */
  schemaOf(sourceId: number): Promise<Check | null>;
  committed(what: Committed): void;
  samplesCommitted(): void;
}
export interface RetryWish {
  ids?: number[];
  sourceId?: number;
  /** '' keeps that of the source */
  format: string;
  zone: string;
}
export interface Retried {
  stored: number;
  rejected: number;
  /** sentences: what could not be tried, and why */
  notes: string[];
}

const isMetrics = (format: string): boolean => METRIC_PARSERS.some(({ id }) => id === format);

/** Throws when the store cannot take the result; nothing is lost then. */
export async function retryRejects(context: RetryContext, wanted: RetryWish): Promise<Retried> {
  const { store, rejects } = context;
  const total = { stored: 0, rejected: 0 };
  const why = { cut: 0, other: 0, parts: 0, schema: 0 };
  for (const [sourceId, letters] of rejects.chosen(wanted.ids, wanted.sourceId)) {
    const source = store.source(sourceId);
    if (!source) continue;
    const declared = store.clocks.corrections.get(sourceId)?.clock.zone ?? '';
    // The declared zone is put in place of the one that times were read with: of all in the same.
    if (declared !== '' && wanted.zone !== '' && wanted.zone !== source.zone) throw new TidemarkError('invalid_input', `The clock of ${source.path} says that its times are of ${declared}, which holds for what is read again too. Leave the zone out.`);
    const own = formats.find(({ id }) => id === source.format);
    const written = isWritten(own);
    const format = wanted.format || source.format;
    if (isMetrics(format) !== isMetrics(source.format)) {
      why.other += letters.length;
      total.rejected += letters.length;
      continue;
    }
    // Of a record that was too long only the beginning is kept: a part of a record must not become an event.
    const original = (letter: Letter): { bytes: Uint8Array; length: number } => (written ? originalOf(letter.bytes, letter.reason) : null) ?? letter;
    let whole = letters.filter((letter) => original(letter).bytes.length >= original(letter).length);
    why.cut += letters.length - whole.length;
    total.rejected += letters.length - whole.length;
    if (wanted.format === '') {
      const refused = stillRefused(whole, original, await context.schemaOf(sourceId));
      rejects.countAttempts([...refused]);
      why.schema += refused.size;
      total.rejected += refused.size;
      whole = whole.filter(({ id }) => !refused.has(id));
    }
    for (let at = 0; at < whole.length; at += GROUP) {
      const group = whole.slice(at, at + GROUP);
      const { stored, rejected } = await retryGroup(context, source, group, { format, zone: wanted.zone || source.zone, written });
      total.stored += stored;
      total.rejected += rejected;
      if (own?.decode && format === source.format) why.parts += rejected;
    }
  }
  const records = (n: number): string => (n === 1 ? '1 record' : `${n} records`);
  const notes = [
    why.cut > 0 && `Of ${records(why.cut)} only the beginning is kept: a part of a record does not become an event.`,
    why.schema > 0 && `${records(why.schema)} still do not match the JSON Schema of their connection; another format takes them as they are.`,
    why.other > 0 && `${records(why.other)} would have to become metrics, or are metrics: that cannot be changed by trying again.`,
    why.parts > 0 && `${records(why.parts)} come from the middle of a document and cannot be read alone as what they were; another format (lines of text) can take them.`,
  ].filter((note) => note !== false);
  return { ...total, notes };
}

/** Ids of those that do not match the schema any more than before. What is no JSON is for its format to refuse. */
function stillRefused(letters: readonly Letter[], original: (letter: Letter) => { bytes: Uint8Array }, check: Check | null): Set<number> {
  const refused = new Set<number>();
  if (!check) return refused;
  for (const letter of letters) {
    if (!letter.reason.startsWith(MISMATCH)) continue;
    if (check(JSON.parse(new TextDecoder().decode(original(letter).bytes))) !== '') refused.add(letter.id);
  }
  return refused;
}

async function retryGroup(context: RetryContext, source: SourceRow, letters: readonly Letter[], as: { format: string; zone: string; written: boolean }): Promise<{ stored: number; rejected: number }> {
  const { store, rejects, pool } = context;
  const done = { stored: 0, rejected: 0 };
  const take = (): void => {
    if (!rejects.take(source.id, letters.map(({ id }) => id))) throw new TidemarkError('busy', 'These records are being tried again already.');
  };
  await pool.run(
    {
      kind: 'retry', shownPath: source.path, modified: source.modified, head: store.sourceHead(source.id).head, own: as.format === source.format, written: as.written, letters: [...letters],
      options: { format: as.format, zone: as.zone, service: source.service, dedupWindow: 0 },
    },
    store.db.name,
    (built, worker) => {
      done.rejected += built.batch.rejects.length;
      if (built.type === 'samples') {
        const { batch } = built;
        store.db.transaction(() => {
          take();
          context.series.commit(source.id, batch);
        })();
        done.stored += batch.stored;
        context.samplesCommitted();
        return;
      }
      const { batch } = built;
      const committed = store.db.transaction(() => {
        take();
        return store.commit(source.id, worker.ids, batch, null);
      })();
      for (const { n } of batch.segments) done.stored += n;
      context.committed(committed);
    },
  );
  return done;
}
