/** Fields that events have because Sigma rules matched them. Read from the case by segment, when they are asked for. */
import type { RuleFacts } from '../../../shared/contract/sigma.ts';
import { attackOf } from '../analysis/sigma/attack.ts';
import type { Database } from '../store/database.ts';
import { ruleHits, type RuleHit } from '../store/sigma-store.ts';
import type { Segment } from './catalog.ts';
import type { DerivedField, ValuesOf } from './derived.ts';

const NONE: readonly string[] = [];

/** Names of the Elastic Common Schema. `rule` is any of them, for has:rule. */
const OF_RULE: Readonly<Record<string, (rule: RuleFacts) => readonly string[]>> = {
  rule: ({ title }) => [title],
  'rule.name': ({ title }) => [title],
  'rule.id': ({ ruleId }) => (ruleId === '' ? NONE : [ruleId]),
  'rule.level': ({ level }) => (level === '' ? NONE : [level]),
  'rule.author': ({ author }) => (author === '' ? NONE : [author]),
  'rule.license': ({ license }) => (license === '' ? NONE : [license]),
  'threat.tactic.name': ({ tags }) => attackOf(tags).tactics.map(({ name }) => name),
  'threat.tactic.id': ({ tags }) => attackOf(tags).tactics.map(({ id }) => id),
  // A part of a technique (T1059.001) is of the technique too.
  'threat.technique.id': ({ tags }) => [...new Set(attackOf(tags).techniques.flatMap(({ id }) => [id, id.split('.')[0]]))],
  'threat.technique.name': ({ tags }) => attackOf(tags).techniques.flatMap(({ name }) => (name === '' ? NONE : [name])),
};

export class RuleFields {
  readonly #db: Database;
  #hits: ReturnType<typeof ruleHits> | null = null;
  readonly #bySegment = new Map<number, readonly RuleHit[]>();
  readonly #facts = new Map<number, RuleFacts | undefined>();
  readonly #fields: ReadonlyMap<string, DerivedField>;
  /** whether any rule has matched anything; null = it has to be looked up */
  #any: boolean | null = null;

  constructor(db: Database) {
    this.#db = db;
    this.#fields = new Map(Object.entries(OF_RULE).map(([name, values]) => [name, { name, numeric: false, of: (segment: Segment) => this.#of(segment, values) }]));
  }

  changed(segments: readonly number[] | null): void {
    this.#any = null;
    if (segments === null) {
      this.#bySegment.clear();
      this.#facts.clear();
    } else for (const segment of segments) this.#bySegment.delete(segment);
  }

  /** undefined where no rule of the case has it: records may say such things themselves. */
  field(name: string): DerivedField | undefined {
    const field = this.#fields.get(name);
    return field && (name === 'rule' || this.#found()) ? field : undefined;
  }
  names(): string[] {
    return this.#found() ? [...this.#fields.keys()] : [];
  }
  fields(): DerivedField[] {
    return this.#found() ? [...this.#fields.values()].filter(({ name }) => name !== 'rule') : [];
  }

  #read(): ReturnType<typeof ruleHits> {
    return (this.#hits ??= ruleHits(this.#db));
  }
  #found(): boolean {
    return (this.#any ??= this.#read().any());
  }

  #of(segment: Segment, values: (rule: RuleFacts) => readonly string[]): ValuesOf | null {
    let hits = this.#bySegment.get(segment.id);
    if (!hits) this.#bySegment.set(segment.id, (hits = this.#read().of(segment.id)));
    if (hits.length === 0) return null;
    const byOffset = new Map<number, readonly string[]>();
    for (const { rule, offsets } of hits) {
      if (!this.#facts.has(rule)) this.#facts.set(rule, this.#read().facts(rule));
      const facts = this.#facts.get(rule);
      const found = facts ? values(facts) : NONE;
      if (found.length === 0) continue;
      for (const offset of offsets) byOffset.set(offset, [...new Set([...(byOffset.get(offset) ?? NONE), ...found])]);
    }
    return (i) => byOffset.get(i) ?? NONE;
  }
}
