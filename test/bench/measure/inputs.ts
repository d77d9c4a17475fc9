/** The files that are read: generated from a seed, kept between runs, so that two runs and all peers read the same bytes. */
import fs from 'node:fs';
import path from 'node:path';
import { Random } from './random.ts';
import { AGENTS, HOSTS, PATHS, SERVICES, TEMPLATES, type Template } from './templates.ts';

/** Part of every file's name: raise it when what is generated changes. */
const GENERATION = 1;
/** 2026-03-01T00:00:00Z in milliseconds */
const BEGIN = 1_772_323_200_000;
/** mean milliseconds from one event to the next */
const PACE = 100;
const CHUNK = 1 << 20;

export interface Input {
  paths: string[];
  events: number;
  bytes: number;
}

/** One event in 10,000 per entry, so that choosing a template is one look. */
const CHOICE: readonly Template[] = TEMPLATES.flatMap((template) => new Array<Template>(template.weight).fill(template));

/** JSON lines of about 250 bytes: timestamp, level, service, host, message, request_id, latency_ms, status. */
export function jsonLines(folder: string, seed: number, events: number): Input {
  const file = path.join(folder, `json-g${GENERATION}-s${seed}-n${events}.jsonl`);
  write(file, seed, events, (r, time) => {
    const { level, say } = r.of(CHOICE);
    const status = level === 'error' || level === 'fatal' ? r.of([500, 502, 503, 504]) : level === 'warn' ? r.of([408, 429, 200]) : r.of([200, 200, 200, 201, 204, 304]);
    return `{"timestamp":"${new Date(time).toISOString()}","level":"${level}","service":"${r.of(SERVICES)}","host":"${r.of(HOSTS)}","message":"${say(r)}","request_id":"${r.hex(32)}","latency_ms":${r.below(200_000) / 100},"status":${status}}\n`;
  });
  return { paths: [file], events, bytes: fs.statSync(file).size };
}

/** Half RFC 3164 syslog, half combined access log, a file each: a file is of one format, for every reader. */
export function mixedLogs(folder: string, seed: number, events: number): Input {
  const syslog = path.join(folder, `mixed-g${GENERATION}-s${seed}-n${events}.syslog.log`);
  const access = path.join(folder, `mixed-g${GENERATION}-s${seed}-n${events}.access.log`);
  const half = Math.floor(events / 2);
  write(syslog, seed, half, (r, time) => {
    const message = r.of(CHOICE).say(r).replaceAll('\\"', '"');
    return `${syslogTime(time)} ${r.of(HOSTS)} ${r.of(SERVICES)}[${300 + r.below(30_000)}]: ${message}\n`;
  });
  write(access, seed + 1, events - half, (r, time) => {
    const status = r.of([200, 200, 200, 200, 200, 200, 304, 301, 404, 500]);
    const user = r.below(10) === 0 ? `user${r.below(500)}` : '-';
    return `198.51.${r.below(256)}.${r.below(256)} - ${user} [${accessTime(time)}] "${r.of(['GET', 'GET', 'GET', 'POST'])} ${r.of(PATHS)}?id=${r.below(90_000)} HTTP/1.1" ${status} ${r.below(60_000)} "https://shop.example${r.of(PATHS)}" "${r.of(AGENTS)}"\n`;
  });
  return { paths: [syslog, access], events, bytes: fs.statSync(syslog).size + fs.statSync(access).size };
}

/** `input` again and again until it is `bytes` long; for what depends on the length of a file, not on what it says. */
export function repeated(input: Input, bytes: number): string {
  if (input.bytes >= bytes) return input.paths[0];
  const file = `${input.paths[0]}.${bytes}.jsonl`;
  if (fs.existsSync(file)) return file;
  const part = `${file}.part`;
  fs.copyFileSync(input.paths[0], part);
  const out = fs.openSync(part, 'a');
  const from = fs.openSync(input.paths[0], 'r');
  const buffer = Buffer.allocUnsafe(8 * CHUNK);
  try {
    for (let written = input.bytes; written < bytes; written += input.bytes) {
      for (let read = fs.readSync(from, buffer, 0, buffer.length, 0), at = 0; read > 0; at += read, read = fs.readSync(from, buffer, 0, buffer.length, at)) fs.writeSync(out, buffer, 0, read);
    }
  } finally {
    fs.closeSync(from);
    fs.closeSync(out);
  }
  fs.renameSync(part, file);
  return file;
}

function write(file: string, seed: number, events: number, line: (r: Random, time: number) => string): void {
  if (fs.existsSync(file)) return;
  const random = new Random(seed);
  const part = `${file}.part`;
  const out = fs.openSync(part, 'w');
  let time = BEGIN;
  let text = '';
  try {
    for (let i = 0; i < events; i++) {
      time += random.below(2 * PACE);
      text += line(random, time);
      if (text.length < CHUNK && i + 1 < events) continue;
      fs.writeSync(out, text, null, 'latin1');
      text = '';
    }
  } finally {
    fs.closeSync(out);
  }
  // Syslog writes no year; readers take it from when the file was last written.
  fs.utimesSync(part, time / 1000, time / 1000);
  fs.renameSync(part, file);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function syslogTime(time: number): string {
  const date = new Date(time);
  return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${date.toISOString().slice(11, 19)}`;
}
function accessTime(time: number): string {
  const date = new Date(time);
  return `${String(date.getUTCDate()).padStart(2, '0')}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
}
