/** An event as numbers that a model can learn from. What the numbers mean is said in reasons.ts. */
import { FLAG } from '../../../../../shared/event.ts';
import type { Catalog, Segment } from '../../../search/catalog.ts';
import type { Located } from '../../../search/result-set.ts';
import { HOT } from '../../../store/segment.ts';
import { coldOrNull, IP, USER, type CaseProfile } from './case-profile.ts';
import type { RuleHits } from './rule-hits.ts';

/** Features that every model has, in this order; then come those of its vocabulary. */
export const NUMERIC = [
  'severity', 'hour', 'pattern_rarity', 'service_rarity', 'host_rarity', 'user_rarity', 'ip_rarity', 'silence', 'first', 'status', 'latency', 'indicators', 'rules', 'burstiness', 'active', 'periodicity',
  'trend', 'late', 'persistence',
] as const;
export type NumericFeature = (typeof NUMERIC)[number];

/** Names that a model knows: each is a feature that is 1 where an event has it. */
export interface Vocabulary {
  services: string[];
  hosts: string[];
  levels: string[];
  /** of patterns, in lower case */
  words: string[];
}
const MOST = { services: 24, hosts: 16, levels: 8, words: 96 } as const;

export function featureNames({ services, hosts, levels, words }: Vocabulary): string[] {
  return [...NUMERIC, ...services.map((name) => `service:${name}`), ...hosts.map((name) => `host:${name}`), ...levels.map((name) => `level:${name}`), ...words.map((name) => `word:${name}`)];
}

const WORD = /\p{L}{3,40}/gu;
/** Words of a pattern, each once; what varies in it is none. */
function wordsOf(pattern: string): string[] {
  const fixed = pattern.replace(/<[^<>]{0,40}>/g, ' ').slice(0, 4000).toLowerCase();
  return [...new Set(fixed.match(WORD) ?? [])];
}

/** The names that come most often among events, of those that more than one of them has, and not all. */
export function vocabularyOf(catalog: Catalog, events: readonly Located[]): Vocabulary {
  const counts = { services: new Map<string, number>(), hosts: new Map<string, number>(), levels: new Map<string, number>(), words: new Map<string, number>() };
  const add = (map: Map<string, number>, name: string): void => void (name !== '' && map.set(name, (map.get(name) ?? 0) + 1));
  for (const { segment, offset } of events) {
    const name = (field: number): string => catalog.names[field][segment.dicts[field][segment.hot.codes[field][offset]]] ?? '';
    add(counts.services, name(HOT.service));
    add(counts.hosts, name(HOT.host));
    add(counts.levels, name(HOT.level));
    for (const word of wordsOf(name(HOT.template))) add(counts.words, word);
  }
  const chosen = (map: Map<string, number>, most: number): string[] =>
    [...map].filter(([, n]) => n >= 2 && n < events.length).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most).map(([name]) => name);
  return { services: chosen(counts.services, MOST.services), hosts: chosen(counts.hosts, MOST.hosts), levels: chosen(counts.levels, MOST.levels), words: chosen(counts.words, MOST.words) };
}

/** Reads the features of events, quickest when those of one segment come together. */
export class FeatureReader {
  readonly columns: number;
  readonly #catalog: Catalog;
  readonly #profile: CaseProfile;
  readonly #rules: RuleHits;
  readonly #places: { field: number; place: Map<string, number> }[];
  readonly #words: Map<string, number>;
  readonly #wordPlaces = new Map<number, Uint16Array>();
  readonly #rarities = new Map<string, number>();
  #segment: Segment | null = null;
  #silences: Float64Array = new Float64Array(0);
  #read: (i: number, into: Float64Array) => void = () => undefined;

  constructor(catalog: Catalog, profile: CaseProfile, vocabulary: Vocabulary, rules: RuleHits) {
    this.#catalog = catalog;
    this.#profile = profile;
    this.#rules = rules;
    let at: number = NUMERIC.length;
    const places = (names: readonly string[]): Map<string, number> => new Map(names.map((name) => [name, at++]));
    this.#places = [
      { field: HOT.service, place: places(vocabulary.services) },
      { field: HOT.host, place: places(vocabulary.hosts) },
      { field: HOT.level, place: places(vocabulary.levels) },
    ];
    this.#words = places(vocabulary.words);
    this.columns = at;
  }

  /** Writes the features of an event into a row of `columns` numbers. */
  read({ segment, offset }: Pick<Located, 'segment' | 'offset'>, into: Float64Array): void {
    this.#turnTo(segment);
    into.fill(0);
    this.#read(offset, into);
  }

  /** Seconds since the pattern of an event was there last; Infinity = never before. */
  silence({ segment, offset }: Pick<Located, 'segment' | 'offset'>): number {
    this.#turnTo(segment);
    return this.#silences[offset];
  }

  #turnTo(segment: Segment): void {
    if (this.#segment === segment) return;
    this.#segment = segment;
    this.#silences = silencesOf(segment, this.#profile);
    this.#read = this.#reader(segment);
  }

  #reader(segment: Segment): (i: number, into: Float64Array) => void {
    const { hot, dicts, id } = segment;
    const profile = this.#profile;
    const cold = coldOrNull(this.#catalog, segment);
    const users = cold?.fields[USER] ?? null;
    const ips = cold?.fields[IP] ?? null;
    const latency = cold?.latency ?? null;
    const template = dicts[HOT.template];
    const places = this.#places.map(({ field, place }) => Array.from(dicts[field], (nameId, code) => (code === 0 ? undefined : place.get(this.#catalog.names[field][nameId]))));
    const indicators = this.#catalog.derived.indicatorsIn(segment);
    const rules = this.#rules(id);
    const rarity = (count: number): number => (count > 0 ? Math.log10(profile.events / count) : 0);
    const rarityOf = (values: Map<string, number>, kind: string, text: string): number => {
      const key = `${kind}${text}`;
      let known = this.#rarities.get(key);
      if (known === undefined) {
        if (this.#rarities.size > 100_000) this.#rarities.clear();
        this.#rarities.set(key, (known = rarity(values.get(text) ?? 1)));
      }
      return known;
    };
    return (i, into) => {
      const templateId = template[hot.codes[HOT.template][i]];
      const serviceId = dicts[HOT.service][hot.codes[HOT.service][i]];
      const hostCode = hot.codes[HOT.host][i];
      const silence = this.#silences[i];
      into[0] = hot.severity[i];
      into[1] = (hot.flags[i] & FLAG.TIME_SUSPECT) === 0 ? Math.floor(hot.time[i] / 3600e6) % 24 : 12;
      into[2] = rarity(profile.templates[templateId]);
      into[3] = serviceId === 0 ? 0 : rarity(profile.services[serviceId]);
      into[4] = hostCode === 0 ? 0 : rarity(profile.hosts[dicts[HOT.host][hostCode]]);
      into[5] = users && users.codes[i] !== 0 ? rarityOf(profile.users, 'u', users.values.text(users.codes[i])) : 0;
      into[6] = ips && ips.codes[i] !== 0 ? rarityOf(profile.ips, 'i', ips.values.text(ips.codes[i])) : 0;
      into[7] = Number.isFinite(silence) ? Math.log10(1 + silence) : 0;
      into[8] = silence === Number.POSITIVE_INFINITY ? 1 : 0;
      into[9] = Math.floor(hot.status[i] / 100);
      const usual = latency && !Number.isNaN(latency[i]) ? profile.latencies.get(serviceId) : undefined;
      if (latency && usual) into[10] = Math.max(-10, Math.min(10, (Math.log1p(Math.max(0, latency[i])) - usual.median) / usual.spread));
      into[11] = Math.min(3, indicators.get(i)?.length ?? 0);
      into[12] = Math.min(3, rules.get(i) ?? 0);
      const course = profile.courses.get(templateId);
      if (course) {
        into[13] = course.burstiness;
        into[14] = course.active;
        into[15] = course.periodicity;
        into[16] = course.trend;
        into[17] = course.late;
        into[18] = course.persistence;
      }
      for (let k = 0; k < places.length; k++) {
        const place = places[k][hot.codes[this.#places[k].field][i]];
        if (place !== undefined) into[place] = 1;
      }
      for (const place of this.#placesOfWords(templateId)) into[place] = 1;
    };
  }

  #placesOfWords(templateId: number): Uint16Array {
    let places = this.#wordPlaces.get(templateId);
    if (!places) {
      const pattern = templateId === 0 ? '' : (this.#catalog.names[HOT.template][templateId] ?? '');
      this.#wordPlaces.set(templateId, (places = Uint16Array.from(wordsOf(pattern).flatMap((word) => this.#words.get(word) ?? []))));
    }
    return places;
  }
}

/** Seconds since the same pattern was there last, by offset. Exact where segments do not overlap in time. */
function silencesOf({ id, n, hot, dicts }: Segment, profile: CaseProfile): Float64Array {
  const codes = hot.codes[HOT.template];
  // Patterns that people merged have several codes in a segment: the first of them stands for all.
  const firstOf = new Map<number, number>();
  const slot = Uint16Array.from(dicts[HOT.template], (pattern, code) => {
    const first = firstOf.get(pattern) ?? code;
    firstOf.set(pattern, first);
    return first;
  });
  const last = Float64Array.from(profile.before.get(id) ?? new Float64Array(dicts[HOT.template].length).fill(Number.NEGATIVE_INFINITY));
  const silences = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const i = hot.order ? hot.order[k] : k;
    if ((hot.flags[i] & FLAG.TIME_SUSPECT) !== 0) {
      silences[i] = Number.NaN;
      continue;
    }
    const at = slot[codes[i]];
    const before = last[at];
    silences[i] = before === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.max(0, (hot.time[i] - before) / 1e6);
    if (hot.time[i] > before) last[at] = hot.time[i];
  }
  return silences;
}
