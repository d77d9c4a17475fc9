import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { AlertRule } from '../../../shared/alert.ts';
import type { EpisodeOf } from '../analysis/alerts/alerts.ts';
import { DEFAULT_RULES } from '../analysis/alerts/default-rules.ts';
import { AlertRuleStore } from './alert-rules.ts';
import { AlertStore, stateOf, type Settled } from './alerts.ts';
import { closeCase, createCase, type OpenedCase } from './database.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-alerts-'));
let opened: OpenedCase | null = null;
let rules: AlertRuleStore;
let store: AlertStore;
let rule: AlertRule;
let n = 0;
function fresh(): void {
  if (opened) closeCase(opened);
  opened = createCase(path.join(folder, `${++n}.tidemark`));
  rules = new AlertRuleStore(opened.db, 'ana');
  store = new AlertStore(opened.db, rules, 'ana');
  rule = rules.save(null, { ...DEFAULT_RULES[0], window: 10 });
}
beforeEach(fresh);
afterAll(() => {
  if (opened) closeCase(opened);
  fs.rmSync(folder, { recursive: true, force: true });
});

const S = 1e6;
const episode = (started: number, ended: number, edit: Partial<EpisodeOf> = {}): EpisodeOf => ({ group: '', started: started * S, fired: started * S, ended: ended * S, resolved: null, peak: 9, peakAt: started * S, ...edit });
function settle(...episodes: EpisodeOf[]): Settled {
  const settled: Settled = { fired: [], raised: 0, resolved: 0, withdrawn: 0 };
  store.settle(rule, episodes, settled);
  return settled;
}
const shown = (): [number, string][] => store.all().map((row) => [row.id, stateOf(row)]);
const trail = (id: number): string[] => rules.changes('alert', id, 50).reverse().map(({ by, what }) => `${by}${by === '' ? '' : ' '}${what}`);

describe('AlertStore', () => {
  it('follows an alert from pending to resolved, told once when it fires', () => {
    expect(settle(episode(100, 105, { fired: null }))).toEqual({ fired: [], raised: 1, resolved: 0, withdrawn: 0 });
    expect(shown()).toEqual([[1, 'pending']]);
    expect(settle(episode(100, 130, { fired: 120 * S }))).toMatchObject({ fired: [1], raised: 0 });
    expect(settle(episode(100, 140, { fired: 120 * S }))).toMatchObject({ fired: [] });
    expect(shown()).toEqual([[1, 'active']]);
    expect(settle(episode(100, 140, { fired: 120 * S, resolved: 150 * S }))).toMatchObject({ fired: [], resolved: 1 });
    expect(shown()).toEqual([[1, 'resolved']]);
    // Events that came later: it goes on.
    settle(episode(100, 160, { fired: 120 * S }));
    expect(shown()).toEqual([[1, 'active']]);
    expect(trail(1)).toEqual(['raised', 'fired', 'resolved', 'reopened']);
  });

  it('knows an alert again although it began a little earlier, and only once', () => {
    settle(episode(100, 110), episode(200, 210));
    expect(settle(episode(95, 112), episode(200, 210))).toMatchObject({ raised: 0, withdrawn: 0 });
    // What came late joined the two: one is left.
    expect(settle(episode(95, 215))).toMatchObject({ raised: 0, withdrawn: 1 });
    expect(shown()).toHaveLength(1);
    expect(settle(episode(95, 112), episode(200, 210))).toMatchObject({ raised: 0, withdrawn: 0, fired: expect.arrayContaining([2]) as unknown });
    expect(shown().map(([id]) => id)).toEqual([1, 2]);
    expect(settle(episode(100, 110, { group: 'other' }))).toMatchObject({ raised: 1, withdrawn: 2 });
  });

  it('leaves what a person resolved alone, and opens it again as the events have it', () => {
    settle(episode(100, 110));
    store.resolve([1], 'done');
    settle(episode(100, 150));
    expect(shown()).toEqual([[1, 'resolved']]);
    store.reopen([1]);
    expect(shown()).toEqual([[1, 'active']]);
    store.resolve([1], '');
    settle(episode(100, 150, { resolved: 160 * S }));
    store.reopen([1]);
    expect(shown()).toEqual([[1, 'resolved']]);
    expect(store.alert(1).resolvedBy).toBe('');
    // Twice the same is once.
    store.acknowledge([1], '');
    store.acknowledge([1], '');
    expect(trail(1)).toEqual(['raised', 'ana resolved', 'ana reopened', 'ana resolved', 'ana reopened', 'ana acknowledged']);
    expect(() => store.acknowledge([7], '')).toThrow('no alert 7');
  });

  it('adds nothing when the same is found again, whatever was found', () => {
    const found = fc.array(fc.record({ group: fc.constantFrom('', 'a'), started: fc.integer({ min: 0, max: 500 }), length: fc.integer({ min: 0, max: 60 }), open: fc.boolean(), waits: fc.boolean() }), { maxLength: 8 }).map((all) => {
      const episodes: EpisodeOf[] = [];
      for (const { group, started, length, open, waits } of all.toSorted((a, b) => a.started - b.started)) {
        const before = episodes.filter((one) => one.group === group).at(-1);
        if (before && started * S - before.ended <= rule.window * S) continue;
        episodes.push(episode(started, started + length, { group, resolved: open ? null : (started + length + rule.window) * S, fired: waits ? null : started * S }));
      }
      return episodes;
    });
    fc.assert(fc.property(found, found, (first, second) => {
      fresh();
      settle(...first);
      settle(...second);
      expect(settle(...second)).toMatchObject({ raised: 0, resolved: 0, withdrawn: 0 });
      expect(store.all().map(({ group, started, ended }) => `${group} ${started} ${ended}`).sort()).toEqual(second.map(({ group, started, ended }) => `${group} ${started} ${ended}`).sort());
    }), { numRuns: 25 });
  });
});

describe('AlertRuleStore', () => {
  it('leaves out a rule that it cannot read, and bounds what is one', () => {
    opened?.db.prepare("INSERT INTO alert_rule (body, version, updated_at, updated_by) VALUES ('{\"name\":1}', 1, 0, ''), ('{', 1, 0, '')").run();
    expect(rules.rules().map(({ id }) => id)).toEqual([rule.id]);
    expect(() => rules.save(null, { ...DEFAULT_RULES[0], window: 0 })).toThrow();
    expect(() => rules.silence({ rule: 99, group: null, from: null, until: null, reason: 'x' })).toThrow('no alert rule 99');
    expect(() => rules.silence({ rule: null, group: null, from: 2, until: 1, reason: 'x' })).toThrow('ends before it begins');
  });
});
