/**
 * What to say of records that write no message although everything about them is known: audit trails of clouds and platforms. The
 * user and the address have columns of their own and are left out, so that like events read alike.
 */

type ValueOf = (name: string) => string;

interface Kind {
  /** the names that all must have a value */
  needs: readonly string[];
  say(value: ValueOf): (string | false)[];
}

const KINDS: readonly Kind[] = [
  // AWS CloudTrail
  {
    needs: ['eventName', 'eventSource'],
    say: (value) => [value('eventName'), 'on', value('eventSource'), failure(value('errorCode'), value('errorMessage'))],
  },
  // Kubernetes audit
  {
    needs: ['auditID', 'verb'],
    say: (value) => [
      value('verb'),
      value('objectRef.resource') === '' ? value('requestURI') : joined('/', value('objectRef.resource'), value('objectRef.subresource')),
      joined('/', value('objectRef.namespace'), value('objectRef.name')),
      Number(value('responseStatus.code')) >= 400 && failure(value('responseStatus.code'), value('responseStatus.message') || value('responseStatus.reason')),
    ],
  },
  // Google Cloud audit
  {
    needs: ['protoPayload.methodName'],
    say: (value) => [value('protoPayload.methodName'), about('on', value('protoPayload.resourceName')), failure(value('protoPayload.status.code'), value('protoPayload.status.message'))],
  },
  // Microsoft 365 unified audit
  {
    needs: ['Operation', 'Workload'],
    say: (value) => [value('Operation'), about('in', value('Workload')), about('on', value('ObjectId')), value('ResultStatus') !== '' && `(${value('ResultStatus')})`],
  },
  // Azure activity and resource logs
  {
    needs: ['operationName', 'resourceId'],
    say: (value) => [value('operationName'), about('on', value('resourceId')), value('resultType') !== '' && `(${value('resultType')})`],
  },
  // GitHub's event feed and GH Archive
  {
    needs: ['type', 'actor.login', 'repo.name'],
    say: (value) => [
      value('type').replace(/Event$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' '),
      value('payload.action'),
      about('of', joined(' ', value('payload.ref_type'), value('payload.ref').replace(/^refs\/(?:heads|tags)\//, ''))),
      about('in', value('repo.name')),
      titled(value('payload.pull_request.title') || value('payload.issue.title') || value('payload.release.name') || value('payload.commits.0.message')),
    ],
  },
  // Chainsaw's detections
  { needs: ['name', 'document.kind'], say: (value) => [value('name')] },
  // GitHub audit
  {
    needs: ['action', 'actor'],
    say: (value) => [value('action'), about('in', value('repo') || value('team') || value('org') || value('business')), value('user') !== value('actor') && about('for', value('user'))],
  },
];

/** Keys of which one stands in every record of these kinds: only for those all values are taken out (see MARK.sentence). */
export const SENTENCE_KEYS = ['eventname', 'auditid', 'protopayload', 'operation', 'operationname', 'document', 'action', 'actor.displaylogin'] as const;

const LENGTH = 400;

/** A message for the record whose values `value` tells by their dotted names ('' = none); '' when its kind is not known. */
export function sentenceOf(value: ValueOf): string {
  const kind = KINDS.find(({ needs }) => needs.every((name) => value(name) !== ''));
  if (!kind) return '';
  const text = kind.say(value).filter((part) => part !== false && part !== '').join(' ').replace(' : ', ': ');
  return text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text;
}

function about(word: string, what: string): string | false {
  return what !== '' && `${word} ${what}`;
}
function titled(text: string): string | false {
  return text !== '' && `: ${text.split('\n', 1)[0]}`;
}
function joined(mark: string, ...parts: string[]): string {
  return parts.filter((part) => part !== '').join(mark);
}
function failure(code: string, reason: string): string | false {
  return (code !== '' || reason !== '') && `failed: ${joined(' ', code, reason)}`;
}
