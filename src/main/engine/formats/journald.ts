/**
 * What `journalctl -o export` and systemd-journal-remote write. Each entry becomes a line with its fields by their own names; a field that comes
 * several times is a list. (`journalctl -o json` is JSON lines, with the same names.)
 */
import type { Format, Head, Recognition } from './format.ts';
import { decodedLines } from './lib/decoded-lines.ts';
import { decodeJournal } from './lib/journal-export.ts';

const encoder = new TextEncoder();

/** Two entries; the message of the second is written with its length. */
function document(): Uint8Array {
  const first = '__CURSOR=s=73;i=4ece7\n__REALTIME_TIMESTAMP=1777636800123456\n__MONOTONIC_TIMESTAMP=21415215982\nPRIORITY=4\nSYSLOG_IDENTIFIER=sshd\nMESSAGE=Connection closed by 10.0.0.7 port 40022\n_HOSTNAME=epsilon\n\n';
  const second = '__CURSOR=s=73;i=4ece8\n__REALTIME_TIMESTAMP=1777636801123456\nPRIORITY=6\nMESSAGE\n';
  const message = encoder.encode('two\n\nlines = ü');
  const length = [message.length, 0, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([...encoder.encode(first), ...encoder.encode(second), ...length, ...message, 10, ...encoder.encode('_HOSTNAME=epsilon\nTAG=a\nTAG=b\n\n')]);
}

export const journald: Format = {
  id: 'journald',
  title: 'systemd journal (export)',
  description: 'The journal as journalctl -o export writes it, with text and binary fields.',
  signal: 'logs',
  parallel: false,
  named: true,
  samples: [
    {
      record: '{"__CURSOR":"s=73;i=4ece7","__REALTIME_TIMESTAMP":"1777636800123456","PRIORITY":"4","SYSLOG_FACILITY":"3","SYSLOG_IDENTIFIER":"gdm-password]","MESSAGE":"ignoring session \'8\'","_PID":"587","_HOSTNAME":"epsilon","_SYSTEMD_UNIT":"gdm.service","log.offset":0}',
      time: '2026-05-01T12:00:00.123456Z',
      severity: 'medium',
      message: "ignoring session '8'",
      fields: { host: 'epsilon', service: 'gdm-password]', level: 'warning' },
      attributes: { _PID: '587', _SYSTEMD_UNIT: 'gdm.service', __CURSOR: 's=73;i=4ece7', 'log.offset': 0 },
    },
    { record: '{"__REALTIME_TIMESTAMP":"1777636801123456","PRIORITY":"3","MESSAGE":"two\\n\\nlines","_HOSTNAME":"epsilon","_SYSTEMD_UNIT":"x.service","TAG":["a","b"],"log.offset":120}', time: '2026-05-01T12:00:01.123456Z', severity: 'high', message: 'two\n\nlines', fields: { service: 'x.service' }, attributes: { 'TAG.1': 'b' } },
  ],
  document,
  recognise,
  decode: decodeJournal,
  open: decodedLines,
};

function recognise({ text }: Head): Recognition | null {
  const begin = /^\s*(?:__CURSOR=[^\n]*\n(?:__[A-Z_]+=[^\n]*\n)*?)?__REALTIME_TIMESTAMP=\d{10,20}\n/.exec(text);
  return begin ? { confidence: 0.995, reason: 'it begins with the cursor and time of a journal entry' } : null;
}
