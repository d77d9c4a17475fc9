/**
 * Patterns of STIX 2.1 as far as single values go: comparisons of addresses, names, pages and hashes with =, IN and ISSUBSET, joined
 * with OR. What needs several things at once is not taken apart, because each of them alone would match too much; but a hash that is
 * one of them says enough by itself.
 */
import type { IndicatorType } from '../indicator.ts';

export type PatternPart = { value: string; hint: IndicatorType } | { rejected: string };

type Token = { kind: 'string' | 'word' | 'punctuation'; text: string };
const TOKEN = /\s*(?:'((?:[^'\\]|\\.)*)'|([\w\-.:*]+(?:'(?:[^'\\]|\\.)*'[\w\-.]*)?(?:\[[^\]]{0,20}\][\w\-.:]*)?)|(!=|<=|>=|[[\]()=<>,]))/y;
const MAX_PATTERN = 256 << 10;

function tokensOf(pattern: string): Token[] | null {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const end = pattern.trimEnd().length;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(pattern);
    if (!match) return null;
    if (match[1] !== undefined) tokens.push({ kind: 'string', text: match[1].replace(/\\(.)/g, '$1') });
    else if (match[2] !== undefined) tokens.push({ kind: 'word', text: match[2] });
    else tokens.push({ kind: 'punctuation', text: match[3] });
  }
  return tokens;
}

/** What a comparison is about. */
function typeOf(path: string): IndicatorType | null {
  if (/^ipv[46]-addr:value$/.test(path) || /^network-traffic:(?:src|dst)_ref\.value$/.test(path)) return 'ip';
  if (path === 'domain-name:value') return 'domain';
  if (path === 'url:value') return 'url';
  return /^(?:file|artifact|x509-certificate):(?:[\w-]+\.)*hashes\./.test(path) ? 'hash' : null;
}

class Wrong extends Error {}

/** The values in a pattern; what of it cannot be matched, with the reason. */
export function patternValues(pattern: string): PatternPart[] {
  const tokens = pattern.length > MAX_PATTERN ? null : tokensOf(pattern);
  if (!tokens || tokens.length === 0) return [{ rejected: 'the pattern cannot be read' }];
  let at = 0;
  const peek = (): string => (tokens[at]?.kind === 'string' ? '' : (tokens[at]?.text ?? '').toUpperCase());
  const take = (text: string): void => {
    if (peek() !== text) throw new Wrong();
    at++;
  };
  let depth = 0;
  const nested = (work: () => PatternPart[], close: string): PatternPart[] => {
    if (++depth > 40) throw new Wrong();
    at++;
    const parts = work();
    take(close);
    depth--;
    return parts;
  };

  function comparison(): PatternPart[] {
    if (peek() === '(') return nested(() => either(comparison, both), ')');
    if (peek() === 'EXISTS') throw new Wrong();
    const path = tokens?.[at++];
    if (path?.kind !== 'word') throw new Wrong();
    let negated = false;
    if (peek() === 'NOT') {
      negated = true;
      at++;
    }
    const operator = peek();
    at++;
    const values: string[] = [];
    if (operator === 'IN') {
      take('(');
      for (;;) {
        values.push(tokens?.[at++]?.text ?? '');
        if (peek() !== ',') break;
        at++;
      }
      take(')');
    } else values.push(tokens?.[at++]?.text ?? '');
    const type = typeOf(path.text);
    const subject = path.text.replace(/[^\w\-:.'[\]*]/g, '').slice(0, 80);
    if (negated || operator === '!=') return [{ rejected: 'it says what is not to be there' }];
    if (type === null) return [{ rejected: `${subject} is not matched` }];
    if (operator === '=' || operator === 'IN' || (operator === 'ISSUBSET' && type === 'ip')) return values.map((value) => ({ value, hint: operator === 'ISSUBSET' && value.includes('/') ? 'cidr' : type }));
    return [{ rejected: `${operator.slice(0, 20)} is not matched` }];
  }
  function both(): PatternPart[] {
    const groups = [comparison()];
    for (; peek() === 'AND'; groups.push(comparison())) at++;
    return groups.length === 1 ? groups[0] : together(groups);
  }
  function observation(): PatternPart[] {
    const parts = peek() === '(' ? nested(() => either(observation, all), ')') : nested(() => either(comparison, both), ']');
    // WITHIN, REPEATS and START ... STOP say when; the value is the same.
    if (['WITHIN', 'REPEATS', 'START'].includes(peek())) while (at < (tokens?.length ?? 0) && !['OR', 'AND', 'FOLLOWEDBY', ')'].includes(peek())) at++;
    return parts;
  }
  function all(): PatternPart[] {
    const groups = [observation()];
    for (; peek() === 'AND' || peek() === 'FOLLOWEDBY'; groups.push(observation())) at++;
    return groups.length === 1 ? groups[0] : together(groups);
  }
  function either(_one: () => PatternPart[], next: () => PatternPart[]): PatternPart[] {
    const parts = next();
    while (peek() === 'OR') {
      at++;
      parts.push(...next());
    }
    return parts;
  }

  try {
    if (peek() !== '[' && peek() !== '(') throw new Wrong();
    const parts = either(observation, all);
    return at === tokens.length ? parts : [{ rejected: 'the pattern cannot be read' }];
  } catch (error) {
    if (error instanceof Wrong) return [{ rejected: 'the pattern cannot be read' }];
    throw error;
  }
}

/** Several things at once. */
function together(groups: readonly PatternPart[][]): PatternPart[] {
  const hashes = groups.filter((group) => group.every((part) => 'value' in part && part.hint === 'hash'));
  return hashes.length > 0 ? hashes.flat() : [{ rejected: 'it needs several things at once (AND, FOLLOWEDBY)' }];
}
