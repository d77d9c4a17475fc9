/** Which sources are shown, in which order, and what is said of them. Pure. */
import type { CoverageReply, SourceCoverage } from '../../../shared/contract/coverage.ts';
import { formatCount, formatDuration } from '../../ui/numbers.ts';
import { shortPath } from '../../ui/source-mark.tsx';

export const ORDERS = ['first', 'silent', 'gaps', 'name'] as const;
export type CoverageOrder = (typeof ORDERS)[number];
export const ORDER_TITLES: Readonly<Record<CoverageOrder, string>> = { first: 'First event', silent: 'Fell silent first', gaps: 'Longest gap', name: 'Name' };

/** The length of the longest gap; 0 without any. */
function longestGap({ gaps }: SourceCoverage): number {
  return gaps.reduce((most, { from, to }) => Math.max(most, to - from), 0);
}

/** Those whose path has all of the words. The engine gives them by first event. */
export function shownRows(sources: readonly SourceCoverage[], text: string, order: CoverageOrder): SourceCoverage[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const found = sources.filter(({ path }) => words.every((word) => path.toLowerCase().includes(word)));
  if (order === 'gaps') return found.sort((a, b) => longestGap(b) - longestGap(a));
  if (order === 'silent') return found.sort((a, b) => (b.stoppedEarly ?? -1) - (a.stoppedEarly ?? -1));
  if (order === 'name') return found.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
  return found;
}

/** What is worth knowing of a source in a few words; '' when it is all there. */
export function remarkOf(source: SourceCoverage): string {
  if (source.first === null) return 'no times';
  const parts: string[] = [];
  if (source.stoppedEarly !== null) parts.push(`stopped ${formatDuration(source.stoppedEarly)} before the rest`);
  if (source.gapCount > 0) parts.push(`${formatCount(source.gapCount)} ${source.gapCount === 1 ? 'gap' : 'gaps'}, longest ${formatDuration(longestGap(source))}`);
  return parts.join('; ');
}

/** Why there is no time that all sources are about; '' when there is. */
export function noOverlap({ overlap, bounds, sources }: CoverageReply): string {
  if (overlap || !bounds) return '';
  const nameOf = (id: number): string => shortPath(sources.find((source) => source.id === id)?.path ?? '');
  return `No time in common: ${nameOf(bounds.endsFirst)} ends before ${nameOf(bounds.beginsLast)} begins`;
}
