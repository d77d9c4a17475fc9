import type { Sample } from './format.ts';

/** One record per dialect that logfmt is written in. */
export const LOGFMT_SAMPLES: readonly Sample[] = [
  {
    // logrus
    record: 'time="2026-10-01T10:02:03.220731Z" level=error msg="cannot fetch \\"pod\\": not found" namespace=shop pod=cart-7f status=Pending',
    time: '2026-10-01T10:02:03.220731Z',
    severity: 'high',
    message: 'cannot fetch "pod": not found',
    fields: { level: 'error', host: 'cart-7f' },
    attributes: { namespace: 'shop', status: 'Pending' },
  },
  {
    // Grafana
    record: 'logger=context userId=7 t=2026-10-01T10:02:03.52+02:00 level=info msg="Request Completed" method=GET path=/api/ds status=502 remote_addr=10.1.2.3 time_ms=3 duration=3.5ms',
    time: '2026-10-01T08:02:03.520000Z',
    message: 'Request Completed',
    fields: { service: 'context', user: '7', ip: '10.1.2.3', url: '/api/ds', level: 'info' },
    numbers: { status: 502, latencyMs: 3.5 },
    attributes: { method: 'GET', time_ms: 3 },
  },
  {
    // Heroku's router: bare words, no message
    record: 'at=info method=GET path="/orders?id=1" host=shop.example.com request_id=8601b555 fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms status=200 bytes=13 cached',
    time: null,
    fields: { url: '/orders?id=1', requestId: '8601b555' },
    numbers: { status: 200 },
    attributes: { cached: true, bytes: 13 },
  },
];
