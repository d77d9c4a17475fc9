/** ci-git/: bodies of GitHub and test reports by expected.json, and GitHub Archive's events. */
import fs from 'node:fs';
import path from 'node:path';
import { makeHead, recognise } from '../../../src/main/engine/formats/recognise.ts';
import { formats } from '../../../src/main/engine/formats/registry.ts';
import { readDecoded, type ReadDecoded } from '../read-decoded.ts';
import type { Ledger } from './ledger.ts';
import { readJson } from './log-times.ts';

interface Expected {
  file: string;
  event?: string;
  repo?: string;
  ref?: string;
  before?: string;
  after?: string;
  commits?: string[];
  status?: string;
  conclusion?: string | null;
  head_sha?: string | null;
  started?: string | null;
  ended?: string | null;
  steps?: [string, string | null][];
  total?: number;
  passed?: number;
  failed?: number;
  skipped?: number;
}
export interface ReadCi extends ReadDecoded {
  /** '' when it is not recognised */
  format: string;
  signal: string;
}

/** The file as the engine reads it. @throws Error when it is not recognised */
export async function readCi(folder: string, file: string): Promise<ReadCi> {
  const bytes = fs.readFileSync(path.join(folder, file));
  const { format } = recognise(makeHead(file, bytes), formats);
  if (!format) throw new Error(`${file} is not recognised`);
  return { ...(await readDecoded(format, bytes)), format: format.id, signal: format.signal };
}
/** Microseconds of an ISO time. */
export function microsecondsOf(iso: string): number {
  return Date.parse(iso) * 1000;
}

export async function judgeCiGit(folder: string, ledger: Ledger): Promise<void> {
  const list = path.join(folder, 'expected.json');
  if (fs.existsSync(list)) {
    for (const expected of readJson(list) as Expected[]) {
      await ledger.file(expected.file, async () => {
        const read = await readCi(folder, expected.file);
        ledger.compare(expected.file, 'undecodable', [], read.rejects.map(({ reason }) => reason));
        if (expected.total !== undefined) judgeReport(read, expected, ledger);
        else if (expected.event === 'push') judgePush(read, expected, ledger);
        else judgeBody(read, expected, ledger);
      });
    }
  } else {
    ledger.absent.push('expected.json');
  }
  const github = path.join(folder, 'github');
  const archives = fs.existsSync(github) ? fs.readdirSync(github).filter((name) => name.endsWith('.jsonl')) : [];
  if (archives.length === 0) ledger.absent.push('github/*.jsonl');
  for (const name of archives) await ledger.file(`github/${name}`, async () => await judgeArchive(folder, `github/${name}`, ledger));
}

function judgeReport({ records, signal }: ReadCi, { file, total, passed, failed, skipped }: Expected, ledger: Ledger): void {
  const of = (status: string): number => records.filter(({ values }) => values['test.case.result.status'] === status).length;
  ledger.compare(file, 'signal', 'ci', signal);
  ledger.compare(file, 'tests', { total, passed, failed, skipped }, { total: records.filter(({ values }) => values['test.case.name'] !== undefined).length, passed: of('pass'), failed: of('fail'), skipped: of('skip') });
  ledger.compare(file, 'errors are what failed', failed, records.filter(({ fields }) => fields.level === 'error').length);
}

function judgePush({ records, signal }: ReadCi, { file, repo, ref, before, after, commits = [] }: Expected, ledger: Ledger): void {
  const [push, ...rest] = records;
  ledger.compare(file, 'signal', 'git', signal);
  ledger.compare(file, 'repository', repo, push.values['vcs.repository.name']);
  ledger.compare(file, 'ref', ref, push.values['github.ref']);
  ledger.compare(file, 'sha before and after', [before, after], [push.values['vcs.ref.base.revision'], push.values['vcs.ref.head.revision']]);
  ledger.compare(file, 'commits', commits, rest.map(({ values }) => values['vcs.ref.head.revision']));
  ledger.add(file, 'time', 'a time', String(push.time), push.time !== null);
}

/** Only what the ground truth says of the body: not every event has a status, an end or steps. */
function judgeBody({ records, signal }: ReadCi, expected: Expected, ledger: Ledger): void {
  const { file, event = '', repo, status, conclusion, head_sha: sha, started, ended, steps } = expected;
  const [main, ...rest] = records;
  const { values } = main;
  const at = `github.${event}`;
  ledger.compare(file, 'signal', 'ci', signal);
  ledger.compare(file, 'repository', repo, values['vcs.repository.name']);
  if (typeof sha === 'string') ledger.compare(file, 'sha', sha, values['vcs.ref.head.revision']);
  if (status !== undefined) ledger.compare(file, 'status', status, values[`${at}.status`] ?? values[`${at}.state`]);
  if (conclusion !== undefined) ledger.compare(file, 'conclusion', conclusion, values[`${at}.conclusion`] ?? null);
  if (typeof started === 'string') ledger.compare(file, 'started', microsecondsOf(started), main.time);
  if (ended !== undefined) ledger.compare(file, 'ended', ended, values[`${at}.completed_at`] ?? values[`${at}.updated_at`] ?? null);
  ledger.compare(file, 'error', [conclusion, status].some((word) => word === 'failure' || word === 'error'), main.fields.level === 'error');
  ledger.compare(file, 'steps', steps ?? [], rest.map((step) => [step.values['cicd.pipeline.task.name'], step.values['github.step.conclusion']]));
}

async function judgeArchive(folder: string, file: string, ledger: Ledger): Promise<void> {
  const { records, rejects } = await readCi(folder, file);
  const lines = fs.readFileSync(path.join(folder, file), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { created_at: string; actor: { login: string }; repo: { name: string } });
  ledger.compare(file, 'undecodable', [], rejects.map(({ reason }) => reason));
  ledger.compare(file, 'events', lines.length, records.length);
  ledger.compare(file, 'who, where and when', lines.map(({ created_at: at, actor, repo }) => [microsecondsOf(at), actor.login, repo.name]), records.map(({ time, fields }) => [time, fields.user, fields.service]));
  ledger.compare(file, 'events without a sentence', 0, records.filter(({ message }) => /^(?:id=|\{)/.test(message)).length);
}
