/** Attributes of a MISP attribute object, wherever in an export it stands. */
import { factsOf, textOf } from './facts.ts';
import type { Listed } from '../indicator.ts';
import { mispValues } from './misp-types.ts';

/** `event`: what the event is called that the attribute belongs to. */
export function mispAttribute(attribute: Readonly<Record<string, unknown>>, event: string): Listed[] {
  const { type, value, to_ids: toIds, deleted } = attribute;
  if (deleted === true || deleted === '1') return [{ rejected: 'it was deleted in MISP' }];
  if (toIds === false || toIds === '0' || toIds === 0) return [{ rejected: 'the list marks it as not meant for detection (to_ids)' }];
  const tags = Array.isArray(attribute.Tag) ? attribute.Tag.map((tag: unknown) => textOf((tag as { name?: unknown } | null)?.name)) : [];
  const facts = factsOf({
    note: [event, textOf(attribute.comment)].filter(Boolean).join(': '), labels: tags, validFrom: attribute.first_seen ?? attribute.timestamp, reference: attribute.uuid,
  });
  return mispValues(textOf(type).toLowerCase(), typeof value === 'string' ? value : '', facts);
}
