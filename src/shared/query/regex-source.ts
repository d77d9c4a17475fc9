/** What a /regular expression/ in a query may hold. */

export const MAX_PATTERN_LENGTH = 1_000;
const FLAGS = new Set('imsu');

export interface RegexFault {
  message: string;
  /** offset into `/source/flags` as typed, the opening slash being 0 */
  from: number;
  to: number;
}

/** Compiles once to find out what is wrong; null when nothing is. */
export function regexFault(source: string, flags: string): RegexFault | null {
  const whole = { from: 0, to: source.length + flags.length + 2 };
  if (source.length > MAX_PATTERN_LENGTH) {
    return { ...whole, message: `A regular expression may have ${MAX_PATTERN_LENGTH} characters; this one has ${source.length}.` };
  }
  const flag = [...flags].findIndex((each) => !FLAGS.has(each));
  if (flag >= 0) {
    const from = source.length + 2 + flag;
    return { from, to: from + 1, message: `The flag ${flags[flag] ?? ''} has no meaning here: use i (any case), m, s or u. To search for the text itself put it in quotes.` };
  }
  const banned = bannedConstruct(source);
  if (banned !== null) return banned;
  try {
    new RegExp(source, flags);
    return null;
  } catch (error) {
    // The engine's message ends with the reason: "Invalid regular expression: /(/: Unterminated group".
    const reason = error instanceof Error ? error.message.slice(error.message.lastIndexOf(': ') + 2) : 'not understood';
    return { ...whole, message: `This regular expression is not valid: ${reason}. To search for the text itself put it in quotes.` };
  }
}

/** Look-behind and back-references, which engines that promise linear time cannot run. */
function bannedConstruct(source: string): RegexFault | null {
  let inClass = false;
  for (let index = 0; index < source.length; index++) {
    const char = source[index];
    const next = source[index + 1] ?? '';
    if (char === '\\') {
      if (!inClass && /[1-9k]/.test(next)) {
        return { from: index + 1, to: index + 3, message: `A back-reference (\\${next}) is not supported: it cannot be searched for in bounded time.` };
      }
      index++;
    } else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (!inClass && (source.startsWith('(?<=', index) || source.startsWith('(?<!', index))) {
      return { from: index + 1, to: index + 5, message: 'Look-behind is not supported: it cannot be searched for in bounded time. Match what comes before as part of the expression.' };
    }
  }
  return null;
}
