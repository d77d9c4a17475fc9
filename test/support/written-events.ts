/** Events that a test writes itself, in three formats, and a plain evaluation of queries over them: no index, no columns. */
import type { CompareOp, Match, QueryNode } from '../../src/shared/query/ast.ts';

export const SEVERITY = ['info', 'low', 'medium', 'high', 'critical'] as const;
type Value = string | number | boolean | null;

export interface Written {
  /** a word that no other event has */
  serial: string;
  file: string;
  format: string;
  raw: string;
  /** microseconds UTC */
  time: number;
  severity: number;
  message: string;
  /** by FIELDS name */
  columns: Record<string, string | number | undefined>;
  attributes: Record<string, Value | undefined>;
  /** what free text is looked for in */
  texts: string[];
}

function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const START = Date.UTC(2026, 10, 20, 10) * 1000;
const SENTENCES = ['gateway timed-out after retry=', 'connection reset by peer ', 'timeout on disk ', 'unïcode text ', 'request done ', 'tab\tstop a b '];
const LEVELS: [string, number][] = [['info', 0], ['info', 0], ['debug', 0], ['warn', 2], ['error', 3], ['fatal', 4]];
const SERVICES = ['api', 'db', 'auth', 'cron'];

/** About 9,500 events in four files; the times of each file go forth and back by up to 40 seconds. */
export function generate(): { events: Written[]; files: Map<string, string> } {
  const next = numbers(7);
  let serialNumber = 0;
  const events: Written[] = [];
  const add = (file: string, format: string, count: number, make: (serial: string, time: number) => Omit<Written, 'serial' | 'file' | 'format' | 'time'> & { time?: number }): void => {
    for (let i = 0; i < count; i++) {
      const serial = `e${serialNumber++}e`;
      const time = START + Math.floor((i / count) * 3000e6) + next(40e6);
      events.push({ serial, file, format, time, ...make(serial, time) });
    }
  };
  const address = (): string => (next(20) === 0 ? `2001:db8::${next(9)}` : next(3) === 0 ? `192.168.7.${next(10)}` : `10.${next(4)}.2.${next(6)}`);
  const jsonLine = (serial: string, time: number): ReturnType<Parameters<typeof add>[3]> => {
    const [level, severity] = LEVELS[next(LEVELS.length)];
    const ms = Math.floor(time / 1000);
    const message = `${SENTENCES[next(SENTENCES.length)]}${next(8)} ${serial}${next(3) === 0 ? ' peer' : ''}`;
    const record: Record<string, Value | Record<string, string> | undefined> = {
      time: `${new Date(ms).toISOString().slice(0, -1)}${String(time - ms * 1000).padStart(3, '0')}Z`,
      level, service: SERVICES[next(3)], host: next(4) === 0 ? undefined : `web-${next(3)}`, msg: message,
      user: next(2) === 0 ? ['ana', 'bob', 'al'][next(3)] : undefined, client_ip: next(2) === 0 ? address() : undefined, url: next(2) === 0 ? `/api/v${next(3)}/items?id=${next(20)}` : undefined,
      status: next(2) === 0 ? [200, 404, 500, 503][next(4)] : undefined, latency_ms: next(2) === 0 ? next(2000) / 2 : undefined, request_id: `r-${next(300)}`,
      shard: next(20), region: ['eu', 'us', undefined][next(3)], nested: { deep: next(5) === 0 ? 'two words' : 'one' }, flag: next(2) === 0, esc: next(10) === 0 ? 'say "q"' : undefined,
    };
    const { nested: _, ...flat } = record;
    const { shard, region, flag, esc } = flat as Record<string, Value | undefined>;
    const deep = (record['nested'] as Record<string, string>)['deep'];
    const { level: l, service, host, user, client_ip: ip, url, status, latency_ms, request_id } = flat as Record<string, string | number | undefined>;
    return {
      raw: JSON.stringify(record), severity, message, columns: { level: l, service, host, user, ip, url, status, latency_ms, request_id },
      attributes: { shard, region, flag, esc, 'nested.deep': deep },
      texts: [...Object.values(flat), deep].filter((value) => value !== undefined && value !== null).map(String),
    };
  };
  add('a.jsonl', 'jsonl', 5000, jsonLine);
  add('b.jsonl', 'jsonl', 1500, jsonLine);
  add('s.log', 'rfc3164', 1500, (serial, time) => {
    const code = [2, 3, 4, 6, 7][next(5)];
    const facility = [0, 4][next(2)];
    const seconds = Math.floor(time / 1e6) * 1e6;
    const service = ['cron', 'kernel', 'api'][next(3)];
    const message = `${['disk', 'timeout waiting', 'kernel says'][next(3)]} ${serial}`;
    const host = `db-${next(2)}`;
    const raw = `<${facility * 8 + code}>${new Date(seconds / 1000).toUTCString().replace(/^\w+, (\d+) (\w+) \d+ (\S+) GMT$/, '$2 $1 $3')} ${host} ${service}: ${message}`;
    return { raw, time: seconds, severity: [4, 4, 4, 3, 2, 0, 0, 0][code], message, columns: { service, host, level: ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'][code] }, attributes: { priority: facility * 8 + code, facility: ['kern', '', '', '', 'auth'][facility] }, texts: [raw] };
  });
  add('access.log', 'access', 1500, (serial, time) => {
    const seconds = Math.floor(time / 1e6) * 1e6;
    const [date, month, year, clock] = new Date(seconds / 1000).toUTCString().slice(5).split(' ');
    const ip = address();
    const user = next(3) === 0 ? 'bob' : undefined;
    const method = ['GET', 'POST'][next(2)];
    const url = `/page/${serial}?x=${next(5)}`;
    const status = [200, 204, 404, 500][next(4)];
    const bytes = next(10_000);
    const request = `"${method} ${url} HTTP/1.1" ${status} ${bytes}`;
    const raw = `${ip} - ${user ?? '-'} [${date}/${month}/${year}:${clock} +0000] ${request} "-" "curl/8.0"`;
    return { raw, time: seconds, severity: status >= 500 ? 3 : status >= 400 ? 2 : 0, message: request, columns: { ip, user, url, status }, attributes: { method, protocol: 'HTTP/1.1', bytes, user_agent: 'curl/8.0' }, texts: [raw] };
  });
  const files = new Map<string, string>();
  for (const { file, raw } of events) files.set(file, `${files.get(file) ?? ''}${raw}\n`);
  return { events, files };
}

// ---- queries, one event at a time

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
const TOKEN = '[A-Za-z0-9_\\u0080-\\uffff]';
const isToken = (char: string | undefined): boolean => char !== undefined && new RegExp(TOKEN).test(char);
/** With token boundaries at ends that are token characters and no star. */
function inText(match: Match): (text: string) => boolean {
  if (match.type === 'regex') return (text) => new RegExp(match.source, match.flags).test(text);
  if (match.type === 'range') return () => false;
  const pattern = match.type === 'wildcard' ? match.pattern : match.text;
  const body = match.type === 'wildcard' ? [...pattern].map((c) => (c === '*' ? '[^]*' : c === '?' ? '[^]' : escape(c))).join('') : escape(pattern);
  const before = isToken(pattern[0]) ? `(?<!${TOKEN})` : '';
  const behind = isToken(pattern.at(-1)) ? `(?!${TOKEN})` : '';
  const regex = new RegExp(before + body + behind, 'i');
  return (text) => regex.test(text);
}
/** The whole value. */
function wholeValue(match: Match): (value: string) => boolean {
  if (match.type === 'regex') return (value) => new RegExp(match.source, match.flags).test(value);
  if (match.type === 'range') return (value) => value.trim() !== '' && inRange(Number(value), match);
  if (match.type === 'wildcard') {
    const regex = new RegExp(`^${[...match.pattern].map((c) => (c === '*' ? '[^]*' : c === '?' ? '[^]' : escape(c))).join('')}$`, 'i');
    return (value) => regex.test(value);
  }
  return (value) => value.toLowerCase() === match.text.toLowerCase();
}
function inRange(value: number, { low, high }: { low: string | null; high: string | null }): boolean {
  return !Number.isNaN(value) && (low === null || value >= Number(low)) && (high === null || value <= Number(high));
}
function compared(op: CompareOp, value: number, match: Match): boolean {
  if (match.type === 'range') return inRange(value, match);
  if (match.type !== 'word' && match.type !== 'phrase') return wholeValue(match)(String(value));
  const other = Number(match.text);
  return op === '>' ? value > other : op === '>=' ? value >= other : op === '<' ? value < other : op === '<=' ? value <= other : value === other;
}
/** IPv4 as a number; IPv6 as two ends of `a::b` only, which is all that generate() writes. */
function inBlock(block: string): (value: string) => boolean {
  const [network, bits] = [block.slice(0, block.lastIndexOf('/')), Number(block.slice(block.lastIndexOf('/') + 1))];
  const binary = (address: string): string => {
    if (!address.includes(':')) return address.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('');
    const [left, right] = address.split('::').map((half) => half.split(':').filter(Boolean).map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join(''));
    return left + '0'.repeat(128 - left.length - right.length) + right;
  };
  return (value) => value.includes(':') === network.includes(':') && binary(value).slice(0, bits) === binary(network).slice(0, bits);
}

const NUMERIC = new Set(['status', 'latency_ms']);
function fieldHolds(node: QueryNode & { kind: 'field' }, event: Written): boolean {
  const { field, op, match } = node;
  if (field === 'severity') {
    const rank = (text: string | null, otherwise: number): number => (text === null ? otherwise : SEVERITY.indexOf(text as (typeof SEVERITY)[number]));
    if (match.type === 'range') return event.severity >= rank(match.low, 0) && event.severity <= rank(match.high, 4);
    if (match.type !== 'word' && match.type !== 'phrase') return wholeValue(match)(SEVERITY[event.severity]);
    return compared(op, event.severity, { type: 'word', text: String(rank(match.text, -1)) });
  }
  if (field === 'message') return inText(match)(event.message);
  if (field === 'raw') return inText(match)(event.raw);
  if (field === 'source') return wholeValue(match)(event.file);
  if (field === 'format') return wholeValue(match)(event.format);
  if (field === 'signal') return wholeValue(match)('logs');
  const value = event.columns[field] ?? event.attributes[field];
  if (value === undefined || value === null) return false;
  if (NUMERIC.has(field) || ['>', '>=', '<', '<='].includes(op)) return compared(op, Number(value), match);
  if (field === 'ip' && match.type !== 'range' && match.type !== 'regex' && match.type !== 'wildcard' && match.text.includes('/')) return inBlock(match.text)(String(value));
  return wholeValue(match)(String(value));
}

/** Whether an event matches, straight from the words of query/ast.ts. Nothing is pinned, noted, suspect or inferred. */
export function matches(node: QueryNode, event: Written): boolean {
  switch (node.kind) {
    case 'all':
      return true;
    case 'and':
      return node.nodes.every((part) => matches(part, event));
    case 'or':
      return node.nodes.some((part) => matches(part, event));
    case 'not':
      return !matches(node.node, event);
    case 'text':
      return node.match.type === 'regex' ? inText(node.match)(event.message) : [event.message, ...event.texts].some(inText(node.match));
    case 'field':
      return fieldHolds(node, event) !== (node.op === '!=');
    case 'has':
      return ['severity', 'source', 'format', 'signal', 'message', 'raw'].includes(node.field) || (event.columns[node.field] ?? event.attributes[node.field] ?? null) !== null;
    case 'is':
      return false;
    case 'time':
      return (node.from === null || event.time >= node.from) && (node.to === null || event.time < node.to);
  }
}
