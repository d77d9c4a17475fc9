/**
 * A query tree compiled into tests on segments. A test clears the marks of events that do not match; cheap tests run first, so
 * that texts are only unpacked for events that everything else lets through. Word filters rule out whole blocks; what they let
 * through is checked exactly.
 */
import { FLAG, SEGMENT_SIZE, SEVERITIES } from '../../../shared/event.ts';
import type { QueryNode } from '../../../shared/query/ast.ts';
import { columnOf } from '../../../shared/query/names.ts';
import { COLD_FIELDS, HOT, HOT_FIELDS } from '../store/segment.ts';
import type { Catalog, Segment } from './catalog.ts';
import { attributeTest, joinAttributes } from './evaluate-attribute.ts';
import { rawTest, textTests } from './evaluate-text.ts';
import type { DerivedField } from './derived.ts';
import type { Evaluation, Marks, Test } from './segment-tests.ts';
import { comparison, keywordTest, numberTest, type ValueTest } from './values.ts';

const EVERYTHING: Test = { cost: 0, run: () => undefined };

export function compile(node: QueryNode, on: Evaluation): Test {
  switch (node.kind) {
    case 'all':
      return EVERYTHING;
    case 'and':
      return and(node.nodes.map((part) => compile(part, on)));
    case 'or':
      return anyOf(node.nodes, on);
    case 'not':
      return not(compile(node.node, on));
    case 'text':
      return textTests(node.match, on);
    case 'time':
      return perEvent(0, (segment) => {
        const { time } = segment.hot;
        const from = node.from ?? Number.NEGATIVE_INFINITY;
        const to = node.to ?? Number.POSITIVE_INFINITY;
        return (i) => time[i] >= from && time[i] < to;
      });
    case 'is': {
      if (node.what === 'suspect' || node.what === 'inferred') {
        const bit = node.what === 'suspect' ? FLAG.TIME_SUSPECT : FLAG.TIME_INFERRED;
        return perEvent(0, (segment) => (i) => (segment.hot.flags[i] & bit) !== 0);
      }
      const ids = on.idsOf(node.what);
      const segments = new Set([...ids].map((id) => Math.floor(id / SEGMENT_SIZE)));
      return perEvent(0, (segment) => (segments.has(segment.id) ? (i) => ids.has(segment.id * SEGMENT_SIZE + i) : null));
    }
    case 'has':
      return hasTest(node.field, on);
    case 'field': {
      const test = fieldTest(node, on);
      return node.op === '!=' ? not(test) : test;
    }
  }
}

/** Records that are read back are read once for all alternatives of an attribute. */
function anyOf(nodes: readonly QueryNode[], on: Evaluation): Test {
  const { rest, joined } = joinAttributes(nodes, (field) => columnOf(field) === undefined && on.catalog.derived.field(field) === undefined);
  return or([...rest.map((part) => compile(part, on)), ...joined.map(({ field, comparisons }) => attributeTest(field, comparisons, on))]);
}

function and(tests: Test[]): Test {
  const ordered = tests.toSorted((a, b) => a.cost - b.cost);
  return {
    cost: ordered.at(-1)?.cost ?? 0,
    run(segment, marks) {
      for (const test of ordered) {
        test.run(segment, marks);
        if (!some(marks, segment.n)) return;
      }
    },
  };
}

function or(tests: Test[]): Test {
  const ordered = tests.toSorted((a, b) => a.cost - b.cost);
  return {
    cost: ordered.at(-1)?.cost ?? 0,
    run(segment, marks) {
      // Each branch looks only at what no earlier branch took.
      const left = marks.slice(0, segment.n);
      marks.fill(0, 0, segment.n);
      for (const test of ordered) {
        if (!some(left, segment.n)) return;
        const branch = left.slice();
        test.run(segment, branch);
        for (let i = 0; i < segment.n; i++) {
          if (branch[i] === 0) continue;
          marks[i] = 1;
          left[i] = 0;
        }
      }
    },
  };
}

function not(test: Test): Test {
  return {
    cost: test.cost,
    run(segment, marks) {
      const branch = marks.slice(0, segment.n);
      test.run(segment, branch);
      for (let i = 0; i < segment.n; i++) if (branch[i] !== 0) marks[i] = 0;
    },
  };
}

function some(marks: Marks, n: number): boolean {
  for (let i = 0; i < n; i++) if (marks[i] !== 0) return true;
  return false;
}

/** A test by a function on offsets, made for each segment; null = no event of the segment matches. */
function perEvent(cost: Test['cost'], make: (segment: Segment) => ((i: number) => boolean) | null): Test {
  return {
    cost,
    run(segment, marks) {
      const matches = make(segment);
      if (!matches) {
        marks.fill(0, 0, segment.n);
        return;
      }
      for (let i = 0; i < segment.n; i++) if (marks[i] !== 0 && !matches(i)) marks[i] = 0;
    },
  };
}

/** A test on whole segments: source, format, signal. */
function perSource(catalog: Catalog, test: (source: { path: string; format: string; signal: string }) => boolean): Test {
  return {
    cost: 0,
    run(segment, marks) {
      const source = catalog.sources.get(segment.source);
      if (!source || !test(source)) marks.fill(0, 0, segment.n);
    },
  };
}

function fieldTest(node: QueryNode & { kind: 'field' }, on: Evaluation): Test {
  const { field, match, op } = node;
  const { catalog } = on;
  if (field === 'severity') return severityTest(node);
  if (field === 'status') {
    const compare = comparison(op, match);
    return perEvent(0, (segment) => (i) => segment.hot.status[i] !== 0 && compare(segment.hot.status[i]));
  }
  if (field === 'latency_ms') return latencyTest(node, catalog);
  const hot = HOT_FIELDS.indexOf(field as (typeof HOT_FIELDS)[number]);
  if (hot >= 0) return hotTest(catalog, hot, keywordTest(match, field));
  const cold = COLD_FIELDS.indexOf(field as (typeof COLD_FIELDS)[number]);
  if (cold >= 0) return coldTest(catalog, cold, keywordTest(match, field));
  if (field === 'source') {
    const test = keywordTest(match, field);
    // People type the name of the file, not its whole path.
    return perSource(catalog, (source) => test(source.path) || test(source.path.slice(Math.max(source.path.lastIndexOf('/'), source.path.lastIndexOf('\\')) + 1)));
  }
  if (field === 'format' || field === 'signal') {
    const test = keywordTest(match, field);
    return perSource(catalog, (source) => test(field === 'format' ? source.format : source.signal));
  }
  if (field === 'message') return textTests(match, on, 'message');
  if (field === 'raw') return rawTest(match, on);
  const derived = catalog.derived.field(field);
  if (derived) {
    // An address is looked for with the others that its block holds.
    const test = derived.numeric && op !== '!=' ? numberTest(op, match) : keywordTest(match, derived.name.startsWith('threat') ? 'ip' : field);
    return derivedTest(derived, (values) => values.some(test));
  }
  return attributeTest(field, [{ op, match }], on);
}

function derivedTest(derived: DerivedField, test: (values: readonly string[]) => boolean): Test {
  return perEvent(1, (segment) => {
    const values = derived.of(segment);
    return values && ((i) => test(values(i)));
  });
}

function severityTest(node: QueryNode & { kind: 'field' }): Test {
  const table = new Uint8Array(5);
  const named = node.match.type === 'word' || node.match.type === 'phrase' ? SEVERITIES.indexOf(node.match.text.toLowerCase() as (typeof SEVERITIES)[number]) : -1;
  const byName = named < 0 && node.match.type !== 'range' ? keywordTest(node.match, 'severity') : null;
  const rank = (name: string | null, open: number): number => (name === null || name === '' ? open : SEVERITIES.indexOf(name.toLowerCase() as (typeof SEVERITIES)[number]));
  SEVERITIES.forEach((name, code) => {
    const hit = node.match.type === 'range' ? code >= rank(node.match.low, 0) && code <= rank(node.match.high, 4) : byName ? byName(name) : comparison(node.op, { type: 'word', text: String(named) })(code);
    table[code] = hit ? 1 : 0;
  });
  return {
    cost: 0,
    run(segment, marks) {
      const { severity } = segment.hot;
      for (let i = 0; i < segment.n; i++) marks[i] &= table[severity[i]];
    },
  };
}

function latencyTest(node: QueryNode & { kind: 'field' }, catalog: Catalog): Test {
  // Latencies are kept with 24 bits: what is compared for equality must be rounded alike.
  const rounded = node.match.type === 'word' || node.match.type === 'phrase' ? { ...node.match, text: String(Math.fround(Number(node.match.text))) } : node.match;
  const compare = comparison(node.op, rounded);
  return perEvent(1, (segment) => {
    const { latency } = catalog.cold(segment);
    return latency && ((i) => !Number.isNaN(latency[i]) && compare(latency[i]));
  });
}

/** Whether names of a hot field match, remembered by id. */
function hotTest(catalog: Catalog, field: number, test: ValueTest): Test {
  const names = catalog.names[field];
  let known = new Uint8Array(1024);
  let templateVersion = catalog.templateVersion;
  const verdict = (id: number): number => {
    if (field === HOT.template && templateVersion !== catalog.templateVersion) {
      templateVersion = catalog.templateVersion;
      known.fill(0);
    }
    if (id >= known.length) {
      const larger = new Uint8Array(Math.max(known.length * 2, id + 1));
      larger.set(known);
      known = larger;
    }
    if (known[id] === 0) known[id] = id !== 0 && test(names[id] ?? '') ? 2 : 1;
    return known[id] - 1;
  };
  return {
    cost: 0,
    run(segment, marks) {
      const dict = segment.dicts[field];
      const table = new Uint8Array(dict.length);
      let hits = 0;
      for (let code = 1; code < dict.length; code++) hits += table[code] = verdict(dict[code]);
      if (hits === 0) {
        marks.fill(0, 0, segment.n);
        return;
      }
      const codes = segment.hot.codes[field];
      for (let i = 0; i < segment.n; i++) marks[i] &= table[codes[i]];
    },
  };
}

function coldTest(catalog: Catalog, field: number, test: ValueTest): Test {
  return {
    cost: 1,
    run(segment, marks) {
      const column = catalog.cold(segment).fields[field];
      if (!column) {
        marks.fill(0, 0, segment.n);
        return;
      }
      const table = new Uint8Array(column.values.length);
      let hits = 0;
      for (let code = 1; code < table.length; code++) if (test(column.values.text(code))) hits += table[code] = 1;
      if (hits === 0) marks.fill(0, 0, segment.n);
      else for (let i = 0; i < segment.n; i++) marks[i] &= table[column.codes[i]];
    },
  };
}

function hasTest(field: string, on: Evaluation): Test {
  const { catalog } = on;
  const hot = HOT_FIELDS.indexOf(field as (typeof HOT_FIELDS)[number]);
  if (hot >= 0) return perEvent(0, (segment) => (i) => segment.hot.codes[hot][i] !== 0);
  const cold = COLD_FIELDS.indexOf(field as (typeof COLD_FIELDS)[number]);
  if (cold >= 0) {
    return perEvent(1, (segment) => {
      const column = catalog.cold(segment).fields[cold];
      return column && ((i) => column.codes[i] !== 0);
    });
  }
  if (field === 'status') return perEvent(0, (segment) => (i) => segment.hot.status[i] !== 0);
  if (field === 'latency_ms') {
    return perEvent(1, (segment) => {
      const { latency } = catalog.cold(segment);
      return latency && ((i) => !Number.isNaN(latency[i]));
    });
  }
  if (['severity', 'source', 'format', 'signal', 'message', 'raw'].includes(field)) return EVERYTHING;
  const derived = catalog.derived.field(field);
  if (derived) return derivedTest(derived, (values) => values.length > 0);
  return attributeTest(field, [{ op: ':', match: { type: 'wildcard', pattern: '*' } }], on);
}

