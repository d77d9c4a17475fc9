/** Names from data can be as long as a log line; what a finding is known by and called is not. */
import { createHash } from 'node:crypto';

const LONGEST_KEY = 300;
const LONGEST_TITLE = 160;

/** The same for the same name, different for different ones, at most 300 characters. */
export function boundedKey(name: string): string {
  return name.length <= LONGEST_KEY ? name : `${name.slice(0, LONGEST_KEY - 17)}#${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
}
/** Begin and end of a long name. */
export function boundedTitle(name: string): string {
  if (name.length <= LONGEST_TITLE) return name;
  return `${name.slice(0, LONGEST_TITLE - 41)}...${name.slice(-38)}`;
}
