/**
 * One score of what is known of an entity. Each part says something between 0 and 1 and has a weight, the most it can say; together they are
 * 1 - product of (1 - weight x value): every part adds, none is needed, and none alone is certain (the noisy-or of Pearl, "Probabilistic
 * Reasoning in Intelligent Systems", 1988, section 4.3.2).
 */
import type { IndicatorFacts } from '../../../../shared/contract/indicators.ts';
import type { ThreatPart, ThreatPartName } from '../../../../shared/contract/threat.ts';
import type { Severity } from '../../../../shared/event.ts';
import { MAD_TO_SIGMA } from '../statistics/descriptive.ts';

export const WEIGHTS: Readonly<Record<ThreatPartName, number>> = {
  indicator: 0.85, rule: 0.8, sequence: 0.75, 'failed logins': 0.4, spread: 0.35, 'own patterns': 0.2, 'first seen': 0.15, errors: 0.15,
};
/** What a level of a Sigma rule says. */
const OF_LEVEL: Readonly<Record<string, number>> = { critical: 1, high: 0.8, medium: 0.5, low: 0.2, informational: 0.05 };
const OF_SEVERITY: Readonly<Record<Severity, number>> = { critical: 1, high: 0.8, medium: 0.5, low: 0.2, info: 0.05 };

/** An indicator whose list does not say how sure it is. */
const UNSAID_CONFIDENCE = 0.7;

/** What an indicator says: how sure its list is of it. */
export function indicatorValue({ confidence }: Pick<IndicatorFacts, 'confidence'>): number {
  return confidence === null ? UNSAID_CONFIDENCE : confidence / 100;
}
export function levelValue(level: string): number {
  return OF_LEVEL[level] ?? 0.3;
}
export function severityValue(severity: Severity): number {
  return OF_SEVERITY[severity];
}

/** Several things of one kind: each adds to what the others leave open. */
export function together(values: readonly number[]): number {
  return 1 - values.reduce((open, value) => open * (1 - value), 1);
}

export function scoreOf(parts: readonly Pick<ThreatPart, 'weight' | 'value'>[]): number {
  return together(parts.map(({ weight, value }) => weight * value));
}

export function severityOf(score: number): Severity {
  if (score >= 0.85) return 'critical';
  if (score >= 0.6) return 'high';
  if (score >= 0.3) return 'medium';
  return score >= 0.1 ? 'low' : 'info';
}

/** What is usual among many: the median, and a robust spread around it. */
export interface Usual {
  median: number;
  spread: number;
}
/** null when there are too few to tell. */
export function usualOf(all: readonly number[]): Usual | null {
  if (all.length < 5) return null;
  const sorted = Float64Array.from(all).sort();
  const median = sorted[sorted.length >> 1];
  const deviations = sorted.map((each) => Math.abs(each - median)).sort();
  // Counts of a few have no spread of their own; one more is no sign.
  return { median, spread: Math.max(1, MAD_TO_SIGMA * deviations[deviations.length >> 1], Math.sqrt(median)) };
}
