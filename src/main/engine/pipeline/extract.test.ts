import { describe, expect, it } from 'vitest';
import { FIELD, NUMBER } from '../formats/format.ts';
import { findExtractors, looksLikeIp, severityOfWording } from './extract.ts';

function read(message: string): Record<string, string> {
  const words = message.split(/\s+/);
  const found: Record<string, string> = {};
  for (const { field, number, word, skip, cut } of findExtractors(message) ?? []) {
    const name = field >= 0 ? Object.keys(FIELD)[field] : Object.keys(NUMBER)[number];
    found[name] = words[word].slice(skip, words[word].length - cut);
  }
  return found;
}

describe('findExtractors', () => {
  it.each([
    ['Failed password for invalid user admin from 10.1.2.3 port 22 ssh2', { user: 'admin', ip: '10.1.2.3' }],
    ['authentication failure; logname= uid=0 ruser= rhost=218.188.2.4 user=root', { user: 'root', ip: '218.188.2.4' }],
    ['GET https://example.net/a?b=1 returned 502 in took=12.5ms request_id=ab-12cd', { url: 'https://example.net/a?b=1', status: '502', latencyMs: '12.5', requestId: 'ab-12cd' }],
    ['trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7 done', { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }],
    ['version 1.2.3.4.5 released', {}],
  ])('%s', (message, expected) => expect(read(message)).toEqual(expected));
});

describe('severityOfWording', () => {
  it.each([['kernel panic - not syncing', 4], ['connection refused', 3], ['finished with 0 errors', 0], ['retrying in 5 s', 2], ['started', 0]])('%s', (message, severity) => expect(severityOfWording(message)).toBe(severity));
});

describe('looksLikeIp', () => {
  it.each([
    ['10.1.2.3', true], ['2001:db8::7', true], ['::1', true], ['fe80:0:0:0:0:0:0:1', true], ['23:34:34', false], ['12:00', false], ['1.2.3', false], ['00:1a:2b:3c:4d:5e', false], ['a.b.c.x', false],
  ])('%s', (text, is) => expect(looksLikeIp(Buffer.from(`>${text}<`), 1, text.length + 1)).toBe(is));
});
