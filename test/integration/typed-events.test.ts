/** Events that people type in, from typing to report, through a real engine. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TypedEvent } from '../../src/shared/contract/typed.ts';
import { typedEvent } from '../../src/shared/contract/typed.ts';
import { context, everything, TempCase } from '../support/temp-case.ts';

const T = Date.UTC(2026, 10, 20, 14, 2) * 1000;
let held: TempCase;
beforeEach(async () => {
  held = await TempCase.create();
});
afterEach(async () => await held.remove());

const event = (edit: Partial<TypedEvent> = {}): TypedEvent => typedEvent.parse({ time: T, severity: 'high', service: 'badge', host: 'door-3', message: 'Guard saw a stranger at the rack', tags: ['physical'], evidence: 'call with J. Meyer', attributes: [{ name: 'user', value: 'meyer' }, { name: 'shift', value: 'night' }], ...edit });
const lines = Array.from({ length: 50 }, (_, i) => JSON.stringify({ time: new Date(T / 1000 + i * 1000).toISOString(), level: 'info', service: 'api', message: `request ${i} served` })).join('\n');

describe('typed events', () => {
  it('are found, counted, pinned, corrected under their id, deleted, restored, and are in the report and in the case opened again', async () => {
    await held.ingest(held.write('api.jsonl', `${lines}\n`));
    const { typed, events, investigations, reports, cases } = held.engine.handlers;
    const made = await typed.add(event(), context);
    expect(made).toMatchObject({ createdBy: 'ana', removed: false, event: { message: 'Guard saw a stranger at the rack' } });

    expect(await held.messages('stranger')).toEqual(['Guard saw a stranger at the rack']);
    expect(await held.messages('signal:manual user:meyer shift:night severity>=high')).toHaveLength(1);
    const detail = await events.get({ id: made.id }, context);
    expect(detail).toMatchObject({ time: T, severity: 'high', signal: 'manual', service: 'badge', host: 'door-3', message: 'Guard saw a stranger at the rack' });
    expect(Object.fromEntries(detail.attributes.map(({ name, value }) => [name, value]))).toMatchObject({ tags: 'physical', evidence: 'call with J. Meyer', shift: 'night', typed_by: 'ana' });
    expect(detail.provenance).toMatchObject({ path: 'Typed in by ana', format: 'typed' });

    const investigation = await investigations.create({ title: 'Break-in' }, context);
    await investigations.pin({ id: investigation.id, eventIds: [made.id], note: 'first sign' }, context);

    const edited = await typed.update({ id: made.id, event: event({ time: T + 60e6, message: 'Guard saw a courier at the rack', severity: 'low' }) }, context);
    expect(edited.id).toBe(made.id);
    expect(await held.messages('stranger')).toEqual([]);
    expect(await held.messages('courier severity:low')).toEqual(['Guard saw a courier at the rack']);
    expect((await held.page(everything())).total).toBe(51);
    expect(await investigations.pins({ id: investigation.id }, context)).toMatchObject([{ eventId: made.id, note: 'first sign', message: 'Guard saw a courier at the rack', time: T + 60e6 }]);
    expect((await events.get({ id: made.id }, context)).attributes.find(({ name }) => name === 'edited_by')?.value).toBe('ana');

    const report = await reports.incidentHtml({ investigationId: investigation.id, zone: 'UTC' }, context);
    const text = JSON.stringify(report);
    expect(text).toContain('Guard saw a courier at the rack');
    expect(text).not.toContain('Guard saw a stranger');
    expect(text).toContain('none: typed into this case, which keeps every change');

    await typed.remove({ id: made.id }, context);
    expect(await held.messages('courier')).toEqual([]);
    expect((await held.page(everything())).total).toBe(50);
    expect((await cases.info({}, context))?.events).toBe(50);
    await expect(events.get({ id: made.id }, context)).rejects.toThrow('There is no event');
    await typed.restore({ id: made.id }, context);
    expect(await held.messages('courier')).toEqual(['Guard saw a courier at the rack']);
    expect((await typed.history({ id: made.id }, context)).map(({ what, before }) => [what, before?.message ?? null])).toEqual([
      ['restored', 'Guard saw a courier at the rack'], ['removed', 'Guard saw a courier at the rack'], ['changed', 'Guard saw a stranger at the rack'], ['typed', null],
    ]);

    expect(await cases.check({}, context)).toMatchObject({ ok: true, problems: [] });
    await held.reopen();
    expect(await held.messages('courier')).toEqual(['Guard saw a courier at the rack']);
    expect(await held.engine.handlers.typed.get({ id: made.id }, context)).toMatchObject({ id: made.id, event: { severity: 'low' }, updatedBy: 'ana' });
  });

  it('stay deleted in the case opened again, and nothing is said to be unreadable', async () => {
    await held.ingest(held.write('api.jsonl', `${lines}\n`));
    const { id } = await held.engine.handlers.typed.add(event({ time: T + 400 * 86_400e6 }), context);
    const kept = await held.engine.handlers.typed.add(event({ message: 'kept' }), context);
    await held.engine.handlers.typed.remove({ id }, context);
    const asked = async (): Promise<void> => {
      const page = await held.page(everything());
      expect(page).toMatchObject({ total: 51, unreadable: 0 });
      const info = await held.engine.handlers.cases.info({}, context);
      expect(info).toMatchObject({ events: 51, from: T });
      expect(info?.to).toBeLessThan(T + 60e6);
    };
    await asked();
    await held.reopen();
    await asked();
    await held.engine.handlers.typed.restore({ id }, context);
    expect((await held.page(everything())).total).toBe(52);
    // A new event never takes the id of one that is there.
    expect((await held.engine.handlers.typed.add(event({ message: 'another' }), context)).id).toBeGreaterThan(kept.id);
  });

  it('are all there after a salvage, the deleted ones deleted, and in no rollup', async () => {
    await held.ingest(held.write('api.jsonl', `${lines}\n`));
    const { typed, cases, sql } = held.engine.handlers;
    const counted = async (): Promise<unknown> => (await sql.run({ sql: 'SELECT sum(total) FROM rollup_1d', limit: 1, timeoutMs: 10_000 }, context)).rows[0][0];
    const first = await typed.add(event({ message: 'first' }), context);
    const second = await typed.add(event({ message: 'second' }), context);
    await typed.update({ id: first.id, event: event({ message: 'first corrected' }) }, context);
    await typed.remove({ id: second.id }, context);
    expect(Number(await counted())).toBe(50);
    await cases.close({}, context);
    const { account } = await cases.salvage({ path: held.file, into: `${held.file}.whole.tidemark` }, context);
    expect(account).toMatchObject({ events: { kept: 52, lost: 0 }, segments: { lost: 0 }, tables: [] });
    expect(await held.messages('signal:manual')).toEqual(['first corrected']);
    expect((await typed.history({ id: first.id }, context)).map(({ what }) => what)).toEqual(['changed', 'typed']);
    await typed.restore({ id: second.id }, context);
    expect(await held.messages('signal:manual')).toEqual(expect.arrayContaining(['first corrected', 'second']));
  });

  it('facets and counts follow a correction', async () => {
    const { typed, events } = held.engine.handlers;
    const { id } = await typed.add(event({ service: 'first' }), context);
    const services = async (): Promise<string[]> => (await events.facets({ scope: everything(), fields: ['service', 'shift'], limit: 10 }, context)).facets.flatMap(({ values }) => values.map(({ value, count }) => `${value} ${count}`));
    expect(await services()).toEqual(['first 1', 'night 1']);
    await typed.update({ id, event: event({ service: 'second', attributes: [{ name: 'shift', value: 'day' }] }) }, context);
    expect(await services()).toEqual(['second 1', 'day 1']);
    await typed.remove({ id }, context);
    expect(await services()).toEqual([]);
  });

  it('keep every character of what was typed', async () => {
    const message = 'He said: "no"\n\tC:\\temp\\x.exe — 東京 🚪 </script>';
    const { id } = await held.engine.handlers.typed.add(event({ message, evidence: '"page" \\ 3' }), context);
    const detail = await held.engine.handlers.events.get({ id }, context);
    expect(detail.message).toBe(message);
    expect(detail.attributes.find(({ name }) => name === 'evidence')?.value).toBe('"page" \\ 3');
    expect(await held.messages('東京')).toHaveLength(1);
    expect(await held.messages('x.exe')).toHaveLength(1);
  });

  it('are of one source a person, many at once too', async () => {
    const { typed, events } = held.engine.handlers;
    const many = await Promise.all(Array.from({ length: 20 }, async (_, i) => await typed.add(event({ message: `typed ${i}`, service: `s${i}` }), context)));
    expect(new Set(many.map(({ id }) => id)).size).toBe(20);
    expect((await events.sources({}, context)).map(({ path, signal, ledger }) => [path, signal, ledger.stored])).toEqual([['Typed in by ana', 'manual', 20]]);
    expect(new Set(await held.messages()).size).toBe(20);
    const details = await Promise.all(many.map(async ({ id }) => await events.get({ id }, context)));
    expect(details.map(({ service, message }) => `${service} ${message}`)).toEqual(many.map((_, i) => `s${i} typed ${i}`));
  });

  it('kept in a spreadsheet are read as notes of people', async () => {
    const file = held.write('timeline.csv', 'When,Who,What,Host\n2026-11-20 14:05,J. Meyer,"Called the hotline, nobody answered",desk-1\n2026-11-20 14:20,A. Ng,Pulled the plug of rack 4,rack-4\n');
    await held.ingest(file, { notes: true });
    expect(await held.messages('signal:manual')).toEqual(['Called the hotline, nobody answered', 'Pulled the plug of rack 4']);
    const page = await held.page(everything('user:"A. Ng" host:rack-4'));
    expect([...page.rows.time]).toEqual([Date.UTC(2026, 10, 20, 14, 20) * 1000]);
    expect((await held.engine.handlers.events.sources({}, context)).map(({ signal, format }) => [signal, format])).toEqual([['manual', 'csv']]);
    // They are what the file says: to be corrected there.
    expect(await held.engine.handlers.typed.get({ id: page.rows.id[0] }, context)).toBeNull();
  });

  it('refuse what was read, what is not there, and names that an event has already', async () => {
    await held.ingest(held.write('api.jsonl', `${lines}\n`));
    const { typed, events } = held.engine.handlers;
    const id = (await held.page(everything())).rows.id[3];
    expect(await typed.get({ id }, context)).toBeNull();
    await expect(typed.update({ id, event: event() }, context)).rejects.toThrow('was not typed in');
    await expect(typed.remove({ id }, context)).rejects.toThrow('was not typed in');
    expect((await events.get({ id }, context)).message).toContain('served');
    for (const name of ['message', 'msg', 'Severity', 'service.name', '@timestamp', 'typed_by']) expect(typedEvent.safeParse({ time: T, message: 'x', attributes: [{ name, value: '1' }] }).success, name).toBe(false);
    for (const name of ['user', 'ip', 'ticket', 'constructor']) expect(typedEvent.safeParse({ time: T, message: 'x', attributes: [{ name, value: '1' }] }).success, name).toBe(true);
    expect(typedEvent.safeParse({ time: T, message: 'x', service: 'two\nlines' }).success).toBe(false);
    await held.reopen(true);
    await expect(held.engine.handlers.typed.add(event(), context)).rejects.toThrow('read-only');
  });
});
