/** Spans of YAML for colours: comments, names, quoted texts, numbers. Not a parser: what it misses stays plain. */
export interface YamlToken {
  kind: 'keyword' | 'phrase' | 'number' | 'operator';
  from: number;
  to: number;
}
const TOKEN = /(?<=^|\s)(#[^\n]*)|("(?:[^"\\\n]|\\.)*"?|'(?:[^'\n]|'')*'?)|(?<=^[ \t]*(?:- +)*)([A-Za-z_][\w|.()-]*)(?=\s*:(?:\s|$))|(?<=(?:[:[,]|- ) *)(-?\d+(?:\.\d+)?)(?=\s*(?:$|[,\]]))/gm;

/** In order, without overlaps. */
export function yamlTokens(text: string): YamlToken[] {
  return [...text.matchAll(TOKEN)].map(({ 0: whole, 1: comment, 2: quoted, 3: name, index }) => ({
    kind: comment !== undefined ? 'operator' : quoted !== undefined ? 'phrase' : name !== undefined ? 'keyword' : 'number', from: index, to: index + whole.length,
  }));
}
