/** Sigma rules on the events of a case, in the worker for what takes long: compiling, matching segments, correlating, trying rules out. */
import type { RuleFacts, RuleProblem, SigmaDetected, SigmaTried } from '../../../../shared/contract/sigma.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { SEGMENT_SIZE } from '../../../../shared/event.ts';
import type { Catalog, Segment } from '../../search/catalog.ts';
import { RecordReader } from '../../search/record-reader.ts';
import { messageOrNull } from '../../search/rows.ts';
import type { Turns } from '../../search/turns.ts';
import type { Database } from '../../store/database.ts';
import { BLOCK_SIZE } from '../../store/segment.ts';
import type { TextBlock } from '../../store/shaped-text.ts';
import { sigmaFiles, sigmaRuleIds, type CompiledFacts, type Correlated } from '../../store/sigma-store.ts';
import type { AnalysisContext } from '../analysis.ts';
import { compileFiles, describe, factsOf, type CompiledSet } from './compiled.ts';
import { correlate, type FoundEvent } from './correlate.ts';
import { RecordView } from './record-view.ts';
import { readRules, type RuleFile } from './rule.ts';
import type { RuleSet } from './rule-set.ts';

interface Compiled extends CompiledSet {
  set: RuleSet;
  key: string;
}
/** What a case has been compiled to, kept for the next question, and what was read of its files, which are never changed. */
const compiled = new WeakMap<Database, Compiled>();
const filesRead = new WeakMap<Database, Map<number, RuleFile>>();

async function rulesOf(db: Database, turns: Turns, pending: readonly number[] = [], without: number | null = null): Promise<Compiled> {
  const files = sigmaFiles(db, pending, without);
  const key = files.map(({ id }) => id).join(' ');
  const known = compiled.get(db);
  if (known?.key === key) return known;
  const read = filesRead.get(db) ?? new Map<number, RuleFile>();
  filesRead.set(db, read);
  for (const { id, text } of files) {
    if (read.has(id)) continue;
    await turns.next();
    read.set(id, readRules(text, String(id)));
  }
  const set = compileFiles(files, read);
  const made = { key, set, ...describe(set) };
  compiled.set(db, made);
  return made;
}
/** Ids in the case by index of the set; undefined = it is not kept there. */
function idsOf({ rules, placeOf }: CompiledSet, db: Database): (number | undefined)[] {
  const ids = sigmaRuleIds(db);
  return placeOf.map((place) => {
    const rule = rules[place] as CompiledFacts | undefined;
    return rule && ids.get(`${rule.file} ${rule.at} ${rule.part}`);
  });
}

export interface CompileReply {
  rules: CompiledFacts[];
  problems: [number, RuleProblem[]][];
  /** files whose filters or pipelines change what rules of other files mean */
  changing: number[];
}
/** Compiles all rules of the case; with files that are about to be there, and without one that they replace. */
export async function compileRules({ pending, without }: { pending: number[]; without: number | null }, { db, turns }: AnalysisContext): Promise<CompileReply> {
  const { set, rules, problems } = await rulesOf(db, turns, pending, without);
  const changing = [...set.listed.filter(({ kind }) => kind === 'filter').map(({ head }) => Number(head.file)), ...set.pipelineFiles.map(Number)];
  return { rules, problems: [...problems], changing: [...new Set(changing)] };
}

export interface MatchedSegment {
  segment: number;
  /** events it had then */
  n: number;
  hits: { rule: number; offsets: Uint16Array }[];
}
/** Matches the events of segments with the rules of files with ids above `after`. */
export async function matchSegments({ segments, after }: { segments: number[]; after: number }, { db, catalog, turns }: AnalysisContext): Promise<MatchedSegment[]> {
  const rules = await rulesOf(db, turns);
  const ids = idsOf(rules, db);
  const matcher = new CaseMatcher(rules.set, catalog, after);
  const found: MatchedSegment[] = [];
  for (const id of segments) {
    const segment = catalog.segments.get(id);
    if (!segment) {
      found.push({ segment: id, n: -1, hits: [] });
      continue;
    }
    const offsets = new Map<number, number[]>();
    await matcher.match(segment, turns, (rule, offset) => {
      const dbId = ids[rule];
      if (dbId === undefined) return;
      const known = offsets.get(dbId);
      if (known) known.push(offset);
      else offsets.set(dbId, [offset]);
    });
    found.push({ segment: id, n: segment.n, hits: [...offsets].map(([rule, list]) => ({ rule, offsets: Uint16Array.from(list) })) });
  }
  return found;
}

/** Runs rules over segments. What the damage of the file keeps from being read matches nothing: it is told with every answer that holds its events. */
class CaseMatcher {
  readonly #set: RuleSet;
  readonly #catalog: Catalog;
  readonly #records: RecordReader;
  readonly #after: number;

  constructor(set: RuleSet, catalog: Catalog, after: number) {
    this.#set = set;
    this.#catalog = catalog;
    this.#records = new RecordReader(catalog);
    this.#after = after;
  }

  async match(segment: Segment, turns: Turns, tell: (rule: number, offset: number) => void, wanted: (offset: number) => boolean = () => true): Promise<void> {
    const source = this.#catalog.sources.get(segment.source);
    if (!source) return;
    const matcher = this.#set.matcher(source.format, this.#after);
    if (matcher.empty) return;
    for (let block = 0, from = 0; from < segment.n; block++, from += BLOCK_SIZE) {
      await turns.next();
      const texts = this.#texts(segment, block);
      if (!texts) continue;
      const { rests, messages } = texts;
      for (let i = 0; i < Math.min(BLOCK_SIZE, segment.n - from); i++) {
        if (!wanted(from + i)) continue;
        matcher.begin();
        const start = rests.starts[i];
        const end = rests.starts[i + 1] - 1;
        const at = rests.messageAt[i];
        if (at < 0) matcher.look(rests.bytes, start, end);
        else {
          matcher.look(rests.bytes, start, start + at);
          matcher.look(messages.bytes, messages.starts[i], messages.starts[i + 1] - 1);
          matcher.look(rests.bytes, start + at, end);
        }
        for (const rule of matcher.found(() => this.#catalog.record(segment, from + i), () => this.#records.read(segment, from + i))) tell(rule, from + i);
      }
    }
  }

  /** Records of a block; null where damage keeps them from being read, which is told with every answer that holds its events. */
  #texts(segment: Segment, block: number): { rests: TextBlock; messages: TextBlock } | null {
    try {
      return { rests: this.#catalog.rests(segment, block), messages: this.#catalog.messages(segment, block) };
    } catch {
      return null;
    }
  }
}

/** Correlations over all that rules have matched. Nothing to do where there are none. */
export async function correlateCase(_input: object, { db, catalog, turns }: AnalysisContext): Promise<Correlated[]> {
  const rules = await rulesOf(db, turns);
  const { set } = rules;
  if (set.correlations.length === 0) return [];
  const ids = idsOf(rules, db);
  const wanted = new Map<number, number>();
  for (const { of } of set.correlations) for (const index of of) if (index < set.rules.length && ids[index] !== undefined) wanted.set(ids[index], index);
  const enabled = db.prepare<[number], number>('SELECT enabled FROM sigma_rule WHERE id = ?').pluck();
  const found = new Map<number, FoundEvent[]>();
  const hits = db.prepare<[number], { seg: number; offsets: Buffer }>('SELECT seg, offsets FROM sigma_hit WHERE rule = ? ORDER BY seg');
  for (const [id, index] of wanted) {
    await turns.next();
    const events: FoundEvent[] = [];
    for (const { seg, offsets } of hits.all(id)) {
      const segment = catalog.segments.get(seg);
      for (let i = 0; segment && i + 1 < offsets.length; i += 2) {
        const offset = offsets.readUInt16LE(i);
        if (offset < segment.n) events.push({ event: seg * SEGMENT_SIZE + offset, time: segment.hot.time[offset] });
      }
    }
    found.set(index, events);
  }
  const read = await readFields(set, found, catalog, turns);
  return correlate(set, found, read).flatMap(({ rule, event, from, to, group, value, events, count }) => {
    const id = ids[rule];
    return id === undefined || enabled.get(id) === 0 ? [] : [{ rule: id, event, from, to, count, value, group, events }];
  });
}

/** Reads the fields that correlations group by or count, of all events that they are about, once. */
async function readFields(set: RuleSet, found: ReadonlyMap<number, readonly FoundEvent[]>, catalog: Catalog, turns: Turns): Promise<(event: number, rule: number, field: string) => readonly string[]> {
  const fieldsOf = new Map<number, Set<string>>();
  for (const { of, groupBy, fields, aliases } of set.correlations) {
    of.forEach((index, place) => {
      const known = fieldsOf.get(index) ?? new Set();
      for (const field of [...groupBy, ...fields]) known.add(aliases[place]?.get(field) ?? field);
      fieldsOf.set(index, known);
    });
  }
  const records = new RecordReader(catalog);
  const values = new Map<string, readonly string[]>();
  for (const [index, events] of found) {
    const fields = fieldsOf.get(index);
    if (!fields || fields.size === 0) continue;
    for (const { event } of events) {
      await turns.next();
      const segment = catalog.segments.get(Math.floor(event / SEGMENT_SIZE));
      const format = segment && catalog.sources.get(segment.source)?.format;
      if (!segment || format === undefined) continue;
      const offset = event % SEGMENT_SIZE;
      const view = new RecordView(format, catalog.record(segment, offset), () => records.read(segment, offset));
      const map = set.rules[index].gate.record(view) ?? {};
      for (const field of fields) values.set(`${event} ${index} ${field}`, view.values(field, map)?.map(({ value }) => value) ?? []);
    }
  }
  return (event, rule, field) => values.get(`${event} ${rule} ${field}`) ?? [];
}

/** Files of the case that rules being typed need: those they may refer to, which only correlations and filters do, and pipelines. */
function companions(db: Database, text: string, replaces: number | null): { id: number; text: string }[] {
  const refers = /^(?:correlation|filter):/m.test(text);
  return sigmaFiles(db).filter((file) => file.id !== replaces && (refers || /^transformations:/m.test(file.text)));
}

/** Examples that a try gives of each rule. */
const EXAMPLES = 20;

/** Runs rules that are not in the case over its events; those of the case are there for references, and are not run but for them. */
export async function tryRules({ text, replaces, scope }: { text: string; replaces: number | null; scope: Scope }, context: AnalysisContext): Promise<SigmaTried> {
  const { db, catalog, turns } = context;
  await turns.next();
  const set = compileFiles([...companions(db, text, replaces), { id: 0, text }]);
  const problems = set.problems.filter(({ file }) => file === '0').map((problem) => ({ ...problem, file: '' }));
  const mine = set.listed.filter(({ head, kind }) => head.file === '0' && kind !== 'filter');
  const wanted = new Set<number>();
  const want = (index: number): void => {
    if (wanted.has(index)) return;
    wanted.add(index);
    if (index >= set.rules.length) for (const inner of set.correlations[index - set.rules.length].of) want(inner);
  };
  for (const one of mine) want(set.indexOf(one));
  const { found, looked } = await runOver(set.only((index) => wanted.has(index)), scope, context);
  const rules = mine.map((one): SigmaTried['rules'][number] => {
    const events = found.get(set.indexOf(one)) ?? [];
    const examples = events.slice(0, EXAMPLES).map(({ event, time }) => {
      const segment = catalog.segments.get(Math.floor(event / SEGMENT_SIZE));
      return { event, time, message: ((segment && messageOrNull(catalog, segment, event % SEGMENT_SIZE)) ?? '').slice(0, 400) };
    });
    return { ...factsOf(one), events: events.length, examples };
  });
  return { problems, rules: rules.sort((a, b) => b.events - a.events), looked };
}

/** Events of a scope that rules match, and those that complete correlations, by index of the set. */
async function runOver(set: RuleSet, scope: Scope, { catalog, searcher, turns, progress }: AnalysisContext): Promise<{ found: Map<number, FoundEvent[]>; looked: number }> {
  const found = new Map<number, FoundEvent[]>();
  const matcher = new CaseMatcher(set, catalog, -1);
  const { result } = searcher.open(scope);
  const segments = [...catalog.segments.values()];
  let looked = 0;
  for (const [done, segment] of segments.entries()) {
    await turns.next();
    progress(done / segments.length, 'Running the rules');
    const before = result.parts.length;
    result.add(segment);
    const part = result.parts.length > before ? result.parts[result.parts.length - 1] : undefined;
    if (!part) continue;
    looked += part.count;
    const chosen = part.hits === 'all' ? null : new Set(part.hits);
    await matcher.match(segment, turns, (rule, offset) => {
      const event = { event: segment.id * SEGMENT_SIZE + offset, time: segment.hot.time[offset] };
      const known = found.get(rule);
      if (known) known.push(event);
      else found.set(rule, [event]);
    }, chosen === null ? undefined : (offset) => chosen.has(offset));
  }
  const read = await readFields(set, found, catalog, turns);
  for (const hit of correlate(set, found, read)) found.set(hit.rule, [...(found.get(hit.rule) ?? []), { event: hit.event, time: hit.to }]);
  return { found, looked };
}

export interface DetectInput {
  /** null = those of the case */
  files: { name: string; text: string }[] | null;
  scope: Scope;
}
/** Runs rules over a case, without keeping anything. */
export async function detect({ files, scope }: DetectInput, context: AnalysisContext): Promise<Omit<SigmaDetected, 'ignored'>> {
  const { db, catalog } = context;
  const texts = files ?? sigmaFiles(db);
  const set = compileFiles(texts.map(({ text }, id) => ({ id, text })));
  const problems = set.problems.map((problem) => ({ ...problem, file: texts[Number(problem.file)]?.name ?? problem.file }));
  const told = set.listed.filter((one) => one.kind !== 'filter');
  const { found, looked } = await runOver(set, scope, context);
  const hits = told.flatMap((one, rule) => {
    const index = set.indexOf(one);
    return set.silent(index) ? [] : (found.get(index) ?? []).map(({ event }) => ({ rule, event }));
  }).sort((a, b) => a.event - b.event || a.rule - b.rule);
  const records = new RecordReader(catalog);
  const first = new Map<number, number>();
  const counted = new Map<number, number>();
  for (const segment of [...catalog.segments.values()].sort((a, b) => a.id - b.id)) {
    first.set(segment.id, (counted.get(segment.source) ?? 0) + 1);
    counted.set(segment.source, (counted.get(segment.source) ?? 0) + segment.n);
  }
  const record = Float64Array.from(hits, ({ event }) => {
    const segment = catalog.segments.get(Math.floor(event / SEGMENT_SIZE));
    const offset = event % SEGMENT_SIZE;
    if (!segment) return Number.NaN;
    const format = catalog.sources.get(segment.source)?.format ?? '';
    const [written] = format === 'evtx' ? (new RecordView(format, catalog.record(segment, offset), () => records.read(segment, offset)).first('eventrecordid') ?? []) : [];
    return written === undefined ? (first.get(segment.id) ?? 1) + offset : Number(written);
  });
  return { problems, rules: told.map(factsOf), rule: Int32Array.from(hits, ({ rule }) => rule), event: Float64Array.from(hits, ({ event }) => event), record, looked };
}

/** What is wrong with rules that are being typed. */
export async function checkRules({ text, replaces }: { text: string; replaces: number | null }, { db, turns }: AnalysisContext): Promise<{ problems: RuleProblem[]; rules: RuleFacts[] }> {
  await turns.next();
  const set = compileFiles([...companions(db, text, replaces), { id: 0, text }]);
  return { problems: set.problems.filter(({ file }) => file === '0').map((problem) => ({ ...problem, file: '' })), rules: set.listed.filter(({ head }) => head.file === '0').map(factsOf) };
}
