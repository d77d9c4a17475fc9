/**
 * What the generated services say. Weights are per 10,000 events. Each word of COMMON_WORDS and RARE_WORDS stands in one template
 * only, so that its share of the events is known; the regular expressions of the questions rely on the wording too.
 */
import type { Random } from './random.ts';

export interface Template {
  weight: number;
  level: 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  say: (r: Random) => string;
}

export const SERVICES = ['checkout', 'ledger', 'catalog', 'identity', 'shipping', 'gateway', 'pricing', 'mailer'] as const;
export const HOSTS = Array.from({ length: 24 }, (_, i) => `node-${String(i + 1).padStart(2, '0')}.zone-${'abc'[i % 3]}`);

/** 2 to 4 % of the events each */
export const COMMON_WORDS = ['throttled', 'revalidated', 'enqueued'] as const;
/** one event in 2,000 each */
export const RARE_WORDS = ['quarantined', 'deadlock', 'failover'] as const;
/** Few events match, so all of them have to be looked at. */
export const REGEXES = ['/shard \\d+ .* after [89]\\d{3} ms/', '/basket [0-9a-f]{6} .* (7|9)\\d items/', '/attempt 5 of \\d+.*zone-[ac]/'] as const;

const T = (weight: number, level: Template['level'], say: Template['say']): Template => ({ weight, level, say });

export const TEMPLATES: readonly Template[] = [
  T(900, 'info', (r) => `served ${r.of(PATHS)} to account ${r.below(90_000)} in ${r.below(400)} ms`),
  T(800, 'info', (r) => `basket ${r.hex(6)} priced, ${r.below(100)} items, total ${r.below(90_000) / 100} EUR`),
  T(700, 'info', (r) => `session ${r.hex(12)} opened for account ${r.below(90_000)}`),
  T(600, 'info', (r) => `session ${r.hex(12)} closed after ${r.below(5000)} s`),
  T(600, 'info', (r) => `stored parcel label ${r.below(9_999_999)} in bucket labels-${r.below(16)}`),
  T(500, 'info', (r) => `payment of ${r.below(90_000) / 100} EUR authorised by provider ${r.of(PROVIDERS)}`),
  T(500, 'info', (r) => `token for client ${r.of(SERVICES)} issued, valid for ${r.below(60)} min`),
  T(400, 'info', (r) => `message ${r.hex(16)} enqueued on ${r.of(QUEUES)}, ${r.below(900)} waiting`),
  T(400, 'info', (r) => `catalog page ${r.below(5000)} rendered from ${r.below(40)} fragments`),
  T(350, 'info', (r) => `replica ${r.below(9)} of shard ${r.below(64)} caught up at position ${r.below(99_999_999)}`),
  T(300, 'info', (r) => `cache entry ${r.of(PATHS)} revalidated, age ${r.below(600)} s`),
  T(300, 'info', (r) => `job ${r.of(JOBS)} done, ${r.below(20_000)} records`),
  T(250, 'info', (r) => `connection from 10.${r.below(32)}.${r.below(256)}.${r.below(256)} accepted on port ${r.of([443, 8443, 5432])}`),
  T(200, 'info', (r) => `health of ${r.of(SERVICES)} is good, ${r.below(80)} connections in use`),
  T(800, 'debug', (r) => `plan for query ${r.hex(8)} chosen from ${r.below(12)} candidates`),
  T(500, 'debug', (r) => `span ${r.hex(16)} sampled at rate 1/${r.of([10, 50, 100])}`),
  T(400, 'debug', (r) => `pool ${r.of(QUEUES)}: ${r.below(64)} busy, ${r.below(64)} idle`),
  T(350, 'warn', (r) => `request of account ${r.below(90_000)} throttled, ${r.below(900)} over the limit of 600 a minute`),
  T(250, 'warn', (r) => `shard ${r.below(64)} answered after ${1000 + r.below(9000)} ms, limit 1000 ms`),
  T(150, 'warn', (r) => `attempt ${1 + r.below(5)} of 5 to reach ${r.of(HOSTS)} was refused, waiting ${r.below(8000)} ms`),
  T(100, 'warn', (r) => `disk of ${r.of(HOSTS)} is ${80 + r.below(20)} % full`),
  T(200, 'error', (r) => `upstream ${r.of(SERVICES)} timed out after ${r.below(30)} s on ${r.of(PATHS)}`),
  T(150, 'error', (r) => `payment provider ${r.of(PROVIDERS)} said no: \\"card ${r.of(REFUSALS)}\\"`),
  T(100, 'error', (r) => `cannot decode message ${r.hex(16)} of ${r.of(QUEUES)}: unexpected byte 0x${r.hex(2)} at ${r.below(4000)}`),
  T(80, 'error', (r) => `order ${r.below(9_999_999)} rolled back: constraint ${r.of(CONSTRAINTS)} violated`),
  T(95, 'error', (r) => `sign-in of account ${r.below(90_000)} from 203.0.113.${r.below(256)} denied: ${r.of(REFUSALS)}`),
  T(5, 'error', (r) => `upload ${r.hex(16)} quarantined by scanner ${r.below(4)}`),
  T(5, 'error', (r) => `deadlock between transactions ${r.below(99_999)} and ${r.below(99_999)} on ${r.of(CONSTRAINTS)}`),
  T(5, 'fatal', (r) => `failover of shard ${r.below(64)} to ${r.of(HOSTS)}, ${r.below(900)} writes lost`),
  T(10, 'fatal', (r) => `out of memory in worker ${r.below(16)}, heap ${r.below(4096)} MiB`),
];

const PROVIDERS = ['nordpay', 'cardlane', 'bankbridge'];
const QUEUES = ['orders.created', 'mail.outgoing', 'stock.changes', 'audit.trail'];
const JOBS = ['nightly-rollup', 'invoice-run', 'index-refresh', 'stock-count'];
const REFUSALS = ['expired', 'limit reached', 'blocked by issuer', 'wrong code'];
const CONSTRAINTS = ['orders_account_key', 'stock_not_negative', 'ledger_balance'];
export const PATHS = ['/api/basket', '/api/orders', '/api/orders/history', '/api/search', '/api/account', '/static/app.js', '/static/app.css', '/health', '/login', '/api/stock'];
export const AGENTS = ['Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/18.0 Safari/605.1', 'shop-mobile/7.4 (Android 15)', 'probe/1.2'];
