/** CI runs, pushes and test reports against the figures in ../shared/data/ci-git/expected.json: all of them, exactly. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeHead, recognise } from '../../src/main/engine/formats/recognise.ts';
import { formats } from '../../src/main/engine/formats/registry.ts';
import { readDecoded, type ReadDecoded } from '../support/read-decoded.ts';

const folder = fileURLToPath(new URL('../../../shared/data/ci-git', import.meta.url));
const there = fs.existsSync(folder);
if (!there) console.log('skipped: there is no ../shared/data/ci-git beside the repository');

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
  started?: string;
  ended?: string | null;
  steps?: [string, string | null][];
  total?: number;
  passed?: number;
  failed?: number;
  skipped?: number;
}
interface Read extends ReadDecoded {
  format: string;
  signal: string;
}
async function read(file: string): Promise<Read> {
  const bytes = fs.readFileSync(path.join(folder, file));
  const { format } = recognise(makeHead(file, bytes), formats);
  if (!format) throw new Error(`${file} is not recognised`);
  return { ...(await readDecoded(format, bytes)), format: format.id, signal: format.signal };
}
const us = (iso: string): number => Date.parse(iso) * 1000;

describe.skipIf(!there)('CI and Git exports', () => {
  const expected = there ? (JSON.parse(fs.readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Expected[]) : [];
  const reports = expected.filter(({ total }) => total !== undefined);
  const bodies = expected.filter(({ event }) => event !== undefined);

  it('has what it is measured against', () => {
    expect(reports).toHaveLength(11);
    expect(bodies).toHaveLength(8);
  });

  it.each(reports.map((report) => [report.file, report] as const))('counts %s as dorny/test-reporter does', async (file, { total, passed, failed, skipped }) => {
    const { records, rejects, format, signal } = await read(file);
    const of = (status: string): number => records.filter(({ values }) => values['test.case.result.status'] === status).length;
    expect(rejects).toEqual([]);
    expect({ total: records.filter(({ values }) => values['test.case.name'] !== undefined).length, passed: of('pass'), failed: of('fail'), skipped: of('skip') }).toEqual({ total, passed, failed, skipped });
    expect(signal).toBe('ci');
    expect(format).toBe(file.includes('nunit__') ? 'nunit' : file.includes('golang') ? 'go-test' : file.includes('rspec') ? 'test-report' : 'junit');
    // High is exactly what failed.
    expect(records.filter(({ fields }) => fields.level === 'error')).toHaveLength(failed ?? -1);
    expect(records.every(({ message }) => message !== '' && !message.startsWith('{'))).toBe(true);
  });

  it.each(bodies.filter(({ event }) => event === 'push').map((body) => [body.file, body] as const))('reads %s', async (file, body) => {
    const { records, rejects, format, signal } = await read(file);
    expect([format, signal, rejects]).toEqual(['github-push', 'git', []]);
    const [push, ...commits] = records;
    expect(push.values).toMatchObject({
      'github.ref': body.ref, 'vcs.ref.base.revision': body.before, 'vcs.ref.head.revision': body.after, 'vcs.repository.name': body.repo,
      'vcs.ref.head.name': body.ref?.replace(/^refs\/(?:heads|tags)\//, ''), 'vcs.ref.head.type': body.ref?.startsWith('refs/tags/') ? 'tag' : 'branch',
    });
    expect(push.time).not.toBeNull();
    expect(commits.map(({ values }) => values['vcs.ref.head.revision'])).toEqual(body.commits);
    for (const commit of commits) expect(commit.values).toMatchObject({ 'vcs.repository.name': body.repo });
  });

  it.each(bodies.filter(({ event }) => event !== 'push').map((body) => [body.file, body] as const))('reads %s', async (file, body) => {
    const { records, rejects, format, signal } = await read(file);
    expect([format, signal, rejects]).toEqual(['github-actions', 'ci', []]);
    const [main, ...steps] = records;
    expect(main.time).toBe(us(body.started ?? ''));
    expect(main.fields.service).toBe(body.repo?.split('/')[1]);
    expect(main.values).toMatchObject({ 'vcs.repository.name': body.repo, 'event.dataset': `github.${body.event?.replace('workflow_', '') ?? ''}` });
    expect(main.fields.level).toBe(body.conclusion === 'failure' ? 'error' : 'info');
    const word = body.conclusion ?? body.status ?? '';
    expect(main.message).toMatch(new RegExp(`: ${word}$`));
    if (body.head_sha !== null) expect(main.values['vcs.ref.head.revision']).toBe(body.head_sha);
    const at = `github.${body.event ?? ''}`;
    expect(main.values[`${at}.conclusion`] ?? null).toBe(body.conclusion);
    expect(main.values[`${at}.${body.event === 'deployment_status' ? 'state' : 'status'}`]).toBe(body.status);
    expect(main.values[`${at}.completed_at`] ?? main.values[`${at}.updated_at`] ?? null).toBe(body.ended);
    if (body.ended !== null && body.status === 'completed') {
      expect(us(String(main.values['event.end']))).toBe(us(body.ended ?? ''));
      expect(main.numbers.latencyMs).toBe((us(body.ended ?? '') - us(body.started ?? '')) / 1000);
    }
    expect(steps.map(({ values }) => [values['cicd.pipeline.task.name'], values['github.step.conclusion']])).toEqual(body.steps ?? []);
    for (const step of steps) {
      expect(step.time).toBe(us(String(step.values['github.step.started_at'])));
      expect(step.values).toMatchObject({ 'vcs.ref.head.revision': body.head_sha, 'vcs.repository.name': body.repo });
      expect(step.fields.level).toBe(step.values['github.step.conclusion'] === 'failure' ? 'error' : 'info');
    }
  });

  it('says of every GitHub Archive event who did it where and when', async () => {
    const { records, rejects } = await read('github/gharchive_log.jsonl');
    expect(rejects).toEqual([]);
    const lines = fs.readFileSync(path.join(folder, 'github/gharchive_log.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { created_at: string; actor: { login: string }; repo: { name: string } });
    expect(records.map(({ message }) => message).filter((message) => /^(?:id=|\{)/.test(message))).toEqual([]);
    expect(records.map(({ time, fields }) => [time, fields.user, fields.service])).toEqual(lines.map(({ created_at, actor, repo }) => [us(created_at), actor.login, repo.name]));
  });
});
