/**
 * Which parser of metrics reads a stream, told from its head. Strict, because a log that is taken for metrics would lose its words: what is
 * not sure is left to the formats of logs.
 */
import type { Head } from '../formats/format.ts';
import { isObject } from '../formats/lib/json-access.ts';
import { ElementCutter } from '../formats/lib/json-elements.ts';
import { csvMetrics } from './parsers/csv-metrics.ts';
import { planCsv } from './parsers/csv-plan.ts';
import { datadog, DATADOG_SHAPE } from './parsers/datadog.ts';
import { exposition } from './parsers/exposition.ts';
import { influx, readInfluxLine } from './parsers/influx.ts';
import { bare, chooser, parsed } from './parsers/json-metrics.ts';
import { otlpMetrics, otlpMetricsWire, OTLP_SHAPE } from './parsers/otlp-metrics.ts';
import { Unreadable, type MetricParser } from './parsers/parser.ts';
import { prometheusJson } from './parsers/prometheus-json.ts';

export interface MetricRecognition {
  parser: MetricParser;
  /** 0..1, comparable with those of the formats of logs */
  confidence: number;
  /** why, in a sentence */
  reason: string;
}

export const METRIC_PARSERS: readonly MetricParser[] = [exposition, influx, datadog, prometheusJson, otlpMetrics, csvMetrics];

/** Lines looked at. */
const LINES = 200;
/** Below it a recognition is none: the formats of logs know better. */
const SURE = 0.6;
const HEAD_BYTES = 64 << 10;

/** The parser for a stream that begins like `head`, or null when it is not one of metrics. */
export function recogniseMetrics(head: Head): MetricRecognition | null {
  // Protobuf first: its first bytes may pass for a line end and a brace.
  if (otlpMetricsWire(head.bytes, head.bytes.length < HEAD_BYTES)) return { parser: otlpMetrics, confidence: 0.99, reason: 'the file begins with metrics of OTLP in protobuf' };
  const text = head.text.slice(0, 200).trimStart();
  // A { also begins a sample of the text format whose name is a label or in quotes.
  const isJson = /^[{[]/.test(text) && !/^\{(?:__name__=|"[^"]*"\s*[,}=])/.test(text);
  const found = isJson ? json(head) : (prometheusText(head) ?? lineProtocol(head) ?? csv(head));
  return found && found.confidence >= SURE ? found : null;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const NUMBER = '[+-]?(?:\\d[\\d.]*(?:[eE][+-]?\\d+)?|\\.\\d+|(?:[Ii]nf(?:inity)?|NaN))';
const LABEL = '(?:[a-zA-Z_][a-zA-Z0-9_]*|"[^"]*")\\s*=\\s*"(?:[^"\\\\]|\\\\.){0,2000}"';
/** Blanks can be matched in one way only: in two, a line of them would take for ever. */
const LABELS = `\\{\\s*(?:(?:${LABEL}|"[^"]*")\\s*(?:,\\s*)?){0,60}\\}`;
const SAMPLE = new RegExp(`^(?:${NAME}[ \\t]*(${LABELS})?|(\\{(?:__name__=|").*\\}))[ \\t]+${NUMBER}(?:[ \\t]+${NUMBER})?(?:[ \\t]+#[ \\t]*\\{.*)?[ \\t]*$`);
const DESCRIPTION = /^#[ \t]+(?:HELP|TYPE|UNIT)[ \t]+\S/;
const TYPE = /^#[ \t]+TYPE[ \t]+\S+[ \t]+(?:counter|gauge|histogram|summary|untyped|unknown|info|stateset|gaugehistogram)[ \t]*$/;

function prometheusText({ lines }: Head): MetricRecognition | null {
  let described = 0;
  let typed = 0;
  let samples = 0;
  let labelled = 0;
  let named = 0;
  let other = 0;
  for (const line of lines.slice(0, LINES)) {
    if (line.length > 16_384) return null;
    if (TYPE.test(line)) typed++;
    if (DESCRIPTION.test(line)) described++;
    else if (line.startsWith('#')) continue;
    else {
      const hit = SAMPLE.exec(line);
      if (!hit) other++;
      else {
        samples++;
        if (hit[1] !== undefined || hit[2] !== undefined) labelled++;
        else if (/[a-z0-9]_[a-z0-9]/.test(line)) named++;
      }
    }
  }
  const all = described + samples + other;
  if (all === 0) return null;
  const share = (described + samples) / all;
  // Without a description it takes labels, or names that are built like those of metrics: `open 5` may be anything.
  const proof = typed > 0 ? 0.99 : described > 0 && samples > 0 ? 0.9 : labelled > 0 && samples >= 2 ? 0.95 : labelled > 0 ? 0.8 : named >= 3 && named === samples ? 0.9 : 0;
  if (share < 0.9 || proof === 0) return null;
  return { parser: exposition, confidence: proof * share, reason: `${described + samples} of ${all} lines are samples or descriptions of the Prometheus text format` };
}

function lineProtocol({ lines }: Head): MetricRecognition | null {
  let read = 0;
  let tagged = 0;
  let timed = 0;
  let all = 0;
  let inText = false;
  for (const line of lines.slice(0, LINES)) {
    if (line.startsWith('#')) continue;
    // The lines of a text that goes on say nothing.
    if (inText) {
      inText = !/(?<!\\)"(?:,| |$)/.test(line);
      continue;
    }
    all++;
    const measurement = /^(?:\\.|[^\\, =])+/.exec(line)?.[0] ?? '';
    const found = measurement === '' || !/[,\s]/.test(line.charAt(measurement.length)) ? null : tryInflux(line);
    if (!found) continue;
    read++;
    if (found === 'open') inText = true;
    else {
      if (found.key.length > measurement.length) tagged++;
      if (found.timeUs !== null && found.timeUs > 1e14) timed++;
    }
  }
  if (all === 0) return null;
  const share = read / all;
  // `started port=8080` is a line of a log: tags or a time have to prove it.
  const proof = Math.max(timed, tagged) / Math.max(1, read);
  if (share < 0.9 || proof < 0.9) return null;
  return { parser: influx, confidence: 0.97 * share, reason: `${read} of ${all} lines are measurement, tags and fields of the InfluxDB line protocol` };
}
function tryInflux(line: string): ReturnType<typeof readInfluxLine> | null {
  try {
    return readInfluxLine(line);
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

function json(head: Head): MetricRecognition | null {
  const opened = new Set<string>();
  const lists = [...DATADOG_SHAPE.lists, ...OTLP_SHAPE.lists, 'data.result'];
  const pieces = [...new ElementCutter(chooser({ lists, facts: ['status', 'data.resultType'] }, (path) => opened.add(path))).push(head.bytes)];
  const path = lists.find((list) => opened.has(list));
  if (path === undefined || pieces.some(({ kind }) => kind === 'broken')) return null;
  const valueAt = (place: string): unknown => {
    const piece = pieces.find((one) => one.kind === 'value' && bare(one.path) === place);
    return piece && lenient(piece.bytes);
  };
  const element = valueAt(`${path}.*`);
  const of = (parser: MetricParser, confidence: number, reason: string): MetricRecognition => ({ parser, confidence, reason });
  const whole = head.bytes.length < HEAD_BYTES;
  if (path === 'resourceMetrics') return of(otlpMetrics, 0.99, 'the JSON holds resourceMetrics of OpenTelemetry');
  if (path === 'data.result') {
    // The type may stand behind more results than the head holds.
    const said = valueAt('data.resultType');
    const type = said === undefined && !whole ? 'result' : ['vector', 'matrix', 'scalar', 'string'].find((one) => one === said);
    const status = valueAt('status');
    if (type === undefined || (status !== 'success' && (whole || status !== undefined)) || (isObject(element) && !isObject(element.metric))) return null;
    return of(prometheusJson, 0.99, `the JSON is an answer of the Prometheus API with a ${type}`);
  }
  // Many documents have series of something; those of Datadog name a metric and have points.
  const fits = isObject(element) ? typeof element.metric === 'string' && (Array.isArray(element.points) || Array.isArray(element.pointlist)) : !whole && /"metric"\s*:\s*"/.test(head.text) && /"point(?:s|list)"\s*:\s*\[/.test(head.text);
  return fits ? of(datadog, 0.98, 'the JSON holds series of Datadog, each with a metric and its points') : null;
}

function lenient(bytes: Uint8Array): unknown {
  try {
    return parsed(bytes);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

function csv({ bytes }: Head): MetricRecognition | null {
  const plan = planCsv(bytes, bytes.length < HEAD_BYTES);
  return plan && { parser: csvMetrics, confidence: plan.sure, reason: plan.reason };
}
