import { IconActivityHeartbeat, IconChartLine, IconGitBranch, IconListDetails, IconPencil, IconRoute } from '@tabler/icons-react';
import type { Signal } from '../../shared/event.ts';

export const SIGNAL_TITLES: Readonly<Record<Signal, string>> = { logs: 'Logs', metrics: 'Metrics', traces: 'Traces', git: 'Git', ci: 'CI', manual: 'By hand' };
const ICONS: Readonly<Record<Signal, typeof IconRoute>> = { logs: IconListDetails, metrics: IconChartLine, traces: IconRoute, git: IconGitBranch, ci: IconActivityHeartbeat, manual: IconPencil };

/** The kinds of data that one connection brings, in words. */
export function signalsText(signals: readonly Signal[]): string {
  return signals.map((signal) => SIGNAL_TITLES[signal]).join(', ');
}

/** The picture of a kind of data; its word stands beside it or in the title. */
export function SignalIcon({ signal, size = 16 }: { signal: Signal; size?: number }) {
  const Icon = ICONS[signal];
  return <Icon size={size} stroke={1.5} aria-hidden="true" style={{ flex: 'none' }} />;
}
