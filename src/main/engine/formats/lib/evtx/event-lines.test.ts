import { describe, expect, it } from 'vitest';
import { CollectingSink, type ReadRecord } from '../collect.ts';
import { eventLines } from './event-lines.ts';

function read(line: unknown): ReadRecord {
  const buf = Buffer.from(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  const sink = new CollectingSink(buf, true);
  eventLines({ path: 'x', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  expect(sink.rejects).toEqual([]);
  return sink.records[0];
}
const attributesOf = (record: ReadRecord): Record<string, unknown> => Object.fromEntries(record.attributes.map(({ name, value }) => [name, value]));
const event = (eventId: number, data: unknown, system: object = {}): unknown => ({ Event: { System: { EventID: eventId, ...system }, EventData: data } });

describe('lines of events', () => {
  it('takes the time from when the record was written when the event has none', () => {
    expect(read({ Event: { System: {} }, evtx: { written: '2026-10-01T00:00:00.0000017Z' } }).time).toBe(Date.UTC(2026, 9, 1) * 1000 + 1);
    expect(read({ Event: { System: { TimeCreated: { '#attributes': { SystemTime: '2026-10-02T00:00:00.000000Z' } } } }, evtx: { written: '2026-10-01T00:00:00.000000Z' } }).time).toBe(Date.UTC(2026, 9, 2) * 1000);
  });

  it.each([[0, 'info'], [1, 'critical'], [2, 'error'], [3, 'warning'], [4, 'info'], [5, 'verbose'], [6, undefined], [16, undefined]])('reads level %i', (level, name) => {
    expect(read(event(1, null, { Level: level })).fields.level).toBe(name);
  });

  it('names the account a logon is about, and who acts in everything else', () => {
    const data = { SubjectUserName: 'DC01$', TargetUserName: 'ada' };
    expect(read(event(4624, data)).fields.user).toBe('ada');
    expect(read(event(4688, data)).fields.user).toBe('DC01$');
    expect(read(event(4688, { SubjectUserName: '-', User: null, TargetUserName: 'ada' })).fields.user).toBe('ada');
    expect(read(event(4624, { SubjectUserName: 'DC01$', TargetUserName: '-' })).fields.user).toBe('DC01$');
    expect(read(event(1, {}, { Security: { '#attributes': { UserID: 'S-1-5-18' } } })).fields.user).toBe('S-1-5-18');
  });

  it.each([['192.0.2.7', '192.0.2.7'], ['::1', '::1'], ['::ffff:192.0.2.7', '::ffff:192.0.2.7'], ['fe80::1%12', 'fe80::1%12'], ['-', undefined], ['LOCAL', undefined], ['fe', undefined]])('takes %s for an address or not', (text, ip) => {
    expect(read(event(4624, { IpAddress: text })).fields.ip).toBe(ip);
  });

  it('shows the message that was rendered', () => {
    const line = { Event: { System: { EventID: 1 }, EventData: { a: 1 }, RenderingInfo: { Message: 'The "thing"\nfailed.', Level: 'Error' } } };
    expect(read(line).message).toBe('The "thing"\nfailed.');
    expect(attributesOf(read(line))).toMatchObject({ 'RenderingInfo.Message': 'The "thing"\nfailed.', a: 1 });
  });

  it('makes a message of the data: short, in one line, without GUIDs and empty values', () => {
    const system = { Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } } };
    expect(read(event(1, { UtcTime: '2026-10-01 00:00:00', ProcessGuid: 'X', LogonGUID: 'X', Guide: 'y', Image: 'C:\\a b.exe', Empty: '', None: null, Dash: '-', Lines: 'a\r\nb' }, system)).message)
      .toBe('Sysmon 1 process created: Guide=y Image="C:\\a b.exe" Lines="a  b"');
    const long = read(event(7, { a: '€'.repeat(1000), b: 'x'.repeat(1000), c: 'y'.repeat(1000), d: 'z' }, system)).message ?? '';
    expect(long.length).toBeLessThan(1300);
    expect(long).toMatch(/^Sysmon 7 image loaded: a=€+… b=x+… c=y+… …$/);
  });

  it('names attributes as rules do, and keeps apart what has the same name', () => {
    const line = { Event: { System: { Channel: 'System', EventID: { '#attributes': { Qualifiers: 1 }, '#text': 104 } }, UserData: { LogFileCleared: { '#attributes': { xmlns: 'x' }, Channel: 'Security', Deep: { Inner: true } } } } };
    expect(attributesOf(read(line))).toEqual({ Channel: 'System', EventID_Qualifiers: 1, EventID: 104, 'LogFileCleared.Channel': 'Security', Inner: true });
  });

  it('finds values by their words', () => {
    const words: string[] = [];
    const buf = Buffer.from(`${JSON.stringify(event(1, { Hashes: 'MD5=AB', Big: 'x'.repeat(5000) }))}\n`);
    const sink = new CollectingSink(buf, false);
    Object.assign(sink, { words: (start: number, end: number) => words.push(buf.toString('utf8', start, end)) });
    eventLines({ path: 'x', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
    expect(words).toEqual(['1', 'MD5=AB', 'x'.repeat(5000)]);
  });

  it('takes no line that is cut or has brackets without their others for a record', () => {
    const line = JSON.stringify(event(1, { a: 'x\\"', b: [1, null, { c: true }] }));
    const outcome = (text: string): string => {
      const buf = Buffer.from(`${text}\n`);
      const sink = new CollectingSink(buf, true);
      eventLines({ path: 'x', modified: 0, zone: 'UTC', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
      return `${sink.records.length} ${sink.rejects.length}`;
    };
    expect(outcome(line)).toBe('1 0');
    for (let cut = 1; cut < line.length; cut++) expect(outcome(line.slice(0, cut)), line.slice(0, cut)).toBe('0 1');
    for (const wrong of [`${line}}`, '{"Event":[}', '{"Event":{]', '{"Event" 1}', '{"Event":1,}', '{"a":?}', `{"a":${'['.repeat(5000)}`, `${'{"a":'.repeat(5000)}1`]) expect(outcome(wrong), wrong.slice(0, 40)).toBe('0 1');
  });
});
