/** Tables that forensic tools, Windows and databases export, in the forms their documentation shows. */
import { describe, expect, it } from 'vitest';
import { csv } from './csv.ts';
import { CollectingSink } from './lib/collect.ts';
import { makeHead, recognise } from './recognise.ts';
import { formats } from './registry.ts';

interface Row {
  time: string | null;
  message: string;
  fields: object;
  values: Record<string, unknown>;
  zoneAssumed: boolean;
}
function read(text: string): Row[] {
  const buf = Buffer.from(text);
  const { format } = recognise(makeHead('x', buf), formats);
  expect(format?.id).toBe('csv');
  const sink = new CollectingSink(buf, true);
  csv.open({ path: 'x', modified: Date.UTC(2026, 10, 22) * 1000, zone: 'Europe/Berlin', head: buf }).parse(buf, 0, buf.length, buf.length, true, sink);
  expect(sink.rejects).toEqual([]);
  return sink.records.map(({ time, message, fields, attributes, zoneAssumed }) => ({
    time: time === null ? null : new Date(time / 1000).toISOString().replace('Z', String(time % 1000).padStart(3, '0')),
    message, fields, zoneAssumed,
    values: Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
  }));
}

describe('plaso', () => {
  it('reads l2tcsv with its zone, also when the first time is none', () => {
    const rows = read(`date,time,timezone,MACB,source,sourcetype,type,user,host,short,desc,version,filename,inode,notes,format,extra
00/00/0000,--:--:--,UTC,....,EVT,WinEVTX,Not a time,-,DESK-1,[7036],"[7036] Source Name: a, b",2,OS:/System.evtx,1,-,winevtx,-
11/05/2026,03:04:05,UTC,M...,FILE,NTFS content,Content Modification Time,-,DESK-1,\\x.docx,NTFS:\\x.docx Type: file,2,NTFS:\\x.docx,4711,-,filestat,size: 12
11/21/2026,23:04:06,CET,.A..,WEBHIST,Chrome History,Last Visited Time,ann,DESK-1,https://x.test,https://x.test (X),2,OS:/History,0,-,sqlite,visit_type: 1
`);
    expect(rows.map(({ time }) => time)).toEqual([null, '2026-11-05T03:04:05.000000', '2026-11-21T22:04:06.000000']);
    expect(rows[2]).toMatchObject({ message: 'https://x.test (X)', zoneAssumed: false, fields: { user: 'ann', host: 'DESK-1' }, values: { type: 'Last Visited Time', source: 'WEBHIST', MACB: '.A..' } });
    expect(rows[0].message).toBe('[7036] Source Name: a, b');
  });

  it('reads the dynamic output to the microsecond', () => {
    const [row] = read(`datetime,timestamp_desc,source,source_long,message,parser,display_name,tag
2026-11-21T03:04:05.123456+00:00,Content Modification Time,FILE,File stat,"a, b",filestat,OS:/x,-
2026-11-21T03:04:06.000001+00:00,Last Visited Time,WEBHIST,Chrome History,c,sqlite,OS:/History,bad
`);
    expect(row).toMatchObject({ time: '2026-11-21T03:04:05.123456', message: 'a, b', fields: { service: 'filestat' }, values: { timestamp_desc: 'Content Modification Time', source: 'FILE', source_long: 'File stat' } });
  });

  it('believes the microseconds of Timesketch rather than its seconds', () => {
    const [row] = read(`message,timestamp,datetime,timestamp_desc,extra_field_1
A message,1331698658276340,2012-03-14T04:17:38+00:00,Write time,foo
Another,1331698658276341,2012-03-14T04:17:38+00:00,Write time,bar
`);
    expect(row).toMatchObject({ time: '2012-03-14T04:17:38.276340', message: 'A message', values: { timestamp_desc: 'Write time', extra_field_1: 'foo' } });
  });
});

describe('Windows', () => {
  it("reads the Event Viewer's export, whose message has no name", () => {
    const rows = read(`\ufeffLevel,Date and Time,Source,Event ID,Task Category\r
Information,11/21/2026 3:04:05 PM,Microsoft-Windows-Security-Auditing,4624,Logon,"An account was successfully logged on.\r
\r
Subject:"\r
Error,11/21/2026 12:04:06 AM,Service Control Manager,7031,None,"The ""x"" service terminated."\r
`);
    expect(rows).toMatchObject([
      { time: '2026-11-21T14:04:05.000000', zoneAssumed: true, message: 'An account was successfully logged on.\r\n\r\nSubject:', fields: { level: 'Information', service: 'Microsoft-Windows-Security-Auditing' }, values: { 'Event ID': '4624', 'Task Category': 'Logon' } },
      { time: '2026-11-20T23:04:06.000000', message: 'The "x" service terminated.', fields: { level: 'Error', service: 'Service Control Manager' } },
    ]);
  });

  it('reads it in other languages', () => {
    const rows = read(`Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie
Informationen,21.11.2026 15:04:05,Microsoft-Windows-Security-Auditing,4624,Anmelden,"Ein Konto wurde erfolgreich angemeldet."
Fehler,05.11.2026 15:04:06,Service Control Manager,7031,Keine,Beendet.
`);
    expect(rows).toMatchObject([
      { time: '2026-11-21T14:04:05.000000', message: 'Ein Konto wurde erfolgreich angemeldet.', values: { Quelle: 'Microsoft-Windows-Security-Auditing', Ebene: 'Informationen' } },
      { time: '2026-11-05T14:04:06.000000', message: 'Beendet.' },
    ]);
  });

  it('reads Get-WinEvent | Export-Csv, and day before month where one date can only be so', () => {
    const rows = read(`#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord
"Message","Id","Level","ProviderName","LogName","MachineName","UserId","TimeCreated","LevelDisplayName"
"An account failed to log on.

Subject:","4625","0","Microsoft-Windows-Security-Auditing","Security","DESK-1",,"21/11/2026 15:04:05","Information"
"Stopped.","7036","2","Service Control Manager","System","DESK-1",,"05/11/2026 15:04:05","Error"
`);
    expect(rows).toMatchObject([
      { time: '2026-11-21T14:04:05.000000', message: 'An account failed to log on.\n\nSubject:', fields: { level: 'Information', host: 'DESK-1', service: 'Microsoft-Windows-Security-Auditing' }, values: { Id: '4625' } },
      { time: '2026-11-05T14:04:05.000000', fields: { level: 'Error' } },
    ]);
  });

  it('reads EvtxECmd', () => {
    const [row] = read(`RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,ThreadId,Computer,ChunkNumber,UserId,MapDescription,UserName,RemoteHost,PayloadData1,PayloadData2,ExecutableInfo,HiddenRecord,SourceFile,Keywords,ExtraDataOffset,Payload
1,4711,2026-11-21 15:04:05.1234567,4624,LogAlways,Microsoft-Windows-Security-Auditing,Security,700,800,DESK-1,0,,Successful logon,X\\ann,LAP-7 (10.0.0.7),Target: X\\bob,LogonType 3,C:\\a.exe,False,C:\\S.evtx,Audit success,0,"{""a"":1}"
`);
    expect(row).toMatchObject({ time: '2026-11-21T14:04:05.123456', message: 'Successful logon', fields: { user: 'X\\ann', host: 'DESK-1', service: 'Microsoft-Windows-Security-Auditing' }, values: { Channel: 'Security', PayloadData2: 'LogonType 3', Payload: '{"a":1}' } });
  });

  it('reads the timelines of Hayabusa and Chainsaw', () => {
    expect(read(`"Timestamp","RuleTitle","Level","Computer","Channel","EventID","RecordID","Details","ExtraFieldInfo"
"2026-11-21 15:04:05.123 +09:00","Possible LOLBIN","high","DESK-1","Sysmon",1,44,"Cmdline: x.exe ¦ Proc: C:\\x.exe",""
`)).toMatchObject([{ time: '2026-11-21T06:04:05.123000', message: 'Possible LOLBIN', fields: { level: 'high', host: 'DESK-1' }, values: { EventID: '1' } }]);
    expect(read(`timestamp,detections,path,count,Event.System.Provider,Event ID,Record ID,Computer,Event Data
2026-11-21T15:04:05.123456+00:00,‣ Suspicious Service,C:\\System.evtx,1,Service Control Manager,7045,9,DESK-1,ServiceName: x
`)).toMatchObject([{ time: '2026-11-21T15:04:05.123456', message: '‣ Suspicious Service', fields: { host: 'DESK-1', service: 'Service Control Manager' }, values: { path: 'C:\\System.evtx' } }]);
  });
});

describe("PostgreSQL's csvlog", () => {
  const row = (width: number): string => ['2026-05-01 12:00:00.123 CEST', '"app"', '"shop"', '4711', '"10.0.0.7:50412"', '663235a0.1267', '1', '"SELECT"', '2026-05-01 11:59:00 CEST', '3/12', '0', 'ERROR', '42P01', '"relation ""x"" does not exist"', '', '', '', '', '', '"select 1,\n 2 from x"', '15', '', '"psql"', '"client backend"', '', '0'].slice(0, width).join(',');

  it.each([23, 24, 26])('is known by its %i columns', (width) => {
    const rows = read(`${row(width)}\n${row(width)}\n`);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({ time: '2026-05-01T10:00:00.123000', message: 'relation "x" does not exist', fields: { level: 'ERROR', user: 'app', ip: '10.0.0.7', service: 'psql' }, values: { sql_state_code: '42P01', transaction_id: '0', query: 'select 1,\n 2 from x' } });
    expect(rows[0].fields).not.toHaveProperty('requestId');
  });
});
