/**
 * Formats that people declare in a JSON file: patterns with named groups, what the groups mean, how the time is written, samples.
 * docs/declared-formats.md explains it; resources/schemas/format.schema.json is the schema of the file.
 */
import { z } from 'zod';
import { SEVERITIES, SIGNALS } from '../../../shared/event.ts';
import type { Format, Sample, Sink, SourceContext } from './format.ts';
import { CollectingSink, type ReadRecord } from './lib/collect.ts';
import { safePattern, MAX_PATTERN_LENGTH } from './lib/declared-pattern.ts';
import { timeReader } from './lib/declared-time.ts';
import { groupsOf } from './lib/capture-positions.ts';
import { forward } from './lib/forward.ts';
import { lineFormat } from './lib/line-format.ts';
import { byteText } from './lib/lines.ts';
import { severityAt, severityOf } from './lib/severity.ts';

const COLUMNS = [
  'time', 'level', 'message', 'service', 'host', 'user', 'ip', 'url', 'request_id', 'trace_id', 'span_id', 'status', 'latency_ms', 'latency_s', 'latency_us',
] as const;
const pattern = z.string().min(1).max(MAX_PATTERN_LENGTH).describe('Regular expression (JavaScript) with named groups, tried on the first line of a record; begin it with ^.');
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const sampleSchema = z.strictObject({
  record: z.string().min(1).max(65536).describe('One record as it stands in the file, without its last line end.'),
  time: z.union([z.iso.datetime({ precision: undefined }), z.null()]).optional().describe('Its time in UTC; null when it has none.'),
  severity: z.enum(SEVERITIES).optional(),
  message: z.string().optional(),
  fields: z.partialRecord(z.enum(['service', 'host', 'level', 'user', 'ip', 'url', 'requestId', 'traceId', 'spanId']), z.string()).optional(),
  numbers: z.partialRecord(z.enum(['status', 'latencyMs']), z.number()).optional(),
  attributes: z.record(z.string(), scalar).optional(),
});

/** The file, as its schema publishes it. */
export const declaredSchema = z.strictObject({
  $schema: z.string().optional(),
  id: z.string().regex(/^[a-z][a-z0-9_-]{1,39}$/).describe('Name of the format: small letters, digits, _ and -.'),
  title: z.string().min(1).max(80),
  description: z.string().max(500).default(''),
  signal: z.enum(SIGNALS).default('logs'),
  pattern: pattern.optional(),
  patterns: z.array(pattern).min(1).max(20).optional().describe('Several patterns, tried in this order; instead of pattern.'),
  fields: z.record(
    z.string(),
    z.union([
      z.enum(COLUMNS),
      z.strictObject({ attribute: z.string().min(1).max(100).regex(/^[A-Za-z_][\w.]*$/), kind: z.enum(['text', 'number', 'boolean']).default('text') }),
    ]),
  ).default({}).describe('Group name to column, or to an attribute of another name or kind. Groups that are not named here go to the column of their own name, else to an attribute.'),
  time: z.strictObject({
    field: z.string().default('time').describe('the group that holds the time'),
    format: z.string().max(100).default('auto').describe('auto, iso, epoch, epoch_s, epoch_ms, epoch_us, epoch_ns, or a pattern such as %d.%m.%Y %H:%M:%S.%f %z'),
    zone: z.string().optional().describe('IANA zone of times that name none; without it the source\'s.'),
  }).optional(),
  severity: z.strictObject({
    field: z.string().default('level').describe('the group that holds the level'),
    map: z.record(z.string(), z.enum(SEVERITIES)).default({}).describe('Level text (any case) to severity, where it is not a usual level word.'),
  }).optional(),
  multiline: z.strictObject({
    start: pattern.optional().describe('What the first line of a record looks like. Without it: whatever a pattern matches.'),
    lines: z.number().int().min(1).max(20).default(1).describe('How many lines of a record the patterns see.'),
  }).optional().describe('Records go on over the lines behind that start no record. Without it every line is a record.'),
  samples: z.array(sampleSchema).min(1).max(100),
});
type DeclaredDefinition = z.infer<typeof declaredSchema>;

/** A loaded declaration: a format, and what its author should know. */
export interface DeclaredFormat extends Format {
  readonly warnings: readonly string[];
}

/**
 * Checks a declaration and makes a format of it. Throws an Error whose message begins with the file's name and says what is wrong:
 * the shape, an id that one of `builtIn` has, an unsafe pattern, a sample that no pattern matches or that reads differently. A pattern
 * that matches no sample is a warning. Definitions that a case keeps are loaded without `builtIn`: they were checked when they were used.
 */
export function loadDeclared(json: unknown, fileName: string, builtIn: readonly Format[] = []): DeclaredFormat {
  const fail = (reason: string): never => {
    throw new Error(`${fileName}: ${reason}`);
  };
  const parsed = declaredSchema.safeParse(json);
  if (!parsed.success) return fail(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  const definition = parsed.data;
  const taken = builtIn.find(({ id }) => id === definition.id);
  if (taken) return fail(`the id '${taken.id}' is that of the built-in format '${taken.title}': choose another.`);
  if ((definition.pattern === undefined) === (definition.patterns === undefined)) return fail("give either 'pattern' or 'patterns'");
  const sources = definition.patterns ?? [definition.pattern ?? ''];
  const expressions = sources.map((source, index) => {
    try {
      return safePattern(source);
    } catch (error) {
      return fail(`pattern ${index + 1} is refused: ${error instanceof Error ? error.message : String(error)}.`);
    }
  });
  try {
    const format = build(definition, expressions);
    return { ...format, warnings: checkSamples(format, definition, expressions) };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function build(definition: DeclaredDefinition, expressions: readonly RegExp[]): Format {
  const { time, severity, multiline } = definition;
  const names = renames(definition, expressions);
  const kinds = new Map<string, 'text' | 'number' | 'boolean'>();
  for (const target of Object.values(definition.fields)) if (typeof target === 'object') kinds.set(target.attribute, target.kind);
  const levels = new Map(Object.entries(severity?.map ?? {}).map(([level, name]) => [level.toLowerCase(), SEVERITIES.indexOf(name)]));
  if (time?.zone !== undefined) assertZone(time.zone);
  const start = multiline?.start === undefined ? undefined : safePattern(multiline.start);
  const byLine = start && ((buf: Uint8Array, from: number, to: number): boolean => start.test(byteText(buf, from, Math.min(to, from + 4096))));

  const format = lineFormat({
    id: definition.id,
    title: definition.title,
    description: definition.description,
    signal: definition.signal,
    samples: definition.samples as Sample[],
    patterns: expressions.map(({ source }) => new RegExp(renameGroups(source, names))),
    starts: multiline ? byLine : 'line',
    spans: multiline?.lines ?? 1,
    what: definition.title,
    // A format somebody took the trouble to declare is meant for its files.
    weight: 0.98,
    readTime: timeReader(time?.format ?? 'auto'),
    severityAt: levels.size === 0 ? severityAt : (buf, from, to) => levels.get(byteText(buf, from, to).trim().toLowerCase()) ?? severityAt(buf, from, to),
  });
  return {
    ...format,
    open(context: SourceContext) {
      const parser = format.open(time?.zone === undefined ? context : { ...context, zone: time.zone });
      if (kinds.size === 0) return parser;
      return { ...parser, parse: (buf, from, end, stopAt, final, sink) => parser.parse(buf, from, end, stopAt, final, sink.detail ? withKinds(sink, kinds) : sink) };
    },
  };
}

/** Group name in the file to group name in line-format.ts. */
function renames(definition: DeclaredDefinition, expressions: readonly RegExp[]): Map<string, string> {
  const groups = new Set(expressions.flatMap((expression) => groupsOf(expression).map(({ name }) => name)));
  const names = new Map<string, string>();
  const add = (group: string, name: string, where: string): void => {
    if (!groups.has(group)) throw new Error(`${where} names the group '${group}', which no pattern has`);
    names.set(group, name);
  };
  for (const [group, target] of Object.entries(definition.fields)) add(group, typeof target === 'string' ? target : target.attribute.replaceAll('.', '__'), 'fields');
  if (definition.time) add(definition.time.field, 'time', 'time.field');
  if (definition.severity) add(definition.severity.field, 'level', 'severity.field');
  for (const expression of expressions) {
    const targets = groupsOf(expression).map(({ name }) => names.get(name) ?? name);
    const twice = targets.find((name, index) => targets.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`two groups of one pattern go to '${twice.replaceAll('__', '.')}'`);
  }
  return names;
}
function renameGroups(source: string, names: ReadonlyMap<string, string>): string {
  let renamed = '';
  let inClass = false;
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    const group = c === '(' && !inClass ? /^\(\?<([A-Za-z_$][\w$]*)>/.exec(source.slice(i, i + 120)) : null;
    if (group) {
      renamed += `(?<${names.get(group[1]) ?? group[1]}>`;
      i += group[0].length - 1;
      continue;
    }
    if (c === '\\') renamed += source[i++];
    else if (c === '[') inClass = true;
    else if (c === ']') inClass = false;
    renamed += source[i] ?? '';
  }
  return renamed;
}
function assertZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
  } catch (error) {
    throw new Error(`time.zone '${zone}' is no zone this machine knows`, { cause: error });
  }
}

/** A sink whose attributes have the declared kinds; text that is no such thing stays text. */
function withKinds(sink: Sink, kinds: ReadonlyMap<string, 'text' | 'number' | 'boolean'>): Sink {
  return {
    ...forward(sink),
    attribute: (name, value) => {
      const kind = kinds.get(name);
      const text = String(value);
      if (kind === 'text') sink.attribute(name, text);
      else if (kind === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) sink.attribute(name, Number(text));
      else if (kind === 'boolean' && /^(?:true|false|yes|no|[01])$/i.test(text)) sink.attribute(name, /^(?:true|yes|1)$/i.test(text));
      else sink.attribute(name, value);
    },
  };
}

const SAMPLE_TIME = Date.UTC(2026, 5, 15, 12) * 1000;
/** Reads every sample back; returns the warnings, throws at the first that is wrong. */
function checkSamples(format: Format, definition: DeclaredDefinition, expressions: readonly RegExp[]): string[] {
  const used = new Set<number>();
  definition.samples.forEach((sample, index) => {
    const where = `sample ${index + 1}`;
    const seen = sample.record.split(/\r?\n/).slice(0, definition.multiline?.lines ?? 1).join('\n');
    const match = expressions.findIndex((expression) => expression.test(seen));
    if (match < 0) throw new Error(`${where} matches no pattern: ${sample.record.slice(0, 100)}`);
    used.add(match);
    const bytes = new TextEncoder().encode(sample.record);
    const sink = new CollectingSink(bytes, true);
    format.open({ path: 'sample', modified: SAMPLE_TIME, zone: 'UTC', head: bytes }).parse(bytes, 0, bytes.length, bytes.length, true, sink);
    const [record] = sink.records;
    if (!record || sink.records.length > 1) throw new Error(`${where} reads as ${sink.records.length} records, not one: see multiline`);
    const wrong = difference(record, sample as Sample);
    if (wrong !== '') throw new Error(`${where}: ${wrong}`);
  });
  return expressions.flatMap((_expression, index) => (used.has(index) ? [] : [`pattern ${index + 1} matches no sample`]));
}

/** The first thing a record says otherwise than its sample expects; '' when all is as expected. */
function difference(record: ReadRecord, sample: Sample): string {
  const differ = (name: string, got: unknown, expected: unknown): string => (got === expected ? '' : `${name} reads as ${JSON.stringify(got)}, the sample expects ${JSON.stringify(expected)}`);
  const attributes = new Map(record.attributes.map(({ name, value }) => [name, value]));
  const severity = SEVERITIES[record.severity ?? severityOf(record.fields.level ?? '')];
  const checks = [
    sample.time === undefined ? '' : differ('time', record.time, sample.time === null ? null : isoUs(sample.time)),
    sample.severity === undefined ? '' : differ('severity', severity, sample.severity),
    sample.message === undefined ? '' : differ('message', record.message, sample.message),
    ...Object.entries(sample.fields ?? {}).map(([name, value]) => differ(name, record.fields[name as keyof ReadRecord['fields']], value)),
    ...Object.entries(sample.numbers ?? {}).map(([name, value]) => differ(name, record.numbers[name as keyof ReadRecord['numbers']], value)),
    ...Object.entries(sample.attributes ?? {}).map(([name, value]) => differ(`attribute ${name}`, attributes.get(name), value)),
  ];
  return checks.find((text) => text !== '') ?? '';
}
/** ISO 8601 with up to six places of the second to us. */
function isoUs(text: string): number {
  const micros = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? '';
  return Date.parse(text) * 1000 + Number(micros.padEnd(3, '0'));
}
