/**
 * Fields that stand in the message text (I3): request id, trace id, user, IP, URL, status, latency.
 * The search is done once per template on its first message and remembered as 'word k, from here to there'; later messages of
 * the template give their fields without a regular expression. Severity by wording is a property of the template too.
 */
import { FIELD, NUMBER, type FieldCode, type NumberCode } from '../formats/format.ts';

export interface Extractor {
  /** index of the blank-separated word in the message */
  word: number;
  /** characters to leave off in front and behind */
  skip: number;
  cut: number;
  field: FieldCode | -1;
  number: NumberCode | -1;
  /** for numbers: multiply by this (latency units) */
  scale: number;
  /** the value must look like an IP address: other messages of the template may have something else there */
  ip: boolean;
}

interface Rule {
  pattern: RegExp;
  field?: FieldCode;
  number?: NumberCode;
  ip?: boolean;
}

// Group 1 is the value; group 2, where there is one, a unit. All are linear: no nested quantifiers.
const RULES: readonly Rule[] = [
  { field: FIELD.requestId, pattern: /\b(?:x[-_])?(?:request|req|correlation)[-_ ]?id["']?\s?[=:]\s?["']?([\w-]{4,64})/i },
  { field: FIELD.traceId, pattern: /\btrace[-_]?id["']?\s?[=:]\s?["']?([0-9a-f-]{8,64})/i },
  { field: FIELD.spanId, pattern: /\bspan[-_]?id["']?\s?[=:]\s?["']?([0-9a-f]{8,32})/i },
  { field: FIELD.user, pattern: /\b(?:ruser|username|user[-_]?name|user[-_]?id|user|acct|login)["']?(?:=|:\s?)["']?([\w.@\\$-]{1,64})(?!=)/i },
  { field: FIELD.user, pattern: /\bfor (?:invalid user |user )?([\w.@\\$-]{1,64}) (?:from|by|port)\b/i },
  { field: FIELD.user, pattern: /\b(?:invalid )?user ["']?([\w.@\\$-]{1,64})["']? (?:from|by|logged|not|failed|was|has|authenticated)\b/i },
  { field: FIELD.ip, ip: true, pattern: /(?<![\w.])((?:\d{1,3}\.){3}\d{1,3})(?![\w.]*\.\d|\w)/ },
  { field: FIELD.ip, ip: true, pattern: /(?<![\w:])((?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4})+|(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4})?)(?![\w:])/i },
  { field: FIELD.url, pattern: /\b(https?:\/\/[^\s"'<>]{3,2000})/i },
  { field: FIELD.url, pattern: /\b(?:GET|POST|PUT|DELETE|PATCH|HEAD|OPTIONS) (\/[^\s"'<>]{0,2000})/ },
  { number: NUMBER.status, pattern: /\b(?:status|status[-_ ]?code|http[-_ ]?status|returned|response code)["']?\s?[=:]?\s?["']?([1-5]\d\d)\b/i },
  { number: NUMBER.latencyMs, pattern: /\b(?:took|latency|duration|elapsed|completed in|finished in|served in|time)["']?\s?[=:]?\s?["']?(\d+(?:\.\d+)?)\s?(ns|us|µs|ms|s|sec|seconds|milliseconds)\b/i },
];
const UNIT: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, milliseconds: 1, s: 1000, sec: 1000, seconds: 1000 };

/** What can be read out of messages like this one; null when nothing can. */
export function findExtractors(message: string): Extractor[] | null {
  const text = message.slice(0, 2000);
  const found: Extractor[] = [];
  const seen = new Set<string>();
  for (const rule of RULES) {
    const key = `${rule.field ?? 'n'}/${rule.number ?? ''}`;
    if (seen.has(key)) continue;
    const match = rule.pattern.exec(text);
    if (!match) continue;
    const value = match[1];
    const at = match.index + match[0].lastIndexOf(value, match[2] ? match[0].length - match[2].length : undefined);
    const words = /\S+/g;
    for (let index = 0, word = words.exec(text); word; word = words.exec(text), index++) {
      if (at < word.index || at + value.length > word.index + word[0].length) continue;
      seen.add(key);
      found.push({
        word: index,
        skip: at - word.index,
        cut: word.index + word[0].length - at - value.length,
        field: rule.field ?? -1,
        number: rule.number ?? -1,
        scale: match[2] ? (UNIT[match[2].toLowerCase()] ?? 1) : 1,
        ip: rule.ip ?? false,
      });
      break;
    }
  }
  return found.length > 0 ? found : null;
}

const CRITICAL = /\b(?:fatal|panic|emergency|kernel panic|out of memory|oom[- ]kill\w*|segfault|core dumped|corrupt\w*)\b/i;
const HIGH = /\b(?:errors?|exceptions?|fail(?:ed|ure|ures|s)?|refused|denied|aborted|unreachable|cannot|could not|unable to|timed? ?out|timeout|traceback|invalid user|break-in)\b/i;
const MEDIUM = /\b(?:warn(?:ing|ings)?|deprecat\w+|retry\w*|retries|slow|throttl\w+|dropped|rejected|degraded)\b/i;
const DENIED = /\b(?:no|0|zero|without) (?:errors?|failures?|warnings?)\b/gi;

/** Severity that the wording of a message suggests, for records that state no level: 0 info .. 4 critical. */
export function severityOfWording(message: string): number {
  const text = message.slice(0, 1000).replace(DENIED, '');
  return CRITICAL.test(text) ? 4 : HIGH.test(text) ? 3 : MEDIUM.test(text) ? 2 : 0;
}

/** Whether bytes[start, end) may be an IP address, of version 4 or 6. */
export function looksLikeIp(bytes: Uint8Array, start: number, end: number): boolean {
  let dots = 0;
  let colons = 0;
  let gap = false;
  for (let i = start; i < end; i++) {
    const c = bytes[i];
    if (c === 46) dots++;
    else if (c === 58) {
      colons++;
      gap ||= i > start && bytes[i - 1] === 58;
    } else if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102) || (c >= 65 && c <= 70))) return false;
  }
  // Without '::' an address of version 6 has all of its eight groups; times of day and ages have fewer.
  return end - start <= 45 && (gap || colons === 7 || (dots === 3 && colons === 0));
}
