/**
 * 50 MB of Windows event logs to a searchable case, beside published decoders on the same file: the Rust crate evtx (in its Python wheel, which
 * writes the events as JSON lines) and python-evtx. Both are fetched into the folder of the bench, where pip can; without them the line says so.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { eventLog } from './event-logs.ts';
import type { Input } from './inputs.ts';
import type { IngestFigures } from './steps.ts';
import { count, median, megabytes, times, type Row } from './table.ts';

const BYTES = 50e6;
/** python-evtx takes some milliseconds for each event. */
const SMALL_BYTES = 500_000;
const PACKAGES = ['evtx==0.14.0', 'python-evtx==0.8.1'];

const RUST = `
import sys, time
from evtx import PyEvtxParser
begun = time.perf_counter()
events = 0
with open(sys.argv[2], 'w') as out:
    for record in PyEvtxParser(sys.argv[1]).records_json():
        out.write(record['data'] + '\\n')
        events += 1
print(events, time.perf_counter() - begun)
`;
const PYTHON = `
import sys, time
import Evtx.Evtx as evtx
begun = time.perf_counter()
events = 0
with evtx.Evtx(sys.argv[1]) as log, open(sys.argv[2], 'w') as out:
    for record in log.records():
        out.write(record.xml())
        events += 1
print(events, time.perf_counter() - begun)
`;

/** @param ingest reads the file into a new case and throws when not every event is stored */
export async function measureEvtx(samples: string, folder: string, seed: number, ingest: (input: Input) => Promise<IngestFigures>): Promise<Row[]> {
  const what = '50 MB of Windows event logs to searchable case';
  const input = eventLog(samples, folder, seed, BYTES);
  const small = eventLog(samples, folder, seed, SMALL_BYTES);
  if (!input || !small) return [{ what, value: null, figure: 'not measured', better: 'more', note: `there are no samples in ${path.join(samples, 'evtx')}` }];
  const python = await peerPython(folder);
  const ours: IngestFigures[] = [];
  const rust: number[] = [];
  for (let round = 0; round < 3; round++) {
    ours.push(await ingest(input));
    const theirs = await perSecond(python, RUST, input, folder);
    if (theirs !== null) rust.push(theirs);
  }
  const slow = await perSecond(python, PYTHON, small, folder);
  const rate = input.events / median(ours.map(({ seconds }) => seconds));
  const against = (name: string, theirs: number | null): Row => {
    if (theirs === null) return { what: `  against ${name}`, value: null, figure: 'not there', better: 'more', note: 'pip could not fetch it' };
    return { what: `  against ${name}`, value: rate / theirs, figure: times(rate / theirs), better: 'more', aim: { value: 1, text: '1x' }, note: `it writes ${count(theirs)}/s to a file, without a case` };
  };
  return [
    { what, value: rate, figure: `${count(rate)}/s`, better: 'more', note: `${megabytes(input.bytes / median(ours.map(({ seconds }) => seconds)))} a second, ${count(input.bytes / input.events)} B an event` },
    against('evtx 0.14 (Rust)', rust.length === 0 ? null : median(rust)),
    against('python-evtx 0.8', slow),
  ];
}

/** Python with the packages; null when they cannot be had. */
async function peerPython(folder: string): Promise<string | null> {
  const home = path.join(folder, 'evtx-peers');
  const python = path.join(home, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (fs.existsSync(path.join(home, 'ready'))) return python;
  if ((await output('python3', ['-m', 'venv', home])) === null) return null;
  // The one may be there where the other is not.
  let fetched = 0;
  for (const name of PACKAGES) if ((await output(python, ['-m', 'pip', 'install', '--quiet', name])) !== null) fetched++;
  if (fetched === PACKAGES.length) fs.writeFileSync(path.join(home, 'ready'), '');
  return fetched === 0 ? null : python;
}

/** Events a second; null when the program is not there or read another number of events. */
async function perSecond(python: string | null, program: string, { paths, events }: Input, folder: string): Promise<number | null> {
  if (python === null) return null;
  const target = path.join(folder, `evtx-peer-${process.pid}`);
  try {
    const [read, seconds] = ((await output(python, ['-c', program, paths[0], target])) ?? '').split(' ').map(Number);
    return read === events && seconds > 0 ? read / seconds : null;
  } finally {
    fs.rmSync(target, { force: true });
  }
}

const MINUTES = 3;
/** Standard output; null when the program is not there, failed or took too long. */
async function output(command: string, args: string[]): Promise<string | null> {
  return await new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: MINUTES * 60_000 });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code === 0 ? text : null));
  });
}
