import { TidemarkError } from '../../shared/contract/rpc.ts';
import type { Scope } from '../../shared/contract/scope.ts';
import { readTime } from '../../shared/query/time-text.ts';
import { isZone } from '../../shared/time.ts';
import { UsageError } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import type { CommandContext } from './command.ts';

/** The case and the query of "search CASE QUERY": words of a query may come as one argument or as several. */
export function caseAndQuery({ positionals }: Arguments): { file: string; query: string } {
  const [file, ...words] = positionals;
  if (file === undefined) throw new UsageError('CASE is missing.');
  return { file, query: words.join(' ') };
}

export function zoneOf({ values }: Arguments): string {
  const zone = values.tz ?? 'UTC';
  if (!isZone(zone)) throw new UsageError(`--tz is a zone such as UTC or Europe/Berlin, not "${zone}".`);
  return zone;
}

/** The scope of a query with --from and --to. */
export function scopeOf(query: string, args: Arguments, now: number): Scope {
  const clock = { zone: zoneOf(args), now };
  const read = (name: 'from' | 'to'): number | null => {
    const text = args.values[name];
    if (text === undefined) return null;
    const result = readTime(text, clock);
    if (!result.ok) throw new UsageError(`--${name}: ${result.message}`);
    // "--to 2026-10-01" means that day too; "--to 12:30:00" means up to then.
    return name === 'to' && !result.span.clock ? result.span.to : result.span.from;
  };
  const scope = { query, from: read('from'), to: read('to') };
  if (scope.from !== null && scope.to !== null && scope.to <= scope.from) throw new UsageError('--to is not after --from.');
  return scope;
}

/** Opens a case to look at it: it stays as it is, and one that the window has open can be read all the same. */
export async function openToRead(file: string, { engine, signal }: CommandContext): Promise<ReturnType<CommandContext['engine']>> {
  const opened = engine();
  await opened.handlers.cases.open({ path: file, readOnly: true }, { signal });
  return opened;
}

/** Says where in a query the trouble is: the query, and a mark under it. */
export function explainError(error: TidemarkError, query: string): string {
  if (!error.position || query === '' || /[\n\t]/.test(query)) return error.message;
  const { from, to } = error.position;
  return `${error.message}\n  ${query}\n  ${' '.repeat(from)}${'^'.repeat(Math.max(1, to - from))}`;
}
