/**
 * Kinds of events that are worth a look: errors, and whatever has an indicator or was hit by a rule. Alike are events of one service,
 * pattern, severity and hits. Each part says something between 0 and 1; together they are 1 - product of (1 - weight x part), so that every
 * part adds and none is needed.
 */
import { MOST_RISKS, type RiskFinding, type RiskPart } from '../../../../shared/contract/services.ts';
import { MAX_EXAMPLES } from '../../../../shared/finding.ts';
import { SEGMENT_SIZE, SEVERITIES } from '../../../../shared/event.ts';
import { formatCount } from '../../../../shared/numbers.ts';
import { printValue } from '../../../../shared/query/print.ts';
import type { RuleFacts } from '../../../../shared/contract/sigma.ts';
import type { Segment } from '../../search/catalog.ts';
import { HOT } from '../../store/segment.ts';
import { ruleHits } from '../../store/sigma-store.ts';
import type { AnalysisContext } from '../analysis.ts';
import { indicatorValue } from '../threat/score.ts';

/** How much each part can say at most. */
const WEIGHTS: Readonly<Record<RiskPart['part'], number>> = { severity: 0.6, indicator: 0.7, rule: 0.7, rare: 0.2 };
/** What a severity says, as in rollups. */
const OF_SEVERITY = [0, 0.1, 0.3, 0.7, 1];
/** What the level of a rule says. */
const OF_LEVEL: Readonly<Record<string, number>> = { informational: 0.1, low: 0.25, medium: 0.5, high: 0.75, critical: 1 };
/** Kinds that are kept apart; more count as none. */
const MOST_KINDS = 20_000;
/** Errors of a kind up to which it is rare. */
const RARE = 3;

interface Kind {
  service: number;
  template: number;
  severity: number;
  indicators: readonly string[];
  confidence: number;
  rules: readonly RuleFacts[];
  count: number;
  first: number;
  last: number;
  events: number[];
}
/** What is known of single events of a segment, by offset. */
export type Marked = ReadonlyMap<number, { indicators: string[]; confidence: number; rules: RuleFacts[] }>;
const UNMARKED: Marked = new Map();
const NOT_MARKED = { indicators: [], confidence: 0, rules: [] };

export class RiskGatherer {
  readonly #context: AnalysisContext;
  readonly #rules: ReturnType<typeof ruleHits>;
  readonly #anyRule: boolean;
  readonly #kinds = new Map<string | number, Kind>();

  constructor(context: AnalysisContext) {
    this.#context = context;
    this.#rules = ruleHits(context.db);
    this.#anyRule = this.#rules.any();
  }

  /** What lists and rules say of events of a segment. */
  begin(segment: Segment): Marked {
    const indicators = this.#context.catalog.derived.indicatorsIn(segment);
    const byRules = this.#anyRule ? this.#rules.of(segment.id) : [];
    if (indicators.size === 0 && byRules.length === 0) return UNMARKED;
    const marked = new Map<number, { indicators: string[]; confidence: number; rules: RuleFacts[] }>();
    for (const [offset, found] of indicators) marked.set(offset, { indicators: found.map(({ value }) => value), confidence: Math.max(...found.map(indicatorValue)), rules: [] });
    for (const { rule, offsets } of byRules) {
      const facts = this.#rules.facts(rule);
      for (const offset of facts ? offsets : []) {
        let known = marked.get(offset);
        if (!known) marked.set(offset, (known = { indicators: [], confidence: 0, rules: [] }));
        if (facts) known.rules.push(facts);
      }
    }
    return marked;
  }

  add(segment: Segment, offset: number, marked: Marked): void {
    const { hot, dicts } = segment;
    const service = dicts[HOT.service][hot.codes[HOT.service][offset]];
    const template = dicts[HOT.template][hot.codes[HOT.template][offset]];
    const severity = hot.severity[offset];
    const known = marked.get(offset) ?? NOT_MARKED;
    const plain = known === NOT_MARKED && service < 2 ** 20 && template < 2 ** 28;
    const key = plain ? (template * 2 ** 20 + service) * 5 + severity : JSON.stringify([service, template, severity, known.indicators, known.rules.map(({ title }) => title)]);
    let kind = this.#kinds.get(key);
    if (!kind) {
      if (this.#kinds.size >= MOST_KINDS) return;
      this.#kinds.set(key, (kind = { service, template, severity, ...known, count: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY, events: [] }));
    }
    const time = hot.time[offset];
    kind.count++;
    if (time < kind.first) kind.first = time;
    if (time > kind.last) kind.last = time;
    if (kind.events.length < MAX_EXAMPLES) kind.events.push(segment.id * SEGMENT_SIZE + offset);
  }

  /** Highest risk first, rarer before frequent. */
  findings(quieted: ReadonlySet<string>): RiskFinding[] {
    const { names } = this.#context.catalog;
    return [...this.#kinds.values()]
      .map((kind) => ({ kind, parts: partsOf(kind) }))
      .map(({ kind, parts }) => ({ kind, parts, risk: riskOf(parts) }))
      .sort((a, b) => b.risk - a.risk || a.kind.count - b.kind.count || a.kind.first - b.kind.first)
      .slice(0, MOST_RISKS)
      .map(({ kind, parts, risk }) => {
        const service = kind.service === 0 ? '' : names[HOT.service][kind.service];
        const pattern = kind.template === 0 ? '' : names[HOT.template][kind.template];
        const like = JSON.stringify(['risk', service, pattern]);
        const query = [
          ...(service === '' ? [] : [`service:${printValue('service', service)}`]), ...(pattern === '' ? [] : [`template:${printValue('template', pattern)}`]), `severity:${SEVERITIES[kind.severity]}`,
          ...kind.rules.map(({ title }) => `rule.name:${printValue('rule.name', title)}`),
          ...kind.indicators.map((indicator) => `threat:${printValue('threat', indicator)}`),
        ].join(' ');
        return {
          key: JSON.stringify([like, kind.severity, kind.indicators, kind.first]), like, detector: 'event-risk', title: pattern || `Events of severity ${SEVERITIES[kind.severity]}`,
          why: `Risk ${risk.toFixed(2)} of ${formatCount(kind.count)} ${kind.count === 1 ? 'event' : 'events'}: ${parts.map((part) => part.why).join('; ')}.`,
          evidence: parts.map(({ part, value, why }) => ({ label: `${part} ${value.toFixed(2)}`, value: why })),
          severity: SEVERITIES[kind.severity], score: risk, from: kind.first, to: kind.last + 1, scope: { query, from: kind.first, to: kind.last + 1 }, events: kind.events,
          quieted: quieted.has(like), service, count: kind.count, parts,
        };
      });
  }
}

function partsOf(kind: Kind): RiskPart[] {
  const parts: RiskPart[] = [{ part: 'severity', value: OF_SEVERITY[kind.severity], why: `severity ${SEVERITIES[kind.severity]}` }];
  if (kind.indicators.length > 0) parts.push({ part: 'indicator', value: kind.confidence, why: `has ${kind.indicators.slice(0, 3).join(', ')}${kind.indicators.length > 3 ? ` and ${kind.indicators.length - 3} more` : ''} of a list of indicators` });
  if (kind.rules.length > 0) parts.push({ part: 'rule', value: Math.max(...kind.rules.map(({ level }) => OF_LEVEL[level] ?? OF_LEVEL.medium)), why: `hit by ${kind.rules.slice(0, 3).map(({ title, author }) => (author === '' ? title : `${title} (by ${author})`)).join(', ')}${kind.rules.length > 3 ? ` and ${kind.rules.length - 3} more` : ''}` });
  if (kind.count <= RARE) parts.push({ part: 'rare', value: 1 / kind.count, why: `only ${kind.count} of its kind` });
  return parts;
}
/** 0..1 */
function riskOf(parts: readonly RiskPart[]): number {
  return 1 - parts.reduce((left, { part, value }) => left * (1 - WEIGHTS[part] * value), 1);
}
