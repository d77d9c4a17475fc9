/** Where a text stops being JSON (RFC 8259): JSON.parse does not always say. */

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/** The character at which it breaks; its length when it ends too early. Only asked for what JSON.parse refused. */
export function brokenAt(text: string): number {
  const open: string[] = [];
  let want: 'value' | 'value or ]' | 'name' | 'name or }' | ':' | 'next' = 'value';
  for (let p = skipBlank(text, 0); p < text.length; p = skipBlank(text, p)) {
    const c = text[p];
    if (want === 'next') {
      if (open.length === 0) return p;
      const closing = open[open.length - 1];
      if (c === closing) open.pop();
      else if (c === ',') want = closing === '}' ? 'name' : 'value';
      else return p;
      p++;
    } else if (want === ':') {
      if (c !== ':') return p;
      want = 'value';
      p++;
    } else if (want === 'name' || want === 'name or }') {
      if (c === '}' && want === 'name or }') {
        open.pop();
        want = 'next';
        p++;
        continue;
      }
      if (c !== '"') return p;
      const end = stringEnd(text, p);
      if (end < 0) return -end - 1;
      p = end;
      want = ':';
    } else if (c === ']' && want === 'value or ]') {
      open.pop();
      want = 'next';
      p++;
    } else if (c === '{' || c === '[') {
      open.push(c === '{' ? '}' : ']');
      want = c === '{' ? 'name or }' : 'value or ]';
      p++;
    } else {
      const end = c === '"' ? stringEnd(text, p) : plainEnd(text, p);
      if (end < 0) return -end - 1;
      p = end;
      want = 'next';
    }
  }
  return text.length;
}

/** Behind the string at `p`; -1 - place where it is none. */
function stringEnd(text: string, p: number): number {
  for (let q = p + 1; q < text.length; q++) {
    const c = text.charCodeAt(q);
    if (c === 34) return q + 1;
    if (c < 32) return -1 - q;
    if (c !== 92) continue;
    q++;
    if (text[q] === 'u') {
      if (!/^[\da-fA-F]{4}$/.test(text.slice(q + 1, q + 5))) return -1 - (q - 1);
      q += 4;
    } else if (q < text.length && !'"\\/bfnrt'.includes(text[q])) {
      return -1 - (q - 1);
    }
  }
  return -1 - text.length;
}

/** Behind the number or word at `p`; -1 - place where it is none. */
function plainEnd(text: string, p: number): number {
  for (const pattern of [NUMBER, WORD]) {
    pattern.lastIndex = p;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  return -1 - p;
}
function skipBlank(text: string, p: number): number {
  while (p < text.length && ' \n\r\t'.includes(text[p])) p++;
  return p;
}
