/**
 * Level words and numbers of all the loggers we read, to the product's severity code: 0 info .. 4 critical. -1 = not a level.
 */
const WORDS: readonly (readonly [number, string])[] = [
  [4, 'emerg emergency alert crit critical fatal panic dpanic severe disaster f'],
  [3, 'error err failure fail failed e eror'],
  [2, 'warning warn w wrn'],
  [1, 'notice n'],
  [0, 'info informational information inf i debug dbg d debug1 debug2 debug3 debug4 debug5 trace trc t verbose v fine finer finest config all log note ok success'],
];
const CODES = new Map(WORDS.flatMap(([code, words]) => words.split(' ').map((word) => [word, code] as const)));
/** How detections are rated (Sigma, Hayabusa). In running text these words are no levels, so only a level's own value may be one. */
const RATINGS = new Map([['high', 3], ['medium', 2], ['med', 2], ['moderate', 2], ['low', 1]]);
/** no level word is longer */
const LONGEST = 13;

/** The same words by a hash of their bytes, so that no string is made for each record. */
const BY_HASH = new Map<number, { code: number; bytes: Uint8Array }>();
for (const [word, code] of CODES) {
  const bytes = new TextEncoder().encode(word);
  const hash = hashOf(bytes, 0, bytes.length);
  if (BY_HASH.has(hash)) throw new Error(`level words collide: ${word}`);
  BY_HASH.set(hash, { code, bytes });
}
function hashOf(buf: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 131) + (buf[i] | 32)) | 0;
  // 30 bits: a number that V8 keeps without a box
  return hash & 0x3fffffff;
}

/** Severity code of the level word buf[start, end), any case, or -1. Blanks around it are ignored. */
export function severityAt(buf: Uint8Array, start: number, end: number): number {
  while (start < end && buf[start] === 32) start++;
  while (start < end && buf[end - 1] === 32) end--;
  const length = end - start;
  if (length === 0 || length > LONGEST) return -1;
  const known = BY_HASH.get(hashOf(buf, start, end));
  if (known === undefined || known.bytes.length !== length) return -1;
  for (let i = 0; i < length; i++) {
    const c = buf[start + i];
    if ((c >= 65 && c <= 90 ? c | 32 : c) !== known.bytes[i]) return -1;
  }
  return known.code;
}

/** Severity code of a level as text: a word in any case or a number (10..60 pino and bunyan, 0..7 syslog), or -1. */
export function severityOf(level: string): number {
  const word = level.trim().toLowerCase();
  if (/^\d{1,2}$/.test(word)) {
    const number = Number(word);
    return number <= 7 ? syslogSeverity(number) : number % 10 === 0 ? pinoSeverity(number) : -1;
  }
  return CODES.get(word) ?? RATINGS.get(word) ?? -1;
}

const SYSLOG = [4, 4, 4, 3, 2, 1, 0, 0];
/** RFC 5424 severity 0 (emergency) .. 7 (debug). */
export function syslogSeverity(level: number): number {
  return SYSLOG[level] ?? -1;
}
/** RFC 5424 severity names by number, for the level column. */
export const SYSLOG_LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;
/** RFC 5424 facility names by number. */
export const SYSLOG_FACILITIES = [
  'kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp', 'ntp', 'audit', 'alert', 'clock',
  'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7',
] as const;

/** pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
export function pinoSeverity(level: number): number {
  if (!(level >= 10)) return -1;
  return level >= 60 ? 4 : level >= 50 ? 3 : level >= 40 ? 2 : 0;
}

/** OpenTelemetry SeverityNumber: 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24 fatal. */
export function otelSeverity(number: number): number {
  if (!(number >= 1 && number <= 24)) return -1;
  return number >= 21 ? 4 : number >= 17 ? 3 : number >= 13 ? 2 : 0;
}
