/**
 * Files with known contents, read as the engine reads them, against every figure of their ground truth: what `npm run bench:conformance` prints.
 * They lie outside the repository, so without them there is nothing to check.
 */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { byFile } from '../support/conformance/ledger.ts';
import { JUDGES, judgeGroup } from '../support/conformance/judge.ts';

const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));
/** How many comparisons there are at least, and how many of them may differ for a reason that is said. */
const SIZES: Readonly<Record<string, [number, number]>> = { 'log-formats': [330, 9], security: [240, 5], traces: [290, 2], metrics: [75, 1], 'ci-git': [120, 0] };

for (const id of Object.keys(JUDGES)) {
  const group = await judgeGroup(data, id);
  if (!group.there) console.log(`skipped: there is no ../shared/data/${id} beside the repository`);
  describe.skipIf(!group.there)(id, () => {
    it('has what it is measured against', () => {
      expect(group.absent).toEqual([]);
      expect(group.findings.length).toBeGreaterThanOrEqual(SIZES[id][0]);
    });

    it.each(byFile(group.findings))('%s', (_file, findings) => {
      expect(findings.filter(({ ok, exception }) => !ok && exception === '')).toEqual([]);
    });

    it('has no more exceptions than are known', () => {
      expect(group.findings.filter(({ ok }) => !ok).length).toBeLessThanOrEqual(SIZES[id][1]);
    });
  });
}
