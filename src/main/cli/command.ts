/** What a command is. One file each under commands/, all of them in commands/registry.ts. */
import type { Engine } from '../engine/engine.ts';
import type { Arguments, OptionTable } from './arguments.ts';
import type { Output } from './output.ts';

export interface CommandContext {
  /** Makes the engine; the caller closes it when the command has ended. */
  engine(): Engine;
  out: Output;
  /** progress and remarks, to standard error */
  note(text: string): void;
  /** rewrites one line on standard error; nothing where that is no terminal */
  progress(text: string): void;
  /** aborted by Ctrl+C */
  signal: AbortSignal;
  /** --json was given */
  json: boolean;
  /** microseconds UTC */
  now: number;
}

export interface Command {
  name: string;
  /** how it is typed, after "tidemark " */
  usage: string;
  summary: string;
  /** more about it: what comes out, in which form */
  details: string;
  options: OptionTable;
  /** Returns the exit code: 0, or 1 when what was asked could not be done. Throws UsageError and TidemarkError. */
  run(args: Arguments, context: CommandContext): Promise<number>;
}

export const JSON_OPTION: OptionTable = { json: { help: 'JSON instead of a table' } };
export const RANGE_OPTIONS: OptionTable = {
  from: { value: 'TIME', help: 'only events from then on: 2026-10-01T12:30, -15m, yesterday' },
  to: { value: 'TIME', help: 'only events before then; a day, month or year is included whole' },
  tz: { value: 'ZONE', help: 'zone of the times typed and shown, default UTC' },
};

export function helpOf(command: Command): string {
  const lines = Object.entries({ ...command.options, help: { help: 'this text' } }).map(
    ([name, option]: [string, OptionTable[string]]) => `  ${`--${name}${option.value ? ` ${option.value}` : ''}`.padEnd(20)} ${option.help}`,
  );
  return `tidemark ${command.usage}\n\n${command.summary}\n\n${command.details}\n\nOptions\n${lines.join('\n')}\n`;
}
