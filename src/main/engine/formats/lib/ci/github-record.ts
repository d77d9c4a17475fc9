/** What all events from GitHub bodies share: names of repository and actor, and the body without its links to the API. */
import type { DecodedRecord } from '../decoded-record.ts';
import { isObject, objectAt, textAt, type JsonObject } from '../json-access.ts';

/** What stands around the thing an event is about. */
export interface Around {
  /** the webhook's body; the item itself where there is nothing around it */
  body: JsonObject;
  /** of the object's first byte in the file */
  offset: number;
}

const DROPPED = new Set(['node_id', 'gravatar_id', 'avatar_url', 'check_suite_node_id']);
/** Links to the API: all of them follow from the ids beside them. */
const API_LINK = /^https?:\/\/[^/]*\bapi\.|\/api\/v3\/|\{[/?]/;

/** The value without links to the API and without ids that only the API knows. */
export function withoutLinks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutLinks(item));
  if (!isObject(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (DROPPED.has(key)) continue;
    if ((key === 'url' || key.endsWith('_url')) && typeof inner === 'string' && (API_LINK.test(inner) || inner === '')) continue;
    if (key === 'permissions' && isObject(inner)) continue;
    // A user or an organisation has a web page whose address follows from its name.
    if (key.endsWith('_url') && key !== 'html_url' && isObject(value) && 'login' in value && 'html_url' in value) continue;
    kept.push([key, withoutLinks(inner)]);
  }
  return Object.fromEntries(kept);
}

/** Repository and sender of a body; where it names none, what the web address of the thing says. */
export function namesOf({ body, offset }: Around, url: string | undefined, actor?: string): DecodedRecord {
  const repository = objectAt(body, 'repository');
  const full = textAt(repository, 'full_name') ?? /^https?:\/\/[^/]+\/(?:api\/v3\/)?(?:repos\/)?([\w.-]+\/[\w.-]+)\//.exec(url ?? '')?.[1];
  const [owner, name] = full?.split('/') ?? [];
  return {
    'service.name': name ?? textAt(repository, 'name'),
    'user.name': actor ?? textAt(objectAt(body, 'sender'), 'login'),
    'vcs.provider.name': 'github',
    'vcs.owner.name': owner,
    'vcs.repository.name': full,
    'vcs.repository.url.full': textAt(repository, 'html_url') ?? (full === undefined ? undefined : /^https?:\/\/[^/]+\//.exec(url ?? '')?.[0].replace('//api.', '//').concat(full)),
    'event.action': textAt(body, 'action'),
    'document.offset': offset,
  };
}
