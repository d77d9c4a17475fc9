/** What is worth a look among patterns: those that are new, those that vanished, and those whose rate jumped between two ranges. */
import { MOST_PATTERN_FINDINGS, type PatternRow } from '../../../../shared/contract/patterns.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { SEVERITIES, type Severity } from '../../../../shared/event.ts';
import type { Finding } from '../../../../shared/finding.ts';
import { formatCount, formatDuration } from '../../../../shared/numbers.ts';
import { withFilter } from '../../../../shared/query/print.ts';

/** A rate jumps when it is so many times what it was, and chance is out of the question (standard deviations of a binomial). */
const JUMP = 3;
const SIGMAS = 6;
/** A pattern that vanished was met so often: that it is not met now must not be chance. */
const VANISHED = 8;

export interface Compared {
  scope: Scope;
  from: number;
  to: number;
  other: { from: number; to: number } | null;
  /** how long the other range is, without what of it is in this one */
  otherSpan: number;
  total: number;
  otherTotal: number;
  quieted: ReadonlySet<string>;
}

/** Strongest first. */
export function patternFindings(rows: readonly PatternRow[], compared: Compared): Finding[] {
  const { other } = compared;
  if (other === null) return [];
  const found: Finding[] = [];
  for (const row of rows) {
    const finding = row.isNew ? newPattern(row, compared) : row.isGone ? vanished(row, compared, other) : jumped(row, compared);
    if (finding) found.push(finding);
  }
  return found.sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1)).slice(0, MOST_PATTERN_FINDINGS);
}

type Range = NonNullable<Compared['other']>;

function newPattern(row: PatternRow, { scope, from, to, otherSpan, quieted }: Compared): Finding {
  const severity = worstOf(row.severities);
  return finding({
    kind: 'pattern-new', row, scope, range: { from, to }, quieted, severity,
    title: `New: ${row.text}`,
    why: `${times(row.count)} in this range, not once in the ${formatDuration(otherSpan)} it is compared with.`,
    score: 0.4 + 0.1 * SEVERITIES.indexOf(severity) + 0.2 * Math.min(1, Math.log10(row.count) / 4),
    evidence: [{ label: 'events', value: formatCount(row.count) }, { label: 'in the other range', value: '0' }],
  });
}

/** Chance: with its former share of all events, none would be met with a probability of exp(-expected). */
function vanished(row: PatternRow, { scope, total, otherTotal, quieted }: Compared, other: Range): Finding | null {
  const expected = (row.other / otherTotal) * total;
  if (expected < VANISHED) return null;
  return finding({
    kind: 'pattern-gone', row, scope, range: other, quieted, severity: 'low',
    title: `Gone: ${row.text}`,
    why: `${times(row.other)} in the other range, not once in this one, where about ${formatCount(Math.round(expected))} were to be expected.`,
    score: 0.3 + 0.3 * Math.min(1, Math.log10(expected) / 4),
    evidence: [{ label: 'events', value: '0' }, { label: 'in the other range', value: formatCount(row.other) }, { label: 'expected', value: formatCount(Math.round(expected)) }],
  });
}

function jumped(row: PatternRow, { scope, from, to, otherSpan, quieted }: Compared): Finding | null {
  const { count, ratio } = row;
  if (Number.isNaN(ratio) || (ratio < JUMP && ratio > 1 / JUMP)) return null;
  // Given both counts, how they divide is binomial with the share of time; ratio = (count / other) * (time of other / time).
  const n = count + row.other;
  const odds = count / row.other / ratio;
  const p = odds / (1 + odds);
  const sigmas = Math.abs(count - n * p) / Math.sqrt(n * p * (1 - p));
  if (!(sigmas >= SIGMAS)) return null;
  const more = ratio > 1;
  const severity: Severity = more ? worstOf(row.severities) : 'low';
  const factor = more ? ratio : 1 / ratio;
  const said = factor >= 10 ? formatCount(Math.round(factor)) : factor.toFixed(1);
  return finding({
    kind: more ? 'pattern-more' : 'pattern-fewer', row, scope, range: { from, to }, quieted, severity,
    title: `${more ? 'More often' : 'Less often'}: ${row.text}`,
    why: `${said} times as ${more ? 'often' : 'rarely'} as in the other range: ${formatCount(count)} events in ${formatDuration(to - from)}, ${formatCount(row.other)} in ${formatDuration(otherSpan)}.`,
    score: 0.2 + 0.08 * SEVERITIES.indexOf(severity) + 0.3 * Math.min(1, Math.log10(factor) / 3),
    evidence: [{ label: 'events', value: formatCount(count) }, { label: 'in the other range', value: formatCount(row.other) }, { label: 'rate', value: `× ${ratio >= 0.1 ? ratio.toFixed(1) : ratio.toPrecision(1)}` }, { label: 'off by', value: `${sigmas.toFixed(0)} σ` }],
  });
}

interface Parts {
  kind: string;
  row: PatternRow;
  scope: Scope;
  range: Range;
  quieted: ReadonlySet<string>;
  severity: Severity;
  title: string;
  why: string;
  score: number;
  evidence: Finding['evidence'];
}
function finding({ kind, row, scope, range, quieted, severity, title, why, score, evidence }: Parts): Finding {
  const like = JSON.stringify([kind, row.text]).slice(0, 2000);
  const { from, to } = range;
  return { key: JSON.stringify([kind, row.id, from, to]), like, detector: kind, title, why, evidence, severity, score: Math.min(1, score), from, to, scope: { query: withFilter(scope.query, 'template', row.text, 'include'), from, to }, events: [], quieted: quieted.has(like) };
}

/** The worst severity that a tenth of its events have. */
function worstOf(severities: Uint32Array): Severity {
  const all = severities.reduce((sum, n) => sum + n, 0);
  for (let at = severities.length - 1, n = 0; at > 0; at--) {
    n += severities[at];
    if (n * 10 >= all && n > 0) return SEVERITIES[at];
  }
  return SEVERITIES[0];
}
const times = (n: number): string => (n === 1 ? 'Once' : `${formatCount(n)} times`);
