import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Order, Scope } from '../../../shared/contract/scope.ts';
import { engine } from '../../client/client.ts';
import { useCase } from '../../state/case.ts';
import { reportError } from '../../state/notices.ts';
import { Pages } from './pages.ts';
import type { AskPage, PagesState } from './pages.ts';

export interface PagesView {
  pages: Pages;
  state: PagesState;
  /** grows with every answer; rows must be read again */
  tick: number;
}
/** Where the list stands when the case changes under it. */
export interface Anchor {
  /** the event at the upper edge, null when the list is at its very start */
  id: number | null;
  rank: number;
  from: number;
  to: number;
}

/**
 * The pages of a scope. When the case changes, the list keeps its place: the event at the upper edge is looked up again, and
 * `onShift` says by how many ranks it moved.
 */
export function usePages(scope: Scope, order: Order, columns: readonly string[], anchor: (pages: Pages) => Anchor, onShift: (by: number) => void): PagesView {
  const [tick, setTick] = useState(0);
  const ask = useCallback<AskPage>((rank, limit, signal) => engine.events.page({ scope, order, at: { rank }, limit, columns: [...columns] }, { signal }), [scope, order, columns]);
  const asked = useRef<AskPage | null>(null);
  const pages = useMemo(() => new Pages(() => new Promise(() => undefined), () => setTick((count) => count + 1)), []);
  const latest = useRef({ anchor, onShift });
  useEffect(() => {
    latest.current = { anchor, onShift };
  });

  useEffect(() => {
    asked.current = ask;
    pages.restart(ask, columns);
  }, [pages, ask, columns]);
  useEffect(() => () => pages.stop(), [pages]);

  const version = useCase((state) => state.info?.version ?? 0);
  const seen = useRef(version);
  useEffect(() => {
    if (seen.current === version) return undefined;
    seen.current = version;
    const { id, rank, from, to } = latest.current.anchor(pages);
    if (id === null) {
      pages.refresh(0, from, to);
      return undefined;
    }
    const abort = new AbortController();
    engine.events.rank({ scope, order, id }, { signal: abort.signal }).then(
      (found) => {
        if (abort.signal.aborted || asked.current !== ask) return;
        const by = found === null ? 0 : found.rank - rank;
        pages.refresh(by, from + by, to + by);
        if (by !== 0) latest.current.onShift(by);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) reportError(error, 'Keeping the place in the list');
      },
    );
    return () => abort.abort();
  }, [version, pages, scope, order, ask]);

  return { pages, state: pages.state, tick };
}
