/** Processing pipelines, as pySigma has them: names of fields, conditions and placeholders of rules are changed before rules are compiled. */
import type { Item, Selection, Detection } from './detection.ts';
import { readSelection } from './detection.ts';
import { SigmaError } from './problem.ts';
import type { DetectionRule } from './rule.ts';
import type { Placeholders } from './value-test.ts';
import { entryOf, mapOf, textOf, textsOf, type MapValue, type Value } from './yaml-nodes.ts';

type RuleTest = (rule: DetectionRule, applied: ReadonlySet<string>) => boolean;
type ItemTest = (item: Item) => boolean;
interface Step {
  id: string;
  applies: RuleTest;
  run(rule: DetectionRule): DetectionRule;
}
export interface Pipeline {
  name: string;
  priority: number;
  steps: Step[];
  placeholders: Placeholders;
}

/** Reads a pipeline. Throws SigmaError for what is not known: half a pipeline would change what rules mean. */
export function readPipeline(map: MapValue): Pipeline {
  const values = new Map<string, readonly string[]>();
  for (const { key, value } of mapOf(map, 'vars')?.entries ?? []) values.set(key, textsOf({ kind: 'map', at: value.at, entries: [{ key, at: value.at, value }] }, key));
  const wild = new Set<string>();
  const open = new Set<string>();
  let wildRest = false;
  let openRest = false;
  const list = entryOf(map, 'transformations');
  if (list?.value.kind !== 'list') throw new SigmaError('bad_pipeline', '"transformations" is a list.', list?.at ?? map.at);
  const steps: Step[] = [];
  for (const item of list.value.items) {
    if (item.kind !== 'map') throw new SigmaError('bad_pipeline', 'A transformation is a map.', item.at);
    const type = textOf(item, 'type');
    if (type === 'value_placeholders' || type === 'wildcard_placeholders') {
      const include = textsOf(item, 'include');
      if (textsOf(item, 'exclude').length > 0) throw new SigmaError('unknown_transformation', `"exclude" of ${type} is not known here.`, item.at);
      if (type === 'value_placeholders') {
        for (const name of include) open.add(name);
        openRest ||= include.length === 0;
      } else {
        for (const name of include) wild.add(name);
        wildRest ||= include.length === 0;
      }
      continue;
    }
    steps.push({ id: textOf(item, 'id'), applies: ruleTests(item), run: transformation(type, item) });
  }
  const placeholders: Placeholders = (name) => {
    const found = openRest || open.has(name) ? values.get(name) : undefined;
    return found ?? (wildRest || wild.has(name) ? '*' : undefined);
  };
  return { name: textOf(map, 'name'), priority: Number(textOf(map, 'priority') || 0), steps, placeholders };
}

/** A rule as pipelines leave it. Throws SigmaError when one of them refuses it. */
export function applyPipelines(pipelines: readonly Pipeline[], rule: DetectionRule): DetectionRule {
  let out = rule;
  const applied = new Set<string>();
  for (const { steps } of pipelines) {
    for (const step of steps) {
      if (!step.applies(out, applied)) continue;
      out = step.run(out);
      if (step.id !== '') applied.add(step.id);
    }
  }
  return out;
}
export function placeholdersOf(pipelines: readonly Pipeline[]): Placeholders {
  return (name) => {
    for (const { placeholders } of pipelines) {
      const found = placeholders(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

// ---- conditions

function conditionsOf(item: MapValue, key: string): MapValue[] {
  const entry = entryOf(item, key);
  if (!entry) return [];
  const list: Value[] = entry.value.kind === 'list' ? entry.value.items : entry.value.kind === 'map' ? entry.value.entries.map(({ value }) => value) : [];
  return list.map((one) => {
    if (one.kind !== 'map') throw new SigmaError('bad_pipeline', `"${key}" is a list of conditions.`, one.at);
    return one;
  });
}
/** Several conditions, combined as `${key}_op` says, and turned round by `${key}_not`. */
function combined<T>(item: MapValue, key: string, tests: ((value: T) => boolean)[]): (value: T) => boolean {
  const prefix = key.replace(/s$/, '');
  const any = textOf(item, `${prefix}_op`) === 'or';
  const negated = textOf(item, `${prefix}_not`) === 'true';
  if (entryOf(item, `${prefix}_expr`)) throw new SigmaError('unknown_pipeline_condition', `"${prefix}_expr" is not known here.`, item.at);
  if (tests.length === 0) return () => true;
  return (value) => (any ? tests.some((test) => test(value)) : tests.every((test) => test(value))) !== negated;
}
function ruleTests(item: MapValue): RuleTest {
  const tests = conditionsOf(item, 'rule_conditions').map((condition) => {
    const test = ruleTest(condition);
    return ({ rule, applied }: { rule: DetectionRule; applied: ReadonlySet<string> }) => test(rule, applied);
  });
  const all = combined(item, 'rule_conditions', tests);
  return (rule, applied) => all({ rule, applied });
}
function ruleTest(condition: MapValue): RuleTest {
  const type = textOf(condition, 'type');
  switch (type) {
    case 'logsource': {
      const wanted = ['product', 'service', 'category'].map((key) => [key, textOf(condition, key).toLowerCase()] as const).filter(([, value]) => value !== '');
      return ({ logsource }) => wanted.every(([key, value]) => logsource[key as 'product' | 'service' | 'category'] === value);
    }
    case 'contains_field': {
      const field = textOf(condition, 'field');
      return ({ detection }) => itemsOf(detection).some((item) => item.field === field);
    }
    case 'contains_detection_item': {
      const field = textOf(condition, 'field');
      const value = textOf(condition, 'value');
      return ({ detection }) => itemsOf(detection).some((item) => item.field === field && item.values.some(({ text }) => text === value));
    }
    case 'tag': {
      const tag = textOf(condition, 'tag').toLowerCase();
      return ({ tags }) => tags.includes(tag);
    }
    case 'is_sigma_rule':
      return () => true;
    case 'is_sigma_correlation_rule':
      return () => false;
    case 'processing_item_applied': {
      const id = textOf(condition, 'processing_item_id');
      return (_, applied) => applied.has(id);
    }
    default:
      throw new SigmaError('unknown_pipeline_condition', `The condition "${type}" of a pipeline is not known here.`, condition.at);
  }
}
function itemTests(item: MapValue): ItemTest {
  const names = conditionsOf(item, 'field_name_conditions').map((condition): ItemTest => {
    const type = textOf(condition, 'type');
    const fields = textsOf(condition, 'fields');
    if (type !== 'include_fields' && type !== 'exclude_fields') throw new SigmaError('unknown_pipeline_condition', `The condition "${type}" of a pipeline is not known here.`, condition.at);
    return ({ field }) => fields.includes(field ?? '') === (type === 'include_fields');
  });
  const items = conditionsOf(item, 'detection_item_conditions').map((condition): ItemTest => {
    const type = textOf(condition, 'type');
    if (type === 'is_null') return ({ values }) => values.some(({ value }) => value === null);
    if (type === 'match_string') {
      const cond = textOf(condition, 'cond') || 'any';
      let pattern: RegExp;
      try {
        pattern = new RegExp(`^(?:${textOf(condition, 'pattern')})`);
      } catch {
        throw new SigmaError('bad_regex', 'The pattern of match_string cannot be read.', condition.at);
      }
      return ({ values }) => (cond === 'all' ? values.every(({ text }) => pattern.test(text)) : values.some(({ text }) => pattern.test(text)));
    }
    throw new SigmaError('unknown_pipeline_condition', `The condition "${type}" of a pipeline is not known here.`, condition.at);
  });
  const byName = combined(item, 'field_name_conditions', names);
  const byItem = combined(item, 'detection_item_conditions', items);
  return (one) => byName(one) && byItem(one);
}

// ---- transformations

function transformation(type: string, item: MapValue): Step['run'] {
  const wanted = itemTests(item);
  const each = (change: (one: Item) => Item | Item[] | null): Step['run'] => (rule) => changeItems(rule, (one) => (wanted(one) ? change(one) : one));
  switch (type) {
    case 'field_name_mapping': {
      const names = new Map((mapOf(item, 'mapping')?.entries ?? []).map(({ key, value }) => [key, textsOf({ kind: 'map', at: value.at, entries: [{ key, at: value.at, value }] }, key)]));
      // One name for several: any of them.
      return each((one) => names.get(one.field ?? '')?.map((field) => ({ ...one, field })) ?? one);
    }
    case 'field_name_prefix_mapping': {
      const prefixes = (mapOf(item, 'mapping')?.entries ?? []).map(({ key, value }) => [key, textsOf({ kind: 'map', at: value.at, entries: [{ key, at: value.at, value }] }, key)] as const);
      return each((one) => {
        const found = prefixes.find(([prefix]) => one.field?.startsWith(prefix));
        return found && one.field !== null ? found[1].map((to) => ({ ...one, field: `${to}${one.field?.slice(found[0].length) ?? ''}` })) : one;
      });
    }
    case 'field_name_prefix': {
      const prefix = textOf(item, 'prefix');
      return each((one) => (one.field === null ? one : { ...one, field: `${prefix}${one.field}` }));
    }
    case 'field_name_suffix': {
      const suffix = textOf(item, 'suffix');
      return each((one) => (one.field === null ? one : { ...one, field: `${one.field}${suffix}` }));
    }
    case 'drop_detection_item':
      return each(() => null);
    case 'replace_string': {
      let pattern: RegExp;
      try {
        pattern = new RegExp(textOf(item, 'regex'), 'g');
      } catch {
        throw new SigmaError('bad_regex', 'The expression of replace_string cannot be read.', item.at);
      }
      const replacement = textOf(item, 'replacement').replaceAll(/\\(\d)/g, '$$$1');
      return each((one) => ({ ...one, values: one.values.map((value) => (typeof value.value === 'string' ? { ...value, value: value.value.replace(pattern, replacement), text: value.text.replace(pattern, replacement) } : value)) }));
    }
    case 'map_string': {
      const to = new Map((mapOf(item, 'mapping')?.entries ?? []).map(({ key, value }) => [key, textsOf({ kind: 'map', at: value.at, entries: [{ key, at: value.at, value }] }, key)]));
      return each((one) => ({ ...one, values: one.values.flatMap((value) => to.get(String(value.value))?.map((text) => ({ ...value, value: text, text })) ?? [value]) }));
    }
    case 'add_condition': {
      const added = mapOf(item, 'conditions');
      if (!added) throw new SigmaError('bad_pipeline', 'add_condition has no conditions.', item.at);
      const selection = readSelection(added);
      const negated = textOf(item, 'negated') === 'true';
      return (rule) => {
        let name = '_added';
        while (rule.detection.selections.has(name)) name += '_';
        const conditions = rule.detection.conditions.map(({ text, at }) => {
          const pipe = text.indexOf('|');
          const [before, behind] = pipe < 0 ? [text, ''] : [text.slice(0, pipe), text.slice(pipe)];
          return { at, text: `${negated ? 'not ' : ''}${name} and (${before}) ${behind}` };
        });
        return { ...rule, detection: { ...rule.detection, selections: new Map([...rule.detection.selections, [name, selection]]), conditions } };
      };
    }
    case 'change_logsource': {
      const to = (key: string, before: string): string => textOf(item, key).toLowerCase() || before;
      return (rule) => ({ ...rule, logsource: { ...rule.logsource, product: to('product', rule.logsource.product), service: to('service', rule.logsource.service), category: to('category', rule.logsource.category) } });
    }
    case 'rule_failure':
    case 'detection_item_failure': {
      const message = textOf(item, 'message') || 'A pipeline refuses this rule.';
      const refuse = (at: number): never => {
        throw new SigmaError('pipeline_refused', message, at);
      };
      return type === 'rule_failure' ? (rule) => refuse(rule.at) : each((one) => refuse(one.at));
    }
    default:
      throw new SigmaError('unknown_transformation', `The transformation "${type}" is not known here.`, item.at);
  }
}

function itemsOf(detection: Detection): Item[] {
  const all = (selection: Selection): Item[] => (selection.kind === 'item' ? [selection.item] : selection.parts.flatMap(all));
  return [...detection.selections.values()].flatMap(all);
}
function changeItems(rule: DetectionRule, change: (item: Item) => Item | Item[] | null): DetectionRule {
  const one = (selection: Selection): Selection | null => {
    if (selection.kind === 'item') {
      const changed = change(selection.item);
      if (changed === null) return null;
      if (!Array.isArray(changed)) return { kind: 'item', item: changed };
      const parts = changed.map((item): Selection => ({ kind: 'item', item }));
      return parts.length === 1 ? parts[0] : { kind: 'or', parts };
    }
    const parts = selection.parts.map(one).filter((part) => part !== null);
    return parts.length === 0 ? null : { kind: selection.kind, parts };
  };
  const selections = new Map<string, Selection>();
  for (const [name, selection] of rule.detection.selections) {
    const changed = one(selection);
    if (changed === null) throw new SigmaError('bad_pipeline', `A pipeline takes all of the selection "${name}" away.`, rule.at);
    selections.set(name, changed);
  }
  return { ...rule, detection: { ...rule.detection, selections } };
}
