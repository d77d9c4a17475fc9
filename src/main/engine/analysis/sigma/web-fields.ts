/**
 * Requests to web servers and through proxies: what the fields of W3C extended logs, which Sigma's categories webserver and proxy use, are called
 * in the logs of others.
 */
import type { FieldMap, RecordView } from './record-view.ts';

/** The target of a request as it is written; null = the record is none. */
export const urlOf = (view: RecordView): string | null => {
  const known = view.memo.get(urlOf);
  if (known !== undefined) return known as string | null;
  const [found] = view.column('url') ?? view.first('url.original', 'url', 'uri', 'request_uri', 'cs-uri', 'cs-uri-stem', 'cs-uri-path', 'http.url', 'request.uri', 'httprequest.requesturl', 'httprequest.uri') ?? [];
  view.memo.set(urlOf, found ?? null);
  return found ?? null;
};
const pathOf = (url: string): string => url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
const queryOf = (url: string): string => {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
};
const hostOf = (url: string): string | null => /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]*)/i.exec(url)?.[1] ?? /^([\w.-]+):\d+$/.exec(url)?.[1] ?? null;
const ofUrl = (part: (url: string) => string | null) => (view: RecordView): readonly string[] | null => {
  const url = urlOf(view);
  const found = url === null ? null : part(url);
  return found === null ? null : [found];
};
const agent: FieldMap[string] = (view) => view.first('cs(user-agent)', 'cs-user-agent', 'c-useragent', 'user_agent', 'user_agent.original', 'http_user_agent', 'useragent') ?? view.ending('useragent');
const referer: FieldMap[string] = (view) => view.first('cs(referer)', 'cs-referer', 'referrer', 'referer', 'http_referer', 'http.request.referrer') ?? view.ending('referer', 'referrer');
const cookie: FieldMap[string] = (view) => view.first('cs(cookie)', 'cs-cookie', 'cookie', 'request_cookie') ?? view.ending('cookie', 'cookies');
/** The method of a request. */
export const methodOf = (view: RecordView): readonly string[] | null => view.first('cs-method', 'method', 'http.request.method', 'request_method', 'http_method', 'verb') ?? view.ending('method');
/** In an access log rules mean the request's target by the query as well; logs with a field of their own (IIS) have it there. */
const query: FieldMap[string] = (view) => {
  if (view.format === 'w3c' || view.leaves.has('cs-uri-query') || view.leaves.has('url.query')) return view.first('cs-uri-query', 'url.query');
  const url = urlOf(view);
  return url === null ? null : [queryOf(url), url];
};
const stem = ofUrl(pathOf);
const host: FieldMap[string] = (view) => ofUrl(hostOf)(view) ?? view.first('cs-host', 'vhost', 'url.domain', 'host', 'server') ?? (view.format === 'zeek' || view.format === 'w3c' ? view.column('host') : null);
const status: FieldMap[string] = (view) => view.column('status') ?? view.first('sc-status', 'status', 'status_code', 'http.response.status_code');
/** All of the target: logs of W3C have it in pieces. */
const whole = (view: RecordView): readonly string[] | null => {
  const url = urlOf(view);
  if (url === null) return null;
  const [asked] = view.first('cs-uri-query') ?? [];
  const [scheme] = view.first('cs-uri-scheme') ?? [];
  const [name] = scheme === undefined ? [] : (view.first('cs-host', 'r-dns') ?? view.column('host') ?? []);
  return [`${name !== undefined && url.startsWith('/') ? `${scheme}://${name}` : ''}${url}${asked !== undefined && !url.includes('?') ? `?${asked.replace(/^\?/, '')}` : ''}`];
};
export const WEB_FIELDS: FieldMap = {
  'cs-method': methodOf, 'c-method': methodOf, 'cs-uri': whole, 'c-uri': whole, 'cs-uri-stem': stem, 'c-uri-stem': stem, 'c-uri-path': stem, 'cs-uri-query': query, 'c-uri-query': query, 'cs-uri-path': stem,
  'c-uri-extension': ofUrl((url) => /\.([^./]+)$/.exec(pathOf(url))?.[1] ?? ''), 'c-useragent': agent, 'cs-user-agent': agent, 'cs(user-agent)': agent, useragent: agent, 'cs-referer': referer, 'cs-referrer': referer, 'c-referer': referer, 'cs-cookie': cookie, 'cs-cookie-string': cookie,
  'cs-host': host, 'r-dns': host, 'c-dns': host, 'cs-uri-host': host, 'sc-status': status, 'c-ip': (view) => view.column('ip') ?? view.own('c-ip'), 'cs-username': (view) => view.column('user'),
  src_ip: (view) => view.own('c-ip') ?? view.column('ip'), dst_ip: (view) => view.first('dst_ip', 's-ip', 'r-ip', 's-supplier-ip', 'destination.ip', 'dest_ip', 'id.resp_h'), 'cs-bytes': (view) => view.first('cs-bytes', 'request_length', 'http.request.bytes', 'request_body_len'),
  'sc-bytes': (view) => view.first('sc-bytes', 'bytes', 'body_bytes_sent', 'http.response.bytes'), 'cs-version': (view) => view.first('cs-version', 'protocol', 'http.version'),
};
