import { describe, expect, it } from 'vitest';
import { readDecoded } from '../../../../test/support/read-decoded.ts';
import { githubActions } from './github-actions.ts';
import { githubPush } from './github-push.ts';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';

const SHA = '3484a3fb816e0859fd6e1cea078d76385ff50625';
const repository = { name: 'shop', full_name: 'acme/shop', html_url: 'https://github.com/acme/shop' };
const run = (id: number, conclusion: string | null, more: object = {}): object => ({
  id, name: 'Deploy', run_number: 40 + id, run_attempt: 1, event: 'push', head_branch: 'main', head_sha: SHA, status: conclusion === null ? 'in_progress' : 'completed', conclusion, workflow_id: 9,
  html_url: `https://github.com/acme/shop/actions/runs/${id}`, jobs_url: `https://api.github.com/repos/acme/shop/actions/runs/${id}/jobs`, created_at: '2026-05-04T10:00:00Z', run_started_at: '2026-05-04T10:00:05Z',
  updated_at: '2026-05-04T10:02:05Z', actor: { login: 'ada', avatar_url: 'https://avatars.example.org/1' }, repository, ...more,
});
const formatOf = (text: string): string | undefined => recognise(makeHead('export', Buffer.from(text).subarray(0, 65536)), formats).format?.id;
const said = async (document: unknown): Promise<unknown[]> => {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  expect(formatOf(text)).toBe('github-actions');
  const { records, rejects } = await readDecoded(githubActions, text, 100);
  expect(rejects).toEqual([]);
  return records.map(({ message, fields }) => [message, fields.level]);
};

describe('GitHub Actions', () => {
  const conclusions = ['success', 'failure', 'startup_failure', 'timed_out', 'cancelled', 'action_required', 'stale', 'skipped', 'neutral', null];
  const levels = ['info', 'error', 'error', 'warning', 'warning', 'warning', 'warning', 'info', 'info', 'info'];
  const expected = conclusions.map((conclusion, i) => [`Deploy #${40 + i}: ${conclusion ?? 'in_progress'}`, levels[i]]);
  const runs = conclusions.map((conclusion, i) => run(i, conclusion));

  it('reads lists of runs, whole, printed over lines, in pages, one a line', async () => {
    const page = { total_count: runs.length, workflow_runs: runs };
    expect(await said(page)).toEqual(expected);
    expect(await said(JSON.stringify(page, null, 4))).toEqual(expected);
    expect(await said(JSON.stringify(page) + JSON.stringify(page))).toEqual([...expected, ...expected]);
    expect(await said([page, page])).toEqual([...expected, ...expected]);
    expect(await said([[page], [page]])).toEqual([...expected, ...expected]);
    expect(await said(runs)).toEqual(expected);
    expect(await said(runs.map((one) => JSON.stringify(one)).join('\n'))).toEqual(expected);
    expect(formatOf(JSON.stringify({ total_count: 0, workflow_runs: [] }))).toBe('github-actions');
  });

  it('is recognised although the first object goes on behind the head', () => {
    const long = run(1, 'success', { head_commit: { message: 'x'.repeat(100_000) } });
    expect(formatOf(JSON.stringify({ total_count: 1, workflow_runs: [long] }))).toBe('github-actions');
    expect(formatOf(JSON.stringify([long], null, 2))).toBe('github-actions');
  });

  it('says who, where, when and how long', async () => {
    const { records } = await readDecoded(githubActions, JSON.stringify(run(2, 'failure', { run_attempt: 3 })));
    expect(records[0]).toMatchObject({
      message: 'Deploy #42 (attempt 3): failure', time: Date.parse('2026-05-04T10:00:05Z') * 1000, numbers: { latencyMs: 120_000 },
      fields: { service: 'shop', user: 'ada', url: 'https://github.com/acme/shop/actions/runs/2', level: 'error' },
    });
    expect(records[0].values).toMatchObject({
      'cicd.pipeline.name': 'Deploy', 'cicd.pipeline.run.id': '2', 'cicd.pipeline.result': 'failure', 'vcs.ref.head.name': 'main', 'vcs.ref.head.revision': SHA, 'vcs.repository.name': 'acme/shop', 'github.event': 'push', 'event.outcome': 'failure',
    });
    // Links to the API follow from the ids.
    expect(Object.keys(records[0].values).filter((name) => /jobs_url|avatar_url/.test(name))).toEqual([]);
  });

  it('reads what the gh command prints', async () => {
    const gh = {
      attempt: 1, conclusion: 'failure', createdAt: '2026-05-04T10:00:00Z', databaseId: 7, displayTitle: 'Fix the till', event: 'push', headBranch: 'main', headSha: SHA, name: 'Deploy', number: 42, startedAt: '2026-05-04T10:00:05Z',
      status: 'completed', updatedAt: '2026-05-04T10:02:05Z', url: 'https://github.com/acme/shop/actions/runs/7', workflowName: 'Deploy',
    };
    const step = { name: 'Run tests', number: 1, status: 'completed', conclusion: 'failure', startedAt: '2026-05-04T10:00:11Z', completedAt: '2026-05-04T10:00:12Z' };
    const jobs = [{ databaseId: 31, name: 'test', status: 'completed', conclusion: 'failure', startedAt: '2026-05-04T10:00:10Z', completedAt: '2026-05-04T10:01:10Z', url: 'https://github.com/acme/shop/actions/runs/7/job/31', steps: [step] },
      { databaseId: 32, name: 'deploy', status: 'queued', conclusion: '', startedAt: '2026-05-04T10:00:10Z', completedAt: '0001-01-01T00:00:00Z', url: '', steps: [] }];
    expect(await said([gh])).toEqual([['Deploy #42: failure', 'error']]);
    expect(await said({ conclusion: '', headBranch: 'main', name: 'Deploy', status: 'queued' })).toEqual([['Deploy: queued', 'info']]);
    expect(await said({ jobs })).toHaveLength(3);
    expect(await said({ ...gh, jobs })).toEqual([['Deploy #42: failure', 'error'], ['Deploy / test: failure', 'error'], ['test / Run tests: failure', 'error'], ['Deploy / deploy: queued', 'info']]);
    const { records } = await readDecoded(githubActions, JSON.stringify({ ...gh, jobs }));
    expect(records.map(({ fields, numbers }) => [fields.service, numbers.latencyMs])).toEqual([['shop', 120_000], ['shop', 60_000], ['shop', 1000], ['shop', undefined]]);
    expect(records[2].values).toMatchObject({ 'vcs.ref.head.revision': SHA, 'cicd.pipeline.run.id': '7', 'cicd.pipeline.task.parent.name': 'test' });
  });

  it('reads jobs, checks and deployments from the API', async () => {
    const job = { id: 31, run_id: 7, head_sha: SHA, head_branch: 'main', name: 'test', workflow_name: 'Deploy', status: 'in_progress', conclusion: null, started_at: '2026-05-04T10:00:10Z', completed_at: null, labels: [], run_url: 'https://api.github.com/repos/acme/shop/actions/runs/7', html_url: null, steps: [] };
    expect(await said({ total_count: 1, jobs: [job] })).toEqual([['Deploy / test: in_progress', 'info']]);
    const check = { id: 4, head_sha: SHA, name: 'lint', status: 'completed', conclusion: 'failure', started_at: '2026-05-04T10:00:10Z', completed_at: '2026-05-04T10:00:11Z', output: { title: '3 problems\nmore' }, check_suite: { id: 5 }, html_url: 'https://github.com/acme/shop/runs/4' };
    expect(await said({ total_count: 1, check_runs: [check] })).toEqual([['lint: failure: 3 problems', 'error']]);
    const deployment = { id: 1, url: 'https://api.github.com/repos/acme/shop/deployments/1', sha: SHA, ref: 'refs/heads/main', task: 'deploy', environment: 'production', creator: { login: 'ada' }, created_at: '2026-05-04T10:00:00Z', statuses_url: 'https://api.github.com/repos/acme/shop/deployments/1/statuses' };
    expect(await said([deployment])).toEqual([['Deployment of main to production created', 'info']]);
    expect(await said({ action: 'created', deployment, repository, sender: { login: 'ada' } })).toEqual([['Deployment of main to production created', 'info']]);
    const status = { id: 2, state: 'failure', environment: 'production', description: 'health check', creator: { login: 'ada' }, created_at: '2026-05-04T10:05:00Z', deployment_url: deployment.url };
    expect(await said([status])).toEqual([['Deployment to production: failure: health check', 'error']]);
    const { records } = await readDecoded(githubActions, JSON.stringify({ deployment_status: status, deployment, repository }));
    expect(records[0]).toMatchObject({ message: 'Deployment of main to production: failure: health check', fields: { service: 'shop', user: 'ada' } });
    expect(records[0].values).toMatchObject({ 'deployment.id': '1', 'deployment.environment.name': 'production', 'deployment.status': 'failed', 'vcs.ref.head.revision': SHA });
  });

  it('tells other events of a webhook log too, and rejects what is none', async () => {
    const { records, rejects } = await readDecoded(githubActions, `${JSON.stringify({ action: 'completed', workflow_run: run(1, 'success'), repository })}\n{"action":"opened","issue":{"title":"It rings twice","html_url":"https://github.com/acme/shop/issues/1","created_at":"2026-05-04T10:00:00Z"},"repository":{"full_name":"acme/shop"},"sender":{"login":"bob"}}\n{"action":\n`);
    expect(records.map(({ message, fields }) => [message, fields.user])).toEqual([['Deploy #41: success', 'ada'], ['issue opened It rings twice', 'bob']]);
    expect(rejects).toHaveLength(1);
  });

  it.each([
    '{"jobs":[{"name":"x","status":"ok"}]}', '{"name":"x","status":"completed","conclusion":"success"}', '{"deployment":"x","environment":"y"}', '{"deployments":[],"count":0}',
    '{"time":"2026-01-01T00:00:00Z","level":"info","msg":"x","workflow_run":{"id":1}}', '{"ref":"a","before":1,"after":2}', '[1,2]', '[', '{', '{}',
  ])('leaves %s to others', (text) => {
    expect(formatOf(text)).not.toMatch(/^github/);
  });
});

describe('GitHub pushes', () => {
  it('reads lists of commits', async () => {
    const commit = { sha: SHA, commit: { author: { name: 'Ada', email: 'ada@example.org', date: '2026-05-04T10:00:00Z' }, message: 'Fix the till\n\nMore' }, html_url: `https://github.com/acme/shop/commit/${SHA}`, author: { login: 'ada' }, parents: [] };
    for (const text of [JSON.stringify([commit]), JSON.stringify(commit), JSON.stringify({ base_commit: commit, total_commits: 1, commits: [commit] })]) {
      expect(formatOf(text)).toBe('github-push');
      const { records } = await readDecoded(githubPush, text);
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({ message: '3484a3f Fix the till', time: Date.parse('2026-05-04T10:00:00Z') * 1000, fields: { user: 'ada', service: 'shop' } });
    }
  });

  it('says what a push did', async () => {
    const push = (more: object): string => JSON.stringify({ ref: 'refs/heads/main', before: SHA, after: SHA, commits: [], repository: { ...repository, pushed_at: 1_557_933_657 }, pusher: { name: 'ada' }, created: false, deleted: false, forced: false, ...more });
    const messages = await Promise.all([{}, { forced: true }, { deleted: true }, { created: true, ref: 'refs/tags/v1' }].map(async (more) => (await readDecoded(githubPush, push(more))).records[0]));
    expect(messages.map(({ message, fields }) => [message, fields.level])).toEqual([['ada pushed 0 commits to branch main', 'info'], ['ada force-pushed 0 commits to branch main', 'notice'], ['ada deleted branch main', 'info'], ['ada created tag v1', 'info']]);
    expect(messages[0].time).toBe(1_557_933_657e6);
  });
});
