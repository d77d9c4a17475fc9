// Spans, a log and metrics of one small shop: the last checkout is slow and refused, and the pool of the database is full then.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const START = Date.UTC(2026, 10, 20, 9);
const CHECKOUTS = 20;
/** Spans of a checkout: web asks payments, which asks the database. */
export const SPANS = 3;
/** Events of the case: each checkout's spans and its line in the log. */
export const EVENTS = CHECKOUTS * (SPANS + 1);
/** What the last checkout says of its failure, in its span and in the log. */
export const REFUSAL = 'card refused: the bank did not answer';
const idOf = (n: number): string => (n + 1).toString(16).padStart(32, '0');
/** The trace of the checkout that was refused. */
export const REFUSED = idOf(CHECKOUTS - 1);

function checkout(n: number): unknown {
  const last = n === CHECKOUTS - 1;
  const start = (START + n * 60_000) * 1000;
  const span = (id: string, parent: string, service: string, name: string, from: number, took: number, error = ''): unknown => ({
    traceID: idOf(n), spanID: id, operationName: name, startTime: start + from * 1000, duration: took * 1000, processID: service, logs: [],
    references: parent === '' ? [] : [{ refType: 'CHILD_OF', traceID: idOf(n), spanID: parent }],
    tags: error === '' ? [] : [{ key: 'error', type: 'bool', value: true }, { key: 'error.message', type: 'string', value: error }],
  });
  return {
    traceID: idOf(n), processes: Object.fromEntries(['web', 'payments', 'database'].map((service) => [service, { serviceName: service, tags: [] }])),
    spans: [
      span('00000000000000a1', '', 'web', 'POST /checkout', 0, last ? 900 : 100), span('00000000000000a2', '00000000000000a1', 'payments', 'charge', 10, last ? 850 : 60, last ? REFUSAL : ''),
      span('00000000000000a3', '00000000000000a2', 'database', 'SELECT cards', 15, 20),
    ],
  };
}

/** Writes the folder `signals` into `parent` and says where it is. */
export function writeSignals(parent: string): string {
  const folder = path.join(parent, 'signals');
  mkdirSync(folder);
  const each = <T>(make: (n: number) => T): T[] => Array.from({ length: CHECKOUTS }, (_, n) => make(n));
  writeFileSync(path.join(folder, 'spans.json'), JSON.stringify({ data: each(checkout) }));
  writeFileSync(path.join(folder, 'payments.jsonl'), each((n) => `${JSON.stringify({
    time: new Date(START + n * 60_000 + 40).toISOString(), level: n === CHECKOUTS - 1 ? 'error' : 'info', service: 'payments', message: n === CHECKOUTS - 1 ? REFUSAL : `order ${n} paid`, trace_id: idOf(n), span_id: '00000000000000a2',
  })}\n`).join(''));
  const samples = ['orders', 'catalog'].flatMap((pool) => each((n) => `db_connections{pool="${pool}"} ${pool === 'orders' && n > 15 ? 90 : 20 + (n % 3)} ${START / 1000 + n * 60}\n`));
  writeFileSync(path.join(folder, 'shop.openmetrics.txt'), `# TYPE db_connections gauge\n# HELP db_connections Open connections.\n${samples.join('')}# EOF\n`);
  return folder;
}
