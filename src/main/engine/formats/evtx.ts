/**
 * Windows event logs as Windows keeps them (.evtx). Decoded to one line a record: the event in the shape that evtx_dump and the Sigma
 * project's regression data have ({"Event":{"System":{…},"EventData":{…}}}), and under "evtx" where the record stands. Times keep their 100 ns.
 */
import type { Format, Sample } from './format.ts';
import { decodeEventLog, isEventLog } from './lib/evtx/decode.ts';
import { sampleLog } from './lib/evtx/document.ts';
import { eventLines } from './lib/evtx/event-lines.ts';

const SYSMON = String.raw`{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon","Guid":"5770385F-C22A-43E0-BF4C-06F5698FFBD9"}},"EventID":1,"Version":5,"Level":4,"Task":1,"Opcode":0,"Keywords":"0x8000000000000000","TimeCreated":{"#attributes":{"SystemTime":"2026-10-01T11:26:31.1238567Z"}},"EventRecordID":74345,"Correlation":null,"Execution":{"#attributes":{"ProcessID":3320,"ThreadID":4216}},"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"ws01.example.org","Security":{"#attributes":{"UserID":"S-1-5-18"}}},"EventData":{"RuleName":"-","ProcessId":12324,"Image":"C:\\Windows\\System32\\whoami.exe","CommandLine":"\"whoami\" /all","User":"EXAMPLE\\ada"}},"evtx":{"record":74345,"written":"2026-10-01T11:26:31.130000Z","offset":4608}}`;
const LOGON = `{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":4625,"Level":0,"TimeCreated":{"#attributes":{"SystemTime":"2026-10-01T11:26:31.500000Z"}},"Channel":"Security","Computer":"dc01"},"EventData":{"SubjectUserName":"DC01$","TargetUserName":"ada","LogonType":3,"IpAddress":"192.0.2.7"}},"evtx":{"record":2,"written":"2026-10-01T11:26:31.500000Z","offset":6000}}`;
const CLASSIC = `{"Event":{"System":{"Provider":{"#attributes":{"Name":"Disk"}},"EventID":{"#attributes":{"Qualifiers":49156},"#text":7},"Level":2,"TimeCreated":{"#attributes":{"SystemTime":"2026-10-01T11:27:00.000000Z"}},"Channel":"System","Computer":"dc01"},"EventData":{"Data":{"#text":["Harddisk0","bad block"]}}},"evtx":{"record":3,"written":"2026-10-01T11:27:00.000000Z","offset":7000}}`;

const SAMPLES: readonly Sample[] = [
  {
    record: SYSMON,
    time: '2026-10-01T11:26:31.123856Z',
    severity: 'info',
    message: String.raw`Sysmon 1 process created: ProcessId=12324 Image=C:\Windows\System32\whoami.exe CommandLine=""whoami" /all" User=EXAMPLE\ada`,
    fields: { service: 'Microsoft-Windows-Sysmon', host: 'ws01.example.org', level: 'info', user: String.raw`EXAMPLE\ada` },
    attributes: {
      EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational', Provider_Name: 'Microsoft-Windows-Sysmon', Computer: 'ws01.example.org', EventRecordID: 74345,
      Image: String.raw`C:\Windows\System32\whoami.exe`, CommandLine: '"whoami" /all', Execution_ProcessID: 3320, Security_UserID: 'S-1-5-18', 'evtx.offset': 4608,
    },
  },
  {
    record: LOGON,
    time: '2026-10-01T11:26:31.500000Z',
    severity: 'info',
    message: 'Security-Auditing 4625 failed logon: SubjectUserName=DC01$ TargetUserName=ada LogonType=3 IpAddress=192.0.2.7',
    fields: { user: 'ada', ip: '192.0.2.7', host: 'dc01' },
  },
  {
    record: CLASSIC,
    time: '2026-10-01T11:27:00.000000Z',
    severity: 'high',
    message: 'Disk 7: Data=Harddisk0 "bad block"',
    fields: { level: 'error' },
    attributes: { EventID: 7, EventID_Qualifiers: 49156, Data: 'Harddisk0\nbad block' },
  },
];

export const evtx: Format = {
  id: 'evtx',
  title: 'Windows event log (EVTX)',
  description: 'Event logs as Windows keeps them: Security, System, Application, Sysmon, PowerShell and all other channels, clean, dirty or in part.',
  signal: 'logs',
  samples: SAMPLES,
  parallel: false,
  named: true,
  recognise: (head) => (isEventLog(head.bytes) ? { confidence: 1, reason: 'the file begins as a Windows event log does' } : null),
  decode: (chunks) => decodeEventLog(chunks),
  document: () => sampleLog([
    { id: 4625, recordId: 1, level: 0, time: Date.UTC(2026, 9, 1, 11, 26, 31, 500), computer: 'dc01', user: 'ada', address: '192.0.2.7' },
    { id: 4624, recordId: 2, level: 0, time: Date.UTC(2026, 9, 1, 11, 26, 32, 750), computer: 'dc01', user: 'Zoë \u{1f511} "q"', address: '-' },
  ]),
  open: eventLines,
};
