/** Sequences: steps that follow each other within a session, for each value of a field. */
import { SEGMENT_SIZE } from '../../../../shared/event.ts';
import type { CorrelationFinding, SequenceRule } from '../../../../shared/contract/correlation.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { MAX_EXAMPLES } from '../../../../shared/finding.ts';
import { withFilter } from '../../../../shared/query/print.ts';
import { resolveField } from '../../../../shared/query/names.ts';
import { formatDuration } from '../../../../shared/numbers.ts';
import { offsetAt, type ResultSet } from '../../search/result-set.ts';
import { valuesOf } from '../../search/tally.ts';
import type { AnalysisContext } from '../analysis.ts';
import { resultOf } from '../case-series.ts';

/** Events of one step that are kept of one value, and values looked at. */
const MOST_EVENTS = 200_000;
const MOST_KEYS = 50_000;

interface StepEvent {
  time: number;
  step: number;
  id: number;
}
export interface Match {
  from: number;
  to: number;
  /** ids of the events that make it, at most MAX_EXAMPLES, the last ones first to be kept */
  events: number[];
  count: number;
}

/**
 * Where the steps come in their order, each with at least so many events, and no two events that count for it further apart than `within`
 * (microseconds). Matches do not overlap. Steps that must be absent are: no event of theirs within that time before the first event of the step behind them.
 * @param events of one session key, by time; `step` is the place of the step in the rule
 */
export function matches(events: readonly StepEvent[], steps: readonly { least: number; absent: boolean }[], within: number): Match[] {
  const found: Match[] = [];
  const present = [...steps.keys()].filter((i) => !steps[i].absent);
  let at = 0;
  let taken: StepEvent[] = [];
  let count = 0;
  const reset = (): void => {
    at = 0;
    taken = [];
    count = 0;
  };
  const lastSeen = new Float64Array(steps.length).fill(Number.NEGATIVE_INFINITY);
  for (const event of events) {
    if (taken.length > 0 && event.time - taken[taken.length - 1].time > within) reset();
    if (steps[event.step].absent) {
      lastSeen[event.step] = event.time;
      continue;
    }
    const wanted = present[at];
    // A step that has enough still takes what more there is of it.
    if (event.step !== wanted) {
      if (at > 0 && event.step === present[at - 1] && count === 0) taken.push(event);
      continue;
    }
    if (count === 0 && absentBefore(wanted, steps, lastSeen, event.time - within)) {
      reset();
      continue;
    }
    taken.push(event);
    if (++count < steps[wanted].least) continue;
    count = 0;
    if (++at < present.length) continue;
    const half = MAX_EXAMPLES / 2;
    const some = taken.length <= MAX_EXAMPLES ? taken : [...taken.slice(0, half), ...taken.slice(-half)];
    found.push({ from: taken[0].time, to: event.time, events: some.map(({ id }) => id), count: taken.length });
    reset();
  }
  return found;
}

/** Whether a step that must be absent before `step` was there since `since`. */
function absentBefore(step: number, steps: readonly { absent: boolean }[], lastSeen: Float64Array, since: number): boolean {
  for (let i = step - 1; i >= 0 && steps[i].absent; i--) if (lastSeen[i] >= since) return true;
  return false;
}

/** Events of steps in a scope: rules ask for the same ones. */
export class StepResults {
  readonly scope: Scope;
  readonly #context: AnalysisContext;
  readonly #results = new Map<string, ResultSet>();

  constructor(context: AnalysisContext, scope: Scope) {
    this.#context = context;
    this.scope = scope;
  }

  async of(query: string, progress: (share: number) => void): Promise<ResultSet> {
    let result = this.#results.get(query);
    if (!result) {
      result = await resultOf({ ...this.#context, progress }, { ...this.scope, query: this.scope.query.trim() === '' ? query : `(${this.scope.query}) (${query})` }, '');
      this.#results.set(query, result);
    }
    return result;
  }
}

/** What a rule finds in a scope: one finding a value of its field, with all its matches. */
export async function findSequences(context: AnalysisContext, results: StepResults, rule: SequenceRule & { id: number | null }, quieted: ReadonlySet<string>, progress: (share: number) => void): Promise<CorrelationFinding[]> {
  const { scope } = results;
  const byKey = new Map<string, StepEvent[]>();
  const by = rule.by === '' ? null : resolveField(rule.by);
  const together = new Map<string, number[]>();
  for (const [i, step] of rule.steps.entries()) {
    const result = await results.of(step.query, (done) => progress((i + done) / rule.steps.length));
    // A step that must come and never does: the rule can find nothing. One that must not come and never does is no evidence either: it may not be recorded at all.
    if (result.total === 0) return [];
    // What must be absent may be told by another source, which does not know the key (a commit has no host).
    const shared = step.absent && !rule.steps.some((other) => !other.absent && other.query === step.query) && by !== null;
    let n = 0;
    for (const part of result.parts) {
      const valueOf = by === null ? (): string => '' : valuesOf(by, part, context.catalog, context.searcher.records);
      for (let k = 0; k < part.count && n < MOST_EVENTS; k++) {
        const offset = offsetAt(part, k);
        const key = valueOf(offset);
        const time = part.segment.hot.time[offset];
        if (key === null) {
          if (shared) together.set(String(i), [...(together.get(String(i)) ?? []), time]);
          continue;
        }
        n++;
        let events = byKey.get(key);
        if (!events) {
          if (byKey.size >= MOST_KEYS) continue;
          byKey.set(key, (events = []));
        }
        events.push({ time, step: i, id: part.segment.id * SEGMENT_SIZE + offset });
      }
      await context.turns.next();
    }
  }
  const findings: CorrelationFinding[] = [];
  for (const [key, own] of byKey) {
    const events = [...own];
    for (const [step, times] of together) for (const time of times) events.push({ time, step: Number(step), id: -1 });
    // Of one time the earlier step comes first.
    events.sort((a, b) => a.time - b.time || a.step - b.step);
    const found = matches(events, rule.steps, rule.within * 1e6);
    if (found.length > 0) findings.push(findingOf(rule, key, found, scope, quieted));
    await context.turns.next();
  }
  return findings.sort((a, b) => b.score - a.score || a.from - b.from);
}

function findingOf(rule: SequenceRule & { id: number | null }, key: string, found: readonly Match[], scope: Scope, quieted: ReadonlySet<string>): CorrelationFinding {
  const from = found[0].from;
  const to = found[found.length - 1].to;
  const like = `sequence:${rule.id ?? 'new'}:${key}`;
  const lasted = found[0].to - found[0].from;
  const who = rule.by === '' ? '' : ` (${rule.by} ${key})`;
  const events = found.reduce((sum, { count }) => sum + count, 0);
  const steps = rule.steps.map(({ query, least, absent }) => `${absent ? 'none of ' : least > 1 ? `${least} or more of ` : ''}${query}`).join(', then ');
  const present = rule.steps.filter(({ absent }) => !absent);
  const queries = `(${present.map(({ query }) => (present.length === 1 ? query : `(${query})`)).join(' OR ')})`;
  const own = scope.query.trim() === '' ? queries : `(${scope.query}) ${queries}`;
  return {
    key: `${like}@${from}`, like, kind: rule.kind, detector: 'sequence', title: `${rule.title}${who}`,
    why: `${found.length === 1 ? 'Once' : `${found.length} times`}${lasted === 0 ? '' : `, ${found.length === 1 ? '' : 'the first '}over ${formatDuration(lasted)}`}: ${steps}${events > 1 ? `; no more than ${formatDuration(rule.within * 1e6)} between one event and the next` : ''}.`,
    evidence: [{ label: 'Times', value: String(found.length) }, { label: 'Events', value: String(events) }, ...(rule.by === '' ? [] : [{ label: rule.by, value: key }])],
    severity: rule.severity, score: 1 - 1 / (1 + found.length + Math.log10(events)), from, to: to + 1,
    scope: { query: rule.by === '' ? own : withFilter(own, rule.by, key, 'include'), from, to: to + 1 }, events: found.flatMap((match) => match.events).filter((id) => id >= 0).slice(0, MAX_EXAMPLES),
    quieted: quieted.has(like), pair: null,
  };
}
