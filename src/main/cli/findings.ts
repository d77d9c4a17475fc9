/** Findings as the command line shows them, and the progress of what finds them. */
import type { AnalysisProgress } from '../../shared/contract/analysis.ts';
import type { Finding } from '../../shared/finding.ts';
import type { Engine } from '../engine/engine.ts';
import type { CommandContext } from './command.ts';
import { isoTime } from './event-rows.ts';
import { visible } from './output.ts';

/** Runs an analysis and tells on standard error how far it is. `ask` gets the name of the run. */
export async function withProgress<R>(engine: Engine, context: CommandContext, ask: (run: string) => Promise<R>): Promise<R> {
  const stop = engine.onPush((name, value) => {
    if (name !== 'analysis.progress') return;
    const { share, what } = value as AnalysisProgress;
    context.progress(`${Math.round(share * 100)} % ${what}`);
  });
  try {
    return await ask('command');
  } finally {
    stop();
    context.progress('');
  }
}

export function findingObject({ detector, title, why, evidence, severity, score, from, to, scope, events, quieted }: Finding): object {
  return { detector, title, why, evidence: Object.fromEntries(evidence.map(({ label, value }) => [label, value])), severity, score, from: isoTime(from), to: isoTime(to), query: scope.query, events, quieted };
}

/** One finding in a few lines. */
export function findingText({ title, why, severity, from, to, scope, quieted }: Finding): string {
  const query = scope.query === '' ? '' : `  ${visible(scope.query)}\n`;
  return `${severity.toUpperCase()}${quieted ? ' (marked wrong)' : ''}  ${visible(title)}\n  ${isoTime(from)} to ${isoTime(to)}\n  ${visible(why)}\n${query}`;
}
