/**
 * Web server access logs: common, combined and virtual-host combined log format of Apache and nginx, and what people put behind
 * them (request time, forwarded-for, upstream times). Hot: bytes only.
 */
import { FIELD, NUMBER, type Format, type Sink, type SourceContext } from './format.ts';
import { decode, lineParser } from './lib/lines.ts';
import { attributeValue } from './lib/line-format.ts';
import { recogniseLines } from './lib/recognition.ts';
import { clfTime, createClock, type Clock } from './lib/time.ts';

/** The bracket of [dd/Mmm/yyyy is not looked for further than this into a line. */
const MAX_BEFORE_TIME = 1024;
/** No log format puts more values behind the status than this. */
const MAX_TAIL_VALUES = 64;

function reader(clock: Clock) {
  return {
    report(buf: Uint8Array, start: number, _lineEnd: number, end: number, sink: Sink): void {
      sink.begin(start, end);
      const limit = Math.min(end, start + MAX_BEFORE_TIME);
      let bracket = start;
      while (bracket < limit && !(buf[bracket] === 91 && buf[bracket + 3] === 47 && buf[bracket + 7] === 47)) bracket++;
      if (bracket < limit) {
        const us = clfTime(buf, bracket + 1, end, clock);
        if (us === us && buf[clock.end] === 93) {
          sink.time(us, bracket + 1, clock.end, !clock.zoned);
          const after = clock.end + 1;
          reportClient(buf, start, bracket, sink);
          reportRequest(buf, after, end, sink);
        }
      }
      sink.end();
    },
  };
}

/** What makes an address, counted in one sum: dots, colons << 10, and << 20 what cannot stand in one. No word here is longer than MAX_BEFORE_TIME. */
const COLON = 1 << 10;
const FOREIGN = 1 << 20;
const ADDRESS_WEIGHT = new Int32Array(256).fill(FOREIGN);
for (const c of new TextEncoder().encode('0123456789abcdefABCDEF%')) ADDRESS_WEIGHT[c] = 0;
ADDRESS_WEIGHT[46] = 1;
ADDRESS_WEIGHT[58] = COLON;

/** Where the word at `p` ends; as ~end when the word is an IP address: three dots or at least two colons among hex digits. */
function addressEnd(buf: Uint8Array, p: number, end: number): number {
  let sum = 0;
  for (; p < end; p++) {
    const c = buf[p];
    if (c === 32) break;
    sum += ADDRESS_WEIGHT[c];
  }
  return sum < FOREIGN && ((sum & (COLON - 1)) === 3 || sum >= 2 * COLON) ? ~p : p;
}

/** [vhost[:port]] client ident user, before the bracket of the time. */
function reportClient(buf: Uint8Array, start: number, bracket: number, sink: Sink): void {
  let p = start;
  let q = addressEnd(buf, p, bracket);
  let known = q < 0;
  if (known) {
    q = ~q;
  } else if (q + 1 < bracket) {
    const next = addressEnd(buf, q + 1, bracket);
    known = next < 0;
    if (known) {
      let name = q;
      while (name > p && buf[name - 1] >= 48 && buf[name - 1] <= 57) name--;
      const portless = name > p && buf[name - 1] === 58 ? name - 1 : q;
      sink.field(FIELD.service, p, portless);
      if (sink.detail) sink.attribute('vhost', decode(buf, p, q));
      p = q + 1;
      q = ~next;
    }
  }
  if (known) sink.field(FIELD.ip, p, q);
  else if (sink.detail && q > p) sink.attribute('client', decode(buf, p, q));
  p = q + 1;
  q = wordEnd(buf, p, bracket);
  if (sink.detail && q > p && buf[p] !== 45) sink.attribute('ident', decode(buf, p, q));
  p = q + 1;
  // A user's name may hold blanks: it goes on to the bracket.
  q = bracket;
  while (q > p && buf[q - 1] === 32) q--;
  if (p < q) sink.field(FIELD.user, p, q);
}

function wordEnd(buf: Uint8Array, p: number, end: number): number {
  while (p < end && buf[p] !== 32) p++;
  return p;
}

/** The closing quote of a quoted text whose first byte is `p`; backslashes escape. Returns `end` when there is none. */
function quoteEnd(buf: Uint8Array, p: number, end: number): number {
  for (; p < end; p++) {
    const c = buf[p];
    if (c === 34) return p;
    if (c === 92) p++;
  }
  return end;
}

/** "request" status bytes "referrer" "agent" and the rest. */
function reportRequest(buf: Uint8Array, p: number, end: number, sink: Sink): void {
  while (p < end && buf[p] === 32) p++;
  if (buf[p] !== 34 || p >= end) {
    if (p < end) sink.message(p, end);
    return;
  }
  const open = p;
  const close = quoteEnd(buf, p + 1, end);
  reportTarget(buf, open + 1, close, sink);
  p = close + 1;
  while (p < end && buf[p] === 32) p++;
  let status = 0;
  let q = p;
  while (q < end && q - p < 4 && buf[q] >= 48 && buf[q] <= 57) status = status * 10 + buf[q++] - 48;
  if (q - p === 3 && status >= 100) sink.number(NUMBER.status, status);
  q = wordEnd(buf, q, end);
  const bytesAt = q + 1;
  q = bytesAt;
  while (q < end && buf[q] >= 48 && buf[q] <= 57) q++;
  if (bytesAt < q && (q >= end || buf[q] === 32)) {
    if (sink.detail) sink.attribute('bytes', attributeValue(decode(buf, bytesAt, q)));
  } else {
    q = buf[bytesAt] === 45 ? bytesAt + 1 : Math.min(bytesAt - 1, end);
  }
  q = Math.min(q, end);
  sink.message(open, q);
  reportTail(buf, q, end, sink);
}

/** METHOD target PROTOCOL; anything else (TLS bytes, '-') has no target. */
function reportTarget(buf: Uint8Array, p: number, end: number, sink: Sink): void {
  let q = p;
  while (q < end && buf[q] >= 65 && buf[q] <= 95) q++;
  if (q === p || q >= end || buf[q] !== 32) return;
  const target = q + 1;
  let last = end;
  while (last > target && buf[last - 1] !== 32) last--;
  // No protocol (HTTP/0.9): the target goes on to the end.
  const targetEnd = last > target ? last - 1 : end;
  sink.field(FIELD.url, target, targetEnd);
  if (!sink.detail) return;
  sink.attribute('method', decode(buf, p, q));
  if (last > target) sink.attribute('protocol', decode(buf, last, end));
}

/** Quoted values in order are referrer, agent, then unnamed; bare decimals are seconds; name=value are attributes. */
function reportTail(buf: Uint8Array, p: number, end: number, sink: Sink): void {
  let quoted = 0;
  let bare = 0;
  let latency = false;
  let values = 0;
  while (p < end && values < MAX_TAIL_VALUES) {
    if (buf[p] === 32) {
      p++;
      continue;
    }
    values++;
    if (buf[p] === 34) {
      const close = quoteEnd(buf, p + 1, end);
      if (sink.detail && close > p + 1 && !(close === p + 2 && buf[p + 1] === 45)) {
        const name = quoted === 0 ? 'referrer' : quoted === 1 ? 'user_agent' : quoted === 2 ? 'forwarded_for' : `extra.${quoted - 2}`;
        sink.attribute(name, decode(buf, p + 1, close));
      }
      quoted++;
      p = close + 1;
      continue;
    }
    const word = p;
    let equals = -1;
    while (p < end && buf[p] !== 32) {
      if (buf[p] === 61 && equals < 0) equals = p;
      if (buf[p] === 34 && equals >= 0) p = quoteEnd(buf, p + 1, end);
      p++;
    }
    p = Math.min(p, end);
    const value = equals < 0 ? word : equals + 1;
    if (!latency && (equals < 0 || isRequestTime(buf, word, equals))) {
      const ms = duration(buf, value, p);
      if (ms >= 0) {
        sink.number(NUMBER.latencyMs, ms);
        latency = true;
        continue;
      }
    }
    if (sink.detail && !(p === word + 1 && buf[word] === 45)) {
      if (equals >= 0) sink.attribute(decode(buf, word, equals), attributeValue(decode(buf, value, p).replace(/^"|"$/g, '')));
      else sink.attribute(`extra_${++bare}`, attributeValue(decode(buf, word, p)));
    }
  }
}

/** rt and request_time are what nginx guides call it. */
function isRequestTime(buf: Uint8Array, p: number, end: number): boolean {
  if (end - p === 2) return buf[p] === 114 && buf[p + 1] === 116;
  return end - p === 12 && buf[p] === 114 && buf[p + 7] === 95 && buf[p + 8] === 116;
}

/** Milliseconds of 0.123 (seconds) or 12ms; -1 for anything else: a bare whole number may be seconds, ms or us. */
function duration(buf: Uint8Array, p: number, end: number): number {
  let value = 0;
  let scale = 0;
  let q = p;
  for (; q < end; q++) {
    const c = buf[q];
    if (c === 46 && scale === 0 && q > p) {
      scale = 1;
      continue;
    }
    if (c < 48 || c > 57) break;
    value = value * 10 + c - 48;
    if (scale > 0) scale *= 10;
  }
  if (q === p || q - p > 15) return -1;
  if (q === end) return scale > 1 ? (value * 1000) / scale : -1;
  return end - q === 2 && buf[q] === 109 && buf[q + 1] === 115 ? value / (scale || 1) : -1;
}

export const access: Format = {
  id: 'access',
  title: 'Web access log',
  description: 'Apache and nginx access logs: common, combined, virtual host combined, with request times and other fields behind.',
  signal: 'logs',
  parallel: true,
  samples: [
    {
      record: '192.168.202.254 - - [20/Jul/2009:22:59:26 +0000] "GET /vmw/cgi/tramp HTTP/1.0" 200 134 "-" "gPXE/0.9.7"',
      time: '2009-07-20T22:59:26.000000Z',
      message: '"GET /vmw/cgi/tramp HTTP/1.0" 200 134',
      fields: { ip: '192.168.202.254', url: '/vmw/cgi/tramp' },
      numbers: { status: 200 },
      attributes: { method: 'GET', protocol: 'HTTP/1.0', bytes: 134, user_agent: 'gPXE/0.9.7' },
    },
    {
      record: '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 304 -',
      time: '2000-10-10T20:55:36.000000Z',
      message: '"GET /apache_pb.gif HTTP/1.0" 304 -',
      fields: { user: 'frank' },
      numbers: { status: 304 },
    },
    {
      record: 'shop.example.com:443 2001:db8::7 - - [01/Jun/2026:00:00:01 +0000] "POST /a%20b?q=\\"x\\" HTTP/2.0" 502 17 "https://e.com/\\"q\\"" "Mozilla/5.0 (X11)" 0.250',
      fields: { service: 'shop.example.com', ip: '2001:db8::7', url: '/a%20b?q=\\"x\\"' },
      numbers: { status: 502, latencyMs: 250 },
      attributes: { vhost: 'shop.example.com:443', user_agent: 'Mozilla/5.0 (X11)' },
    },
    {
      record: '10.0.0.9 - - [01/Jun/2026:00:00:01 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8" "203.0.113.9" rt=0.042 uct="0.000" urt="0.041"',
      numbers: { latencyMs: 42 },
      attributes: { forwarded_for: '203.0.113.9', uct: '0.000', urt: '0.041' },
    },
    {
      record: '10.0.0.9 - - [01/Jun/2026:00:00:01 +0000] "GET / HTTP/1.1" 200 612 "-" "Go" 7 "web@docker" "http://10.0.0.2:80" 12ms',
      numbers: { latencyMs: 12, status: 200 },
      attributes: { extra_1: 7 },
    },
    {
      record: '10.0.0.9 - - [01/Jun/2026:00:00:01 +0000] "\\x16\\x03\\x01" 400 226 "-" "-"',
      message: '"\\x16\\x03\\x01" 400 226',
      numbers: { status: 400 },
    },
    { record: 'crawl.example.net - - [01/Jun/2026:00:00:01 +0000] "GET /old" 200 5', fields: { url: '/old' }, attributes: { client: 'crawl.example.net' } },
    {
      record: '192.168.202.254 [20/Jul/2009:22:59:29 +0000] "GET /x HTTP/1.0" 404 46210',
      time: '2009-07-20T22:59:29.000000Z',
      fields: { ip: '192.168.202.254' },
      numbers: { status: 404 },
    },
  ],
  recognise: (head) => recogniseLines(head, {
    matches: (line) => /^(?:\S+ ){1,6}\[\d\d\/[A-Z][a-z]{2}\/\d{4}[: ]\d\d:\d\d:\d\d(?: [+-]\d{4})?\] "/.test(line),
    weight: 0.97,
    what: '"client ident user [time] request status bytes"',
    least: 0.4,
  }),
  open: (context: SourceContext) => lineParser(reader(createClock(context))),
};
