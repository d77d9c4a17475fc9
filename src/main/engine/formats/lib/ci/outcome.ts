/** Results of runs, jobs and deployments as GitHub and GitLab word them, to the words of OpenTelemetry and ECS. */

/** What of a result goes into a record. */
export interface Outcome {
  /** log.level: error = high, warning = medium, notice = low, info */
  level: 'error' | 'warning' | 'notice' | 'info';
  /** OpenTelemetry cicd.pipeline.result; undefined while there is none */
  result?: 'success' | 'failure' | 'error' | 'timeout' | 'cancellation' | 'skip';
  /** ECS event.outcome */
  outcome: 'success' | 'failure' | 'unknown';
}

const WORDS: readonly (readonly [string, Outcome])[] = [
  ['success successful passed completed_success succeeded', { level: 'info', result: 'success', outcome: 'success' }],
  ['failure failed', { level: 'error', result: 'failure', outcome: 'failure' }],
  ['startup_failure error', { level: 'error', result: 'error', outcome: 'failure' }],
  ['timed_out', { level: 'warning', result: 'timeout', outcome: 'failure' }],
  ['cancelled canceled canceling stale', { level: 'warning', result: 'cancellation', outcome: 'unknown' }],
  ['action_required', { level: 'warning', outcome: 'unknown' }],
  ['skipped', { level: 'info', result: 'skip', outcome: 'unknown' }],
];
const BY_WORD = new Map(WORDS.flatMap(([words, outcome]) => words.split(' ').map((word) => [word, outcome] as const)));
const UNDECIDED: Outcome = { level: 'info', outcome: 'unknown' };

/** A conclusion (or a state that is one); neutral, queued, running and what nobody knows is info without a result. */
export function outcomeOf(word: string | undefined): Outcome {
  return BY_WORD.get((word ?? '').toLowerCase()) ?? UNDECIDED;
}

/** OpenTelemetry cicd.pipeline.run.state: pending or executing; undefined when it has ended. */
export function runState(status: string | undefined): 'pending' | 'executing' | undefined {
  const word = (status ?? '').toLowerCase();
  if (/^(?:queued|requested|waiting|pending|created|preparing|scheduled|manual|waiting_for_resource|blocked)$/.test(word)) return 'pending';
  return /^(?:in_progress|running)$/.test(word) ? 'executing' : undefined;
}

/** OpenTelemetry deployment.status: succeeded or failed; undefined while there is none. */
export function deploymentStatus({ result }: Outcome): 'succeeded' | 'failed' | undefined {
  if (result === 'success') return 'succeeded';
  return result === 'failure' || result === 'error' ? 'failed' : undefined;
}

/** A Git ref without refs/heads/ or refs/tags/, and what it is. */
export function refOf(ref: string | undefined): { name?: string; type?: 'branch' | 'tag' } {
  const match = /^refs\/(heads|tags)\/(.+)$/s.exec(ref ?? '');
  if (match) return { name: match[2], type: match[1] === 'tags' ? 'tag' : 'branch' };
  return ref === undefined ? {} : { name: ref };
}
