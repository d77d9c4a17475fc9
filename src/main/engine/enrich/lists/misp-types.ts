/** Types of MISP's attributes that can be matched (the core format's list), and what is in their values. */
import type { IndicatorFacts } from '../../../../shared/contract/indicators.ts';
import type { IndicatorType, Listed } from '../indicator.ts';

const SINGLE: Readonly<Record<string, IndicatorType>> = {
  'ip-src': 'ip', 'ip-dst': 'ip', domain: 'domain', hostname: 'domain', url: 'url', uri: 'url', link: 'url',
  md5: 'hash', sha1: 'hash', sha224: 'hash', sha256: 'hash', sha384: 'hash', sha512: 'hash', 'x509-fingerprint-md5': 'hash', 'x509-fingerprint-sha1': 'hash', 'x509-fingerprint-sha256': 'hash',
  'ja3-fingerprint-md5': 'hash', 'hassh-md5': 'hash', 'hasshserver-md5': 'hash', imphash: 'hash',
};
/** Types of two values, with a | between them; null = that part is not matched. */
const PAIRS: Readonly<Record<string, readonly [IndicatorType | null, IndicatorType | null]>> = {
  'domain|ip': ['domain', 'ip'], 'ip-src|port': ['ip', null], 'ip-dst|port': ['ip', null], 'hostname|port': ['domain', null],
  'filename|md5': [null, 'hash'], 'filename|sha1': [null, 'hash'], 'filename|sha224': [null, 'hash'], 'filename|sha256': [null, 'hash'], 'filename|sha384': [null, 'hash'], 'filename|sha512': [null, 'hash'],
  'filename|imphash': [null, 'hash'],
};

/** The indicators in an attribute's value. */
export function mispValues(type: string, value: string, facts: IndicatorFacts): Listed[] {
  if (Object.hasOwn(SINGLE, type)) return [{ value, hint: SINGLE[type], facts }];
  if (Object.hasOwn(PAIRS, type)) {
    const parts = value.split('|');
    return PAIRS[type].flatMap((hint, i) => (hint === null ? [] : [{ value: parts[i] ?? '', hint, facts }]));
  }
  return [{ rejected: `type ${type === '' ? 'unknown' : type.slice(0, 60)} is not matched` }];
}
