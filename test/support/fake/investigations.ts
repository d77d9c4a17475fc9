import { SEVERITIES } from '../../../src/shared/event.ts';
import type { Investigation, Note, Pin } from '../../../src/shared/event.ts';
import type { EngineHandlers } from '../../../src/shared/contract/index.ts';
import { TidemarkError } from '../../../src/shared/contract/rpc.ts';
import type { FakeState } from '../fake-engine.ts';
import { START, makeSources } from './events.ts';

export function investigationRooms(state: FakeState): Pick<EngineHandlers, 'investigations'> {
  const now = START + 31 * 3600e6;
  const list: Investigation[] = [];
  const gone = new Set<number>();
  const pins: Pin[] = [];
  const notes: Note[] = [];
  const goneNotes = new Set<number>();
  const changed = (...tables: string[]): void => {
    // As the engine does: a reply never overtakes the push about it by much.
    queueMicrotask(() => state.emit('cases.changed', { tables, version: state.version, from: null, to: null }));
  };
  const counted = (one: Investigation): Investigation => ({
    ...one, pins: pins.filter((pin) => pin.investigationId === one.id).length, notes: notes.filter((note) => note.investigationId === one.id && !goneNotes.has(note.id)).length,
  });
  const need = (id: number): Investigation => {
    const found = list.find((one) => one.id === id && !gone.has(id));
    if (!found) throw new TidemarkError('not_found', `There is no investigation ${id}.`);
    return found;
  };
  const needNote = (id: number): Note => {
    const found = notes.find((note) => note.id === id);
    if (!found) throw new TidemarkError('not_found', `There is no note ${id}.`);
    return found;
  };
  const add = (edit: Partial<Investigation> & { title: string }): Investigation => {
    const made: Investigation = {
      status: 'open', severity: 'medium', team: '', impactDomain: '', businessImpact: '', estimatedMttrMinutes: null, automationPotential: null, summary: '', createdAt: now, updatedAt: now, pins: 0, notes: 0, ...edit, id: list.length + 1,
    };
    list.push(made);
    return made;
  };
  const pinOne = (id: number, eventId: number, note: string): void => {
    const event = state.events.find((one) => one.id === eventId);
    if (!event) throw new TidemarkError('not_found', `There is no event ${eventId}.`);
    if (pins.some((pin) => pin.investigationId === id && pin.eventId === eventId)) return;
    pins.push({
      id: pins.length + 1, investigationId: id, eventId, pinnedAt: now, pinnedBy: 'ana', note, time: event.time, severity: SEVERITIES[event.severity], service: event.service, host: event.host, message: event.message,
      path: makeSources([])[event.source - 1].path,
    });
  };
  if (state.scenario === 'case') {
    add({ title: 'Checkout outage 21 November', status: 'investigating', severity: 'critical', team: 'Payments', impactDomain: 'availability', businessImpact: 'About 2,300 orders not accepted between 00:40 and 02:10.', estimatedMttrMinutes: 95, automationPotential: 40, summary: 'The **connection pool** of `payments` ran out after the nightly rollup took 48 of 50 connections.\n\n- first sign: 00:38\n- breaker opened: 00:41' });
    add({ title: 'SYN flood warning on the edge', status: 'open', severity: 'high', team: 'Network' });
    add({ title: 'Slow nightly rollup', status: 'resolved', severity: 'low', team: 'Data' });
    const bad = state.events.filter((event) => event.severity === 4);
    pinOne(1, bad[0].id, 'First sign. The pool is **full**.');
    pinOne(1, bad[40].id, '');
    pinOne(1, bad[120].id, 'Breaker opens, orders fail from here.');
    notes.push({ id: 1, investigationId: 1, eventId: null, time: null, body: 'Asked the data team to stop the rollup. See [runbook](https://example.org/runbook).', createdAt: now, updatedAt: now, author: 'ana' });
    notes.push({ id: 2, investigationId: 1, eventId: bad[0].id, time: bad[0].time, body: 'Same pattern as in **August**.', createdAt: now + 60e6, updatedAt: now + 60e6, author: 'ben' });
  }
  return {
    investigations: {
      list: ({ text, status }) => list.filter((one) => !gone.has(one.id) && (status === 'all' || one.status === status) && one.title.toLowerCase().includes(text.toLowerCase())).map(counted),
      get: ({ id }) => counted(need(id)),
      create: (edit) => {
        const made = add(edit);
        changed('investigations');
        return made;
      },
      update: ({ id, edit }) => {
        Object.assign(need(id), edit);
        changed('investigations');
        return counted(need(id));
      },
      remove: ({ id }) => {
        gone.add(id);
        changed('investigations', 'pins', 'notes');
      },
      restore: ({ id }) => {
        gone.delete(id);
        changed('investigations', 'pins', 'notes');
        return counted(need(id));
      },
      pins: ({ id }) => pins.filter((pin) => pin.investigationId === id).sort((a, b) => a.time - b.time),
      pin: ({ id, eventIds, note }) => {
        for (const eventId of eventIds) pinOne(id, eventId, note);
        changed('pins', 'investigations');
        return pins.filter((pin) => pin.investigationId === id);
      },
      unpin: ({ id, eventIds }) => {
        for (const eventId of eventIds) {
          const at = pins.findIndex((pin) => pin.investigationId === id && pin.eventId === eventId);
          if (at >= 0) pins.splice(at, 1);
        }
        changed('pins', 'investigations');
      },
      setPinNote: ({ id, eventId, note }) => {
        const pin = pins.find((one) => one.investigationId === id && one.eventId === eventId);
        if (!pin) throw new TidemarkError('not_found', 'The event is not pinned there.');
        pin.note = note;
        changed('pins');
        return pin;
      },
      pinned: () => pins.map(({ eventId, investigationId, time }) => ({ eventId, investigationId, time })),
      notes: ({ id }) => notes.filter((note) => note.investigationId === id && !goneNotes.has(note.id)),
      addNote: ({ id, body, eventId, time }) => {
        const note: Note = { id: notes.length + 1, investigationId: id, eventId, time, body, createdAt: now, updatedAt: now, author: 'ana' };
        notes.push(note);
        changed('notes', 'investigations');
        return note;
      },
      updateNote: ({ noteId, body }) => {
        const note = needNote(noteId);
        note.body = body;
        changed('notes');
        return note;
      },
      removeNote: ({ noteId }) => {
        goneNotes.add(noteId);
        changed('notes', 'investigations');
      },
      restoreNote: ({ noteId }) => {
        goneNotes.delete(noteId);
        changed('notes', 'investigations');
        return needNote(noteId);
      },
      history: () => ({ changes: [], total: 0 }),
    },
  };
}
