import { describe, expect, it } from 'vitest';
import { readDecoded } from '../../../../test/support/read-decoded.ts';
import { gitlabCi } from './gitlab-ci.ts';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';

const SHA = 'bcbb5ec396a2c0f828686f14fac9b80b780504f2';
const user = { id: 1, name: 'Ada', username: 'ada' };
const project = { id: 1, name: 'Shop', path_with_namespace: 'acme/till/shop', web_url: 'https://gitlab.example.org/acme/till/shop' };
const us = (text: string): number => Date.parse(text) * 1000;
async function read(document: unknown): Promise<Awaited<ReturnType<typeof readDecoded>>> {
  const text = JSON.stringify(document, null, 1);
  expect(recognise(makeHead('export', Buffer.from(text)), formats).format?.id).toBe('gitlab-ci');
  const found = await readDecoded(gitlabCi, text, 64);
  expect(found.rejects).toEqual([]);
  return found;
}

describe('GitLab CI', () => {
  it('reads lists of pipelines', async () => {
    const pipeline = (status: string): object => ({ id: 47, iid: 12, project_id: 1, status, source: 'push', ref: 'main', sha: SHA, web_url: 'https://gitlab.example.org/acme/till/shop/-/pipelines/47', created_at: '2026-05-04T10:00:00.000Z', updated_at: '2026-05-04T10:01:00.000Z' });
    const { records } = await read(['success', 'failed', 'canceled', 'skipped', 'running', 'manual'].map(pipeline));
    expect(records.map(({ message, fields, numbers }) => [message, fields.level, numbers.latencyMs])).toEqual([
      ['Pipeline #12 on main: success', 'info', 60_000], ['Pipeline #12 on main: failed', 'error', 60_000], ['Pipeline #12 on main: canceled', 'warning', 60_000],
      ['Pipeline #12 on main: skipped', 'info', 60_000], ['Pipeline #12 on main: running', 'info', undefined], ['Pipeline #12 on main: manual', 'info', undefined],
    ]);
    expect(records[0]).toMatchObject({ time: us('2026-05-04T10:00:00Z'), fields: { service: 'shop' } });
    expect(records[0].values).toMatchObject({ 'vcs.repository.name': 'acme/till/shop', 'vcs.ref.head.revision': SHA, 'cicd.pipeline.run.id': '47', 'gitlab.source': 'push' });
  });

  it('reads jobs and deployments from the API', async () => {
    const job = {
      id: 8, status: 'failed', stage: 'test', name: 'unit', ref: 'main', tag: false, allow_failure: true, created_at: '2026-05-04T10:00:00.000Z', started_at: '2026-05-04T10:00:05.000Z', finished_at: '2026-05-04T10:00:06.000Z', duration: 0.97, failure_reason: 'script_failure',
      user, commit: { id: SHA }, pipeline: { id: 47 }, web_url: 'https://gitlab.example.org/acme/till/shop/-/jobs/8', runner: { id: 3, description: 'runner-3' },
    };
    const [found] = (await read([job])).records;
    expect(found).toMatchObject({ message: 'test / unit: failed (script_failure)', time: us('2026-05-04T10:00:05Z'), fields: { level: 'warning', user: 'ada', service: 'shop' }, numbers: { latencyMs: 970 } });
    expect(found.values).toMatchObject({ 'vcs.ref.head.revision': SHA, 'vcs.ref.head.type': 'branch', 'cicd.pipeline.run.id': '47', 'cicd.worker.name': 'runner-3' });
    const deployment = { id: 41, iid: 1, ref: 'main', sha: SHA, status: 'success', created_at: '2026-05-04T10:00:00.000Z', updated_at: '2026-05-04T10:00:10.000Z', user, environment: { id: 9, name: 'production', external_url: 'https://shop.example.org' }, deployable: { id: 8, name: 'deploy', started_at: '2026-05-04T10:00:02.000Z', finished_at: '2026-05-04T10:00:09.000Z', web_url: 'https://gitlab.example.org/acme/till/shop/-/jobs/8' } };
    const [deployed] = (await read([deployment])).records;
    expect(deployed).toMatchObject({ message: 'Deployment of main to production: success', time: us('2026-05-04T10:00:02Z'), numbers: { latencyMs: 7000 }, fields: { user: 'ada', service: 'shop' } });
    expect(deployed.values).toMatchObject({ 'deployment.environment.name': 'production', 'deployment.status': 'succeeded', 'vcs.ref.head.revision': SHA });
  });

  it('reads webhooks, whose times are written in two ways', async () => {
    const build = { id: 380, stage: 'deploy', name: 'production', status: 'failed', created_at: '2026-05-04 15:23:28 UTC', started_at: '2026-05-04 15:26:12 UTC', finished_at: '2026-05-04 15:26:29 UTC', duration: 17.5, failure_reason: 'runner_system_failure', allow_failure: false, user, runner: null, environment: { name: 'production' } };
    const pipeline = { object_kind: 'pipeline', object_attributes: { id: 31, iid: 3, name: 'Nightly', ref: 'main', tag: false, sha: SHA, status: 'failed', created_at: '2026-05-04 15:23:28 UTC', finished_at: '2026-05-04 15:26:29 UTC', duration: 63, url: `${project.web_url}/-/pipelines/31` }, user, project, commit: { id: SHA }, builds: [build] };
    const { records } = await read(pipeline);
    expect(records.map(({ message, time, numbers, fields }) => [message, time, numbers.latencyMs, fields.level, fields.service])).toEqual([
      ['Nightly #3 on main: failed', us('2026-05-04T15:23:28Z'), 63_000, 'error', 'shop'], ['deploy / production: failed (runner_system_failure)', us('2026-05-04T15:26:12Z'), 17_500, 'error', 'shop'],
    ]);
    const job = { object_kind: 'build', ref: 'main', tag: false, sha: SHA, build_id: 1977, build_name: 'test', build_stage: 'test', build_status: 'success', build_started_at: '2026-05-04 15:23:28 +0200', build_finished_at: '2026-05-04 15:23:29 +0200', build_duration: 1, build_allow_failure: false, pipeline_id: 31, project_id: 1, project_name: 'acme / shop', user, project };
    expect((await read(job)).records[0]).toMatchObject({ message: 'test / test: success', time: us('2026-05-04T13:23:28Z'), fields: { service: 'shop', url: `${project.web_url}/-/jobs/1977` } });
    const deployment = { object_kind: 'deployment', status: 'failed', status_changed_at: '2026-05-04 21:50:00 +0200', deployment_id: 15, deployable_id: 796, deployable_url: `${project.web_url}/-/jobs/796`, environment: 'staging', project, short_sha: SHA.slice(0, 8), user, commit_url: `${project.web_url}/-/commit/${SHA}`, ref: 'main' };
    const [deployed] = (await read(deployment)).records;
    expect(deployed).toMatchObject({ message: 'Deployment of main to staging: failed', time: us('2026-05-04T19:50:00Z'), fields: { level: 'error', user: 'ada' } });
    expect(deployed.values).toMatchObject({ 'vcs.ref.head.revision': SHA, 'deployment.status': 'failed', 'deployment.environment.name': 'staging' });
  });
});
