/**
 * Keeps the patterns of a case: groups its templates some time after new ones came in, and takes what people merge and split. It is done
 * here, in turns with what else there is: templates are in the case file and few, while a worker would first load the events of the case.
 */
import { TidemarkError } from '../../shared/contract/rpc.ts';
import type { PatternChange } from '../../shared/contract/patterns.ts';
import { nowMicros } from '../../shared/time.ts';
import { groupTemplates } from './analysis/templates/group-templates.ts';
import { readPattern, shapeKey, patternText, VARIABLE, type Token } from './analysis/templates/tokens.ts';
import { Turns } from './search/turns.ts';
import type { Committed } from './store/case-store.ts';
import type { Database } from './store/database.ts';
import { addPatternEdit, isGrouped, patternEdits, readGrouping, readTemplates, removePatternEdit, writeGrouping } from './store/patterns.ts';
import { HOT } from './store/segment.ts';

export interface PatternKeeperContext {
  db: Database;
  user: string;
  readOnly: boolean;
  /** the grouping in the case is another one */
  changed(): void;
}

/** So long after the last new template, while more are coming in at most so long after the first. */
const AFTER_MS = 1500;
const AT_MOST_MS = 15_000;

export class PatternKeeper {
  readonly #context: PatternKeeperContext;
  #timer: NodeJS.Timeout | null = null;
  #firstAsked = 0;
  #stale = false;
  #run: Promise<void> | null = null;
  readonly #closing = { cancelled: false };

  constructor(context: PatternKeeperContext) {
    this.#context = context;
  }

  /** Notes new and changed templates. */
  noticed({ names }: Pick<Committed, 'names'>): void {
    if (names.some(({ field }) => field === HOT.template)) this.#stale = true;
  }

  /** Groups soon, if there is anything to group. */
  kick(): void {
    if (this.#context.readOnly || this.#closing.cancelled) return;
    if (!this.#stale && isGrouped(this.#context.db)) return;
    const now = performance.now();
    if (this.#timer) clearTimeout(this.#timer);
    else this.#firstAsked = now;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.group().catch((error: unknown) => {
        // Told where it matters: the list says that its patterns are not grouped.
        if (!this.#closing.cancelled) console.error('patterns could not be grouped', error);
      });
    }, Math.max(0, Math.min(AFTER_MS, this.#firstAsked + AT_MOST_MS - now)));
    this.#timer.unref();
  }

  /** Groups what came in; does nothing when all is. Throws cancelled when the case is closed meanwhile. */
  async group(): Promise<void> {
    while (this.#run) await this.#run;
    if (this.#context.readOnly || (!this.#stale && isGrouped(this.#context.db))) return;
    await this.#regroup();
  }

  async #regroup(): Promise<void> {
    while (this.#run) await this.#run;
    const work = async (): Promise<void> => {
      this.#stale = false;
      const { db } = this.#context;
      const turns = new Turns(this.#closing);
      const rows = await groupTemplates(readTemplates(db), patternEdits(db), async () => await turns.next());
      await turns.next();
      writeGrouping(db, rows);
      this.#context.changed();
    };
    this.#run = work().finally(() => (this.#run = null));
    await this.#run;
  }

  /** Makes one pattern of several. Throws not_found when one of them is none, or not any more. */
  async merge(patterns: readonly number[], text: string | undefined): Promise<{ id: number; pattern: number; text: string }> {
    const { groups } = this.#groups();
    const chosen = [...new Set(patterns)].map((pattern) => groups.get(pattern) ?? missing(pattern));
    if (chosen.length < 2) throw new TidemarkError('invalid_input', 'Choose two patterns or more to merge.');
    return await this.#edit('merge', chosen.flatMap(({ templates }) => templates), text ?? commonText(chosen.map((group) => group.text)));
  }

  /** Makes a pattern of its own of templates of one. */
  async split(pattern: number, templates: readonly number[], text: string | undefined): Promise<{ id: number; pattern: number; text: string }> {
    const { groups, own } = this.#groups();
    const group = groups.get(pattern) ?? missing(pattern);
    const chosen = [...new Set(templates)];
    if (chosen.some((template) => !group.templates.includes(template))) throw new TidemarkError('invalid_input', 'A template that is to be split off is not of this pattern.');
    if (chosen.length === group.templates.length) throw new TidemarkError('invalid_input', 'All templates were chosen: there would be nothing left to split them from.');
    return await this.#edit('split', chosen, text ?? commonText(chosen.map((template) => own.get(template) ?? '')));
  }

  async #edit(kind: 'merge' | 'split', templates: number[], text: string): Promise<{ id: number; pattern: number; text: string }> {
    const id = addPatternEdit(this.#context.db, { kind, templates, text, madeAt: nowMicros(), madeBy: this.#context.user });
    await this.#regroup();
    const pattern = readGrouping(this.#context.db).find(({ template }) => template === templates[0])?.pattern ?? templates[0];
    const now = readGrouping(this.#context.db).find(({ template }) => template === pattern)?.text ?? text;
    return { id, pattern, text: now };
  }

  /** Takes a merge or a split back. */
  async undo(id: number): Promise<void> {
    if (!removePatternEdit(this.#context.db, id, this.#context.user, nowMicros())) throw new TidemarkError('not_found', 'This was taken back already.');
    await this.#regroup();
  }

  changes(): PatternChange[] {
    return patternEdits(this.#context.db).map(({ templates, ...edit }) => ({ ...edit, templates: templates.length })).reverse();
  }

  #groups(): { groups: Map<number, { templates: number[]; text: string }>; own: Map<number, string> } {
    const own = new Map(readTemplates(this.#context.db).map(({ id, pattern }) => [id, pattern]));
    const groups = new Map<number, { templates: number[]; text: string }>();
    const rows = readGrouping(this.#context.db);
    for (const { template, pattern, text } of rows) if (template === pattern) groups.set(pattern, { templates: [], text });
    for (const { template, pattern } of rows) groups.get(pattern)?.templates.push(template);
    // Templates that came in since are patterns of their own.
    const known = new Set(rows.map(({ template }) => template));
    for (const [id, text] of own) if (!known.has(id)) groups.set(id, { templates: [id], text });
    return { groups, own };
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#closing.cancelled = true;
    await this.#run?.catch(() => undefined);
  }
}

function missing(pattern: number): never {
  throw new TidemarkError('not_found', `There is no pattern ${pattern} any more: it was merged, or its templates were grouped anew.`);
}

/** What texts have in common, place by place; when they are built differently, the first one and how many more. */
function commonText(texts: readonly string[]): string {
  const [first, ...rest] = texts.map(readPattern);
  if (rest.some((tokens) => tokens.length !== first.length)) return `${texts[0]} (and ${texts.length - 1} more)`;
  const text = (token: Token): Token => ({ ...token, kind: VARIABLE, text: '', type: 'text' });
  const common = first.map((token, i) => (rest.every((tokens) => shapeKey([tokens[i]]) === shapeKey([token])) ? token : text(token)));
  return patternText(common);
}
