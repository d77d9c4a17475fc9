/** Reads the words of a command line by what the command declares. */

/** The words cannot be understood: exit code 2. */
export class UsageError extends Error {}

interface OptionDeclaration {
  /** what its value is called in the help; absent for a switch */
  value?: string;
  help: string;
}
export type OptionTable = Readonly<Record<string, OptionDeclaration>>;

export interface Arguments {
  positionals: string[];
  /** options with a value */
  values: Record<string, string>;
  /** switches that were given */
  switches: Set<string>;
}

/**
 * Only `--name` is an option: a query may start with one dash (-host:web-3). `--name value` and `--name=value` are the same;
 * after `--` everything is a positional. Given twice, the last counts.
 */
export function parseArguments(words: readonly string[], options: OptionTable): Arguments {
  const parsed: Arguments = { positionals: [], values: {}, switches: new Set() };
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === '--') {
      parsed.positionals.push(...words.slice(i + 1));
      break;
    }
    if (word === '-h') {
      parsed.switches.add('help');
      continue;
    }
    if (!word.startsWith('--')) {
      parsed.positionals.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    if (name === 'help') {
      parsed.switches.add(name);
      continue;
    }
    if (!Object.hasOwn(options, name)) throw new UsageError(`There is no option --${name}.`);
    if (options[name].value === undefined) {
      if (equals >= 0) throw new UsageError(`--${name} takes no value.`);
      parsed.switches.add(name);
    } else if (equals >= 0) parsed.values[name] = word.slice(equals + 1);
    else if (i + 1 < words.length) parsed.values[name] = words[++i];
    else throw new UsageError(`--${name} needs ${options[name].value}.`);
  }
  return parsed;
}

/** A whole number of an option, undefined when it was not given. */
export function wholeNumber(values: Arguments['values'], name: string, least: number): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) throw new UsageError(`--${name} is a whole number from ${least} on, not "${text}".`);
  return number;
}

const UNITS: Readonly<Record<string, number>> = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6, w: 604_800e6 };

/** "1m", "250ms", "1.5h" as microseconds. */
export function duration(text: string, name: string): number {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m|h|d|w)$/.exec(text);
  const microseconds = match ? Math.round(Number(match[1]) * UNITS[match[2]]) : 0;
  if (!match || microseconds < 1) throw new UsageError(`--${name} is a length of time such as 30s, 1m, 1h or 1d, not "${text}".`);
  return microseconds;
}
