/** What the http-json connector writes: the JSON objects that were posted, one a line, and what could not be read. */
import type { Format } from './format.ts';
import { decodedLines } from './lib/decoded-lines.ts';

export const httpJson: Format = {
  id: 'http-json',
  title: 'JSON as posted',
  description: 'JSON objects that were posted over HTTP or sent over a WebSocket.',
  signal: 'logs',
  parallel: false,
  named: true,
  fromConnector: true,
  samples: [
    {
      record: '{"time":"2026-11-21T09:30:00.250Z","level":"error","service":"checkout","message":"card declined","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","order":{"id":991}}',
      time: '2026-11-21T09:30:00.250000Z',
      severity: 'high',
      message: 'card declined',
      fields: { service: 'checkout', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
      attributes: { 'order.id': 991 },
    },
  ],
  recognise: () => null,
  open: decodedLines,
};
