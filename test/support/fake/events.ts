import type { Source } from '../../../src/shared/event.ts';

export interface FakeEvent {
  id: number;
  time: number;
  severity: number;
  flags: number;
  source: number;
  service: string;
  host: string;
  level: string;
  message: string;
  status: number | null;
}
export const START = Date.UTC(2026, 10, 20, 6, 0, 0) * 1000;
const HOURS = 30;

/** A small seeded generator (mulberry32), so that every run sees the same case. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const SERVICES = ['api', 'checkout', 'payments', 'nginx', 'kernel', 'scheduler'] as const;
const MESSAGES: Readonly<Record<string, string[]>> = {
  api: ['GET /v1/orders 200 in 41 ms', 'upstream timed out after 3000 ms calling payments', 'request finished request_id=9f2c11ab', 'cache miss for key cart:81723'],
  checkout: ['order 77120 accepted', 'retry 2 of 5 for payment intent pi_31Ga', 'connection reset by peer 10.4.2.17:5432'],
  payments: ['charge captured amount=129.00 EUR', 'database connection pool exhausted: 50 of 50 in use', 'circuit breaker opened for bank-gateway'],
  nginx: ['GET /healthz 200', 'POST /checkout 502 upstream prematurely closed connection', 'GET /static/app.js 304'],
  kernel: ['eth0: link up 1000 Mbps', 'Out of memory: Killed process 2231 (java) total-vm:8123412kB', 'TCP: request_sock_TCP: Possible SYN flooding on port 443'],
  scheduler: ['job nightly-rollup started', 'job nightly-rollup finished in 41.2 s', 'skipped \u001b[31mred\u001b[0m tick <script>alert(1)</script>'],
};

export function makeEvents(count: number): FakeEvent[] {
  const random = seeded(7);
  const events: FakeEvent[] = [];
  for (let index = 0; index < count; index++) {
    const burst = random() < 0.25;
    const at = burst ? 0.62 + random() * 0.05 : random();
    const service = SERVICES[Math.floor(random() ** (burst ? 2 : 1) * SERVICES.length)];
    const options = MESSAGES[service];
    const pick = burst ? Math.min(options.length - 1, 1 + Math.floor(random() * 2)) : Math.floor(random() * options.length);
    const bad = pick >= 1 && burst;
    const severity = bad ? (random() < 0.3 ? 4 : 3) : pick === 1 ? 2 : random() < 0.1 ? 1 : 0;
    events.push({
      id: 0, time: Math.floor(START + at * HOURS * 3600e6), severity, flags: random() < 0.01 ? 1 : 0, source: SERVICES.indexOf(service) + 1, service,
      host: `web-${1 + Math.floor(random() * 4)}`, level: ['INFO', 'NOTICE', 'WARN', 'ERROR', 'FATAL'][severity], message: options[pick], status: service === 'nginx' ? [200, 502, 304][pick] : null,
    });
  }
  events.sort((a, b) => a.time - b.time);
  events.forEach((event, index) => (event.id = 4096 + index));
  return events;
}

export function makeSources(events: readonly FakeEvent[]): Source[] {
  return SERVICES.map((service, index) => {
    const mine = events.filter((event) => event.source === index + 1);
    const stopped = index === 4;
    const failed = index === 5;
    const rejected = index === 0 ? 12 : 0;
    const duplicates = index === 3 ? 40 : 0;
    return {
      id: index + 1, signal: index === 1 ? 'traces' : 'logs', path: index === 3 ? '/evidence/bundle.tar.gz!var/log/nginx/access.log' : `/var/log/${service}.${index < 3 ? 'jsonl' : 'log'}`,
      format: index < 3 ? 'jsonl' : index === 3 ? 'access' : 'syslog3164', formatTitle: index < 3 ? 'JSON lines' : index === 3 ? 'Access log (combined)' : 'Syslog (RFC 3164)',
      formatReason: index < 3 ? '20 of 20 lines are JSON objects with a time and a message' : 'every line has the shape of the format', service: '', zone: 'UTC',
      sha256: failed ? '' : 'a3f1c2'.padEnd(64, String(index)), size: 1_200_000 * (index + 1), modified: START, ingestedAt: START + 40 * 3600e6, ingestedBy: 'ana', toolVersion: '0.1.0',
      state: failed ? 'failed' : stopped ? 'stopped' : 'done', error: failed ? 'Permission denied after 1.2 MB. What was read is kept; give read access and continue.' : '', bytesRead: 1_200_000 * (index + 1),
      ledger: { read: mine.length + rejected + duplicates, stored: mine.length, duplicates, rejected }, from: mine[0]?.time ?? null, to: mine.at(-1)?.time ?? null,
    };
  });
}
