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
import { NumberColumn } from '../number-column.ts';

/** Events that are gone through for one rule, and values looked at; that there were more is told. */
const MOST_EVENTS = 5_000_000;
const MOST_KEYS = 500_000;

/** Events of one session key as columns; `order` are their places by time. `step` is the place of the step in the rule. */
export interface StepEvents {
  time: ArrayLike<number>;
  step: ArrayLike<number>;
  id: ArrayLike<number>;
  order: readonly number[];
}
export interface Match {
  from: number;
  to: number;
  /** ids of the events that make it, at most MAX_EXAMPLES, the last ones first to be kept */
  events: number[];
  count: number;
}
type Step = Pick<SequenceRule['steps'][number], 'least' | 'absent'>;

/**
 * Where the steps come in their order, each with at least so many events, and no two events that count for it further apart than `within`
 * (microseconds). Matches do not overlap. Steps that must be absent are: no event of theirs within that time before the first event of the step behind them.
 * @param elsewhere by step, rising: times at which a step that must be absent was there, whatever the key
 */
export function matches({ time, step, id, order }: StepEvents, steps: readonly Step[], within: number, elsewhere: readonly (Float64Array | undefined)[] = []): Match[] {
  const found: Match[] = [];
  const present = [...steps.keys()].filter((i) => !steps[i].absent);
  let at = 0;
  let taken: number[] = [];
  let count = 0;
  const reset = (): void => {
    at = 0;
    taken = [];
    count = 0;
  };
  const lastSeen = new Float64Array(steps.length).fill(Number.NEGATIVE_INFINITY);
  for (const i of order) {
    if (taken.length > 0 && time[i] - time[taken[taken.length - 1]] > within) reset();
    if (steps[step[i]].absent) {
      lastSeen[step[i]] = time[i];
      continue;
    }
    const wanted = present[at];
    // A step that has enough still takes what more there is of it.
    if (step[i] !== wanted) {
      if (at > 0 && step[i] === present[at - 1] && count === 0) taken.push(i);
      continue;
    }
    if (count === 0 && absentBefore(wanted, steps, lastSeen, elsewhere, time[i], within)) {
      reset();
      continue;
    }
    taken.push(i);
    if (++count < steps[wanted].least) continue;
    count = 0;
    if (++at < present.length) continue;
    const half = MAX_EXAMPLES / 2;
    const some = taken.length <= MAX_EXAMPLES ? taken : [...taken.slice(0, half), ...taken.slice(-half)];
    found.push({ from: time[taken[0]], to: time[i], events: some.map((each) => id[each]), count: taken.length });
    reset();
  }
  return found;
}

/** Whether a step that must be absent before `step` was there within so long before `time`. */
function absentBefore(step: number, steps: readonly Step[], lastSeen: Float64Array, elsewhere: readonly (Float64Array | undefined)[], time: number, within: number): boolean {
  for (let i = step - 1; i >= 0 && steps[i].absent; i--) if (Math.max(lastSeen[i], latestUntil(elsewhere[i], time)) >= time - within) return true;
  return false;
}
/** The largest of rising times that is not behind `time`. */
function latestUntil(times: Float64Array | undefined, time: number): number {
  if (!times) return Number.NEGATIVE_INFINITY;
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? Number.NEGATIVE_INFINITY : times[low - 1];
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

interface SequencesFound {
  findings: CorrelationFinding[];
  /** there were more events or values than are looked at */
  truncated: boolean;
}

/** What a rule finds in a scope: one finding a value of its field, with all its matches. */
export async function findSequences(context: AnalysisContext, results: StepResults, rule: SequenceRule & { id: number | null }, quieted: ReadonlySet<string>, progress: (share: number) => void): Promise<SequencesFound> {
  const { steps } = rule;
  const by = rule.by === '' ? null : resolveField(rule.by);
  const places = new Map<string, number>();
  // How many events of each step a value has: most have too few of one, and are done with.
  const counts = new NumberColumn();
  const [time, place, step, id] = Array.from({ length: 4 }, () => new NumberColumn());
  const elsewhere: (NumberColumn | undefined)[] = [];
  let truncated = false;
  for (const [i, { query, absent }] of steps.entries()) {
    const result = await results.of(query, (done) => progress((i + done) / steps.length));
    // A step that must come and never does: the rule can find nothing. One that must not come and never does is no evidence either: it may not be recorded at all.
    if (result.total === 0) return { findings: [], truncated: false };
    // What must be absent may be told by another source, which does not know the key (a commit has no host).
    const unkeyed = absent && !steps.some((other) => !other.absent && other.query === query) && by !== null ? (elsewhere[i] = new NumberColumn()) : null;
    for (const part of result.parts) {
      const valueOf = by === null ? (): string => '' : valuesOf(by, part, context.catalog, context.searcher.records);
      for (let k = 0; k < part.count; k++) {
        const offset = offsetAt(part, k);
        const key = valueOf(offset);
        const at = part.segment.hot.time[offset];
        if (key === null) {
          unkeyed?.push(at);
          continue;
        }
        let known = places.get(key);
        if (known === undefined && places.size < MOST_KEYS) {
          places.set(key, (known = places.size));
          for (let each = 0; each < steps.length; each++) counts.push(0);
        }
        if (known === undefined || time.length >= MOST_EVENTS) {
          truncated = true;
          continue;
        }
        counts.add(known * steps.length + i, 1);
        time.push(at);
        place.push(known);
        step.push(i);
        id.push(part.segment.id * SEGMENT_SIZE + offset);
      }
      await context.turns.next();
    }
  }
  const orders = [...places.values()].map((each) => (steps.every(({ least, absent }, i) => absent || counts.at(each * steps.length + i) >= least) ? ([] as number[]) : null));
  for (let i = 0; i < place.length; i++) orders[place.at(i)]?.push(i);
  const times = elsewhere.map((column) => column?.values.sort());
  const events = { time: time.values, step: step.values, id: id.values };
  const findings: CorrelationFinding[] = [];
  for (const [key, known] of places) {
    const order = orders[known];
    if (!order) continue;
    // Of one time the earlier step comes first. Events of a step lie nearly in order already, and a list is sorted run by run.
    order.sort((a, b) => events.time[a] - events.time[b] || events.step[a] - events.step[b]);
    const found = matches({ ...events, order }, steps, rule.within * 1e6, times);
    if (found.length > 0) findings.push(findingOf(rule, key, found, results.scope, quieted));
    await context.turns.next();
  }
  return { findings: findings.sort((a, b) => b.score - a.score || a.from - b.from), truncated };
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
