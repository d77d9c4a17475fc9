/**
 * Pushes and commits as GitHub tells them: bodies of the push webhook (one event for the push, one for each of its commits), and lists of
 * commits from the API. See lib/ci/github-push.ts.
 */
import type { Format, Head, Recognition } from './format.ts';
import { githubRecords } from './lib/ci/github.ts';
import { githubKind, isPush } from './lib/ci/github-shapes.ts';
import { decodedLines } from './lib/decoded-lines.ts';
import { decodeJsonObjects, firstObject } from './lib/json-values.ts';

const COMMIT = '6113728f27ae82c7b1a177c8d03f9e96e0adf246';
const PUSH = {
  ref: 'refs/heads/main', before: '0'.repeat(40), after: COMMIT, created: true, deleted: false, forced: false,
  repository: { name: 'shop', full_name: 'acme/shop', html_url: 'https://github.com/acme/shop', pushed_at: 1_557_933_565 },
  pusher: { name: 'ada' },
  commits: [{ id: COMMIT, message: 'Fix the till\n\nIt rang twice.', timestamp: '2019-05-15T15:19:25Z', url: `https://github.com/acme/shop/commit/${COMMIT}`, author: { name: 'Ada', username: 'ada', email: 'ada@example.org' } }],
};

export const githubPush: Format = {
  id: 'github-push',
  title: 'GitHub pushes and commits',
  description: 'Bodies of the push webhook and lists of commits from the GitHub API.',
  signal: 'git',
  parallel: false,
  named: true,
  samples: [
    {
      record: '{"@timestamp":"2019-05-15T15:19:25Z","message":"6113728 Fix the till","log.level":"info","service.name":"shop","user.name":"ada","url.full":"https://github.com/acme/shop/commit/6113728","vcs.ref.head.name":"main","vcs.ref.head.revision":"6113728"}',
      time: '2019-05-15T15:19:25.000000Z',
      severity: 'info',
      message: '6113728 Fix the till',
      fields: { service: 'shop', user: 'ada', url: 'https://github.com/acme/shop/commit/6113728' },
      attributes: { 'vcs.ref.head.name': 'main', 'vcs.ref.head.revision': '6113728' },
    },
  ],
  document: () => new TextEncoder().encode(JSON.stringify(PUSH)),
  recognise,
  decode: (chunks) => decodeJsonObjects(chunks, githubRecords),
  open: decodedLines,
};

function recognise(head: Head): Recognition | null {
  const first = firstObject(head.text);
  const kind = first && githubKind(first);
  return isPush(kind) ? { confidence: 0.985, reason: `it begins with a GitHub ${kind} body` } : null;
}
