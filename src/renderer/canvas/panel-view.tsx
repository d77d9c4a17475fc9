import { useState } from 'react';
import type { ReactNode } from 'react';
import { ViewContext, createView, view } from '../state/view.ts';

/**
 * Gives a panel its view: the shared one, or, while it is unlinked, one of its own that starts where the shared one is. The key
 * of the caller changes when it is linked or unlinked, so each time starts afresh.
 */
export function PanelView({ linked, children }: { linked: boolean; children: ReactNode }) {
  const [own] = useState(() => {
    if (linked) return null;
    const { query, from, to, zone, laneField, order, selectedId, investigationId } = view.getState();
    return createView({ query, from, to, zone, laneField, order, selectedId, investigationId });
  });
  return <ViewContext value={own ?? view}>{children}</ViewContext>;
}
