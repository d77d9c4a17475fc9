/** What the git connector writes: a line for each commit and tag. */
import type { Format } from './format.ts';
import { decodedLines } from './lib/decoded-lines.ts';

export const git: Format = {
  id: 'git',
  title: 'Git history',
  description: 'Commits, merges and tags of a local repository, with the paths they changed.',
  signal: 'git',
  parallel: false,
  named: true,
  fromConnector: true,
  samples: [
    {
      record: '{"timestamp":"2026-10-01T09:30:00.000Z","message":"Raise the pool to 40 connections","service.name":"checkout","user.name":"Ana Lima","vcs.ref.head.revision":"9f3c2d1e8b7a65544332211000ffeeddccbbaa99","git.event":"commit","user.email":"ana@shop.example","file.count":2,"file.path":["config/pool.yaml","src/pool.ts"]}',
      time: '2026-10-01T09:30:00.000000Z',
      message: 'Raise the pool to 40 connections',
      fields: { service: 'checkout', user: 'Ana Lima' },
      attributes: { 'vcs.ref.head.revision': '9f3c2d1e8b7a65544332211000ffeeddccbbaa99', 'git.event': 'commit', 'file.count': 2 },
    },
  ],
  recognise: () => null,
  open: decodedLines,
};
