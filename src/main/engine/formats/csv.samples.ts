import type { Sample } from './format.ts';

export const CSV_HEADER = 'Date,Time,Level,Host,User Name,Client IP,Status,Duration (ms),Message,Rule';

/** Rows as they come: plain, quoted over lines, too short, too long. */
export const CSV_SAMPLES: readonly Sample[] = [
  {
    record: '2026-10-01,10:02:03.5,ERROR,web-1,ann,10.0.0.7,503,12.5,upstream failed,r7',
    time: '2026-10-01T10:02:03.500000Z',
    severity: 'high',
    message: 'upstream failed',
    fields: { level: 'ERROR', host: 'web-1', user: 'ann', ip: '10.0.0.7' },
    numbers: { status: 503, latencyMs: 12.5 },
    attributes: { Rule: 'r7' },
  },
  {
    record: '2026-10-01,10:02:04,warning,web-1,,,,,"he said ""no"",\nand left","a,b"',
    time: '2026-10-01T10:02:04.000000Z',
    severity: 'medium',
    message: 'he said "no",\nand left',
    attributes: { Rule: 'a,b' },
  },
  { record: '2026-10-01,10:02:05,info,web-2', time: '2026-10-01T10:02:05.000000Z', fields: { host: 'web-2' } },
  { record: '2026-10-01,10:02:06,info,web-2,,,,,fine,r,more', message: 'fine', attributes: { col11: 'more' } },
];
