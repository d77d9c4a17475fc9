/**
 * Events of GitLab's CI bodies: pipelines, jobs and deployments as the API lists them and as the webhooks tell them. A pipeline webhook
 * is one event and one for each of its builds.
 */
import type { DecodedRecord } from '../decoded-record.ts';
import { firstLine, hasAll, hasAny, isObject, listAt, numberAt, objectAt, textAt, type JsonObject } from '../json-access.ts';
import { deploymentStatus, outcomeOf, refOf, runState } from './outcome.ts';
import { isoTime, timesOf } from './span-of-time.ts';

export type GitlabKind = 'pipeline' | 'job' | 'deployment' | 'pipeline_hook' | 'build_hook' | 'deployment_hook';
const HOOKS: Readonly<Record<string, GitlabKind>> = { pipeline: 'pipeline_hook', build: 'build_hook', job: 'build_hook', deployment: 'deployment_hook' };

/** null for what is none of these. */
export function gitlabKind(o: JsonObject): GitlabKind | null {
  const hook = typeof o.object_kind === 'string' ? HOOKS[o.object_kind] : undefined;
  if (hook !== undefined && hasAny(o, 'project', 'project_name', 'project_id')) return hook;
  if (hasAll(o, 'stage', 'status', 'ref') && hasAny(o, 'pipeline', 'allow_failure')) return 'job';
  if (hasAll(o, 'environment', 'sha', 'status') && hasAny(o, 'deployable', 'iid') && isObject(o.environment)) return 'deployment';
  return hasAll(o, 'sha', 'ref', 'status') && hasAny(o, 'web_url', 'before_sha') && hasAny(o, 'source', 'project_id', 'detailed_status') ? 'pipeline' : null;
}

/** The events of one body; offset: of its first byte in the file. */
export function* gitlabRecords(o: JsonObject, offset: number): Iterable<DecodedRecord> {
  switch (gitlabKind(o)) {
    case 'pipeline': yield pipeline(o, o, offset); return;
    case 'job': yield job(o, offset); return;
    case 'deployment': yield deployment(o, offset); return;
    case 'pipeline_hook': yield* pipelineHook(o, offset); return;
    case 'build_hook': yield buildHook(o, offset); return;
    case 'deployment_hook': yield deploymentHook(o, offset); return;
    default:
      yield {
        '@timestamp': isoTime(textAt(o, 'created_at')),
        message: ['GitLab', textAt(o, 'object_kind', 'event_name') ?? 'event', firstLine(textAt(objectAt(o, 'object_attributes'), 'title', 'note'))].filter((part) => part !== '').join(' '),
        'event.dataset': 'gitlab.other', ...project(o, undefined), 'document.offset': offset, gitlab: o,
      };
  }
}

/** Names that a status gives an event. */
function result(dataset: string, status: string | undefined, allowed = false): DecodedRecord {
  const found = outcomeOf(status);
  return {
    // A job that is allowed to fail does not fail its pipeline.
    'log.level': allowed && found.level === 'error' ? 'warning' : found.level,
    'event.dataset': `gitlab.${dataset}`,
    'event.outcome': found.outcome,
    'vcs.provider.name': 'gitlab',
    ...(dataset === 'pipeline' ? { 'cicd.pipeline.result': found.result, 'cicd.pipeline.run.state': runState(status) } : {}),
    ...(dataset === 'job' ? { 'cicd.pipeline.task.run.result': found.result } : {}),
  };
}
/** Repository names, from the project a webhook tells or from the address of the thing's web page. */
function project(o: JsonObject, url: string | undefined): DecodedRecord {
  const told = objectAt(o, 'project');
  const path = textAt(told, 'path_with_namespace') ?? /^https?:\/\/[^/]+\/(.+?)\/-\//.exec(url ?? '')?.[1];
  const parts = path?.split('/') ?? [];
  return {
    'service.name': parts.at(-1) ?? textAt(told, 'name') ?? textAt(o, 'project_name'),
    'vcs.owner.name': parts.length > 1 ? parts.slice(0, -1).join('/') : undefined,
    'vcs.repository.name': path,
    'vcs.repository.url.full': textAt(told, 'web_url') ?? /^(https?:\/\/[^/]+\/.+?)\/-\//.exec(url ?? '')?.[1],
  };
}
function user(o: JsonObject): string | undefined {
  const { user: who } = o;
  return isObject(who) ? textAt(who, 'username', 'name') : undefined;
}
function head(o: JsonObject, sha = textAt(o, 'sha')): DecodedRecord {
  const { name, type } = refOf(textAt(o, 'ref'));
  return { 'vcs.ref.head.name': name, 'vcs.ref.head.type': type ?? (o.tag === true ? 'tag' : o.tag === false ? 'branch' : undefined), 'vcs.ref.head.revision': sha };
}

/** `around`: the webhook's body, or the pipeline itself. */
function pipeline(o: JsonObject, around: JsonObject, offset: number): DecodedRecord {
  const url = textAt(o, 'web_url', 'url');
  const id = textAt(o, 'iid', 'id');
  const status = textAt(o, 'status');
  const { builds, ...rest } = around;
  const ended = textAt(o, 'finished_at') ?? (runState(status) === undefined && around === o ? textAt(o, 'updated_at') : undefined);
  return {
    ...timesOf(textAt(o, 'started_at', 'created_at'), ended, numberAt(o, 'duration')),
    message: `${textAt(o, 'name') ?? 'Pipeline'} #${id ?? '?'} on ${refOf(textAt(o, 'ref')).name ?? '?'}: ${status ?? 'unknown'}`,
    ...result('pipeline', status),
    ...project(around, url),
    'user.name': user(around),
    'url.full': url,
    'cicd.pipeline.name': textAt(o, 'name'),
    'cicd.pipeline.run.id': textAt(o, 'id'),
    'cicd.pipeline.run.number': textAt(o, 'iid'),
    'cicd.pipeline.run.url.full': url,
    'cicd.pipeline.trigger': textAt(o, 'source'),
    ...head(o),
    'document.offset': offset,
    gitlab: rest,
  };
}
function* pipelineHook(o: JsonObject, offset: number): Iterable<DecodedRecord> {
  const attributes = objectAt(o, 'object_attributes');
  const record = pipeline(attributes, o, offset);
  yield record;
  for (const build of listAt(o, 'builds')) {
    yield {
      ...jobSays(build, textAt(build, 'name'), numberAt(build, 'duration')),
      ...project(o, undefined),
      'user.name': user(build) ?? user(o),
      'url.full': textAt(attributes, 'url'),
      ...head(attributes),
      'cicd.pipeline.name': textAt(attributes, 'name'),
      'cicd.pipeline.run.id': textAt(attributes, 'id'),
      'document.offset': offset,
      gitlab: { build },
    };
  }
}

function jobSays(o: JsonObject, name: string | undefined, seconds: number | undefined): DecodedRecord {
  const stage = textAt(o, 'stage');
  const status = textAt(o, 'status');
  const reason = status === 'failed' ? textAt(o, 'failure_reason') : undefined;
  const environment = objectAt(o, 'environment');
  return {
    ...timesOf(textAt(o, 'started_at', 'created_at'), textAt(o, 'finished_at'), seconds),
    message: `${stage === undefined ? '' : `${stage} / `}${name ?? 'job'}: ${status ?? 'unknown'}${reason === undefined ? '' : ` (${reason})`}`,
    ...result('job', status, o.allow_failure === true),
    'cicd.pipeline.task.name': name,
    'cicd.pipeline.task.stage': stage,
    'cicd.pipeline.task.run.id': textAt(o, 'id'),
    'cicd.worker.id': textAt(objectAt(o, 'runner'), 'id'),
    'cicd.worker.name': textAt(objectAt(o, 'runner'), 'description'),
    'deployment.environment.name': textAt(environment, 'name'),
    'error.type': reason,
  };
}
function job(o: JsonObject, offset: number): DecodedRecord {
  const url = textAt(o, 'web_url');
  const run = objectAt(o, 'pipeline');
  return {
    ...jobSays(o, textAt(o, 'name'), numberAt(o, 'duration')),
    ...project({}, url),
    'user.name': user(o),
    'url.full': url,
    ...head(o, textAt(objectAt(o, 'commit'), 'id') ?? textAt(run, 'sha')),
    'cicd.pipeline.run.id': textAt(run, 'id'),
    'cicd.pipeline.run.url.full': textAt(run, 'web_url'),
    'cicd.pipeline.task.run.url.full': url,
    'document.offset': offset,
    gitlab: o,
  };
}
/** The job webhook writes its fields with 'build_' in front. */
function buildHook(o: JsonObject, offset: number): DecodedRecord {
  const build: Record<string, unknown> = { allow_failure: o.build_allow_failure, runner: o.runner, environment: o.environment };
  for (const [key, value] of Object.entries(o)) if (key.startsWith('build_')) build[key.slice(6)] = value;
  const page = textAt(objectAt(o, 'repository'), 'homepage') ?? textAt(objectAt(o, 'project'), 'web_url');
  const url = page === undefined ? undefined : `${page}/-/jobs/${textAt(build, 'id') ?? ''}`;
  return {
    ...jobSays(build, textAt(build, 'name'), numberAt(build, 'duration')),
    ...project(o, url),
    'user.name': user(o),
    'url.full': url,
    ...head(o),
    'cicd.pipeline.run.id': textAt(o, 'pipeline_id'),
    'document.offset': offset,
    gitlab: o,
  };
}

function deploymentSays(o: JsonObject, environment: string | undefined, status: string | undefined): DecodedRecord {
  const ref = refOf(textAt(o, 'ref')).name;
  return {
    message: `Deployment${ref === undefined ? '' : ` of ${ref}`} to ${environment ?? 'an environment'}: ${status ?? 'unknown'}`,
    ...result('deployment', status),
    'deployment.environment.name': environment,
    'deployment.status': deploymentStatus(outcomeOf(status)),
    'deployment.state': status,
    'user.name': user(o),
  };
}
function deployment(o: JsonObject, offset: number): DecodedRecord {
  const deployable = objectAt(o, 'deployable');
  const url = textAt(deployable, 'web_url') ?? textAt(objectAt(deployable, 'pipeline'), 'web_url');
  const ended = textAt(o, 'finished_at') ?? textAt(deployable, 'finished_at');
  return {
    ...timesOf(textAt(deployable, 'started_at') ?? textAt(o, 'created_at'), ended, ended === undefined ? undefined : numberAt(deployable, 'duration')),
    ...deploymentSays(o, textAt(objectAt(o, 'environment'), 'name'), textAt(o, 'status')),
    ...project({}, url),
    'url.full': textAt(objectAt(o, 'environment'), 'external_url') ?? url,
    ...head(o),
    'deployment.id': textAt(o, 'id'),
    'cicd.pipeline.task.name': textAt(deployable, 'name'),
    'cicd.pipeline.task.run.id': textAt(deployable, 'id'),
    'document.offset': offset,
    gitlab: o,
  };
}
function deploymentHook(o: JsonObject, offset: number): DecodedRecord {
  const url = textAt(o, 'deployable_url');
  const commit = textAt(o, 'commit_url')?.split('/').at(-1);
  return {
    ...timesOf(textAt(o, 'status_changed_at'), undefined),
    ...deploymentSays(o, textAt(o, 'environment'), textAt(o, 'status')),
    ...project(o, url),
    'url.full': url ?? textAt(o, 'environment_external_url'),
    ...head(o, commit !== undefined && /^[0-9a-f]{40,64}$/.test(commit) ? commit : textAt(o, 'short_sha')),
    'deployment.id': textAt(o, 'deployment_id'),
    'cicd.pipeline.task.run.id': textAt(o, 'deployable_id'),
    'document.offset': offset,
    gitlab: o,
  };
}
