/** An indicator as lists have it, and its value brought into the spelling in which it is compared. */
import { domainToASCII } from 'node:url';
import type { IndicatorFacts } from '../../../shared/contract/indicators.ts';
import { parseAddress } from '../search/cidr.ts';
import { HASH_DIGITS, KEY, maskPrefix, MAX_DOMAIN, MAX_URL, newUrl, readUrl, type KeyKind } from './keys.ts';

const INDICATOR_TYPES = ['ip', 'cidr', 'domain', 'url', 'hash'] as const;
export type IndicatorType = (typeof INDICATOR_TYPES)[number];

export const NO_FACTS: IndicatorFacts = { note: '', labels: [], confidence: null, tlp: '', validFrom: null, validUntil: null, revoked: false, reference: '' };

/** A value as a list has it: `hint` is what the list calls it, null when it does not say. */
export type Listed = { value: string; hint: IndicatorType | null; facts: IndicatorFacts } | { rejected: string };

export interface Known {
  type: IndicatorType;
  /** as it is shown */
  value: string;
  keys: { kind: KeyKind; bytes: Uint8Array }[];
}

const encoder = new TextEncoder();
const url = newUrl();

/** Takes back what keeps a value from being clicked on: hxxp, [.], (dot), [:]. */
export function refang(text: string): string {
  return text
    .trim()
    .replace(/^["'<]+|["'>]+$/g, '')
    .replace(/^(h)(xx|\*\*)(ps?)(?=\[?:)/i, 'htt$3')
    .replace(/^fxp(?=\[?:)/i, 'ftp')
    .replace(/\[:\/\/\]/g, '://')
    .replace(/[[({]\s*(?:\.|dot)\s*[\])}]/gi, '.')
    .replace(/\[:\]/g, ':')
    .replace(/\\\./g, '.');
}

/** The value in the spelling it is compared in, or why it cannot be matched. */
export function understand(text: string, hint: IndicatorType | null): Known | { rejected: string } {
  const value = refang(text);
  if (value === '') return { rejected: 'the value is empty' };
  if (value.length > MAX_URL) return { rejected: `the value is longer than ${MAX_URL} characters` };
  if (hint === 'url' || /^[a-z][a-z0-9+]{1,15}:\/\//i.test(value)) return page(value);
  if (hint === 'hash') return fileHash(value);
  const network = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(value);
  if (network) return block(network[1], Number(network[2]));
  const known = address(value.replace(/^((?:\d{1,3}\.){3}\d{1,3}):\d{1,5}$/, '$1'));
  if (known) return known;
  if (hint === 'ip' || hint === 'cidr') return { rejected: 'this is no IP address' };
  if (hint === null && /^[0-9a-f]+$/i.test(value) && HASH_DIGITS.includes(value.length)) return fileHash(value);
  if (hint === null && value.includes('/')) return page(value);
  return name(value);
}

function address(value: string): Known | { rejected: string } | null {
  const groups = parseAddress(value.replace(/^\[(.*)\]$/, '$1'));
  if (!groups) return null;
  const bytes = bytesOf(groups);
  // An address of version 4 in one of version 6 is written either way in logs.
  const four = bytes.length === 16 && bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255 ? bytes.slice(12) : bytes;
  if (four.every((byte) => byte === 0)) return { rejected: 'this address means any or none' };
  return { type: 'ip', value: four.length === 4 ? four.join('.') : value.toLowerCase(), keys: [{ kind: four.length === 4 ? KEY.ipv4 : KEY.ipv6, bytes: four }] };
}

function block(network: string, bits: number): Known | { rejected: string } {
  const groups = parseAddress(network);
  if (!groups || bits > groups.length * 16) return { rejected: 'this is no block of addresses' };
  const bytes = bytesOf(groups);
  if (bits === 0) return { rejected: 'this block holds every address' };
  if (bits === bytes.length * 8) return address(network) ?? { rejected: 'this is no block of addresses' };
  maskPrefix(bytes, bits);
  const key = new Uint8Array(bytes.length + 1);
  key.set(bytes);
  key[bytes.length] = bits;
  return { type: 'cidr', value: `${bytes.length === 4 ? bytes.join('.') : network.toLowerCase()}/${bits}`, keys: [{ kind: bytes.length === 4 ? KEY.block4 : KEY.block6, bytes: key }] };
}

function bytesOf(groups: readonly number[]): Uint8Array {
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]));
}

function name(text: string): Known | { rejected: string } {
  const value = text.toLowerCase().replace(/^\*\./, '').replace(/^\.+|\.+$/g, '');
  if (value.includes('@')) return { rejected: 'addresses of mail are not matched' };
  if (!/^[\w.\-\u0080-\uffff]+$/.test(value) || value.length > MAX_DOMAIN) return { rejected: 'this is no IP address, block, name, URL or hash' };
  if (!value.includes('.')) return { rejected: 'a name without a dot would match too much' };
  if (value.includes('..') || !/[a-z\u0080-\uffff]/.test(value.slice(value.lastIndexOf('.') + 1))) return { rejected: 'this is no IP address, block, name, URL or hash' };
  const keys = [{ kind: KEY.domain, bytes: encoder.encode(value) }];
  const ascii = /[\u0080-\uffff]/.test(value) ? domainToASCII(value) : '';
  if (ascii !== '') keys.push({ kind: KEY.domain, bytes: encoder.encode(ascii) });
  return { type: 'domain', value, keys };
}

function page(text: string): Known | { rejected: string } {
  const spelled = text.replace(/[\s"'<>`{}|\\^]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  const value = /^[a-z][a-z0-9+]{1,15}:\/\//i.test(spelled) ? spelled : `http://${spelled}`;
  const bytes = encoder.encode(value);
  if (!readUrl(bytes, 0, value.indexOf(':'), bytes.length, url)) return { rejected: 'this URL has no host' };
  return { type: 'url', value: text, keys: [{ kind: KEY.url, bytes: url.bytes.slice(0, url.length) }] };
}

function fileHash(text: string): Known | { rejected: string } {
  const value = text.toLowerCase();
  if (!/^[0-9a-f]+$/.test(value)) return { rejected: 'this hash is not made of hexadecimal digits' };
  if (!HASH_DIGITS.includes(value.length)) return { rejected: `a hash of ${value.length} digits is none of MD5, SHA-1 and SHA-2` };
  if (/^(.)\1+$/.test(value)) return { rejected: 'this hash is a placeholder' };
  return { type: 'hash', value, keys: [{ kind: KEY.hash, bytes: encoder.encode(value) }] };
}
