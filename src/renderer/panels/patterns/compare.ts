/** What a range is compared with, as a person chooses it. */
import { useAsk } from '../../client/ask.ts';
import { engine } from '../../client/client.ts';
import type { Scope } from '../../../shared/contract/scope.ts';
import { useScope, useView } from '../../state/view.ts';

export const COMPARE = ['none', 'before', 'mark', 'event'] as const;
export type Compare = (typeof COMPARE)[number];
export const COMPARE_TITLES: Readonly<Record<Compare, string>> = { none: 'Not compared', before: 'With before the range', mark: 'Marked stretch with the rest', event: 'After the event with before' };

export interface Compared {
  /** what is asked for; null while it is not known */
  scope: Scope | null;
  other: { from: number | null; to: number | null } | 'before' | null;
  /** what has to be done first, '' when nothing has */
  needs: string;
  /** the columns of both sides */
  titles: readonly [string, string];
}

/** The range and the one it is compared with, from the view of the panel. */
export function useCompared(compare: Compare): Compared {
  const scope = useScope();
  const brush = useView((view) => view.brush);
  const id = useView((view) => view.selectedId);
  const wanted = compare === 'event' && id !== null;
  const { data: event } = useAsk(['events.get', id], (signal) => engine.events.get({ id: id ?? 0 }, { signal }), { enabled: wanted });
  const alone: Compared = { scope, other: null, needs: '', titles: ['Events', ''] };
  switch (compare) {
    case 'none': return alone;
    case 'before': return scope.from === null ? { ...alone, needs: 'Choose a range: all of the case has nothing before it.' } : { scope, other: 'before', needs: '', titles: ['Events', 'Before'] };
    case 'mark':
      return brush ? { scope: { ...scope, from: brush.from, to: brush.to }, other: { from: scope.from, to: scope.to }, needs: '', titles: ['Marked', 'Rest'] } : { ...alone, needs: 'Drag over the timeline to mark a stretch.' };
    case 'event': {
      if (id === null) return { ...alone, needs: 'Select an event.' };
      if (event?.id !== id) return { ...alone, scope: null };
      return { scope: { ...scope, from: event.time }, other: { from: scope.from, to: event.time }, needs: '', titles: ['After', 'Before'] };
    }
  }
}
