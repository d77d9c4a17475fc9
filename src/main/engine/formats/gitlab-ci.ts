/**
 * GitLab CI as files: pipelines, jobs and deployments as the API lists them, and bodies of the pipeline, job and deployment webhooks; one,
 * one a line, or a list of them. See lib/ci/gitlab.ts for the events.
 */
import type { Format, Head, Recognition } from './format.ts';
import { gitlabKind, gitlabRecords } from './lib/ci/gitlab.ts';
import { decodedLines } from './lib/decoded-lines.ts';
import { decodeJsonObjects, firstObject } from './lib/json-values.ts';

const JOB = {
  id: 8, status: 'failed', stage: 'test', name: 'unit', ref: 'main', tag: false, allow_failure: false, failure_reason: 'script_failure',
  created_at: '2026-05-04T10:00:00.000Z', started_at: '2026-05-04T10:00:05.250Z', finished_at: '2026-05-04T10:01:05.250Z', duration: 60, user: { username: 'ada' },
  commit: { id: '6113728f27ae82c7b1a177c8d03f9e96e0adf246', title: 'Fix the till' }, pipeline: { id: 47, ref: 'main', status: 'failed' }, web_url: 'https://gitlab.example.org/acme/shop/-/jobs/8',
};

export const gitlabCi: Format = {
  id: 'gitlab-ci',
  title: 'GitLab CI',
  description: 'Pipelines, jobs and deployments: bodies of the GitLab API and of webhooks.',
  signal: 'ci',
  parallel: false,
  named: true,
  samples: [
    {
      record: '{"@timestamp":"2026-05-04T10:00:05.250Z","event.duration":60000000000,"message":"test / unit: failed (script_failure)","log.level":"error","service.name":"shop","user.name":"ada","url.full":"https://gitlab.example.org/acme/shop/-/jobs/8","cicd.pipeline.task.name":"unit","gitlab":{"id":8}}',
      time: '2026-05-04T10:00:05.250000Z',
      severity: 'high',
      message: 'test / unit: failed (script_failure)',
      fields: { service: 'shop', user: 'ada' },
      numbers: { latencyMs: 60_000 },
      attributes: { 'cicd.pipeline.task.name': 'unit', 'gitlab.id': 8 },
    },
  ],
  document: () => new TextEncoder().encode(JSON.stringify([JOB, { ...JOB, id: 9, status: 'success' }], null, 1)),
  recognise,
  decode: (chunks) => decodeJsonObjects(chunks, gitlabRecords),
  open: decodedLines,
};

function recognise(head: Head): Recognition | null {
  const first = firstObject(head.text);
  const kind = first && gitlabKind(first);
  return kind ? { confidence: 0.985, reason: `it begins with a GitLab ${kind.replace('_hook', ' webhook')} body` } : null;
}
