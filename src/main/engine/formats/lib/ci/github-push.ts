/**
 * Events of pushes: one for the push and one for each commit in it. A push has no time of its own in GitHub's bodies: it is when the
 * repository was pushed to (repository.pushed_at), else the time of its head commit.
 */
import type { DecodedRecord } from '../decoded-record.ts';
import { firstLine, listAt, numberAt, objectAt, textAt, type JsonObject } from '../json-access.ts';
import { namesOf, withoutLinks, type Around } from './github-record.ts';
import { refOf } from './outcome.ts';

export function* pushRecords(o: JsonObject, around: Around): Iterable<DecodedRecord> {
  const { commits, head_commit, ...rest } = o;
  const items = listAt(o, 'commits');
  const { name = 'a ref', type } = refOf(textAt(o, 'ref'));
  const who = textAt(objectAt(o, 'pusher'), 'name') ?? textAt(objectAt(o, 'sender'), 'login');
  const pushedAt = numberAt(objectAt(o, 'repository'), 'pushed_at');
  const names = { 'vcs.ref.head.name': name, 'vcs.ref.head.type': type };
  const at = pushedAt === undefined ? (textAt(objectAt(o, 'repository'), 'pushed_at') ?? textAt(objectAt(o, 'head_commit'), 'timestamp')) : secondsText(pushedAt);
  yield {
    ...namesOf(around, undefined, who),
    '@timestamp': at,
    message: `${who ?? 'Somebody'} ${pushed(o, items.length, type === undefined ? name : `${type} ${name}`)}`,
    'log.level': o.forced === true ? 'notice' : 'info',
    'event.dataset': 'github.push',
    'event.action': 'push',
    ...names,
    'vcs.ref.head.revision': textAt(o, 'after'),
    'vcs.ref.base.revision': textAt(o, 'before'),
    'vcs.commits.count': items.length,
    'url.full': textAt(o, 'compare'),
    github: withoutLinks(rest),
  };
  for (const commit of items) yield pushedCommit(commit, around, names);
}
function secondsText(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
function pushed(o: JsonObject, count: number, ref: string): string {
  const commits = `${count} ${count === 1 ? 'commit' : 'commits'}`;
  if (o.deleted === true) return `deleted ${ref}`;
  if (o.created === true) return `created ${ref}${count > 0 ? ` with ${commits}` : ''}`;
  return `${o.forced === true ? 'force-pushed' : 'pushed'} ${commits} to ${ref}`;
}

function pushedCommit(o: JsonObject, around: Around, names: DecodedRecord): DecodedRecord {
  const author = objectAt(o, 'author');
  return {
    ...names,
    ...namesOf({ ...around, body: { repository: around.body.repository } }, undefined, textAt(author, 'username', 'name')),
    ...commitSays(textAt(o, 'id'), textAt(o, 'message'), textAt(o, 'timestamp'), author),
    'url.full': textAt(o, 'url'),
    github: { commit: withoutLinks(o) },
  };
}

/** A commit as the API's lists have it. */
export function commitRecord(o: JsonObject, around: Around): DecodedRecord {
  const commit = objectAt(o, 'commit');
  const author = objectAt(commit, 'author');
  const login = textAt(objectAt(o, 'author'), 'login');
  const url = textAt(o, 'html_url');
  return {
    ...namesOf({ ...around, body: {} }, url ?? textAt(o, 'url'), login ?? textAt(author, 'name')),
    ...commitSays(textAt(o, 'sha'), textAt(commit, 'message'), textAt(author, 'date') ?? textAt(objectAt(commit, 'committer'), 'date'), author),
    'url.full': url,
    github: withoutLinks(o),
  };
}
export function* commitRecords(o: JsonObject, around: Around): Iterable<DecodedRecord> {
  for (const commit of listAt(o, 'commits')) yield commitRecord(commit, around);
}
function commitSays(id: string | undefined, message: string | undefined, time: string | undefined, author: JsonObject): DecodedRecord {
  return {
    '@timestamp': time,
    message: `${id?.slice(0, 7) ?? 'commit'} ${firstLine(message)}`.trimEnd(),
    'log.level': 'info',
    'event.dataset': 'github.commit',
    'event.action': 'commit',
    'vcs.ref.head.revision': id,
    'user.full_name': textAt(author, 'name'),
    'user.email': textAt(author, 'email'),
  };
}
