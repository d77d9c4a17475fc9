import type { EngineHandlers } from '../../../shared/contract/index.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { SigmaDetected } from '../../../shared/contract/sigma.ts';
import type { DetectInput } from '../analysis/sigma/case-analyses.ts';
import type { CaseRules } from '../analysis/sigma/case-rules.ts';
import { readRuleFiles } from '../analysis/sigma/rule-files.ts';
import type { EngineState } from '../engine-state.ts';

export function sigmaHandlers(state: EngineState): EngineHandlers['sigma'] {
  const writable = (): CaseRules => {
    state.current().requireWritable();
    return state.current().sigma;
  };
  return {
    status: () => state.current().sigma.status(),
    rules: () => state.current().sigma.store.rules(),
    problems: () => state.current().sigma.problems(),
    add: async ({ paths }, { signal }) => await writable().add(paths, signal),
    source({ file }) {
      const found = state.current().sigma.store.file(file);
      if (!found) throw new TidemarkError('not_found', 'There is no such file of rules.');
      return { name: found.name, path: found.path, text: found.text };
    },
    save: async ({ text, name, replaces }) => await writable().save(text, name, replaces),
    check: async (input, { signal }) => await state.current().query.analyse('sigma.check', input, signal),
    tryRules: async (input, { signal }) => await state.current().analyse('sigma.try', input, signal),
    async detect({ paths, scope, run }, { signal }) {
      const { files, ignored, problems } = paths.length === 0 ? { files: null, ignored: 0, problems: [] } : await readRuleFiles(paths, signal);
      const texts = files?.map(({ path, text }) => ({ name: path, text })) ?? null;
      const input: DetectInput & { run: string } = { files: texts, scope, run };
      const found = await state.current().analyse<Omit<SigmaDetected, 'ignored'>>('sigma.detect', input, signal);
      return { ...found, ignored, problems: [...problems, ...found.problems] };
    },
    enable: ({ rules, enabled }) => writable().enable(rules, enabled),
    remove: async ({ file, removed }) => await writable().remove(file, removed),
    findings: () => state.current().sigma.findings(),
    settled: async (_input, { signal }) => await writable().settled(signal),
    stop: () => writable().stop(),
  };
}
