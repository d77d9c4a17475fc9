/** Which parts of an event an indicator was met in: its texts are looked through once more, for the few indicators that it has. */
import { Scanner } from './scanner.ts';
import { IndicatorTable, TableBuilder } from './table.ts';
import type { KeyKind } from './keys.ts';

/** More parts, indicators or bytes than these are not looked at. */
const MOST_PARTS = 500;
const MOST_INDICATORS = 50;
const MOST_BYTES = 1 << 20;
const encoder = new TextEncoder();

export interface MetKeys {
  indicator: number;
  keys: Iterable<{ kind: KeyKind; bytes: Uint8Array }>;
}

/** Names of the parts by indicator, in the order of the parts; an indicator that is in none of them has none. */
export function metIn(indicators: readonly MetKeys[], parts: readonly { name: string; text: string }[]): Map<number, string[]> {
  const builder = new TableBuilder();
  const met = new Map<number, string[]>();
  for (const { indicator, keys } of indicators.slice(0, MOST_INDICATORS)) {
    met.set(indicator, []);
    for (const { kind, bytes } of keys) builder.add(kind, bytes, indicator);
  }
  let part = '';
  const scanner = new Scanner(new IndicatorTable(builder.build(0)), (indicator) => {
    const names = met.get(indicator);
    if (names && !names.includes(part)) names.push(part);
  });
  for (const { name, text } of parts.slice(0, MOST_PARTS)) {
    part = name;
    const bytes = encoder.encode(text.slice(0, MOST_BYTES));
    scanner.scan(bytes, 0, bytes.length);
  }
  return met;
}
