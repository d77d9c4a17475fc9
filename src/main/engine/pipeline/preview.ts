/** What files would be read as, before anything is read: their heads, recognised. */
import type { IngestOptions, PreviewFile } from '../../../shared/contract/ingest.ts';
import { toUtf8 } from '../connectors/files/decode.ts';
import { discover } from '../connectors/files/discover.ts';
import { members } from '../connectors/files/members.ts';
import type { Format } from '../formats/format.ts';
import { CollectingSink } from '../formats/lib/collect.ts';
import { begin, decoded, type Begun } from './decoded.ts';
import { identify } from './identify.ts';

const HEAD_BYTES = 64 << 10;

export async function preview(paths: string[], options: IngestOptions, limit: number, formats: readonly Format[], signal: AbortSignal): Promise<{ files: PreviewFile[]; more: number }> {
  const files: PreviewFile[] = [];
  let more = 0;
  for await (const found of discover(paths, { signal })) {
    if (files.length >= limit) {
      more++;
      continue;
    }
    if (found.kind === 'problem') {
      files.push({ path: found.path, bytes: 0, format: '', formatTitle: '', reason: '', confidence: 0, firstMessage: '', error: found.message });
      continue;
    }
    try {
      for await (const member of members(found.path, { signal })) {
        if (files.length >= limit) {
          more++;
          break;
        }
        const source = toUtf8(member.chunks)[Symbol.asyncIterator]();
        try {
          const stream = await begin(source, HEAD_BYTES);
          files.push(await describe(found.path + member.suffix, member.size ?? found.size, member.modified ?? found.modified, stream, options, formats));
        } finally {
          await source.return?.(undefined);
        }
      }
    } catch (error) {
      if (signal.aborted) throw error;
      files.push({ path: found.path, bytes: found.size, format: '', formatTitle: '', reason: '', confidence: 0, firstMessage: '', error: error instanceof Error ? error.message : String(error) });
    }
  }
  return { files, more };
}

async function describe(path: string, bytes: number, modified: number, raw: Begun, options: IngestOptions, formats: readonly Format[]): Promise<PreviewFile> {
  const { format, metrics, confidence, reason } = identify(path, raw.begin.subarray(0, HEAD_BYTES), formats, options.format);
  if (metrics) return { path, bytes, format: metrics.id, formatTitle: metrics.title, reason, confidence, firstMessage: '', error: '' };
  if (raw.begin.length === 0) return { path, bytes, format: '', formatTitle: '', reason: 'the file is empty', confidence: 0, firstMessage: '', error: '' };
  if (!format) return { path, bytes, format: '', formatTitle: '', reason, confidence: 0, firstMessage: '', error: reason };
  const stream = await decoded(format, raw, { path, modified }, 1);
  if (stream !== raw) await stream.rest.return?.(undefined);
  const head = stream.begin.subarray(0, HEAD_BYTES);
  const sink = new CollectingSink(head, false);
  format.open({ path, modified, zone: options.zone, head }).parse(head, 0, head.length, head.length, head.length < HEAD_BYTES, sink);
  const first = sink.records[0];
  return { path, bytes, format: format.id, formatTitle: format.title, reason, confidence, firstMessage: (first?.message ?? '').slice(0, 500), error: first ? '' : (sink.rejects[0]?.reason ?? 'no record could be read from its beginning') };
}
