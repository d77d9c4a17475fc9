/**
 * What entities usually do, learned as events come: a user the hosts it is seen on, a service the patterns it writes, an address the users it comes as.
 * Says what an entity never did before, hardly ever does, or does at an hour at which it is never seen, from the events before alone.
 */
import { scoreAt } from './detector.ts';

export type BehaviourKind = 'new entity' | 'first seen' | 'rare' | 'odd hour';

export interface OddBehaviour {
  kind: BehaviourKind;
  /** 0..1; from VOTE on it is worth telling */
  score: number;
  /** surprise: how improbable it was by what was known before, as -log2 */
  bits: number;
  /** events of the entity before this one (of all entities for a new one), and how many of them were like it */
  before: number;
  alike: number;
}

interface Entity {
  events: number;
  since: number;
  values: Map<number, number>;
  hours: Float64Array;
  /** day of which an odd hour was told last */
  toldDay: number;
}

const HOUR = 3600e6;
const DAY = 24 * HOUR;
/** Events after which an entity is known well enough for something to be new. */
const KNOWN = 20;
/** One in 256 for what is new and for an hour, one in a thousand for what is rare. */
const NEW_BITS = 8;
const RARE_BITS = 10;
const HOUR_BITS = 8;
/** What happened up to so often can be rare; after that it is merely infrequent. */
const RARE_TIMES = 2;
/** Days of an entity's life before its hours mean anything. */
const DAYS = 3;
/** Entities and values of each that are kept in mind; what comes beyond is not judged and counted. */
const MOST_ENTITIES = 100_000;
const MOST_VALUES = 20_000;

export class Behaviour {
  readonly #entities = new Map<number, Entity>();
  #events = 0;
  /** events that were not judged because there are too many entities or values */
  passedOver = 0;

  /**
   * @param time microseconds UTC, rising
   * @returns what was odd about it, null for the usual; the most surprising of several
   */
  observe(time: number, entity: number, value: number): OddBehaviour | null {
    const known = this.#entities.get(entity);
    const before = this.#events++;
    if (known === undefined) {
      if (this.#entities.size >= MOST_ENTITIES) {
        this.passedOver++;
        return null;
      }
      const alike = this.#entities.size;
      const hours = new Float64Array(24);
      hours[hourOf(time)]++;
      this.#entities.set(entity, { events: 1, since: time, values: new Map([[value, 1]]), hours, toldDay: Number.NaN });
      return before < KNOWN ? null : told('new entity', surprise(alike, before), NEW_BITS, before, alike);
    }
    const odd = strongest([this.#ofValue(known, value), ofHour(known, time)]);
    known.events++;
    known.hours[hourOf(time)]++;
    const times = known.values.get(value);
    if (times !== undefined) known.values.set(value, times + 1);
    else if (known.values.size < MOST_VALUES) known.values.set(value, 1);
    else this.passedOver++;
    return odd;
  }

  #ofValue({ events, values }: Entity, value: number): OddBehaviour | null {
    if (events < KNOWN) return null;
    const times = values.get(value);
    if (times === undefined) {
      if (values.size >= MOST_VALUES) return null;
      // Each value it has was new once: that is how often new ones come.
      return told('first seen', surprise(values.size, events), NEW_BITS, events, values.size);
    }
    return times > RARE_TIMES ? null : told('rare', surprise(times, events), RARE_BITS, events, times);
  }
}

/** Hours next to each other are one habit, so its neighbours count for an hour. Told once a day. */
function ofHour(entity: Entity, time: number): OddBehaviour | null {
  const { events, hours, since } = entity;
  const day = Math.floor(time / DAY);
  if (time - since < DAYS * DAY || events < KNOWN || day === entity.toldDay) return null;
  const hour = hourOf(time);
  const alike = hours[hour] + hours[(hour + 1) % 24] + hours[(hour + 23) % 24];
  const odd = told('odd hour', surprise(alike, events), HOUR_BITS, events, alike);
  if (odd !== null) entity.toldDay = day;
  return odd;
}

function hourOf(time: number): number {
  return Math.floor((((time % DAY) + DAY) % DAY) / HOUR);
}

/** Laplace's rule of succession: (s + 1) / (n + 2) for what came s times in n. */
function surprise(alike: number, events: number): number {
  return -Math.log2((Math.min(alike, events) + 1) / (events + 2));
}

function told(kind: BehaviourKind, bits: number, bar: number, before: number, alike: number): OddBehaviour | null {
  return bits < bar ? null : { kind, bits, score: scoreAt(bits, bar), before, alike };
}
function strongest(odd: readonly (OddBehaviour | null)[]): OddBehaviour | null {
  return odd.reduce((best, each) => (each !== null && (best === null || each.score > best.score) ? each : best), null);
}
