/**
 * What the keys of structured records (JSON, logfmt, CSV columns) mean: one table for all of them.
 *
 * Keys are compared without case and without '_', '-' and blanks (requestId = request_id = "Request-ID"), nested names joined with dots, so
 * {"log":{"level":…}} and {"log.level":…} are the same key. A leading underscore counts (journald's _HOSTNAME, Zeek's _path).
 * Within a meaning, the earlier spelling wins when a record has several.
 */

import { SENTENCE_KEYS } from './sentences.ts';

/** Meanings; the first nine are the FIELD codes of format.ts. */
export const MEANING = {
  service: 0,
  host: 1,
  level: 2,
  user: 3,
  ip: 4,
  url: 5,
  requestId: 6,
  traceId: 7,
  spanId: 8,
  status: 9,
  latency: 10,
  time: 11,
  message: 12,
} as const;
export type Meaning = (typeof MEANING)[keyof typeof MEANING];
export const MEANING_COUNT = 13;

/** How a level written as a number is to be read. auto: 10..60 pino; smaller ones need a mark (GELF, Nextcloud). word: only a level word counts. kube: only in Kubernetes' own records. */
export const SCALE = { auto: 0, otel: 1, syslog: 2, python: 3, mongo: 4, word: 5, kube: 6 } as const;
/** Microseconds per unit of a duration; 0 = by the rule for unnamed units (see structured.ts). */
export const UNIT = { unnamed: 0, ns: 0.001, us: 1, ms: 1000, s: 1e6 } as const;
/** A host that is a pod of Kubernetes: its name tells the workload (lib/workload.ts). */
export const POD = 1;
/** Bits of the dialects that keys give away. sentence: lib/sentences.ts may know a message for the record. */
export const MARK = { pid: 1, gelf: 2, nextcloud: 4, mongo: 8, zeek: 16, kube: 32, sentence: 64 } as const;

export interface Spelling {
  meaning: Meaning;
  /** smaller is better */
  rank: number;
  /** SCALE of a level, UNIT of a latency, for a service the MARK it is only believed beside, POD for a host that is a pod of Kubernetes, else 0 */
  parameter: number;
}

const TIME = `@timestamp timestamp time ts datetime eventtime @t timeunixnano __realtimetimestamp _sourcerealtimetimestamp t.$date timestamp.$date
  time.$date ts.$date timestamp.seconds isotime eventtimestamp logtime logtimestamp localtimestamp asctime timeiso8601 timelocal timeutc utctime
  datetimeutc timegenerated systemtime event.created event.start edgestarttimestamp edgeendtimestamp createdat created observedtimeunixnano
  observedtimestamp receivetimestamp starttime startedat instant.epochsecond timemillis timestampms when msec dateandtime date t
  stagetimestamp requestreceivedtimestamp lasttimestamp deprecatedlasttimestamp firsttimestamp creationtime timecreated published`;
const LEVEL = 'log.level leveldisplayname level severity severitytext loglevel levelname lvl logseverity @l log.syslog.severity.name sev errorseverity';
const SERVICE = `service.name service servicename serviceid app.name app application.name application appname syslogidentifier _systemdunit unit program
  processname kubernetes.labels.app kubernetes.labels.app.kubernetes.io/name kubernetes.containername kubernetes.container.name k8s.container.name
  containername container.name resource.labels.containername component subsystem log.logger logger loggername logger.name provider providername channel sourcecontext
  scope.name instrumentationscope.name target module facility cl eventsource source.component reportingcomponent reportingcontroller
  protopayload.servicename workload parser repo.name`;
const HOST = `host.name host.hostname hostname _hostname host machinename machine node.name nodename node kubernetes.podname kubernetes.pod.name
  k8s.pod.name podname pod kubernetes.host k8s.node.name computername computer servername server agent.hostname agent.name beat.hostname beat.name instance
  ctxt.host source.host document.data.event.system.computer`;
const PODS = 'kubernetes.podname kubernetes.pod.name k8s.pod.name podname';
const USER = `user.name username actor user.username actor.alternateid actor.login user user.id userid useridentity.username remoteuser authuser enduser.id user.email useremail login account accountname
  principal acct usr useridentity.arn useridentity.principalid protopayload.authenticationinfo.principalemail`;
const IP = `client.ip clientip source.ip sourceip sourceipaddress remoteaddr remoteip remoteipaddress request.remoteip request.remoteaddr request.clientip
  req.remoteaddress req.ip ipaddress ip clientaddress client.address source.address net.peer.ip net.sock.peer.addr httprequest.remoteip peerip srcip
  id.origh idorigh src calleripaddress sourceips actorip client.ipaddress protopayload.requestmetadata.callerip xforwardedfor xrealip remote addr remoteaddress connectionfrom remotehost`;
const URL = `url.original url.full url.path url requesturi request.uri requesturl request.url req.url http.url http.target httprequest.requesturl
  clientrequesturi uri requestpath request.path path http.path urlpath endpoint http.route route`;
const REQUEST = `http.request.id requestid xrequestid request.id reqid req.id correlationid httprequestid transaction.id transactionid awsrequestid
  rayid operationid rid`;
const TRACE = 'trace.id traceid trace dd.traceid oteltraceid logging.googleapis.com/trace tracecontext.traceid xb3traceid @tr xamzntraceid';
const SPAN = 'span.id spanid dd.spanid otelspanid logging.googleapis.com/spanid @sp xb3spanid';
const STATUS = `http.response.statuscode http.statuscode statuscode status httpstatus httpstatuscode res.statuscode res.status response.statuscode
  response.status httprequest.status http.status edgeresponsestatus responsestatus responsestatus.code responsestatuscode responsecode scstatus code`;
const MESSAGE = `message msg @m shortmessage body body.stringvalue textpayload renderedmessage logmessage log text event messagetext line @mt
  messagetemplate event.original log.original fullmessage displaymessage description desc note ruletitle mapdescription detections error.message err.message exception.message error err reason`;
const DURATIONS = 'duration latency elapsed elapsedtime took responsetime requesttime processingtime executiontime timetaken totaltime runtime rt dur';
const SUFFIXES: readonly (readonly [string, number])[] = [
  ['', UNIT.unnamed],
  ['ms', UNIT.ms], ['msec', UNIT.ms], ['millis', UNIT.ms], ['milliseconds', UNIT.ms], ['inms', UNIT.ms], ['inmillis', UNIT.ms],
  ['us', UNIT.us], ['usec', UNIT.us], ['micros', UNIT.us], ['microseconds', UNIT.us],
  ['ns', UNIT.ns], ['nanos', UNIT.ns], ['nanoseconds', UNIT.ns],
  ['s', UNIT.s], ['sec', UNIT.s], ['secs', UNIT.s], ['seconds', UNIT.s],
];
/** Durations whose writer's unit is known: ECS nanoseconds, nginx seconds, pino milliseconds. */
const KNOWN_DURATIONS: readonly (readonly [string, number])[] = [
  ['event.duration', UNIT.ns], ['httprequest.latency', UNIT.s], ['request_time', UNIT.s], ['upstreamresponsetime', UNIT.s],
  ['res.responsetime', UNIT.ms], ['responseTime', UNIT.ms], ['took', UNIT.ms], ['elapsedmilliseconds', UNIT.ms], ['timetaken', UNIT.ms],
];
/** Objects that only wrap the record's own keys: they are looked through, their keys count after the outer ones. */
const WRAPPERS = `attributes resource resource.attributes fields @fields labels extra context ctx data jsonpayload properties mdc contextmap attr
  logattributes resourceattributes tags contextdata payload details`;

const TABLE = new Map<string, Spelling>();
const PARENTS = new Set<string>();
const WRAPPER_NAMES = new Set(WRAPPERS.split(/\s+/).map(normalise));

function add(name: string, meaning: Meaning, rank: number, parameter = 0): void {
  const key = normalise(name);
  if (TABLE.has(key)) return;
  TABLE.set(key, { meaning, rank, parameter });
  for (let dot = key.indexOf('.'); dot > 0; dot = key.indexOf('.', dot + 1)) PARENTS.add(key.slice(0, dot));
}
function addAll(names: string, meaning: Meaning): void {
  names.split(/\s+/).forEach((name, rank) => add(name, meaning, rank));
}
add('priority', MEANING.level, 30, SCALE.syslog);
add('severitynumber', MEANING.level, 20, SCALE.otel);
add('severity', MEANING.level, 2, SCALE.syslog);
add('syslog.severity', MEANING.level, 21, SCALE.syslog);
add('log.syslog.severity.code', MEANING.level, 22, SCALE.syslog);
add('levelno', MEANING.level, 23, SCALE.python);
add('name', MEANING.service, 60, MARK.pid);
add('c', MEANING.service, 61, MARK.mongo);
add('_path', MEANING.service, 62, MARK.zeek);
add('s', MEANING.level, 40, SCALE.mongo);
add('at', MEANING.level, 41, SCALE.word);
add('type', MEANING.level, 42, SCALE.kube);
add('label', MEANING.level, 43, SCALE.word);
for (const [name, unit] of KNOWN_DURATIONS) add(name, MEANING.latency, 0, unit);
DURATIONS.split(' ').forEach((name, rank) => SUFFIXES.forEach(([suffix, unit]) => add(name + suffix, MEANING.latency, rank + 1, unit)));
addAll(TIME, MEANING.time);
addAll(LEVEL, MEANING.level);
addAll(SERVICE, MEANING.service);
addAll(HOST, MEANING.host);
for (const name of PODS.split(' ')) {
  const spelling = TABLE.get(name);
  if (spelling) spelling.parameter = POD;
}
addAll(USER, MEANING.user);
addAll(IP, MEANING.ip);
addAll(URL, MEANING.url);
addAll(REQUEST, MEANING.requestId);
addAll(TRACE, MEANING.traceId);
addAll(SPAN, MEANING.spanId);
addAll(STATUS, MEANING.status);
addAll(MESSAGE, MEANING.message);
// How people head the columns of a timeline that they keep by hand.
add('when', MEANING.time, 120);
add('who', MEANING.user, 120);
add('what', MEANING.message, 120);
/** Keys that give a dialect away. */
const MARKS = new Map<string, number>([
  ['pid', MARK.pid], ['shortmessage', MARK.gelf], ['reqid', MARK.nextcloud], ['t.$date', MARK.mongo], ['id.origh', MARK.zeek],
  ['auditid', MARK.kube], ['involvedobject', MARK.kube], ['regarding', MARK.kube],
]);
for (const key of SENTENCE_KEYS) MARKS.set(key, (MARKS.get(key) ?? 0) | MARK.sentence);
/** Rank of a key behind a wrapper or a leading underscore: after every key of the record itself. */
const BEHIND = 64;
/** What a leading underscore may hide (GELF's additional fields): never a time or a URL, because Zeek and others have their own. */
const UNDERSCORED: readonly Meaning[] = [
  MEANING.service, MEANING.user, MEANING.ip, MEANING.requestId, MEANING.traceId, MEANING.spanId, MEANING.status, MEANING.latency,
];

/** Lower case, without '_', '-' and blanks; a leading underscore stays. */
export function normalise(key: string): string {
  const lead = /^_+/.exec(key)?.[0] ?? '';
  return lead + key.slice(lead.length).toLowerCase().replace(/[_\- ]/g, '');
}

/** Where in a record a key stands: the name of the object around it ('' at the top and inside wrappers). */
export interface Place {
  path: string;
  wrapped: boolean;
}
export interface KeyMeaning {
  /** null: nothing that has a column */
  spelling: Spelling | null;
  /** MARK bits */
  marks: number;
  /** when the value is an object: where its keys are, or null when none of them can mean anything */
  inside: Place | null;
}

/** Looks a key up. Slow (strings); callers remember the answer per distinct key. */
export function meaningOf(key: string, place: Place): KeyMeaning {
  const name = normalise(key);
  const path = place.path === '' ? name : `${place.path}.${name}`;
  // A wrapper that is also part of longer names (resource) is both: resource.labels.x and resource.{service.name}.
  const bare = WRAPPER_NAMES.has(place.path);
  let spelling = TABLE.get(path) ?? (bare ? TABLE.get(name) : undefined) ?? null;
  if (spelling && place.wrapped) spelling = { ...spelling, rank: spelling.rank + BEHIND };
  if (!spelling && /^_[^_]/.test(path)) {
    const plain = TABLE.get(path.slice(1));
    if (plain && UNDERSCORED.includes(plain.meaning)) spelling = { ...plain, rank: plain.rank + BEHIND };
  }
  let inside: Place | null = null;
  const wraps = WRAPPER_NAMES.has(path);
  if (PARENTS.has(path)) inside = { path, wrapped: place.wrapped || wraps };
  else if (wraps) inside = { path: '', wrapped: true };
  else if (bare && PARENTS.has(name)) inside = { path: name, wrapped: true };
  return { spelling, marks: place.wrapped ? 0 : (MARKS.get(path) ?? 0), inside };
}

/** Places by number, so that a parser can name them in a typed array. 0 is the top of a record. */
export class Places {
  private readonly list: Place[] = [{ path: '', wrapped: false }];

  get(number: number): Place {
    return this.list[number];
  }
  /** The number of a place; -1 for null. */
  numberOf(place: Place | null): number {
    if (place === null) return -1;
    const at = this.list.findIndex((other) => other.path === place.path && other.wrapped === place.wrapped);
    return at >= 0 ? at : this.list.push(place) - 1;
  }
}
