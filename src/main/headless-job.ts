/** Reads files into a new case with nobody watching, and takes a picture of the window that shows it. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserWindow } from 'electron';
import type { EngineClient } from '../shared/contract/index.ts';
import type { IngestSummary } from '../shared/contract/ingest.ts';
import { writeAtomically } from './atomic-write.ts';
import { CASE_EXTENSION } from './start-arguments.ts';

const number = new Intl.NumberFormat('en-US');
/** The window is drawn when two pictures in a row are the same, this far apart. */
const STILL_MS = 700;
const STILL_TRIES = 30;

/** Returns the exit code: 1 when nothing could be read. Prints the ledger and where things are to standard output. */
export async function runHeadlessJob(engine: EngineClient, window: BrowserWindow, out: string, paths: readonly string[]): Promise<number> {
  fs.mkdirSync(out, { recursive: true });
  const file = freeName(out);
  await engine.cases.create({ path: file });
  const { job } = await engine.ingest.start({ paths: [...paths], options: {} });
  const summary = await engine.ingest.finished({ job });
  for (const line of describe(summary)) console.log(line);
  console.log(`case     ${file}`);
  const picture = path.join(out, 'timeline.png');
  writeAtomically(picture, await pictureOf(window));
  console.log(`picture  ${picture}`);
  return summary.stored + summary.duplicates > 0 ? 0 : 1;
}

/** A case is never written over. */
function freeName(folder: string): string {
  for (let n = 1; ; n++) {
    const file = path.join(folder, `case${n > 1 ? `-${n}` : ''}${CASE_EXTENSION}`);
    if (!fs.existsSync(file)) return file;
  }
}

/** The ledger, and each source that could not be read. */
function describe(summary: IngestSummary): string[] {
  const { read, stored, duplicates, rejected, sources, seconds } = summary;
  const failed = sources.filter((source) => source.error !== '');
  return [
    `read ${number.format(read)} = stored ${number.format(stored)} + duplicates ${number.format(duplicates)} + rejected ${number.format(rejected)}` +
      ` from ${number.format(sources.length)} source${sources.length === 1 ? '' : 's'} in ${seconds.toFixed(1)} s`,
    ...failed.map((source) => `not read: ${source.path}: ${source.error}`),
  ];
}

/** A PNG of the window once it stands still: queries answered, panels drawn. */
async function pictureOf(window: BrowserWindow): Promise<Buffer> {
  let before: Buffer = Buffer.alloc(0);
  for (let i = 0; i < STILL_TRIES; i++) {
    await sleep(STILL_MS);
    const image = (await window.webContents.capturePage()).toPNG();
    if (image.length > 0 && image.equals(before)) return image;
    before = image;
  }
  // Something in it goes on moving (a clock); the last picture is as good as any.
  return before;
}
