/**
 * W3C extended log files (IIS, Oracle, CloudFront): '#Fields:' lines name the columns, values are separated by blanks and may
 * stand in double quotes. time-taken is seconds (https://www.w3.org/TR/WD-logfile.html), in Microsoft's logs milliseconds.
 */
import type { Format } from './format.ts';
import type { Cell } from './lib/csv-table.ts';
import { openDirectives, type DirectiveDialect } from './lib/directives.ts';
import { MEANING, UNIT, type Spelling } from './lib/spellings.ts';

const OWN: Readonly<Record<string, Spelling['meaning']>> = {
  'c-ip': MEANING.ip, 'cs-username': MEANING.user, 'c-auth-id': MEANING.user, 'cs-uri-stem': MEANING.url, 'cs-uri': MEANING.url, 'sc-status': MEANING.status,
  's-computername': MEANING.host, 'cs-host': MEANING.host, 'cs(Host)': MEANING.host, 's-sitename': MEANING.service, 'x-edge-request-id': MEANING.requestId,
};

const dialect: DirectiveDialect = {
  columns: (line) => (/^#Fields:/i.test(line) ? line.slice(8).trim().split(/\s+/) : null),
  spelling(column, head) {
    const meaning = OWN[column];
    if (meaning !== undefined) return { meaning, rank: 0, parameter: 0 };
    if (column === 'time-taken') return { meaning: MEANING.latency, rank: 0, parameter: /Microsoft/i.test(head) ? UNIT.ms : UNIT.s };
    if (column === 'TimeTakenMS') return { meaning: MEANING.latency, rank: 0, parameter: UNIT.ms };
    return /^(?:date|time)/.test(column) ? undefined : null;
  },
  empty: new Set(['', '-']),
  split(buf, start, end, cells: Cell[]) {
    cells.length = 0;
    let i = start;
    for (;;) {
      while (i < end && (buf[i] === 32 || buf[i] === 9)) i++;
      if (i >= end) return;
      const quoted = buf[i] === 34;
      const from = quoted ? i + 1 : i;
      i = from;
      while (i < end && (quoted ? buf[i] !== 34 : buf[i] !== 32 && buf[i] !== 9)) i++;
      cells.push({ start: from, end: i, escaped: false });
      if (quoted) i++;
    }
  },
  message(value) {
    const uri = value('cs-uri') || value('cs-uri-stem');
    const query = value('cs-uri-query');
    return [value('cs-method'), query === '' ? uri : `${uri}?${query}`, value('sc-status')].filter((part) => part !== '').join(' ');
  },
};

export const w3c: Format = {
  id: 'w3c',
  title: 'W3C extended log',
  description: 'Web server logs with #Fields lines: Microsoft IIS, Oracle, CloudFront.',
  signal: 'logs',
  sampleHead: '#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query cs-username c-ip cs(User-Agent) sc-status time-taken',
  samples: [
    {
      record: '2026-10-01 00:32:17 10.0.0.1 GET /robots.txt a=1 ann 157.55.39.146 "Mozilla/5.0 (X11)" 404 283',
      time: '2026-10-01T00:32:17.000000Z',
      severity: 'medium',
      message: 'GET /robots.txt?a=1 404',
      fields: { user: 'ann', ip: '157.55.39.146', url: '/robots.txt' },
      numbers: { status: 404, latencyMs: 283 },
      attributes: { 'cs(User-Agent)': 'Mozilla/5.0 (X11)', 's-ip': '10.0.0.1' },
    },
    { record: '2026-10-01 00:32:18 10.0.0.1 POST /x - - 10.0.0.2 - 200 1', message: 'POST /x 200' },
  ],
  parallel: false,
  recognise(head) {
    if (!/^(?:#[^\n]*\n\s*){0,12}#Fields:[^\n]*\b(?:c|s|cs|sc)[-(]/i.test(head.text)) return null;
    return { confidence: 0.99, reason: 'the file begins with #Fields: and the names of a W3C extended log' };
  },
  open: (context) => openDirectives(dialect, context),
};
