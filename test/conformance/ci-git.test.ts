/**
 * CI runs, pushes and test reports: what their ground truth does not say (ground-truth.test.ts has its figures). They lie outside the
 * repository, so without them there is nothing to check.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { microsecondsOf, readCi } from '../support/conformance/ci-git.ts';

const folder = fileURLToPath(new URL('../../../shared/data/ci-git', import.meta.url));
const there = fs.existsSync(folder);
if (!there) console.log('skipped: there is no ../shared/data/ci-git beside the repository');

interface Body {
  file: string;
  event?: string;
  status?: string;
  conclusion?: string | null;
  started?: string;
  ended?: string | null;
  total?: number;
}

describe.skipIf(!there)('CI and Git exports', () => {
  const expected = there ? (JSON.parse(fs.readFileSync(path.join(folder, 'expected.json'), 'utf8')) as Body[]) : [];
  const bodies = expected.filter(({ event }) => event !== undefined && event !== 'push');

  it.each(expected.map(({ file, event, total }) => [file, event, total] as const))('%s is told by its kind, in sentences', async (file, event, total) => {
    const { records, format } = await readCi(folder, file);
    const report = file.includes('nunit__') ? 'nunit' : file.includes('golang') ? 'go-test' : file.includes('rspec') ? 'test-report' : 'junit';
    expect(format).toBe(total !== undefined ? report : event === 'push' ? 'github-push' : 'github-actions');
    expect(records.every(({ message }) => message !== '' && !message.startsWith('{'))).toBe(true);
  });

  it.each(bodies.map((body) => [body.file, body] as const))('%s says how it ended and how long it took', async (file, { event = '', status = '', conclusion, started = '', ended }) => {
    const [main, ...steps] = (await readCi(folder, file)).records;
    expect(main.values['event.dataset']).toBe(`github.${event.replace('workflow_', '')}`);
    expect(main.message).toMatch(new RegExp(`: ${conclusion ?? status}$`));
    if (typeof ended === 'string' && status === 'completed') {
      expect(microsecondsOf(String(main.values['event.end']))).toBe(microsecondsOf(ended));
      expect(main.numbers.latencyMs).toBe((microsecondsOf(ended) - microsecondsOf(started)) / 1000);
    }
    for (const step of steps) {
      expect(step.time).toBe(microsecondsOf(String(step.values['github.step.started_at'])));
      expect(step.fields.level).toBe(step.values['github.step.conclusion'] === 'failure' ? 'error' : 'info');
      expect(step.values).toMatchObject({ 'vcs.ref.head.revision': main.values['vcs.ref.head.revision'], 'vcs.repository.name': main.values['vcs.repository.name'] });
    }
  });
});
