/**
 * Events of GitHub's CI bodies: one for each run, job, step, check, deployment and deployment status. Times: when it started (else when
 * it was created); completed or updated as event.end and event.duration. See github-push.ts for pushes and commits.
 */
import type { DecodedRecord } from '../decoded-record.ts';
import { firstLine, hasAny, listAt, numberAt, objectAt, textAt, type JsonObject } from '../json-access.ts';
import { namesOf, withoutLinks, type Around } from './github-record.ts';
import { commitRecord, commitRecords, pushRecords } from './github-push.ts';
import { githubKind, LISTS, type GithubKind } from './github-shapes.ts';
import { deploymentStatus, outcomeOf, refOf, runState } from './outcome.ts';
import { timesOf } from './span-of-time.ts';

/** The events of one body. What is no body that is known here becomes one event with all it says. */
export function githubRecords(body: JsonObject, offset: number): Iterable<DecodedRecord> {
  return recordsOf(githubKind(body), body, { body, offset });
}

function recordsOf(kind: GithubKind | null, o: JsonObject, around: Around): Iterable<DecodedRecord> {
  switch (kind) {
    case 'workflow_run': return [run(objectAt(o, 'workflow_run'), around)];
    case 'run': return [run(o, around)];
    case 'workflow_job': return job(objectAt(o, 'workflow_job'), around);
    case 'job': return job(o, around);
    case 'check_run': return [check(objectAt(o, 'check_run'), around)];
    case 'check': return [check(o, around)];
    case 'check_suite': return [check(objectAt(o, 'check_suite'), around)];
    case 'deployment': return [deployment(objectAt(o, 'deployment'), around)];
    case 'bare_deployment': return [deployment(o, around)];
    case 'deployment_status': return [status(objectAt(o, 'deployment_status'), objectAt(o, 'deployment'), around)];
    case 'bare_deployment_status': return [status(o, {}, around)];
    case 'gh_run': return ghRun(o, around);
    case 'list': return list(o, around);
    case 'push': return pushRecords(o, around);
    case 'commit': return [commitRecord(o, around)];
    case 'commits': return commitRecords(o, around);
    default: return [other(o, around)];
  }
}

function* list(o: JsonObject, around: Around): Iterable<DecodedRecord> {
  for (const [key] of LISTS) {
    for (const item of listAt(o, key)) {
      const kind = githubKind(item);
      // A list in a list is no body of GitHub's, and would be one without end.
      yield* recordsOf(kind === 'list' ? null : kind, item, { ...around, body: item });
    }
  }
}

function run(o: JsonObject, around: Around): DecodedRecord {
  const workflow = objectAt(around.body, 'workflow');
  const name = textAt(o, 'name') ?? textAt(workflow, 'name') ?? textAt(o, 'display_title', 'path') ?? 'workflow';
  const ended = textAt(o, 'status') === 'completed' ? textAt(o, 'updated_at') : undefined;
  const commit = objectAt(o, 'head_commit');
  return runRecord('run', o, around, {
    ...timesOf(textAt(o, 'run_started_at', 'created_at'), ended),
    ...runNames(name, textAt(o, 'run_number'), textAt(o, 'id'), textAt(o, 'html_url'), textAt(o, 'run_attempt')),
    ...head(textAt(o, 'head_branch'), textAt(o, 'head_sha')),
    'vcs.ref.head.message': firstLine(textAt(commit, 'message')) || undefined,
    'cicd.pipeline.trigger': textAt(o, 'event'),
  }, `${name}${numberText(o)}`, textAt(objectAt(o, 'triggering_actor'), 'login') ?? textAt(objectAt(o, 'actor'), 'login'));
}
function numberText(o: JsonObject): string {
  const number = textAt(o, 'run_number', 'number');
  const attempt = numberAt(o, 'run_attempt', 'attempt') ?? 1;
  return `${number === undefined ? '' : ` #${number}`}${attempt > 1 ? ` (attempt ${attempt})` : ''}`;
}
function runNames(name: string | undefined, number: string | undefined, id: string | undefined, url: string | undefined, attempt: string | undefined): DecodedRecord {
  return {
    'cicd.pipeline.name': name,
    'cicd.pipeline.run.id': id,
    'cicd.pipeline.run.number': number,
    'cicd.pipeline.run.attempt': attempt,
    'cicd.pipeline.run.url.full': url,
  };
}
function head(ref: string | undefined, revision: string | undefined): DecodedRecord {
  const { name, type } = refOf(ref);
  return { 'vcs.ref.head.name': name, 'vcs.ref.head.type': type, 'vcs.ref.head.revision': revision };
}

/** A record about something with a status and a conclusion. */
function runRecord(dataset: string, o: JsonObject, around: Around, says: DecodedRecord, title: string, actor: string | undefined, raw: JsonObject = around.body): DecodedRecord {
  const status = textAt(o, 'status');
  const conclusion = textAt(o, 'conclusion');
  const { level, result, outcome } = outcomeOf(conclusion);
  const url = textAt(o, 'html_url') ?? textAt(o, 'url', 'run_url');
  const part = dataset === 'run' ? 'pipeline' : 'pipeline.task.run';
  return {
    ...says,
    message: `${title}: ${conclusion ?? status ?? 'unknown'}`,
    'log.level': level,
    'event.dataset': `github.${dataset}`,
    'event.outcome': outcome,
    [`cicd.${part}.result`]: result,
    'cicd.pipeline.run.state': dataset === 'run' ? runState(status) : undefined,
    ...namesOf(around, url, actor),
    'url.full': url,
    github: withoutLinks(raw),
  };
}

function* job(o: JsonObject, around: Around): Iterable<DecodedRecord> {
  const name = textAt(o, 'name') ?? 'job';
  const workflow = textAt(o, 'workflow_name');
  const shared = {
    ...runNames(workflow, undefined, textAt(o, 'run_id'), undefined, textAt(o, 'run_attempt')),
    ...head(textAt(o, 'head_branch'), textAt(o, 'head_sha')),
    'cicd.worker.id': textAt(o, 'runner_id'),
    'cicd.worker.name': textAt(o, 'runner_name'),
  };
  yield runRecord('job', o, around, {
    ...timesOf(textAt(o, 'started_at', 'created_at'), textAt(o, 'completed_at')),
    ...shared,
    'cicd.pipeline.task.name': name,
    'cicd.pipeline.task.run.id': textAt(o, 'id'),
    'cicd.pipeline.task.run.url.full': textAt(o, 'html_url'),
  }, workflow === undefined ? name : `${workflow} / ${name}`, undefined, withoutSteps(o, around));
  for (const step of listAt(o, 'steps')) yield stepRecord(step, name, textAt(o, 'id'), textAt(o, 'html_url'), around, shared);
}
/** Steps are events of their own. */
function withoutSteps(o: JsonObject, { body }: Around): JsonObject {
  const { steps, ...rest } = o;
  return body === o ? rest : { ...body, workflow_job: rest };
}
/** A step, in GitHub's or the `gh` command's spelling of it. `around` is that of its job. */
function stepRecord(step: JsonObject, job: string, jobId: string | undefined, url: string | undefined, around: Around, shared: DecodedRecord): DecodedRecord {
  const name = textAt(step, 'name') ?? 'step';
  const record = runRecord('step', step, around, {
    ...timesOf(textAt(step, 'started_at', 'startedAt'), textAt(step, 'completed_at', 'completedAt')),
    ...shared,
    'cicd.pipeline.task.name': name,
    'cicd.pipeline.task.run.number': textAt(step, 'number'),
    'cicd.pipeline.task.parent.name': job,
    'cicd.pipeline.task.parent.run.id': jobId,
    'cicd.pipeline.task.run.url.full': url,
  }, `${job} / ${name}`, undefined, { step });
  return { ...record, ...namesOf(around, url), 'url.full': url };
}

function check(o: JsonObject, around: Around): DecodedRecord {
  const suite = objectAt(o, 'check_suite');
  const output = objectAt(o, 'output');
  const app = textAt(objectAt(o, 'app'), 'name');
  const name = textAt(o, 'name') ?? `Checks of ${app ?? 'an app'}`;
  const record = runRecord(hasAny(o, 'started_at') ? 'check_run' : 'check_suite', o, around, {
    ...timesOf(textAt(o, 'started_at', 'created_at'), textAt(o, 'completed_at')),
    'cicd.pipeline.name': app,
    'cicd.pipeline.run.id': textAt(suite, 'id'),
    'cicd.pipeline.task.name': name,
    'cicd.pipeline.task.run.id': textAt(o, 'id'),
    'cicd.pipeline.task.run.url.full': textAt(o, 'html_url', 'details_url'),
    ...head(textAt(o, 'head_branch') ?? textAt(suite, 'head_branch'), textAt(o, 'head_sha')),
  }, name, undefined);
  const title = firstLine(textAt(output, 'title'));
  return title === '' ? record : { ...record, message: `${record.message as string}: ${title}` };
}

function deploymentNames(o: JsonObject, environment: string | undefined): DecodedRecord {
  return {
    'deployment.environment.name': environment,
    'deployment.id': textAt(o, 'id'),
    'deployment.name': textAt(o, 'task'),
    ...head(textAt(o, 'ref'), textAt(o, 'sha')),
  };
}
function deployment(o: JsonObject, around: Around): DecodedRecord {
  const environment = textAt(o, 'environment');
  const description = firstLine(textAt(o, 'description'));
  return {
    ...timesOf(textAt(o, 'created_at'), undefined),
    ...deploymentNames(o, environment),
    message: `Deployment of ${refOf(textAt(o, 'ref')).name ?? 'a commit'} to ${environment ?? 'an environment'} created${description === '' ? '' : `: ${description}`}`,
    'log.level': 'info',
    'event.dataset': 'github.deployment',
    ...namesOf(around, textAt(o, 'url'), textAt(objectAt(o, 'creator'), 'login')),
    'url.full': textAt(objectAt(o, 'payload'), 'web_url') ?? textAt(objectAt(around.body, 'repository'), 'html_url'),
    github: withoutLinks(around.body),
  };
}
function status(o: JsonObject, of: JsonObject, around: Around): DecodedRecord {
  const environment = textAt(o, 'environment') ?? textAt(of, 'environment');
  const state = textAt(o, 'state') ?? 'unknown';
  const outcome = outcomeOf(state);
  const what = refOf(textAt(of, 'ref')).name;
  const id = textAt(of, 'id') ?? /\/deployments\/(\d+)/.exec(textAt(o, 'deployment_url', 'url') ?? '')?.[1];
  const description = firstLine(textAt(o, 'description'));
  return {
    ...timesOf(textAt(o, 'created_at'), undefined),
    ...deploymentNames(of, environment),
    'deployment.id': id,
    'deployment.status': deploymentStatus(outcome),
    'deployment.state': state,
    message: `Deployment${what === undefined ? '' : ` of ${what}`} to ${environment ?? 'an environment'}: ${state}${description === '' ? '' : `: ${description}`}`,
    'log.level': outcome.level,
    'event.dataset': 'github.deployment_status',
    'event.outcome': outcome.outcome,
    ...namesOf(around, textAt(o, 'url'), textAt(objectAt(o, 'creator'), 'login')),
    'url.full': textAt(o, 'environment_url', 'log_url', 'target_url') ?? textAt(objectAt(around.body, 'repository'), 'html_url'),
    github: withoutLinks(around.body),
  };
}

/** `gh run list --json …` and `gh run view --json …`: the run, then its jobs and their steps. */
function* ghRun(o: JsonObject, around: Around): Iterable<DecodedRecord> {
  const { jobs, ...rest } = o;
  const name = textAt(o, 'workflowName', 'name');
  const url = textAt(o, 'url');
  const names = runNames(name, textAt(o, 'number'), textAt(o, 'databaseId'), url, textAt(o, 'attempt'));
  const revision = head(textAt(o, 'headBranch'), textAt(o, 'headSha'));
  if (Object.keys(rest).length > 0) {
    const ended = textAt(o, 'status') === 'completed' ? textAt(o, 'updatedAt') : undefined;
    yield runRecord('run', o, around, { ...timesOf(textAt(o, 'startedAt', 'createdAt'), ended), ...names, ...revision, 'cicd.pipeline.trigger': textAt(o, 'event') },
      `${name ?? textAt(o, 'displayTitle') ?? 'workflow'}${numberText(o)}`, undefined, rest);
  }
  for (const item of listAt(o, 'jobs')) {
    const { steps, ...alone } = item;
    const title = textAt(item, 'name') ?? 'job';
    const id = textAt(item, 'databaseId');
    const link = textAt(item, 'url') ?? url;
    const shared = { ...names, ...revision };
    const record = runRecord('job', item, around, {
      ...timesOf(textAt(item, 'startedAt'), isoOrNone(textAt(item, 'completedAt'))),
      ...shared,
      'cicd.pipeline.task.name': title,
      'cicd.pipeline.task.run.id': id,
      'cicd.pipeline.task.run.url.full': link,
    }, name === undefined ? title : `${name} / ${title}`, undefined, { job: alone });
    yield { ...record, ...namesOf(around, link), 'url.full': link };
    for (const step of listAt(item, 'steps')) yield stepRecord(step, title, id, link, around, shared);
  }
}
/** `gh` writes the year 1 for 'not yet'. */
function isoOrNone(text: string | undefined): string | undefined {
  return text?.startsWith('0001-') ? undefined : text;
}

/** A body that is about something else (webhook logs hold all kinds). */
function other(o: JsonObject, around: Around): DecodedRecord {
  const kind = Object.keys(o).find((key) => !['action', 'repository', 'organization', 'sender', 'installation'].includes(key) && Object.keys(objectAt(o, key)).length > 0);
  const about = kind === undefined ? o : objectAt(o, kind);
  const title = firstLine(textAt(about, 'title', 'name', 'body'));
  return {
    '@timestamp': textAt(about, 'updated_at', 'created_at'),
    message: [kind ?? 'event', textAt(o, 'action'), title].filter(Boolean).join(' '),
    'event.dataset': 'github.other',
    ...namesOf(around, textAt(about, 'html_url')),
    'url.full': textAt(about, 'html_url'),
    github: withoutLinks(o),
  };
}
