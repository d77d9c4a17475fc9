import { describe, expect, it } from 'vitest';
import { sentenceOf, SENTENCE_KEYS } from './sentences.ts';
import { MARK, meaningOf } from './spellings.ts';

const say = (values: Record<string, string>): string => sentenceOf((name) => values[name] ?? '');

describe('sentenceOf', () => {
  it.each([
    [{ eventName: 'GetUser', eventSource: 'iam.amazonaws.com' }, 'GetUser on iam.amazonaws.com'],
    [{ eventName: 'GetUser', eventSource: 'iam.amazonaws.com', errorCode: 'AccessDenied' }, 'GetUser on iam.amazonaws.com failed: AccessDenied'],
    [{ auditID: '1', verb: 'get', requestURI: '/healthz', 'responseStatus.code': '200' }, 'get /healthz'],
    [{ auditID: '1', verb: 'create', 'objectRef.resource': 'pods', 'objectRef.subresource': 'exec', 'objectRef.namespace': 'a', 'objectRef.name': 'b', 'responseStatus.code': '403', 'responseStatus.reason': 'Forbidden' }, 'create pods/exec a/b failed: 403 Forbidden'],
    [{ auditID: '1', verb: 'list', 'objectRef.resource': 'nodes' }, 'list nodes'],
    [{ action: 'repo.create', actor: 'ann', user: 'ann', org: 'x' }, 'repo.create in x'],
    [{ Operation: 'FileAccessed', Workload: 'SharePoint', ObjectId: 'https://x.test/a', ResultStatus: 'Success' }, 'FileAccessed in SharePoint on https://x.test/a (Success)'],
    [{ name: 'Suspicious Service', 'document.kind': 'evtx' }, 'Suspicious Service'],
    [{ action: 'click', element: 'b' }, ''],
    [{}, ''],
  ])('says %j as %j', (values, expected) => {
    expect(say(values)).toBe(expected);
  });

  it('is bounded', () => {
    expect(say({ eventName: 'x'.repeat(10_000), eventSource: 'y' }).length).toBeLessThan(500);
  });

  it('is asked for every record that has one of its keys, and for no other', () => {
    const top = { path: '', wrapped: false };
    for (const key of SENTENCE_KEYS) expect(meaningOf(key, top).marks & MARK.sentence, key).not.toBe(0);
    for (const key of ['message', 'level', 'time', 'verb']) expect(meaningOf(key, top).marks & MARK.sentence, key).toBe(0);
  });
});
