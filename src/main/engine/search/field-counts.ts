/** Countings of fields over results, kept so that a question that is asked again goes on with them. */
import type { Scope } from '../../../shared/contract/scope.ts';
import type { Catalog } from './catalog.ts';
import type { RecordReader } from './record-reader.ts';
import type { ResultSet } from './result-set.ts';
import { FieldTally, isAttribute } from './tally.ts';
import { PATIENCE_MS, Turns, type Cancel } from './turns.ts';

/** As PATIENCE_MS, for a question that was answered in part before: who asks again has something on the screen already. */
const PATIENCE_AGAIN_MS = 400;
/** Countings that are kept, and different values in all of them. */
const KEPT_TALLIES = 60;
const KEPT_VALUES = 1_000_000;

interface Counted {
  counts: Map<string, number>;
  present: number;
  /** events looked at */
  counted: number;
  /** events that could not be looked at, because the case file is damaged */
  missed: number;
  done: boolean;
}

export class FieldCounts {
  readonly #catalog: Catalog;
  readonly #records: RecordReader;
  readonly #tallies = new Map<string, { result: ResultSet; tally: FieldTally }>();

  constructor(catalog: Catalog, records: RecordReader) {
    this.#catalog = catalog;
    this.#records = records;
  }

  /** Goes on with the counting of a field: to its end, or of an attribute for a while, which `among` attributes share. */
  async count(scope: Scope, result: ResultSet, field: string, among: number, cancel: Cancel): Promise<Counted> {
    const counting = this.#tallyOf(scope, result, field);
    const attribute = isAttribute(field, this.#catalog);
    const until = attribute ? performance.now() + (counting.counted === 0 ? PATIENCE_MS : PATIENCE_AGAIN_MS) / among : Number.POSITIVE_INFINITY;
    const turns = new Turns(cancel);
    while (counting.step(result.parts) && performance.now() < until) await turns.next();
    const { counts, present, counted, missed, full } = counting;
    return { counts, present, counted, missed, done: !attribute || full || counted >= result.total };
  }

  #tallyOf(scope: Scope, result: ResultSet, field: string): FieldTally {
    // Templates are renamed as they become more general.
    const key = JSON.stringify([scope.from, scope.to, scope.query, field, field === 'template' ? this.#catalog.templateVersion : this.#catalog.derived.field(field) ? this.#catalog.derived.version : 0]);
    let kept = this.#tallies.get(key);
    if (kept?.result !== result) kept = { result, tally: new FieldTally(field, this.#catalog, this.#records) };
    this.#tallies.delete(key);
    this.#tallies.set(key, kept);
    return kept.tally;
  }

  /** Lets go of the countings that were not asked for the longest. */
  trim(): void {
    let values = 0;
    let tallies = 0;
    for (const [key, { tally: { counts } }] of [...this.#tallies].reverse()) {
      values += counts.size;
      if (++tallies > KEPT_TALLIES || values > KEPT_VALUES) this.#tallies.delete(key);
    }
  }

  forget(): void {
    this.#tallies.clear();
  }
}
