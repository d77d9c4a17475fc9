/** Files and folders of rules on the disk. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { RuleProblem } from '../../../../shared/contract/sigma.ts';
import { discover } from '../../connectors/files/discover.ts';
import { MOST_BYTES } from './rule.ts';

export interface RuleText {
  name: string;
  path: string;
  text: string;
  sha256: string;
}
/** Files that one import takes. */
const MOST_FILES = 20_000;
/** A file without one of these says nothing of rules. */
const RULE = /^\s*(?:detection|correlation|filter|transformations|action)\s*:/m;

/** Reads the .yml and .yaml files under the paths. `ignored`: files that hold no rule; `problems`: what could not be read. */
export async function readRuleFiles(paths: readonly string[], signal: AbortSignal): Promise<{ files: RuleText[]; ignored: number; problems: RuleProblem[] }> {
  const files: RuleText[] = [];
  const problems: RuleProblem[] = [];
  let ignored = 0;
  const given = new Set(paths.map((one) => path.resolve(one)));
  for await (const found of discover(paths, { signal, maxFiles: 200_000 })) {
    const complain = (code: RuleProblem['code'], message: string): void => void problems.push({ code, message, file: found.path, rule: '', line: 1, column: 1 });
    if (found.kind === 'problem') {
      complain('yaml', found.message);
      continue;
    }
    if (!/\.ya?ml$/i.test(found.path) && !given.has(path.resolve(found.path))) continue;
    if (found.size > MOST_BYTES) {
      complain('too_large', `The file is longer than ${MOST_BYTES >> 20} MiB.`);
      continue;
    }
    try {
      const bytes = await fs.promises.readFile(found.path);
      const text = bytes.toString('utf8').replace(/^\ufeff/, '');
      if (!RULE.test(text)) ignored++;
      else if (files.length >= MOST_FILES) {
        complain('too_large', `More than ${MOST_FILES} files are not read at once; the rest was left out.`);
        break;
      } else files.push({ name: path.basename(found.path), path: found.path, text, sha256: createHash('sha256').update(bytes).digest('hex') });
    } catch (error) {
      complain('yaml', `The file cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  return { files, ignored, problems };
}
