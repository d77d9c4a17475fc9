import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Listed } from '../indicator.ts';
import { cellsOf } from './csv.ts';
import { patternValues } from './stix-pattern.ts';
import { listFormat, readList } from './read-list.ts';

async function read(text: string, chunk = 64): Promise<Listed[]> {
  const bytes = Buffer.from(text);
  async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
    for (let at = 0; at < bytes.length; at += chunk) yield await Promise.resolve(bytes.subarray(at, at + chunk));
  }
  const all: Listed[] = [];
  for await (const group of readList(chunks(), bytes.subarray(0, 65_536))) all.push(...group);
  return all;
}
const short = (listed: Listed[]): string[] => listed.map((one) => ('rejected' in one ? `! ${one.rejected}` : `${one.hint ?? '?'} ${one.value}`));

describe('patterns of STIX', () => {
  it.each([
    [`[ipv4-addr:value = '203.0.113.7']`, ['ip 203.0.113.7']],
    [`[ipv4-addr:value ISSUBSET '198.51.100.0/24']`, ['cidr 198.51.100.0/24']],
    [`[domain-name:value = 'a.example' OR domain-name:value = 'b.example']`, ['domain a.example', 'domain b.example']],
    [`[domain-name:value IN ('a.example', 'b.example')]`, ['domain a.example', 'domain b.example']],
    [`[url:value = 'http://a.example/it\\'s'] OR [ipv6-addr:value = '2001:db8::1']`, [`url http://a.example/it's`, 'ip 2001:db8::1']],
    [`[file:hashes.'SHA-256' = 'aa' AND file:hashes.MD5 = 'bb' AND file:name = 'x.exe']`, ['hash aa', 'hash bb']],
    [`([file:hashes."SHA-1" = 'cc'])`, ['! the pattern cannot be read']],
    [`[ipv4-addr:value = '203.0.113.7' AND network-traffic:dst_port = 443]`, ['! it needs several things at once (AND, FOLLOWEDBY)']],
    [`[ipv4-addr:value = '203.0.113.7'] FOLLOWEDBY [domain-name:value = 'a.example']`, ['! it needs several things at once (AND, FOLLOWEDBY)']],
    [`[domain-name:value = 'a.example'] WITHIN 300 SECONDS`, ['domain a.example']],
    [`[domain-name:value = 'a.example'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'`, ['domain a.example']],
    [`[network-traffic:dst_ref.value = '203.0.113.7']`, ['ip 203.0.113.7']],
    [`[domain-name:value LIKE '%.example']`, ['! LIKE is not matched']],
    [`[domain-name:value NOT = 'a.example']`, ['! it says what is not to be there']],
    [`[process:name = 'x']`, ['! process:name is not matched']],
    ['', ['! the pattern cannot be read']], ['[', ['! the pattern cannot be read']], [`[url:value = 'x'`, ['! the pattern cannot be read']], [`[url:value = 'x'] junk`, ['! the pattern cannot be read']],
    ['('.repeat(5000), ['! the pattern cannot be read']],
  ])('%s', (pattern, values) => expect(patternValues(pattern).map((part) => ('rejected' in part ? `! ${part.rejected}` : `${part.hint} ${part.value}`))).toEqual(values));

  it('never throws', () => {
    const part = fc.constantFrom('[', ']', '(', ')', ' ', "'a'", "'", 'url:value', '=', 'AND', 'OR', 'IN', 'NOT', 'WITHIN', 'FOLLOWEDBY', ',', "file:hashes.'MD5'", '\\');
    fc.assert(fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      expect(Array.isArray(patternValues(parts.join(' ')))).toBe(true);
    }));
  });
});

it('reads a STIX bundle with what it says of its indicators', async () => {
  const bundle = { type: 'bundle', id: 'bundle--1', objects: [
    { type: 'identity', id: 'identity--1', name: 'x' },
    { type: 'marking-definition', id: 'marking-definition--own', definition_type: 'tlp', definition: { tlp: 'red' } },
    { type: 'indicator', id: 'indicator--1', name: 'C2', pattern: "[ipv4-addr:value = '203.0.113.7']", pattern_type: 'stix', valid_from: '2026-01-01T00:00:00Z', valid_until: '2026-02-01T00:00:00Z', confidence: 80, labels: ['a'], indicator_types: ['malicious-activity'], object_marking_refs: ['marking-definition--own'], revoked: true },
    { type: 'indicator', id: 'indicator--2', pattern: 'rule x {}', pattern_type: 'yara' },
    { type: 'indicator', id: 'indicator--3', pattern: 7 },
  ] };
  const text = JSON.stringify(bundle);
  expect(listFormat(Buffer.from(text))).toBe('stix');
  const listed = await read(text, 7);
  expect(short(listed)).toEqual(['ip 203.0.113.7', '! patterns of yara are not matched', '! the pattern cannot be read']);
  expect(listed[0]).toMatchObject({ facts: { note: 'C2', confidence: 80, tlp: 'red', labels: ['a', 'malicious-activity'], validFrom: Date.UTC(2026, 0, 1) * 1000, validUntil: Date.UTC(2026, 1, 1) * 1000, revoked: true, reference: 'indicator--1' } });
  expect(short(await read(JSON.stringify(bundle.objects)))).toHaveLength(3);
  expect(short(await read(bundle.objects.map((object) => JSON.stringify(object)).join('\n')))).toHaveLength(3);
  // Cut off: what came before counts, and the end is told.
  expect(short(await read(text.slice(0, text.indexOf('rule x')))).at(-1)).toMatch(/cut off/);
});

it('reads MISP: events, objects in them, attributes of a search, and its CSV', async () => {
  const attribute = (type: string, value: string, more: object = {}): object => ({ uuid: 'u', type, value, to_ids: true, comment: 'c', Tag: [{ name: 'tlp:amber' }, { name: 'apt' }], timestamp: '1790000000', ...more });
  const event = { Event: { info: 'Harbour', Orgc: { name: 'x' }, Attribute: [attribute('ip-dst', '203.0.113.7'), attribute('domain|ip', 'a.example|203.0.113.8'), attribute('filename|sha256', `x.exe|${'ab'.repeat(32)}`), attribute('mutex', 'm'), attribute('url', 'http://a.example/', { to_ids: false }), attribute('md5', 'x', { deleted: true })], Object: [{ name: 'file', Attribute: [attribute('md5', 'cd'.repeat(16))] }], Tag: [{ name: 'tlp:red' }] } };
  expect(listFormat(Buffer.from(JSON.stringify(event)))).toBe('misp');
  const listed = await read(JSON.stringify(event));
  expect(short(listed)).toEqual(['ip 203.0.113.7', 'domain a.example', 'ip 203.0.113.8', `hash ${'ab'.repeat(32)}`, '! type mutex is not matched', '! the list marks it as not meant for detection (to_ids)', '! it was deleted in MISP', `hash ${'cd'.repeat(16)}`]);
  expect(listed[0]).toMatchObject({ facts: { note: 'Harbour: c', tlp: 'amber', labels: ['tlp:amber', 'apt'], validFrom: 1_790_000_000e6 } });
  expect(short(await read(JSON.stringify({ response: [event, event] })))).toHaveLength(16);
  expect(short(await read(JSON.stringify({ response: { Attribute: [attribute('hostname', 'b.example')] } })))).toEqual(['domain b.example']);
  expect(short(await read('uuid,event_id,category,type,value,comment,to_ids,date\nu,1,Network activity,ip-dst|port,203.0.113.9|443,"a, b",1,2026\nu,1,x,ip-src,203.0.113.1,,0,2026\n'))).toEqual(['ip 203.0.113.9', '! the list marks it as not meant for detection (to_ids)']);
});

it('reads tables of any make, and a value a line', async () => {
  expect(short(await read('﻿IP Address;Tags\n203.0.113.7;"a;b"\n\n'))).toEqual(['ip 203.0.113.7']);
  expect(short(await read('md5,sha256\naa,bb\n,\n'))).toEqual(['hash aa', 'hash bb', '! the row has no value']);
  expect(short(await read('# made today\n# "first_seen_utc","ioc_id","ioc_value","ioc_type"\n"2026-01-01","7", "203.0.113.7:443", "ip:port"\n'))).toEqual(['ip 203.0.113.7:443']);
  expect(short(await read('203.0.113.7\nevil.example # not a comment\n'))).toEqual(['? 203.0.113.7', '? evil.example # not a comment']);
  expect(short(await read('1,203.0.113.7,x\n2,evil.example,y'))).toEqual(['? 203.0.113.7', '? evil.example']);
  // A broken quote takes its own line only.
  expect(short(await read('value\n"203.0.113.7\n198.51.100.1\n'))).toEqual(['? 203.0.113.7', '? 198.51.100.1']);
  expect(short(await read(`203.0.113.7\n${'x'.repeat(400_000)}\n198.51.100.1\n`, 50_000))).toEqual(['? 203.0.113.7', expect.stringMatching(/longer than/), '? 198.51.100.1']);
});

it('reads the same however a list comes in pieces, and survives any bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('value,type\n', '10.0.0.1', ',', '"', '\n', 'domain', '{"objects":[', '{"type":"indicator"', ',"pattern":"[url:value=\'x\']"}', ']}', '\u0000', 'é', '{"Event":{"Attribute":[', '{"type":"md5"}'), { maxLength: 25 }), fc.integer({ min: 1, max: 9 }), async (parts, size) => {
      const text = parts.join('');
      expect(await read(text, size)).toEqual(await read(text, 4096));
    }),
    { numRuns: 150 },
  );
});

it('takes cells apart as RFC 4180 does', () => {
  expect(cellsOf('a,"b,""c""",, d ', ',')).toEqual(['a', 'b,"c"', '', 'd']);
  expect(cellsOf('', ',')).toEqual(['']);
});
