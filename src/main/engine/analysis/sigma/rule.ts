/**
 * Rules as their files write them: Sigma specification 1 (rules, collections with action, aggregations) and 2 (correlations, filters).
 * A document that has one thing that is not understood gives no rule but a problem with its place.
 */
import { RULE_LEVELS, type RuleFacts, type RuleLevel, type RuleProblem } from '../../../../shared/contract/sigma.ts';
import { readDetection, readSpan, type Detection } from './detection.ts';
import { placeOf, SigmaError } from './problem.ts';
import { entryOf, mapOf, mergeMaps, readYaml, textOf, textsOf, wordsOf, type MapValue } from './yaml-nodes.ts';

const CORRELATIONS = ['event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_sum', 'value_avg', 'value_percentile', 'value_median'] as const;
export type CorrelationType = (typeof CORRELATIONS)[number];

/** What every rule says of itself. */
export interface RuleHead extends Pick<RuleFacts, 'title' | 'level' | 'status' | 'author' | 'license' | 'description' | 'references' | 'tags' | 'falsePositives'> {
  id: string;
  /** what correlations call it by; '' = none */
  name: string;
  /** file, and where the rule begins in it */
  file: string;
  at: number;
}
export interface LogSource {
  product: string;
  service: string;
  category: string;
  /** position */
  at: number;
}
export interface DetectionRule extends RuleHead {
  kind: 'rule';
  logsource: LogSource;
  detection: Detection;
}
export interface CorrelationRule extends RuleHead {
  kind: 'correlation';
  type: CorrelationType;
  /** names or ids of rules */
  rules: string[];
  groupBy: string[];
  /** microseconds */
  span: number;
  /** comparisons that all have to hold; none for temporal ones */
  compare: { sign: 'gt' | 'gte' | 'lt' | 'lte' | 'eq' | 'neq'; value: number }[];
  /** what is counted, summed or averaged; several make one value */
  fields: string[];
  /** of value_percentile, 0..100 */
  percentile: number;
  /** a condition over the names of rules; null = all of them */
  condition: { text: string; at: number } | null;
  /** what a name of groupBy is called in each rule */
  aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** rules that it is about report their own events as well */
  generate: boolean;
}
export interface FilterRule extends RuleHead {
  kind: 'filter';
  logsource: LogSource;
  /** names or ids; null = any of the log source */
  rules: string[] | null;
  detection: Detection;
}
type AnyRule = DetectionRule | CorrelationRule | FilterRule;

export interface RuleFile {
  rules: AnyRule[];
  problems: RuleProblem[];
  /** documents that are processing pipelines */
  pipelines: MapValue[];
}

/** Longer files are not read, and a file may have so many documents. */
export const MOST_BYTES = 4 << 20;
const MOST_DOCUMENTS = 20_000;

export function problemOf(error: SigmaError, rule: Pick<RuleHead, 'file' | 'at' | 'title'>, text: string): RuleProblem {
  return { code: error.code, message: error.message, file: rule.file, rule: rule.title, ...placeOf(text, error.at >= 0 ? error.at : rule.at) };
}

/** Reads a file of rules. */
export function readRules(text: string, file: string): RuleFile {
  const out: RuleFile = { rules: [], problems: [], pipelines: [] };
  const complain = (error: SigmaError, at: number, title: string): void => void out.problems.push(problemOf(error, { file, at, title }, text));
  if (text.length > MOST_BYTES) {
    complain(new SigmaError('too_large', `The file is longer than ${MOST_BYTES >> 20} MiB.`), 0, '');
    return out;
  }
  let global: MapValue | null = null;
  let before: MapValue | null = null;
  for (const [index, written] of readYaml(text).entries()) {
    if (index >= MOST_DOCUMENTS) {
      complain(new SigmaError('too_large', `The file has more than ${MOST_DOCUMENTS} rules; the rest was left out.`), 0, '');
      break;
    }
    if (written instanceof SigmaError) {
      complain(written, 0, '');
      continue;
    }
    let title = '';
    try {
      const action = textOf(written, 'action');
      if (action === 'global') {
        global = global ? mergeMaps(global, without(written, 'action')) : without(written, 'action');
        continue;
      }
      if (action === 'reset') {
        global = null;
        before = null;
        if (written.entries.length === 1) continue;
      }
      if (action === 'repeat' && !before) throw new SigmaError('unknown_action', 'There is no rule before this one that it could repeat.', entryOf(written, 'action')?.at);
      if (action !== '' && action !== 'repeat' && action !== 'reset') throw new SigmaError('unknown_action', `"${action}" is none of the actions global, reset and repeat.`, entryOf(written, 'action')?.at);
      const own = without(written, 'action');
      if (entryOf(own, 'transformations')) {
        out.pipelines.push(own);
        continue;
      }
      const map: MapValue = action === 'repeat' && before ? mergeMaps(before, own) : global ? mergeMaps(global, own) : own;
      before = map;
      title = textOf(map, 'title') || textOf(map, 'id');
      out.rules.push(readRule(map, file));
    } catch (error) {
      if (!(error instanceof SigmaError)) throw error;
      complain(error, written.at, title);
    }
  }
  if (out.rules.length === 0 && out.problems.length === 0 && out.pipelines.length === 0) complain(new SigmaError('no_detection', global ? 'The file only says what all of its rules share; there is no rule.' : 'The file has no rule.'), 0, '');
  return out;
}

function without(map: MapValue, key: string): MapValue {
  return { ...map, entries: map.entries.filter((entry) => entry.key !== key) };
}

function readRule(map: MapValue, file: string): AnyRule {
  const head = readHead(map, file);
  const correlation = mapOf(map, 'correlation');
  if (correlation) return readCorrelation(head, correlation);
  const filter = mapOf(map, 'filter');
  if (filter) {
    const wanted = textsOf(filter, 'rules');
    return { ...head, kind: 'filter', logsource: readLogSource(map), rules: wanted.length === 0 || (wanted.length === 1 && /^(?:any|all)$/i.test(wanted[0])) ? null : wanted, detection: readDetection(filter) };
  }
  const detection = mapOf(map, 'detection');
  if (!detection) throw new SigmaError('no_detection', 'The rule has no detection.', map.at);
  return { ...head, kind: 'rule', logsource: readLogSource(map), detection: readDetection(detection) };
}

function readHead(map: MapValue, file: string): RuleHead {
  const title = textOf(map, 'title');
  if (title === '') throw new SigmaError('no_title', 'The rule has no title.', map.at);
  const level = textOf(map, 'level').toLowerCase();
  if (level !== '' && !RULE_LEVELS.some((known) => known === level)) throw new SigmaError('bad_level', `"${level}" is none of the levels ${RULE_LEVELS.join(', ')}.`, entryOf(map, 'level')?.at);
  return {
    title, id: textOf(map, 'id'), name: textOf(map, 'name'), status: textOf(map, 'status'), level: level as RuleLevel | '', author: textsOf(map, 'author').join(', '), license: textOf(map, 'license'),
    description: textOf(map, 'description'), references: wordsOf(map, 'references'), tags: textsOf(map, 'tags').map((tag) => tag.toLowerCase()), falsePositives: wordsOf(map, 'falsepositives'), file, at: map.at,
  };
}

function readLogSource(map: MapValue): LogSource {
  const logsource = mapOf(map, 'logsource');
  if (!logsource) throw new SigmaError('no_logsource', 'The rule has no logsource.', map.at);
  const [product, service, category] = ['product', 'service', 'category'].map((key) => textOf(logsource, key).toLowerCase());
  if (product === '' && service === '' && category === '') throw new SigmaError('no_logsource', 'The logsource names neither a product, nor a service, nor a category.', logsource.at);
  return { product, service, category, at: logsource.at };
}

const SIGNS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;

function readCorrelation(head: RuleHead, map: MapValue): CorrelationRule {
  const typeText = textOf(map, 'type');
  const type = CORRELATIONS.find((known) => known === typeText);
  if (!type) throw new SigmaError('unknown_correlation', `"${typeText}" is none of the correlations ${CORRELATIONS.join(', ')}.`, entryOf(map, 'type')?.at ?? map.at);
  const rules = textsOf(map, 'rules');
  if (rules.length === 0) throw new SigmaError('bad_correlation', 'The correlation names no rules.', map.at);
  const spanEntry = entryOf(map, 'timespan') ?? entryOf(map, 'timeframe');
  if (!spanEntry) throw new SigmaError('no_timeframe', 'The correlation has no timespan.', map.at);
  const span = readSpan(textOf(map, spanEntry.key), spanEntry.value.at);
  const temporal = type === 'temporal' || type === 'temporal_ordered';
  const compare: CorrelationRule['compare'] = [];
  let fields: string[] = [];
  let percentile = 50;
  let condition: CorrelationRule['condition'] = null;
  const entry = entryOf(map, 'condition');
  if (entry?.value.kind === 'scalar' && temporal) condition = { text: String(entry.value.value ?? ''), at: entry.value.at };
  else if (entry?.value.kind === 'map') {
    fields = textsOf(entry.value, 'field');
    for (const { key, at, value } of entry.value.entries) {
      if (key === 'field') continue;
      const number = value.kind === 'scalar' ? Number(value.value) : Number.NaN;
      const sign = SIGNS.find((known) => known === key);
      if ((!sign && key !== 'percentile') || Number.isNaN(number)) throw new SigmaError('bad_correlation', `"${key}" is no comparison with a number.`, at);
      if (sign) compare.push({ sign, value: number });
      else percentile = number;
    }
  } else if (entry) throw new SigmaError('bad_correlation', 'The condition of a correlation is a comparison such as "gte: 10".', entry.at);
  if (!temporal && compare.length === 0) throw new SigmaError('no_condition', 'The correlation has no condition such as "gte: 10".', map.at);
  if (type.startsWith('value_') && fields.length === 0) throw new SigmaError('bad_correlation', `${type} needs a field in its condition.`, entry?.at ?? map.at);
  const aliases = new Map<string, Map<string, string>>();
  for (const { key, at, value } of mapOf(map, 'aliases')?.entries ?? []) {
    if (value.kind !== 'map') throw new SigmaError('bad_correlation', `The alias "${key}" is a map from rules to their fields.`, at);
    aliases.set(key, new Map(value.entries.map((one) => [one.key, one.value.kind === 'scalar' ? one.value.text : ''])));
  }
  return { ...head, kind: 'correlation', type, rules, groupBy: textsOf(map, 'group-by'), span, compare, fields, percentile, condition, aliases, generate: /^(?:true|yes|on)$/i.test(textOf(map, 'generate')) };
}
