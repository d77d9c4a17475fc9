/** The detection part of a rule: selections, as they are written. */
import { SigmaError } from './problem.ts';
import type { Entry, MapValue, Scalar, Value } from './yaml-nodes.ts';

/** One field and what it is compared with. */
export interface Item {
  /** null = a keyword: looked for in the whole record */
  field: string | null;
  modifiers: string[];
  values: readonly { value: Scalar; text: string; at: number }[];
  at: number;
}
export type Selection = { kind: 'item'; item: Item } | { kind: 'and' | 'or'; parts: Selection[] };

/** A selection: a map is "and", a list of maps is "or", a list of values are keywords. */
export function readSelection(value: Value): Selection {
  if (value.kind === 'map') {
    if (value.entries.length === 0) throw new SigmaError('bad_structure', 'The selection is empty.', value.at);
    const parts = value.entries.map(readEntry);
    return parts.length === 1 ? parts[0] : { kind: 'and', parts };
  }
  if (value.kind === 'scalar') return { kind: 'item', item: { field: null, modifiers: [], values: [value], at: value.at } };
  if (value.items.length === 0) throw new SigmaError('bad_structure', 'The selection is empty.', value.at);
  const words = value.items.filter((item) => item.kind === 'scalar');
  const others = value.items.filter((item) => item.kind !== 'scalar').map(readSelection);
  if (words.length > 0) others.unshift({ kind: 'item', item: { field: null, modifiers: [], values: words, at: value.at } });
  return others.length === 1 ? others[0] : { kind: 'or', parts: others };
}

function readEntry({ key, at, value }: Entry): Selection {
  const [name, ...modifiers] = key.split('|');
  const items = value.kind === 'list' ? value.items : [value];
  const values = items.map((item) => {
    if (item.kind !== 'scalar') throw new SigmaError('bad_structure', `"${key}" is compared with values, not with lists or maps.`, item.at);
    return item;
  });
  if (values.length === 0) throw new SigmaError('bad_value', `"${key}" is compared with an empty list.`, at);
  return { kind: 'item', item: { field: name === '' ? null : name, modifiers, values, at } };
}

/** What is under "detection", or under "filter". */
export interface Detection {
  selections: ReadonlyMap<string, Selection>;
  conditions: readonly { text: string; at: number }[];
  /** as written, '' = none */
  timeframe: string;
}

const NOT_SELECTIONS = new Set(['condition', 'timeframe', 'rules']);

export function readDetection(map: MapValue): Detection {
  const selections = new Map<string, Selection>();
  let conditions: { text: string; at: number }[] = [];
  let timeframe = '';
  for (const { key, at, value } of map.entries) {
    if (key === 'condition') {
      const items = value.kind === 'list' ? value.items : [value];
      conditions = items.map((item) => {
        if (item.kind !== 'scalar' || item.value === null) throw new SigmaError('condition_syntax', 'A condition is a text.', item.at);
        return { text: String(item.value), at: item.at };
      });
    } else if (key === 'timeframe') {
      timeframe = value.kind === 'scalar' ? value.text.trim() : '';
    } else if (!NOT_SELECTIONS.has(key)) {
      if (value.kind === 'scalar' && value.value === null) throw new SigmaError('bad_structure', `The selection "${key}" is empty.`, at);
      selections.set(key, readSelection(value));
    }
  }
  if (conditions.length === 0) throw new SigmaError('no_condition', 'The detection has no condition.', map.at);
  if (selections.size === 0) throw new SigmaError('no_detection', 'The detection has no selection.', map.at);
  return { selections, conditions, timeframe };
}

/** 15s, 5m, 1h, 2d, 1w, 1M (30 days), 1y (365 days) in microseconds. Throws SigmaError. */
export function readSpan(text: string, at: number): number {
  const found = /^(\d{1,6})\s*([smhdwMy])$/.exec(text);
  if (!found || Number(found[1]) === 0) throw new SigmaError('bad_timespan', `"${text}" is no length of time such as 15s, 5m, 1h, 7d, 1w, 1M or 1y.`, at);
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, M: 2_592_000, y: 31_536_000 }[found[2]] ?? 0;
  return Number(found[1]) * seconds * 1e6;
}
