/** What an analysis is: a question that may take long, answered in a query worker of its own (role 'analyse'), listed in registry.ts. */
import type { Database } from '../store/database.ts';
import type { Catalog } from '../search/catalog.ts';
import type { Searcher } from '../search/searcher.ts';
import type { Turns } from '../search/turns.ts';

export interface AnalysisContext {
  /** a connection of its own that cannot write */
  db: Database;
  catalog: Catalog;
  searcher: Searcher;
  /** `await turns.next()` often: it lets other questions have the thread, and throws when the question was cancelled */
  turns: Turns;
  /** how far it is, 0..1, and what it does; cheap enough to be called in a loop */
  progress(share: number, what: string): void;
}
type Analysis<I, R> = (input: I, context: AnalysisContext) => Promise<R>;
/** Inputs were checked by the contract. */
export type Analyses = Readonly<Record<string, Analysis<never, unknown>>>;
