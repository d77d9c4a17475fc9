/** Indicators of STIX 2.1 (and 2.0) objects. */
import { NO_FACTS, type Listed } from '../indicator.ts';
import { factsOf, textOf, tlpOf } from './facts.ts';
import { patternValues } from './stix-pattern.ts';

/** The marking definitions that the specification (2.1, 7.2.1.4) and TLP 2.0 give fixed ids. */
const TLP_MARKINGS: Readonly<Record<string, string>> = {
  'marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9': 'clear', 'marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da': 'green',
  'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82': 'amber', 'marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed': 'red',
  'marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487': 'clear', 'marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb': 'green',
  'marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421': 'amber', 'marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003': 'amber+strict', 'marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1': 'red',
};

export class StixReader {
  /** markings that the bundle defines itself */
  readonly #markings = new Map<string, string>(Object.entries(TLP_MARKINGS));

  /** The indicators of an object; none for objects that are no indicators. */
  object(object: Readonly<Record<string, unknown>>): Listed[] {
    const { type } = object;
    if (type === 'marking-definition') this.#define(object);
    if (type !== 'indicator') return [];
    if (object.pattern_type !== undefined && object.pattern_type !== 'stix') return [{ rejected: `patterns of ${textOf(object.pattern_type).slice(0, 40)} are not matched` }];
    const markings = Array.isArray(object.object_marking_refs) ? object.object_marking_refs : [];
    const facts = factsOf({
      note: textOf(object.name) || textOf(object.description),
      labels: [object.labels, object.indicator_types].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : [])),
      confidence: object.confidence, validFrom: object.valid_from, validUntil: object.valid_until, revoked: object.revoked, reference: object.id,
      tlp: markings.map((id) => this.#markings.get(textOf(id)) ?? '').find((one) => one !== '') ?? NO_FACTS.tlp,
    });
    return patternValues(textOfPattern(object.pattern)).map((part) => ('rejected' in part ? part : { ...part, facts }));
  }

  #define(object: Readonly<Record<string, unknown>>): void {
    const { definition } = object as { definition?: { tlp?: unknown } | null };
    const tlp = tlpOf(textOf(definition?.tlp) || textOf(object.name));
    if (tlp !== '' && this.#markings.size < 1000) this.#markings.set(textOf(object.id), tlp);
  }
}

function textOfPattern(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern : '';
}
