import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeCase, createCase, openCase, type OpenedCase } from './database.ts';
import { InvestigationStore } from './investigations.ts';

let folder: string;
let file: string;
let opened: OpenedCase;
let store: InvestigationStore;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tidemark-store-'));
  file = path.join(folder, 'case.tidemark');
  opened = createCase(file);
  store = new InvestigationStore(opened.db, 'ana');
});
afterEach(() => {
  closeCase(opened);
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('investigations', () => {
  it('start with defaults and keep every edit', () => {
    const made = store.create({ title: 'Orders fail' });
    expect(made).toMatchObject({ title: 'Orders fail', status: 'open', severity: 'medium', impactDomain: '', estimatedMttrMinutes: null, automationPotential: null, pins: 0, notes: 0 });
    expect(store.update(made.id, { status: 'closed', estimatedMttrMinutes: 90, team: '' })).toMatchObject({ status: 'closed', estimatedMttrMinutes: 90 });
    store.update(made.id, { status: 'open', estimatedMttrMinutes: null });
    const { changes, total } = store.history(made.id, 100);
    expect(total).toBe(5);
    expect(changes.map(({ field, old, new: next, by }) => [field, old, next, by])).toEqual([
      ['created', '', 'Orders fail', 'ana'],
      ['status', 'open', 'closed', 'ana'],
      ['estimatedMttrMinutes', '', '90', 'ana'],
      ['status', 'closed', 'open', 'ana'],
      ['estimatedMttrMinutes', '90', '', 'ana'],
    ]);
    expect(store.history(made.id, 1)).toMatchObject({ total: 5, changes: [{ field: 'estimatedMttrMinutes', new: '' }] });
  });

  it('are found by words in any case of any script, and by status', () => {
    const first = store.create({ title: 'ÄRGER in Köln', team: 'Платформа' });
    const second = store.create({ title: 'Quiet', summary: '100% of ä_b', status: 'resolved' });
    expect(store.list({ text: 'ärger платформа', status: 'all' }).map(({ id }) => id)).toEqual([first.id]);
    expect(store.list({ text: '%', status: 'all' }).map(({ id }) => id)).toEqual([second.id]);
    expect(store.list({ text: '', status: 'resolved' }).map(({ id }) => id)).toEqual([second.id]);
    expect(store.list({ text: '', status: 'all' }).map(({ id }) => id)).toEqual([second.id, first.id]);
  });

  it('come back with what was removed with them, and nothing else', () => {
    const { id } = store.create({ title: 'A' });
    store.pin(id, [1, 2, 3], '');
    store.unpin(id, [2]);
    const kept = store.addNote(id, 'kept', null, null);
    const gone = store.addNote(id, 'gone', null, null);
    store.removeNote(gone.id);
    store.remove(id);
    expect(() => store.get(id)).toThrow(/no investigation/);
    expect(() => store.pins(id)).toThrow(/no investigation/);
    expect(() => store.updateNote(kept.id, 'x')).toThrow(/no note/);
    expect(store.list({ text: '', status: 'all' })).toEqual([]);
    expect(store.pinned()).toEqual([]);
    expect(store.restore(id)).toMatchObject({ pins: 2, notes: 1 });
    expect(store.pins(id).map(({ eventId }) => eventId)).toEqual([1, 3]);
    expect(store.notes(id).map(({ body }) => body)).toEqual(['kept']);
    expect(store.restore(id)).toMatchObject({ pins: 2 });
  });
});

describe('pins', () => {
  it('are one however often an event is pinned, and keep their note when they come back', () => {
    const { id } = store.create({ title: 'A' });
    const far = 2 ** 44 + 5;
    expect(store.pin(id, [far, 7, far], 'first')).toHaveLength(2);
    store.pin(id, [far], 'second');
    expect(store.pins(id).find(({ eventId }) => eventId === far)).toMatchObject({ note: 'first', pinnedBy: 'ana', investigationId: id });
    store.unpin(id, [far]);
    expect(store.pinned()).toEqual([{ eventId: 7, investigationId: id }]);
    expect(() => store.setPinNote(id, far, 'x')).toThrow(/not pinned/);
    store.pin(id, [far], '');
    expect(store.setPinNote(id, far, 'third')).toMatchObject({ note: 'third' });
    expect(store.get(id).pins).toBe(2);
    expect(store.history(id, 100).changes.map(({ field, subject, old, new: next }) => [field, subject, old, next])).toEqual([
      ['created', null, '', 'A'],
      ['pinned', null, '', `${far} 7`],
      ['unpinned', null, String(far), ''],
      ['pinned', null, '', String(far)],
      ['pinNote', far, 'first', 'third'],
    ]);
  });
});

describe('notes', () => {
  it('are edited, removed and restored', () => {
    const { id } = store.create({ title: 'A' });
    const note = store.addNote(id, 'one', 12, 1_700_000_000_000_000.5);
    expect(note).toMatchObject({ eventId: 12, time: 1_700_000_000_000_000.5, author: 'ana', body: 'one' });
    expect(store.updateNote(note.id, 'two')).toMatchObject({ body: 'two' });
    store.removeNote(note.id);
    expect(store.get(id).notes).toBe(0);
    expect(() => store.removeNote(note.id)).toThrow(/no note/);
    expect(store.restoreNote(note.id)).toMatchObject({ body: 'two' });
    expect(store.get(id).notes).toBe(1);
    expect(store.history(id, 100).changes.map(({ field }) => field)).toEqual(['created', 'noteAdded', 'noteChanged', 'noteRemoved', 'noteRestored']);
  });
});

it('a read-only case refuses to be written, and can be read', () => {
  const { id } = store.create({ title: 'A' });
  store.pin(id, [1], '');
  closeCase(opened);
  opened = openCase(file, true);
  store = new InvestigationStore(opened.db, 'ben');
  expect(store.pins(id)).toHaveLength(1);
  expect(() => store.update(id, { title: 'B' })).toThrow(expect.objectContaining({ code: 'read_only' }));
});
