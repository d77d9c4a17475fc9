/** Zeek (Bro) logs in its own tab-separated form: '#separator', '#path', '#fields' lines name what follows. JSON logs of Zeek are JSON lines. */
import type { Format } from './format.ts';
import type { Cell } from './lib/csv-table.ts';
import { openDirectives, type DirectiveDialect } from './lib/directives.ts';

const dialect: DirectiveDialect = {
  columns: (line) => (line.startsWith('#fields\t') ? line.split('\t').slice(1) : null),
  service: (line) => /^#path\t(\S+)/.exec(line)?.[1] ?? null,
  empty: new Set(['', '-', '(empty)']),
  split(buf, start, end, cells: Cell[]) {
    cells.length = 0;
    let escaped = false;
    for (let i = start, from = start; i <= end; i++) {
      if (i < end && buf[i] === 92) escaped = true;
      if (i < end && buf[i] !== 9) continue;
      cells.push({ start: from, end: i, escaped });
      from = i + 1;
      escaped = false;
    }
  },
  // Two backslashes are one, \xNN is a byte; bytes above 127 cannot be told apart from text in another encoding and stay as they are.
  unescape: (text) => text.replace(/\\(?:\\|x([0-7][0-9a-fA-F]))/g, (_all, hex: string | undefined) => (hex === undefined ? '\\' : String.fromCharCode(parseInt(hex, 16)))),
};

export const zeek: Format = {
  id: 'zeek',
  title: 'Zeek log',
  description: 'Network logs of Zeek (formerly Bro) in its tab-separated form.',
  signal: 'logs',
  sampleHead: '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\thttp\n#fields\tts\tuid\tid.orig_h\tid.orig_p\thost\turi\tstatus_code\tduration\tuser_agent\ttags',
  samples: [
    {
      record: '1790812800.452687\tCwFs1P\t192.168.2.76\t52026\twww.example.com\t/a b\t404\t0.25\tcurl/8\t(empty)',
      time: '2026-10-01T00:00:00.452687Z',
      severity: 'medium',
      message: 'uid=CwFs1P id.orig_p=52026 duration=0.25 user_agent=curl/8',
      fields: { service: 'http', ip: '192.168.2.76', host: 'www.example.com', url: '/a b' },
      numbers: { status: 404, latencyMs: 250 },
      attributes: { uid: 'CwFs1P', user_agent: 'curl/8' },
    },
    { record: '1790812801.000001\tCx\t10.0.0.1\t1\t-\t-\t-\t-\t-\t-', time: '2026-10-01T00:00:01.000001Z', message: 'uid=Cx id.orig_p=1' },
  ],
  parallel: false,
  recognise(head) {
    if (!/^(?:#separator \\x09\r?\n|(?:#[^\n]*\n){0,8}#fields\t)/.test(head.text)) return null;
    return { confidence: 0.99, reason: "the file begins with Zeek's #separator and #fields lines" };
  },
  open: (context) => openDirectives(dialect, context),
};
