/** Reads a whole log file the way the engine does, but keeps everything in memory: for conformance runs. */
import { gunzipSync } from 'node:zlib';
import fs from 'node:fs';
import type { Format } from '../../src/main/engine/formats/format.ts';
import { CollectingSink, type ReadRecord } from '../../src/main/engine/formats/lib/collect.ts';
import { severityOf } from '../../src/main/engine/formats/lib/severity.ts';
import { makeHead, recognise } from '../../src/main/engine/formats/recognise.ts';
import { formats } from '../../src/main/engine/formats/registry.ts';
import { severityOfWording } from '../../src/main/engine/pipeline/extract.ts';

export interface ReadLog {
  format: Format | null;
  confidence: number;
  reason: string;
  buffer: Uint8Array;
  records: ReadRecord[];
  rejected: number;
  milliseconds: number;
}

/** `modified`: microseconds UTC that stand in for the file's last change. */
export function readLog(file: string, modified: number): ReadLog {
  const stored = fs.readFileSync(file);
  const buffer = file.endsWith('.gz') ? gunzipSync(stored) : stored;
  const started = performance.now();
  const found = recognise(makeHead(file, buffer), formats);
  const sink = new CollectingSink(buffer, true);
  if (found.format) {
    const context = { path: file, modified, zone: 'UTC', head: buffer.subarray(0, 65536) };
    found.format.open(context).parse(buffer, 0, buffer.length, buffer.length, true, sink);
  }
  return { ...found, buffer, records: sink.records, rejected: sink.rejects.length, milliseconds: performance.now() - started };
}

/** 0 info .. 4 critical as the pipeline derives it: the format's word, the level, the status, the wording. */
export function severityCode(record: ReadRecord): number {
  if (record.severity !== null) return record.severity;
  const level = record.fields.level === undefined ? -1 : severityOf(record.fields.level);
  if (level >= 0) return level;
  const status = record.numbers.status ?? 0;
  if (status > 0) return status >= 500 ? 3 : status >= 400 ? 2 : 0;
  return severityOfWording(record.message);
}
