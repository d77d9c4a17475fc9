/**
 * Sigma rules of an open case: reads files into it, and has its events looked through for them, those that were there and those that come. How
 * far that is stands in the case (sigma_matched), so it goes on after a crash.
 */
import { createHash } from 'node:crypto';
import type { RuleProblem, SigmaAdded, SigmaFinding, SigmaStatus } from '../../../../shared/contract/sigma.ts';
import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import { CatchUp, type WaitingSegment } from '../../catch-up.ts';
import type { Database } from '../../store/database.ts';
import { unpackHot } from '../../store/segment.ts';
import { SigmaStore, type Correlated } from '../../store/sigma-store.ts';
import type { QueryPool } from '../../workers/query-pool.ts';
import type { CompileReply, MatchedSegment } from './case-analyses.ts';
import { findingsOf } from './findings.ts';
import { readRuleFiles, type RuleText } from './rule-files.ts';

const SEGMENTS_AT_ONCE = 8;
const PROGRESS_MS = 200;

export interface CaseRulesContext {
  db: Database;
  query: QueryPool;
  user: string;
  toolVersion: string;
  /** rules, or what they found, are others than before; `events` when queries may have other answers */
  changed(tables: readonly ('rules' | 'findings' | 'events')[]): void;
  progress(status: SigmaStatus): void;
}

export class CaseRules {
  readonly #context: CaseRulesContext;
  readonly #store: SigmaStore;
  #preparing = '';
  #told = 0;
  /** events matched in the run that is under way */
  #found = false;
  /** rules that were there when correlations were last worked out */
  #correlated = '';
  readonly #closing = new AbortController();
  readonly #catchUp: CatchUp;

  constructor(context: CaseRulesContext) {
    this.#context = context;
    this.#store = new SigmaStore(context.db);
    this.#catchUp = new CatchUp(this.#store, {
      segmentsAtOnce: SEGMENTS_AT_ONCE, what: 'Running the rules',
      compare: async (waiting, generation, signal) => await this.#match(waiting, generation, signal),
      through: async (signal) => await this.#correlate(this.#found, signal),
      progressed: () => this.#tell(),
      ended: () => {
        if (this.#found) context.changed(['findings', 'events']);
        this.#found = false;
        this.#tell(true);
      },
    });
  }

  get store(): SigmaStore {
    return this.#store;
  }
  status(): SigmaStatus {
    return { ...this.#store.counts(), preparing: this.#preparing, matching: this.#catchUp.progress, error: this.#catchUp.error };
  }
  problems(): RuleProblem[] {
    return this.#store.files().flatMap(({ name, problems }) => problems.map((problem) => ({ ...problem, file: name })));
  }
  findings(): SigmaFinding[] {
    return findingsOf(this.#store, this.#context.db);
  }

  #tell(now = false): void {
    const at = performance.now();
    if (!now && at - this.#told < PROGRESS_MS) return;
    this.#told = at;
    this.#context.progress(this.status());
  }

  /** Reads files and folders. Throws invalid_input, and keeps nothing, when no rule of them runs. */
  async add(paths: readonly string[], signal: AbortSignal): Promise<SigmaAdded> {
    return await this.#prepare('Reading the files', async () => {
      const { files, ignored, problems } = await readRuleFiles(paths, AbortSignal.any([signal, this.#closing.signal]));
      const known = new Set(this.#store.files().map(({ sha256 }) => sha256));
      const fresh = files.filter(({ sha256 }) => !known.has(sha256));
      const added = await this.#keep(fresh, null);
      const rejected = [...problems, ...added.problems];
      if (added.rules === 0 && fresh.length === files.length) {
        const [first] = rejected;
        throw new TidemarkError('invalid_input', first ? `No rule could be loaded. ${first.file}${first.rule === '' ? '' : `, ${first.rule}`}, line ${first.line}: ${first.message}` : 'There is no Sigma rule in what was given.');
      }
      return { ...added, unchanged: files.length - fresh.length, ignored, problems: rejected };
    });
  }

  /** Keeps rules that were typed. Throws invalid_input, and keeps nothing, when one of them does not run. */
  async save(text: string, name: string, replaces: number | null): Promise<SigmaAdded> {
    return await this.#prepare('Reading the rules', async () => {
      const sha256 = createHash('sha256').update(text).digest('hex');
      const added = await this.#keep([{ name, path: '', text, sha256 }], replaces, true);
      return { ...added, unchanged: 0, ignored: 0 };
    });
  }

  async #prepare<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#preparing !== '') throw new TidemarkError('busy', 'Rules are being read. Add more when that is through.');
    this.#preparing = what;
    this.#tell(true);
    try {
      return await work();
    } finally {
      this.#preparing = '';
      this.#tell(true);
      this.#context.changed(['rules', 'findings', 'events']);
      void this.#catchUp.run();
    }
  }

  async #keep(files: readonly RuleText[], replaces: number | null, strict = false): Promise<Pick<SigmaAdded, 'files' | 'rules' | 'problems'>> {
    const { db, user, toolVersion } = this.#context;
    if (files.length === 0) return { files: 0, rules: 0, problems: [] };
    const ids = db.transaction(() => files.map((file) => this.#store.addFile({ ...file, by: user, toolVersion })))();
    this.#preparing = 'Compiling the rules';
    const reply = await this.#compile(ids, replaces);
    const mine = new Set(ids);
    const names = new Map(ids.map((id, i) => [id, files[i].name]));
    const problems = reply.problems.flatMap(([file, list]) => (mine.has(file) ? list.map((problem) => ({ ...problem, file: names.get(file) ?? '' })) : []));
    const rules = reply.rules.filter(({ file, part }) => mine.has(file) && part === 0).length;
    const changes = reply.changing.some((file) => mine.has(file)) || (replaces !== null && this.#changesOthers(replaces));
    if ((rules === 0 && !changes) || (strict && problems.length > 0)) {
      if (!strict) return { files: 0, rules: 0, problems };
      const [first] = problems;
      throw new TidemarkError('invalid_input', first ? `Line ${first.line}: ${first.message}` : 'There is no rule in it.');
    }
    db.transaction(() => {
      if (replaces !== null) this.#store.removeFile(replaces, true);
      for (const id of ids) this.#store.removeFile(id, false);
      this.#store.keepRules(reply.rules, new Map(reply.problems));
    })();
    if (changes) this.#forget();
    else if (replaces !== null) this.#context.query.ruleHitsChanged(null);
    return { files: files.length, rules, problems };
  }
  async #compile(pending: readonly number[] = [], without: number | null = null): Promise<CompileReply> {
    return await this.#context.query.analyse<CompileReply>('sigma.compile', { pending, without }, this.#closing.signal);
  }
  /** Whether a file has what changes the meaning of rules elsewhere. */
  #changesOthers(file: number): boolean {
    return /^(?:filter|transformations):/m.test(this.#store.file(file)?.text ?? '');
  }
  /** What rules mean has changed: all is to be looked through again. */
  #forget(): void {
    this.#store.forgetHits();
    this.#correlated = '';
    this.#context.query.ruleHitsChanged(null);
  }

  enable(ids: readonly number[], enabled: boolean): void {
    this.#store.enable(ids, enabled);
    this.#correlated = '';
    this.#context.query.ruleHitsChanged(null);
    this.#context.changed(['rules', 'findings', 'events']);
    void this.#catchUp.run();
  }

  async remove(file: number, removed: boolean): Promise<void> {
    const changing = this.#changesOthers(file);
    if (!this.#store.removeFile(file, removed)) throw new TidemarkError('not_found', 'There is no such file of rules.');
    await this.#prepare('Compiling the rules', async () => {
      const reply = await this.#compile();
      this.#store.keepRules(reply.rules, new Map(reply.problems));
      // One that comes back may be older than what segments were compared with last.
      if (changing || !removed) this.#forget();
      this.#correlated = '';
      this.#context.query.ruleHitsChanged(null);
    });
  }

  /** Looks through events that were not compared with every rule, until there are none or `signal` stops it. */
  async settled(signal: AbortSignal): Promise<void> {
    await this.#catchUp.settled(signal);
  }
  stop(): void {
    this.#catchUp.stop();
  }
  /** Events were stored. */
  kick(): void {
    this.#catchUp.kick();
  }

  /** Runs the rules that are newer than the first segment on those of the same age. */
  async #match(waiting: readonly WaitingSegment[], generation: number, signal: AbortSignal): Promise<readonly number[]> {
    const after = waiting[0].generation;
    const segments = waiting.filter((segment) => segment.generation === after).map(({ id }) => id);
    const found = await this.#context.query.analyse<MatchedSegment[]>('sigma.match', { segments, after: after === 0 ? -1 : after }, signal);
    this.#found = this.#keepHits(found, generation) || this.#found;
    return segments;
  }

  #keepHits(found: readonly MatchedSegment[], generation: number): boolean {
    const { db, query, changed } = this.#context;
    const hot = db.prepare<[number], Buffer>('SELECT hot FROM seg WHERE id = ?').pluck();
    const none = new Float64Array(0);
    const others: number[] = [];
    db.transaction(() => {
      for (const { segment, n, hits } of found) {
        const columns = hits.length > 0 ? hot.get(segment) : undefined;
        if (this.#store.keepHits(segment, n, generation, hits, columns ? unpackHot(columns).hot.time : none) && hits.length > 0) others.push(segment);
      }
    })();
    if (others.length === 0) return false;
    query.ruleHitsChanged(others);
    // Lists of events are asked again once, at the end.
    changed(['findings']);
    return true;
  }

  async #correlate(fresh: boolean, signal: AbortSignal): Promise<void> {
    const { db, query, changed } = this.#context;
    const state = `${db.prepare<[], number>("SELECT count(*) FROM sigma_rule WHERE kind = 'correlation' OR part > 0").pluck().get()} ${this.#store.generation()} ${this.#store.counts().enabled}`;
    if (state.startsWith('0 ') || (!fresh && this.#correlated === state)) return;
    const segments = this.#store.keepCorrelated(await query.analyse<Correlated[]>('sigma.correlate', {}, signal));
    this.#correlated = state;
    if (segments.length === 0) return;
    query.ruleHitsChanged(segments);
    changed(['findings', 'events']);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#catchUp.close();
  }
}
