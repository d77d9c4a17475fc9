/** Selections and conditions as tests on records, and what a record has to hold for a rule to match it. */
import type { Condition } from './condition.ts';
import type { Detection, Selection } from './detection.ts';
import { SigmaError } from './problem.ts';
import type { FieldMap, RecordView, Text, Values } from './record-view.ts';
import { compileItem, type FieldTest, type Placeholders } from './value-test.ts';

export type Expression =
  | { kind: 'item'; field: string | null; test: FieldTest }
  | { kind: 'not'; part: Expression }
  | { kind: 'and' | 'or'; parts: Expression[] }
  /** at least so many of them */
  | { kind: 'some'; count: number; parts: Expression[] };

export function compileSelections(detection: Detection, placeholders: Placeholders): Map<string, Expression> {
  return new Map([...detection.selections].map(([name, selection]) => [name, compileSelection(selection, placeholders)]));
}
function compileSelection(selection: Selection, placeholders: Placeholders): Expression {
  if (selection.kind === 'item') return { kind: 'item', field: selection.item.field, test: compileItem(selection.item, placeholders) };
  return { kind: selection.kind, parts: selection.parts.map((part) => compileSelection(part, placeholders)) };
}

/** A condition over selections. Throws SigmaError for names that there are not. */
export function compileCondition(condition: Condition, selections: ReadonlyMap<string, Expression>): Expression {
  switch (condition.kind) {
    case 'name': {
      const found = selections.get(condition.name);
      if (found) return found;
      if (condition.name.toLowerCase() === 'them') throw new SigmaError('condition_syntax', '"them" stands behind "1 of" or "all of".', condition.at);
      throw new SigmaError('unknown_selection', `The condition names "${condition.name}", and there is no such selection.`, condition.at);
    }
    case 'not':
      return { kind: 'not', part: compileCondition(condition.part, selections) };
    case 'and':
    case 'or':
      return { kind: condition.kind, parts: condition.parts.map((part) => compileCondition(part, selections)) };
    case 'of': {
      const names = matchingNames(condition.pattern, [...selections.keys()]);
      const parts = names.map((name) => selections.get(name)).filter((part) => part !== undefined);
      if (parts.length === 0) throw new SigmaError('unknown_selection', `No selection is called like "${condition.pattern}".`, condition.at);
      if (condition.count === null) return { kind: 'and', parts };
      if (condition.count > parts.length) throw new SigmaError('unknown_selection', `The condition wants ${condition.count} selections, and ${parts.length} are called like "${condition.pattern}".`, condition.at);
      return condition.count === 1 ? { kind: 'or', parts } : { kind: 'some', count: condition.count, parts };
    }
  }
}
/** "them" is all but those whose names begin with an underscore. */
export function matchingNames(pattern: string, names: readonly string[]): string[] {
  if (pattern.toLowerCase() === 'them') return names.filter((name) => !name.startsWith('_'));
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('[^]*')}$`);
  return names.filter((name) => expression.test(name));
}

export function holds(expression: Expression, view: RecordView, map: FieldMap): boolean {
  switch (expression.kind) {
    case 'not':
      return !holds(expression.part, view, map);
    case 'and':
      return expression.parts.every((part) => holds(part, view, map));
    case 'or':
      return expression.parts.some((part) => holds(part, view, map));
    case 'some': {
      let found = 0;
      for (const part of expression.parts) if (holds(part, view, map) && ++found >= expression.count) return true;
      return false;
    }
    case 'item':
      return fieldHolds(expression.field, expression.test, view, map);
  }
}

function fieldHolds(field: string | null, test: FieldTest, view: RecordView, map: FieldMap): boolean {
  const values: Values | null = field === null ? view.keywords : view.values(field, map);
  switch (test.kind) {
    case 'exists':
      return (values !== null) === test.wanted;
    case 'null':
      return (values === null || values.every(({ value }) => value === '') || test.tests.some((one) => values.some(({ value, lower }) => one.test(value, lower)))) !== test.negated;
    case 'values': {
      if (values === null) return test.negated;
      const one = ({ test: passes }: { test: (value: string, lower: string) => boolean }): boolean => values.some(({ value, lower }) => passes(value, lower));
      return (test.all ? test.tests.every(one) : test.tests.some(one)) !== test.negated;
    }
    case 'field': {
      if (values === null) return test.negated;
      const one = (other: string): boolean => (view.values(other, map) ?? []).some((right) => values.some((left) => compareFields(left, right, test)));
      return (test.all ? test.others.every(one) : test.others.some(one)) !== test.negated;
    }
  }
}
function compareFields(left: Text, right: Text, { how, cased }: Extract<FieldTest, { kind: 'field' }>): boolean {
  const [a, b] = cased ? [left.value, right.value] : [left.lower, right.lower];
  if (how === 'equals') return a === b;
  return how === 'contains' ? a.includes(b) : how === 'startswith' ? a.startsWith(b) : a.endsWith(b);
}

// ---- what a record has to hold

/** Fields whose values follow from what a record says and do not stand in it. */
const DERIVED = new Set(['facility', 'severity', 'level', 'syscall', 'arch', 'sig', 'integritylevel', 'processid', 'parentprocessid', 'initiated', 'protocol', 'event.severity', 'user', 'status', 'eventservice']);
/** By format, the same: extended logs of W3C have the target of a request in pieces, the audit log has addresses as the kernel's bytes. */
const DERIVED_IN: Readonly<Record<string, readonly string[]>> = { w3c: ['cs-uri', 'c-uri'], auditd: ['destinationip', 'destinationport', 'saddr.ip', 'saddr.port', 'saddr.family'] };
/** What maps of fields put in front of paths, for what the record calls otherwise. */
const PUT_BEFORE = /^(?:hklm|hku|c:)/;
/** Shorter stretches are in every other record. */
const SHORTEST = 3;
/** The ends of longer texts are looked for: paths begin alike. */
const LONGEST = 14;
const MOST_LITERALS = 400;

/** Clauses all of which a matching record of a format satisfies: its bytes, as prefilter.ts sees them, hold one of the texts of each. */
export function clausesOf(expression: Expression, format: string): string[][] {
  switch (expression.kind) {
    case 'not':
      return [];
    case 'and':
      return expression.parts.flatMap((part) => clausesOf(part, format));
    case 'or':
    case 'some': {
      const union = new Set<string>();
      for (const part of expression.parts) {
        const clauses = clausesOf(part, format);
        if (clauses.length === 0) return [];
        for (const literal of clauses.reduce((best, clause) => (rarity(clause) > rarity(best) ? clause : best))) union.add(literal);
      }
      return union.size > MOST_LITERALS ? [] : [[...union]];
    }
    case 'item': {
      const { field, test } = expression;
      if (test.kind !== 'values' || test.negated || (field !== null && (DERIVED.has(field.toLowerCase()) || DERIVED_IN[format]?.includes(field.toLowerCase()) === true))) return [];
      const literals = test.tests.map(({ sure }) => sure.replace(PUT_BEFORE, '').slice(-LONGEST));
      if (test.all) return literals.filter((literal) => literal.length >= SHORTEST).map((literal) => [literal]);
      return literals.length > MOST_LITERALS || literals.some((literal) => literal.length < SHORTEST) ? [] : [[...new Set(literals)]];
    }
  }
}
function rarity(clause: readonly string[]): number {
  return clause.reduce((least, { length }) => Math.min(least, length), LONGEST) - Math.log2(clause.length) / 2;
}
