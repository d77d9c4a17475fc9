/**
 * HAProxy's traffic log (option httplog, httpslog and tcplog; configuration manual, chapter 8.2), bare or behind a syslog header. The time is when the
 * request was accepted. A timer of -1 was never reached.
 */
import { FIELD, NUMBER } from './format.ts';
import { lineFormat, timeFirst } from './lib/line-format.ts';
import { orMatches } from './lib/pattern-parts.ts';

const HEADER = String.raw`(?:(?:<(?<priority>\d{1,3})>)?(?:[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) (?:(?<host>[^\s:[\]]+) )?(?<process>[^\s[\]:]+)(?:\[(?<pid>\d+)\])?: )?`;
const CLIENT = String.raw`(?<ip>[\da-fA-F.:]+|unix|-):(?<port>\d+) \[(?<time>\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] `;
const PLACES = String.raw`(?<frontend>[^\s~]+)(?<tls>~)? (?<service>[^\s/]+)\/(?<server>\S+) `;
const LOAD = String.raw`(?<actconn>\d+)\/(?<feconn>\d+)\/(?<beconn>\d+)\/(?<srv_conn>\d+)\/(?<retries>\+?\d+) (?<srv_queue>\d+)\/(?<backend_queue>\d+)`;
const HTTP = String.raw`(?<tq>-?\d+)\/(?<tw>-?\d+)\/(?<tc>-?\d+)\/(?<tr>-?\d+)\/(?<tt>\+?\d+) (?:(?<status>\d{3})|-1) (?<bytes>\+?\d+) (?<request_cookie>\S+) (?<response_cookie>\S+) (?<termination_state>\S{4}) ${LOAD}`;
const TCP = String.raw`(?<tw>-?\d+)\/(?<tc>-?\d+)\/(?<tt>\+?\d+) (?<bytes>\+?\d+) (?<termination_state>\S{2}) ${LOAD}`;

const PATTERNS = [
  new RegExp(String.raw`^${HEADER}(?<message>${CLIENT}${PLACES}${HTTP}(?: (?<captures>\{[^}]*\}(?: \{[^}]*\})?))?(?: "(?<request>[^"]*)"?)?(?<more>[^\r\n]*))`),
  new RegExp(String.raw`^${HEADER}(?<message>${CLIENT}${PLACES}${TCP}(?<more>[^\r\n]*))`),
  // what it says when a connection fails before there is a session
  new RegExp(String.raw`^${HEADER}(?<message>${CLIENT}(?<frontend>[^\s/]+)\/(?<listener>[^\s:]+): (?<error>[^\r\n]+))`),
];
/** How a session that did not end well was ended: by the server, for want of resources, by an error of the proxy's own. The others: the client, a rule, an operator. */
const BROKEN = /^[SRID]/;
const ENDED = /^[CcsPUK]/;

export const haproxy = lineFormat({
  id: 'haproxy',
  title: 'HAProxy log',
  description: 'Traffic logs of the HAProxy load balancer, for HTTP and TCP, bare or behind a syslog header.',
  what: 'sessions as HAProxy writes them',
  weight: 0.985,
  starts: orMatches(timeFirst(), (c) => c === 60 || (c >= 48 && c <= 57) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102) || c === 117 || c === 45, PATTERNS),
  least: 0.5,
  patterns: PATTERNS,
  asks: ['request', 'tt', 'termination_state', 'error'],
  also(text, sink) {
    const latency = Number(text('tt') || NaN);
    if (latency >= 0) sink.number(NUMBER.latencyMs, latency);
    const state = text('termination_state');
    if (text('error') !== '') sink.severity(2);
    else if (Number(text('status') || 0) < 400 && (BROKEN.test(state) || ENDED.test(state))) sink.severity(BROKEN.test(state) ? 3 : 1);
    const [, method, url] = /^([A-Z]+) (\S+)/.exec(text('request')) ?? [];
    if (url !== undefined) {
      sink.text(FIELD.url, url);
      sink.attribute('method', method);
    }
  },
  samples: [
    {
      record: 'Feb  6 12:14:14 localhost haproxy[14389]: 10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"',
      time: '2009-02-06T12:14:14.655000Z',
      message: '10.0.1.2:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "GET /index.html HTTP/1.1"',
      fields: { host: 'localhost', ip: '10.0.1.2', url: '/index.html', service: 'static' },
      numbers: { status: 200, latencyMs: 109 },
      attributes: { frontend: 'http-in', server: 'srv1', tq: 10, tr: 69, bytes: 2750, termination_state: '----', srv_queue: 0, captures: '{1wt.eu} {}', method: 'GET', pid: 14389 },
    },
    {
      record: '<134>Feb  6 12:12:56 localhost haproxy[14387]: 10.0.1.2:33313 [06/Feb/2009:12:12:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0',
      time: '2009-02-06T12:12:51.443000Z',
      fields: { ip: '10.0.1.2', service: 'bck', host: 'localhost' },
      numbers: { latencyMs: 5007 },
      attributes: { frontend: 'fnt', server: 'srv1', tw: 0, tc: 0, bytes: 212, termination_state: '--', retries: 3 },
    },
    {
      record: '2026-05-01T12:00:00.123456+02:00 lb1 haproxy[9]: 2001:db8::7:443 [01/May/2026:12:00:00.100] https~ app/<NOSRV> 5/-1/-1/-1/+17 503 +217 - - SC-- 2/2/0/0/3 0/0 "POST /pay?x=1 HTTP/2.0" 0/0000000000000000/0/0/0 x.test/TLSv1.3/TLS_AES_128_GCM_SHA256',
      severity: 'high',
      fields: { ip: '2001:db8::7', url: '/pay?x=1', service: 'app', host: 'lb1' },
      numbers: { status: 503, latencyMs: 17 },
      attributes: { tls: '~', server: '<NOSRV>', termination_state: 'SC--', tw: -1 },
    },
    { record: '10.0.1.2:33320 [06/Feb/2009:12:17:35.000] in app/s1 3000/0/0/-1/3050 -1 0 - - cD-- 1/1/1/1/0 0/0 "<BADREQ>"', time: '2009-02-06T12:17:35.000000Z', severity: 'low', numbers: { latencyMs: 3050 } },
    { record: 'Dec  3 18:27:14 localhost haproxy[6103]: 127.0.0.1:56059 [03/Dec/2012:17:35:10.380] frt/f1: Connection error during SSL handshake', time: '2012-12-03T17:35:10.380000Z', severity: 'medium', attributes: { listener: 'f1', error: 'Connection error during SSL handshake' } },
  ],
});
