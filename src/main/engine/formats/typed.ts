/** What people type in: one JSON object an event, with the names of the Elastic Common Schema, as typed-events.ts writes it. */
import type { Format } from './format.ts';
import { decodedLines } from './lib/decoded-lines.ts';

export const typed: Format = {
  id: 'typed',
  title: 'Typed in',
  description: 'Events that people typed in, with who did and when.',
  signal: 'manual',
  parallel: false,
  named: true,
  fromConnector: true,
  samples: [
    {
      record:
        '{"@timestamp":"2026-11-21T09:30:00.000000Z","log.level":"high","service.name":"badge","host.name":"door-3","message":"Guard saw an unknown person \\"with a laptop\\"\\nat the rack","tags":"physical, witness","evidence":"call with J. Meyer, 14:10","user":"meyer","shift":"night","typed_by":"ana","typed_at":"2026-11-21T14:12:00.000000Z"}',
      time: '2026-11-21T09:30:00.000000Z',
      severity: 'high',
      message: 'Guard saw an unknown person "with a laptop"\nat the rack',
      fields: { service: 'badge', host: 'door-3', level: 'high', user: 'meyer' },
      attributes: { tags: 'physical, witness', evidence: 'call with J. Meyer, 14:10', shift: 'night', typed_by: 'ana' },
    },
    { record: '{"@timestamp":"2026-11-21T10:00:00.000000Z","log.level":"medium","message":"Power came back","typed_by":"ana","typed_at":"2026-11-21T14:12:00.000000Z"}', time: '2026-11-21T10:00:00.000000Z', severity: 'medium', message: 'Power came back' },
    { record: '{"@timestamp":"2026-11-21T10:00:00.000000Z","log.level":"low","message":"Coffee","typed_by":"ana","typed_at":"2026-11-21T14:12:00.000000Z"}', severity: 'low' },
  ],
  recognise: () => null,
  open: decodedLines,
};
