/** What rules found, one finding a rule. Of rules that someone called wrong, it says so. */
import type { RuleLevel, SigmaFinding, SigmaRule } from '../../../../shared/contract/sigma.ts';
import type { Severity } from '../../../../shared/event.ts';
import { MAX_EXAMPLES } from '../../../../shared/finding.ts';
import { formatCount } from '../../../../shared/numbers.ts';
import type { Database } from '../../store/database.ts';
import { quietedLikes } from '../../store/finding-marks.ts';
import type { SigmaStore } from '../../store/sigma-store.ts';

const SEVERITY: Readonly<Record<RuleLevel, Severity>> = { informational: 'info', low: 'low', medium: 'medium', high: 'high', critical: 'critical' };
const SCORE: Readonly<Record<RuleLevel, number>> = { informational: 0.1, low: 0.3, medium: 0.5, high: 0.8, critical: 1 };
const ORDER: readonly (RuleLevel | '')[] = ['critical', 'high', 'medium', 'low', 'informational', ''];

const LONGEST = 280;

export function findingsOf(store: SigmaStore, db: Database): SigmaFinding[] {
  const quieted = quietedLikes(db);
  return store.rules().filter(({ enabled, silent, events }) => enabled && !silent && events > 0).map((rule) => findingOf(rule, store, quieted))
    .sort((a, b) => ORDER.indexOf(a.rule.level) - ORDER.indexOf(b.rule.level) || b.count - a.count || (a.title < b.title ? -1 : 1));
}

/** What tells a rule from others: its id, and where it has none, its title. */
function subjectOf({ ruleId, title }: Pick<SigmaRule, 'ruleId' | 'title'>): string {
  return ruleId === '' ? title : ruleId;
}

/** What a rule says of itself, on one line; the rule itself has all of it. */
function described(description: string): string {
  const line = description.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, line.lastIndexOf(' ', LONGEST))}…`;
}

function findingOf(rule: SigmaRule, store: SigmaStore, quieted: ReadonlySet<string>): SigmaFinding {
  const like = `sigma:${subjectOf(rule)}`;
  const { from, to } = store.span(rule.id);
  const level: RuleLevel = rule.level === '' ? 'medium' : rule.level;
  const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  const correlated = store.correlated(rule.id, 1);
  const [first] = correlated;
  const made = first ? ` The first time ${formatCount(first.count)} events came together${first.group.length > 0 ? ` for ${first.group.join(', ')}` : ''}.` : '';
  const harmless = rule.falsePositives.filter((one) => !/^(?:unknown|none|unlikely)$/i.test(one));
  const evidence = [
    { label: 'Events', value: formatCount(rule.events) },
    { label: 'Level', value: rule.level === '' ? 'not given' : rule.level },
    ...(rule.tactics.length > 0 ? [{ label: 'Tactic', value: rule.tactics.map(({ name }) => name).join(', ') }] : []),
    ...(rule.techniques.length > 0 ? [{ label: 'Technique', value: rule.techniques.map(({ id, name }) => (name === '' ? id : `${id} ${name}`)).join(', ') }] : []),
    ...(harmless.length > 0 ? [{ label: 'May be', value: harmless.join('; ').slice(0, LONGEST) }] : []),
    // The Detection Rule License asks for it wherever a match is shown.
    { label: 'Author', value: rule.author === '' ? 'not given' : rule.author },
    ...(rule.license === '' ? [] : [{ label: 'Licence', value: rule.license }]),
  ];
  return {
    key: like, like, detector: `Sigma ${rule.ruleId === '' ? rule.fileName : rule.ruleId}`, title: rule.title,
    why: `${formatCount(rule.events)} ${rule.events === 1 ? 'event matches' : 'events match'} this rule (${rule.logsource === '' ? rule.kind : rule.logsource}).${made} ${described(rule.description)}`.trim(),
    evidence, severity: SEVERITY[level], score: SCORE[level], from, to: to + 1,
    scope: { query: rule.ruleId === '' ? `rule.name:${quote(rule.title)}` : `rule.id:${quote(rule.ruleId)}`, from: null, to: null },
    events: store.examples(rule.id, MAX_EXAMPLES), quieted: quieted.has(like), rule, count: rule.events,
  };
}
