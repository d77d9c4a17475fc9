/** Sigma rules of the engine in memory: some with events, one off, one that does not run. Test only. */
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { RuleFacts, RuleProblem, SigmaFinding, SigmaRule, SigmaStatus } from '../../../src/shared/contract/sigma.ts';
import type { FakeState } from '../fake-engine.ts';
import { START } from './events.ts';

const FACTS: RuleFacts = {
  ruleId: '5b0b75dc-9190-4047-b9a8-14164cee8a31', title: 'Potential Persistence Via Script', level: 'high', status: 'test', author: 'Ana Example, Bo Sample', license: 'DRL-1.1', description: 'Detects scripts that make themselves stay.',
  references: ['https://example.org/persistence'], tags: ['attack.execution', 'attack.persistence', 'attack.t1059.001'], falsePositives: ['Administrators'], kind: 'rule', logsource: 'windows / process_creation', note: '',
};
const ATTACK = { tactics: [{ id: 'TA0002', name: 'Execution' }, { id: 'TA0003', name: 'Persistence' }], techniques: [{ id: 'T1059.001', name: 'Command and Scripting Interpreter: PowerShell' }] };
const RULE: SigmaRule = { ...FACTS, ...ATTACK, id: 1, file: 1, fileName: 'persistence.yml', enabled: true, silent: false, events: 214 };
const SOURCE = 'title: Potential Persistence Via Script\nlogsource:\n  product: windows\n  category: process_creation\ndetection:\n  selection:\n    CommandLine|contains: schtasks\n  condition: selection\nlevel: high\n';
const PROBLEM: RuleProblem = { code: 'unknown_modifier', message: '"contians" is no modifier of Sigma.', file: 'typo.yml', rule: 'A rule with a slip', line: 7, column: 5 };

export function sigmaRoom(state: FakeState): EngineHandlers['sigma'] {
  let rules: SigmaRule[] = state.scenario === 'case'
    ? [
        RULE,
        { ...RULE, id: 2, file: 2, fileName: 'web.yml', ruleId: 'web-1', title: 'Path Traversal <b>in</b> URI', level: 'medium', author: '', license: '', logsource: 'webserver', tactics: [{ id: 'TA0001', name: 'Initial Access' }], techniques: [{ id: 'T1190', name: 'Exploit Public-Facing Application' }], events: 31 },
        { ...RULE, id: 3, file: 3, fileName: 'logons.yml', ruleId: 'logons-1', title: 'Many Failed Logons', level: 'low', kind: 'correlation', logsource: '', tactics: [{ id: 'TA0006', name: 'Credential Access' }], techniques: [{ id: 'T1110', name: 'Brute Force' }], events: 2 },
        { ...RULE, id: 4, file: 4, fileName: 'quiet.yml', ruleId: 'quiet-1', title: 'Never Seen', enabled: false, events: 0 },
      ]
    : [];
  const changed = (): void => state.emit('cases.changed', { tables: ['rules'], version: ++state.version, from: null, to: null });
  const status = (): SigmaStatus => ({ files: rules.length, rules: rules.length, enabled: rules.filter(({ enabled }) => enabled).length, problems: rules.length > 0 ? 1 : 0, preparing: '', matching: null, error: '' });
  const problemsOf = (text: string): RuleProblem[] => {
    const line = text.split('\n').findIndex((one) => one.includes('contians'));
    return line < 0 ? [] : [{ ...PROBLEM, file: '', line: line + 1 }];
  };
  return {
    status,
    rules: () => rules,
    problems: () => (rules.length > 0 ? [PROBLEM] : []),
    add: ({ paths }) => {
      if (paths.some((path) => path.endsWith('.txt'))) throw new TidemarkError('invalid_input', 'There is no Sigma rule in what was given.');
      rules = [...rules, { ...RULE, id: rules.length + 10, file: rules.length + 10, title: 'A new rule', ruleId: 'new-1', events: 0 }];
      changed();
      return { files: 1, rules: 1, unchanged: 0, ignored: 0, problems: [PROBLEM] };
    },
    source: ({ file }) => ({ name: rules.find((rule) => rule.file === file)?.fileName ?? 'rule.yml', path: '/home/me/rules/persistence.yml', text: SOURCE }),
    save: ({ text, name }) => {
      const [problem] = problemsOf(text);
      if (problem) throw new TidemarkError('invalid_input', `Line ${problem.line}: ${problem.message}`);
      rules = [...rules, { ...RULE, id: rules.length + 10, file: rules.length + 10, fileName: name, title: /^title: *(.*)$/m.exec(text)?.[1] ?? '', ruleId: `new-${rules.length}`, events: 0 }];
      changed();
      return { files: 1, rules: 1, unchanged: 0, ignored: 0, problems: [] };
    },
    check: ({ text }) => ({ problems: problemsOf(text), rules: problemsOf(text).length > 0 ? [] : [FACTS] }),
    tryRules: ({ text }) => ({ problems: problemsOf(text), rules: [{ ...FACTS, events: 3, examples: state.events.slice(0, 3).map(({ id, time, message }) => ({ event: id, time, message })) }], looked: state.events.length }),
    detect: () => ({ problems: [], rules: [], ignored: 0, rule: new Int32Array(0), event: new Float64Array(0), record: new Float64Array(0), looked: 0 }),
    enable: ({ rules: ids, enabled }) => {
      rules = rules.map((rule) => (ids.includes(rule.id) ? { ...rule, enabled } : rule));
      changed();
    },
    remove: ({ file }) => {
      rules = rules.filter((rule) => rule.file !== file);
      changed();
    },
    findings: () =>
      rules.filter(({ enabled, events }) => enabled && events > 0).map((rule): SigmaFinding => ({
        key: `sigma:${rule.ruleId}`, like: `sigma:${rule.ruleId}`, detector: `Sigma ${rule.ruleId}`, title: rule.title, why: `${rule.events} events match this rule.`,
        evidence: [{ label: 'Events', value: String(rule.events) }, { label: 'Author', value: rule.author || 'not given' }], severity: rule.level === 'high' ? 'high' : rule.level === 'medium' ? 'medium' : 'low', score: 0.8,
        from: START, to: START + 3600e6, scope: { query: `rule.id:"${rule.ruleId}"`, from: null, to: null }, events: state.events.slice(0, 2).map(({ id }) => id), quieted: false, rule, count: rule.events,
      })),
    settled: () => undefined,
    stop: () => undefined,
  };
}
