/**
 * GitHub Actions, checks and deployments as files: bodies of the API (a run, a job, {"workflow_runs": […]}, {"jobs": […]}, lists of
 * deployments), bodies of webhooks, and what `gh run list` and `gh run view` write with --json; one, one a line, or a list of them.
 * See lib/ci/github.ts for the events. Left out are links to the API, which follow from the ids beside them.
 */
import type { Format, Head, Recognition } from './format.ts';
import { githubRecords } from './lib/ci/github.ts';
import { githubKind, isPush } from './lib/ci/github-shapes.ts';
import { decodedLines } from './lib/decoded-lines.ts';
import { decodeJsonObjects, firstObject } from './lib/json-values.ts';

const REVISION = '3484a3fb816e0859fd6e1cea078d76385ff50625';
const JOB = {
  id: 31, run_id: 7, run_attempt: 1, head_sha: REVISION, head_branch: 'main', status: 'completed', conclusion: 'failure', name: 'test', workflow_name: 'Deploy to production',
  html_url: 'https://github.com/acme/shop/actions/runs/7/job/31', created_at: '2026-05-04T10:00:00Z', started_at: '2026-05-04T10:00:05Z', completed_at: '2026-05-04T10:01:05Z', runner_name: 'runner-1', labels: ['linux'],
  steps: [{ name: 'Run tests', number: 1, status: 'completed', conclusion: 'failure', started_at: '2026-05-04T10:00:06.000Z', completed_at: '2026-05-04T10:01:04.000Z' }],
};

export const githubActions: Format = {
  id: 'github-actions',
  title: 'GitHub Actions',
  description: 'Workflow runs, jobs, steps, checks and deployments: bodies of the GitHub API and of webhooks, and gh run … --json.',
  signal: 'ci',
  parallel: false,
  named: true,
  samples: [
    {
      record: '{"@timestamp":"2026-05-04T10:00:05.000Z","event.duration":60000000000,"message":"Deploy to production #42: failure","log.level":"error","service.name":"shop","user.name":"ada","url.full":"https://github.com/acme/shop/actions/runs/7","cicd.pipeline.name":"Deploy to production","vcs.ref.head.revision":"3484a3f","github":{"id":7}}',
      time: '2026-05-04T10:00:05.000000Z',
      severity: 'high',
      message: 'Deploy to production #42: failure',
      fields: { service: 'shop', user: 'ada', url: 'https://github.com/acme/shop/actions/runs/7', level: 'error' },
      numbers: { latencyMs: 60_000 },
      attributes: { 'cicd.pipeline.name': 'Deploy to production', 'vcs.ref.head.revision': '3484a3f', 'github.id': 7 },
    },
  ],
  document: () => new TextEncoder().encode(JSON.stringify({ total_count: 1, jobs: [JOB] }, null, 2)),
  recognise,
  decode: (chunks) => decodeJsonObjects(chunks, githubRecords),
  open: decodedLines,
};

function recognise(head: Head): Recognition | null {
  const first = firstObject(head.text);
  const kind = first && githubKind(first);
  if (!kind || isPush(kind)) return null;
  return { confidence: 0.985, reason: `it begins with a GitHub ${kind.replace(/^bare_|^gh_/, '').replace(/_/g, ' ')} body` };
}
