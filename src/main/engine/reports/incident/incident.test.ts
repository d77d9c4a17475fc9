import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import { FLAG, type Investigation, type Source } from '../../../../shared/event.ts';
import type { ReportContext, ReportQuestions } from '../report.ts';
import { incident } from './incident.ts';

const T0 = 1_700_000_000_000_000;
const context: ReportContext = { signal: new AbortController().signal, toolVersion: '0.1.0', user: 'ana', now: T0 };

/** A case in which every text that anybody but us wrote is `text`. */
function questions(text: string, { pins = 3, flags = 0, gone = -1 } = {}): ReportQuestions {
  const investigation: Investigation = {
    id: 1, title: text, status: 'open', severity: 'high', team: text, impactDomain: 'security', businessImpact: text, estimatedMttrMinutes: 90, automationPotential: 12.5,
    summary: text, createdAt: T0, updatedAt: T0, pins, notes: 1,
  };
  const source = {
    id: 1, signal: 'logs', path: text, format: text, formatTitle: text, formatReason: text, service: text, zone: text, sha256: text, size: 10, modified: T0, ingestedAt: T0, ingestedBy: text,
    toolVersion: text, state: 'failed', error: text, bytesRead: 10, ledger: { read: 9, stored: 5, duplicates: 3, rejected: 1 }, from: T0, to: T0,
  } satisfies Source;
  const ids = Array.from({ length: pins }, (_, i) => i + 1);
  return {
    cases: { info: () => ({ path: text, name: text, readOnly: true, readOnlyReason: text, schemaVersion: 1, createdAt: T0, bytes: 5, events: 5, sources: 1, from: T0, to: T0 + 1e9, version: 1 }) },
    health: { get: () => ({ ledger: source.ledger }) },
    investigations: {
      get: () => investigation,
      pins: () => ids.map((id) => ({ id, investigationId: 1, eventId: id, pinnedAt: T0, pinnedBy: text, note: text, time: T0 + id * 1e6, severity: 'low', service: text, host: text, message: text, path: text })),
      notes: () => [{ id: 1, investigationId: 1, eventId: 2, time: T0, body: text, createdAt: T0, updatedAt: T0 + 1, author: text }],
      history: () => ({
        changes: ['summary', 'summary', 'pinned', text].map((field, i) => ({ id: i, at: T0 + i, by: 'ana', field, subject: null, old: text, new: text })),
        total: 4,
      }),
    },
    events: {
      get({ id }: { id: number }) {
        if (id === gone) throw new TidemarkError('not_found', 'gone');
        return {
          id, time: T0 + id * 1e6, timeText: text, flags, severity: 'low', signal: 'logs', service: text, host: text, level: text, message: text, template: text, templateId: 1, fields: [],
          attributes: [], raw: text, provenance: { ...source, sourceId: 1, offset: 10, length: 20 },
        };
      },
      sources: () => [source],
      window: ({ scope, buckets }: { scope: { from: number; to: number }; buckets: number }) => ({
        from: scope.from, to: scope.to, step: (scope.to - scope.from) / buckets, buckets, lanes: [{ key: '', label: '', total: 6, counts: new Uint32Array(buckets * 5).fill(1, 0, 6), gaps: [] }],
        more: 0, severities: [0, 0, 0, 0, 6], version: 1, total: 6, complete: true, scanned: 1,
      }),
      facets: () => ({ facets: [{ field: 'service', values: [{ value: text, count: 5 }], distinct: 1, present: 5, counted: 6 }], total: 6, complete: true, scanned: 1 }),
    },
  } as unknown as ReportQuestions;
}
async function pageOf(text: string, options?: Parameters<typeof questions>[1], zone = 'Europe/Berlin'): Promise<string> {
  return incident.html(await incident.collect(questions(text, options), { investigationId: 1 }, context), zone);
}

// Every tag of the page is one of ours, with attributes of ours: whatever else is in angle brackets came from data.
const NAMES = 'html|head|meta|title|body|p|h1|h2|h3|dl|dt|dd|div|section|header|span|strong|em|code|pre|br|hr|ul|ol|li|blockquote|table|thead|tbody|tfoot|tr|th|td|svg|g|path|rect|line|text|tspan';
const TAG = new RegExp(`<(?:!doctype html|/(?:${NAMES})|(?:${NAMES})(?: (?:class|lang|charset|name|content|http-equiv|colspan|start|width|height|viewBox|role|aria-hidden|aria-label|x|y|x1|x2|y1|y2|d|fill|stroke|stroke-width|stroke-dasharray|text-anchor)="[^"<>]*")*/?)>`, 'g');
function check(page: string): void {
  const body = page.replace(/<style>[^<]*<\/style>/, '');
  expect(body).toContain('</html>');
  const text = body.replace(TAG, '');
  expect(text).not.toMatch(/[<>]/);
  // oxlint-disable-next-line no-control-regex -- none of these may get through
  expect(body).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\ufeff]/);
  for (const [tag] of body.matchAll(TAG)) expect(tag).not.toMatch(/\son\w+=|src=|href=|url\(|javascript:/i);
}

describe('the page', () => {
  it.each([
    '<script>alert(1)</script>', '"><img src=http://evil/x onerror=alert(1)>', "' onload='alert(1)", '</style><script>', '</title><svg onload=alert(1)>', ']]><!--', '\u202egnp.exe', '\u0000\u0007\u001b[2J\u001b]0;x\u0007',
    '[a](javascript:alert(1))', '![x](http://evil/x.png)', '&lt;script&gt;', '\ud800', '${alert(1)}', '<a href="x">', '<!doctype html>',
    'valueOf',
    '__proto__',
    'constructor',
  ])('holds %j as text in every field', async (text) => {
    check(await pageOf(text));
    check(await pageOf(`{"a":"${text}"}`, { pins: 30, flags: 15, gone: 2 }, 'UTC'));
  });
  it('holds anything as text', async () => {
    const piece = fc.constantFrom('<', '>', '"', "'", '&', '=', '/', '<script>', 'onclick=', 'src=', '</pre>', '</style>', '\u0000', '\u001b[31m', '\u202e', '`', '*', '[', '](', '\n', ' ', 'a', '<p>', '<p class="x">');
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')), fc.string({ unit: 'binary' })), async (text) => {
        // Tags of ours written by hand must come out escaped too, so that none is counted as ours.
        const page = await pageOf(text, { pins: 2 });
        check(page);
        expect(page.match(/<section class="pinned whole">/g)).toHaveLength(2);
      }),
      { numRuns: 60 },
    );
  });
  it('folds long records and says how much is missing', async () => {
    const page = await pageOf(`{${'é'.repeat(10_000)}`);
    expect(page).toContain('15,906 bytes (15.5 KiB) of this record are left out here');
    check(page);
  });
  it('says what cannot be trusted', async () => {
    const page = await pageOf('x', { flags: FLAG.TIME_INFERRED | FLAG.BAD_UTF8, gone: 2 });
    expect(page).toContain('<strong>2</strong>: numbers 1, 3.');
    expect(page).toContain('Event 2 is not in the case any more.');
    expect(page).toContain('9 records read = 5 stored + 3 duplicates + 1 rejected');
    expect(page).toContain('time inferred; not UTF-8');
  });
});

describe('the data', () => {
  it('has the documented shape and survives JSON', async () => {
    const report = await incident.collect(questions('x', { gone: 3 }), { investigationId: 1 }, context);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report).toMatchObject({
      schema: 'tidemark.incident-report', schemaVersion: 1, generated: { at: T0, by: 'ana', toolVersion: '0.1.0' }, pinsLeftOut: 0, sourcesLeftOut: 0,
      pins: [{ number: 1, event: { raw: 'x', rawLeftOut: 0, provenance: { offset: 10, length: 20 } } }, { number: 2 }, { number: 3, event: null }],
    });
    expect(report.activity).toMatchObject({ total: 6, from: T0 + 1e6 - 60e6, to: T0 + 2e6 + 60e6, services: [{ value: 'x', count: 5 }, { value: '', count: 1 }] });
  });
  it('keeps times that a log cannot have out of the stretch', async () => {
    const report = await incident.collect(questions('x', { flags: FLAG.TIME_SUSPECT }), { investigationId: 1 }, context);
    expect(report.activity).toMatchObject({ from: T0, to: T0 + 1e9 + 1 });
  });
});
