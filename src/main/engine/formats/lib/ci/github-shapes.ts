/** Which body of the GitHub API, a webhook or the `gh` command an object is. */
import { hasAll, hasAny, isObject, listAt, objectAt, type JsonObject } from '../json-access.ts';

export type GithubKind =
  | 'workflow_run' | 'workflow_job' | 'check_run' | 'check_suite' | 'deployment' | 'deployment_status' | 'run' | 'job' | 'check' | 'bare_deployment'
  | 'bare_deployment_status' | 'gh_run' | 'list' | 'push' | 'commit' | 'commits';

/** Lists inside one object, and what their items are. */
export const LISTS: readonly (readonly [string, GithubKind])[] = [
  ['workflow_runs', 'run'], ['jobs', 'job'], ['check_runs', 'check'], ['deployments', 'bare_deployment'],
];
const GH_RUN_KEYS = new Set(
  'attempt conclusion createdAt databaseId displayTitle event headBranch headSha jobs name number startedAt status updatedAt url workflowDatabaseId workflowName'.split(' '),
);
const GH_ONLY = ['databaseId', 'displayTitle', 'headBranch', 'headSha', 'workflowDatabaseId', 'workflowName'];

/** null for what is none of these. */
export function githubKind(o: JsonObject): GithubKind | null {
  if (hasAny(objectAt(o, 'workflow_run'), 'run_number', 'head_sha') && !hasAny(o, 'sha')) return 'workflow_run';
  if (hasAny(objectAt(o, 'workflow_job'), 'run_id', 'steps')) return 'workflow_job';
  if (hasAll(objectAt(o, 'check_run'), 'head_sha')) return 'check_run';
  if (hasAll(objectAt(o, 'check_suite'), 'head_sha') && hasAny(o, 'action')) return 'check_suite';
  if (hasAll(objectAt(o, 'deployment_status'), 'state')) return 'deployment_status';
  if (hasAll(objectAt(o, 'deployment'), 'sha', 'environment')) return 'deployment';
  if (isListBody(o)) return 'list';
  if (hasAll(o, 'ref', 'before', 'after') && hasAny(o, 'commits', 'pusher') && hasAny(o, 'repository', 'pusher')) return 'push';
  if (hasAll(o, 'head_sha', 'run_number')) return 'run';
  if (hasAll(o, 'head_sha', 'run_id') && hasAny(o, 'steps', 'labels', 'runner_name')) return 'job';
  if (hasAll(o, 'head_sha', 'conclusion', 'started_at') && hasAny(o, 'check_suite', 'output')) return 'check';
  if (hasAll(o, 'sha', 'ref', 'environment') && hasAny(o, 'statuses_url', 'task')) return 'bare_deployment';
  if (hasAll(o, 'state', 'deployment_url')) return 'bare_deployment_status';
  if (hasAll(o, 'sha', 'commit') && hasAny(objectAt(o, 'commit'), 'author', 'committer')) return 'commit';
  if (hasAny(o, 'total_commits', 'base_commit') && listAt(o, 'commits').some((item) => hasAll(item, 'sha', 'commit'))) return 'commits';
  const keys = Object.keys(o);
  return keys.length > 0 && keys.every((key) => GH_RUN_KEYS.has(key)) && hasAny(o, ...GH_ONLY) && hasAny(o, 'conclusion', 'status', 'databaseId', 'jobs') ? 'gh_run' : ghJobs(o);
}

/** `gh run view --json jobs` alone. */
function ghJobs(o: JsonObject): GithubKind | null {
  return Object.keys(o).length === 1 && listAt(o, 'jobs').some((job) => hasAll(job, 'databaseId', 'steps')) ? 'gh_run' : null;
}
function isListBody(o: JsonObject): boolean {
  for (const [key, kind] of LISTS) {
    if (!Array.isArray(o[key])) continue;
    const items = o[key] as unknown[];
    if (items.length === 0) return hasAll(o, 'total_count');
    return items.some((item) => isObject(item) && githubKind(item) === kind);
  }
  return false;
}
export function isPush(kind: GithubKind | null): boolean {
  return kind === 'push' || kind === 'commit' || kind === 'commits';
}
