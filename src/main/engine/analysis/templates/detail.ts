/** The analysis 'patterns.detail': the templates of a pattern and what its variables hold. */
import { MOST_TEMPLATES, MOST_VALUES, type PatternDetail, type PatternVariable } from '../../../../shared/contract/patterns.ts';
import { TidemarkError } from '../../../../shared/contract/rpc.ts';
import type { Scope } from '../../../../shared/contract/scope.ts';
import { SEGMENT_SIZE } from '../../../../shared/event.ts';
import { messageOrNull } from '../../search/rows.ts';
import { HOT } from '../../store/segment.ts';
import type { AnalysisContext } from '../analysis.ts';
import { resultOf } from '../case-series.ts';
import { cut, DELIMITER, PARTIAL, readPattern, VARIABLE, WORD, type Token } from './tokens.ts';

/** Messages that are looked at for values: of more, every second, third ... */
const MOST_SAMPLED = 20_000;
const MOST_EXAMPLES = 20;
/** Different values of a variable that are counted; past these, new ones only add to the number of them. */
const MOST_COUNTED = 5000;
const MAX_VALUE = 200;

export async function patternDetail({ scope, id }: { scope: Scope; id: number }, context: AnalysisContext): Promise<PatternDetail> {
  const { catalog, turns } = context;
  const text = catalog.names[HOT.template][id];
  if (text === undefined || catalog.patternOf.has(id)) throw new TidemarkError('not_found', `There is no pattern ${id} any more: it was merged, or its templates were grouped anew.`);
  const result = await resultOf(context, scope, 'finding the events', (done) => done * 0.4);
  const byTemplate = new Map<number, number>();
  let count = 0;
  for (const { segment, hits, count: n } of result.parts) {
    const codes = segment.hot.codes[HOT.template];
    const counts = new Uint32Array(segment.templates.length);
    for (let k = 0; k < n; k++) counts[codes[hits === 'all' ? k : hits[k]]]++;
    counts.forEach((events, code) => {
      if (events === 0 || segment.dicts[HOT.template][code] !== id) return;
      byTemplate.set(segment.templates[code], (byTemplate.get(segment.templates[code]) ?? 0) + events);
      count += events;
    });
    await turns.next();
  }
  const pattern = readPattern(text);
  const tallies = pattern.map((token) => (token.kind === VARIABLE || token.kind === PARTIAL ? new ValueTally() : null));
  const every = Math.max(1, Math.ceil(count / MOST_SAMPLED));
  const exampleEvery = Math.max(1, Math.floor(count / MOST_EXAMPLES));
  const examples: number[] = [];
  let seen = 0;
  let sampled = 0;
  let aligned = 0;
  for (const { segment, hits, count: n } of result.parts) {
    const codes = segment.hot.codes[HOT.template];
    const is = Array.from(segment.dicts[HOT.template], (each) => each === id);
    if (!is.includes(true)) continue;
    for (let k = 0; k < n; k++) {
      const i = hits === 'all' ? k : hits[k];
      if (!is[codes[i]]) continue;
      if (seen % exampleEvery === 0 && examples.length < MOST_EXAMPLES) examples.push(segment.id * SEGMENT_SIZE + i);
      if (seen++ % every !== 0) continue;
      const message = messageOrNull(catalog, segment, i);
      if (message === null) continue;
      sampled++;
      if (take(message, pattern, tallies)) aligned++;
    }
    context.progress(0.4 + (0.6 * seen) / Math.max(1, count), 'reading values');
    await turns.next();
  }
  const texts = templateTexts(context, id);
  const templates = [...texts].map(([template, own]) => ({ id: template, text: own, count: byTemplate.get(template) ?? 0 })).sort((a, b) => b.count - a.count || a.id - b.id);
  return { id, text, templates: templates.slice(0, MOST_TEMPLATES), moreTemplates: Math.max(0, templates.length - MOST_TEMPLATES), variables: variablesOf(pattern, tallies), count, sampled, aligned, examples };
}

/** Own texts of the templates of a pattern. */
function templateTexts({ catalog, db }: AnalysisContext, id: number): Map<number, string> {
  const ids = [id, ...[...catalog.patternOf].filter(([, pattern]) => pattern === id).map(([template]) => template)];
  const own = db.prepare<[number], string>('SELECT pattern FROM template WHERE id = ?').pluck();
  return new Map(ids.map((template) => [template, own.get(template) ?? '']));
}

class ValueTally {
  readonly values = new Map<string, number>();
  distinct = 0;
  add(value: string): void {
    const known = this.values.get(value);
    if (known !== undefined) this.values.set(value, known + 1);
    else {
      this.distinct++;
      if (this.values.size < MOST_COUNTED) this.values.set(value, 1);
    }
  }
}

/** Takes the values of a message that has the form of the pattern; false when it has not. */
function take(message: string, pattern: readonly Token[], tallies: readonly (ValueTally | null)[]): boolean {
  const tokens = cut(message);
  if (tokens.length !== pattern.length) return false;
  for (let i = 0; i < tokens.length; i++) {
    const { kind, text } = pattern[i];
    if (kind === VARIABLE ? tokens[i].kind === DELIMITER : tokens[i].kind !== kind || tokens[i].text !== text) return false;
  }
  tokens.forEach((token, i) => {
    const tally = tallies[i];
    if (!tally) return;
    const value = token.kind === WORD ? token.text : message.slice(Math.max(0, token.from), Math.max(0, token.to));
    tally.add((token.kind === PARTIAL && pattern[i].kind === VARIABLE ? token.text + value : value).slice(0, MAX_VALUE));
  });
  return true;
}

function variablesOf(pattern: readonly Token[], tallies: readonly (ValueTally | null)[]): PatternVariable[] {
  return tallies.flatMap((tally, i) => {
    if (!tally || tally.distinct === 0) return [];
    const values = [...tally.values].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_VALUES);
    return [{ name: nameOf(pattern, i), type: pattern[i].type, distinct: tally.distinct, values: values.map(([value, n]) => ({ value, count: n })) }];
  });
}

/** What a value is called: the fixed part of its word, the name before = or :, else the word it stands behind. */
function nameOf(pattern: readonly Token[], at: number): string {
  if (pattern[at].kind === PARTIAL) return pattern[at].text.replace(/[^A-Za-z0-9]+$/, '');
  for (let i = at - 1; i >= 0 && i >= at - 4; i--) {
    const token = pattern[i];
    if (token.kind === VARIABLE || token.kind === PARTIAL) return '';
    if (token.kind === WORD) return token.text;
  }
  return '';
}
