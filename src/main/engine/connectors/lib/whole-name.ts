/** What a person writes to choose some of many names. */
import { FatalError } from '../connector.ts';

/** A regular expression for the whole name; null for '', which chooses all. Throws FatalError when it is none. */
export function wholeName(pattern: string): RegExp | null {
  if (pattern.trim() === '') return null;
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    throw new FatalError(`'${pattern}' is no regular expression.`);
  }
}
