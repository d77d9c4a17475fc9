import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { RuleSet } from './rule-set.ts';

const DATA = path.join(import.meta.dirname, '../../../../../../shared/data/security/sigma-rules');

test.skipIf(!fs.existsSync(DATA))('every rule of the set kept beside the repository loads (skipped where it is not there)', () => {
  const set = new RuleSet(fs.readdirSync(DATA).map((file) => ({ file, text: fs.readFileSync(path.join(DATA, file), 'utf8') })));
  expect(set.problems).toEqual([]);
  expect(set.listed).toHaveLength(fs.readdirSync(DATA).length);
});
