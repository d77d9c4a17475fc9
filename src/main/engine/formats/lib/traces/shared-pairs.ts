/** Attributes that many spans share and every line repeats. */
import type { Pairs } from './span-line.ts';

/** So that a file of hostile make cannot grow without bound on its way into lines. */
const SHARED_CHARACTERS = 32 << 10;

/** The pairs, as far as they take 32 KiB together; the last one then says how many were left out. */
export function sharedPairs(pairs: Pairs): Pairs {
  let size = 0;
  for (let index = 0; index < pairs.length; index++) {
    const [name, value] = pairs[index];
    size += name.length + (typeof value === 'string' ? value.length : typeof value === 'object' ? JSON.stringify(value).length : 8);
    if (size > SHARED_CHARACTERS) return [...pairs.slice(0, index), ['resource.cut', `${pairs.length - index} of ${pairs.length} attributes of the resource were left out: together they are longer than ${SHARED_CHARACTERS} characters.`]];
  }
  return pairs;
}
