/**
 * Datadog series as JSON: what is sent to /api/v1/series (points [[seconds, value]]) and /api/v2/series (points [{timestamp, value}]), and
 * the answers to queries (pointlist [[milliseconds, value]]). https://docs.datadoghq.com/api/latest/metrics/
 * Counts of Datadog say what happened in an interval; they do not count up, so they are gauges here.
 */
import { isObject, type JsonObject } from '../../formats/lib/json-access.ts';
import type { SeriesHead } from '../series.ts';
import { listOf, numberOf, objectOf, readElements, textOf, type JsonShape, type RejectPart } from './json-metrics.ts';
import { epochGuess, joinLabels, makeHead, Unreadable, type CountingSink, type MetricParser } from './parser.ts';

export const DATADOG_SHAPE: JsonShape = { lists: ['series'], facts: ['error', 'errors'] };

export const datadog: MetricParser = {
  id: 'datadog',
  title: 'Datadog series (JSON)',
  read: (chunks, sink) =>
    readElements(chunks, DATADOG_SHAPE, sink, {
      element: (_path, value, out, reject) => readSeries(value, out, reject),
      document: (facts) => {
        const said = textOf(facts.get('error')) || listOf(facts.get('errors')).map(textOf).join(' ');
        return said === '' ? '' : `The answer is an error: ${said.slice(0, 400)}`;
      },
    }),
};

function readSeries(value: unknown, out: CountingSink, reject: RejectPart): void {
  if (!isObject(value)) throw new Unreadable('This is not a series of Datadog.');
  const head = headOf(value);
  const points = value.points ?? value.pointlist;
  if (!Array.isArray(points)) throw new Unreadable(`The series ${head.name} has no points.`);
  for (const point of listOf(points)) {
    try {
      readPoint(point, head, out);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      reject(`${error.message} (a point of ${head.name.slice(0, 80)})`, point);
    }
  }
}

function readPoint(point: unknown, head: SeriesHead, out: CountingSink): void {
  const [time, value] = Array.isArray(point) ? listOf(point) : [objectOf(point).timestamp, objectOf(point).value];
  // A query answers null where there was nothing.
  if (value === null) return;
  const timeUs = epochGuess(numberOf(time, 'The time of the point'));
  // A distribution sends all the values of a time.
  for (const one of Array.isArray(value) ? listOf(value) : [value]) out.sample(head, timeUs, numberOf(one, 'The value of the point'));
}

function headOf(series: JsonObject): SeriesHead {
  const name = textOf(series.metric);
  if (name === '') throw new Unreadable('The series has no metric.');
  const scope = listOf(series.tag_set).length > 0 ? [] : textOf(series.scope).split(',').filter((tag) => tag !== '*');
  const tags = [...listOf(series.tags), ...listOf(series.tag_set), ...scope].map(textOf);
  const resources = listOf(series.resources).map(objectOf).map(({ type, name: named }): [string, string] => [textOf(type), textOf(named)]);
  const host: [string, string][] = textOf(series.host) === '' ? [] : [['host', textOf(series.host)]];
  const labels = joinLabels(groupTags(tags), resources.filter(([type]) => type !== ''), host);
  const gauge = series.type === 'gauge' || series.type === 3;
  const counts = series.type === 'count' || series.type === 1 || series.type === 'rate' || series.type === 2;
  return makeHead(name, labels, gauge || counts ? 'gauge' : 'untyped', unitOf(series.unit), false);
}

/** Tags are `key:value` or a bare word; a key may stand there with several values, which become one. */
function groupTags(tags: readonly string[]): [string, string][] {
  const values = new Map<string, Set<string>>();
  for (const tag of tags) {
    if (tag === '') continue;
    const colon = tag.indexOf(':');
    const [key, value] = colon <= 0 ? [tag, 'true'] : [tag.slice(0, colon), tag.slice(colon + 1)];
    values.set(key, (values.get(key) ?? new Set()).add(value));
  }
  return [...values].map(([key, of]) => [key, [...of].toSorted().join(',')]);
}

/** A word, or in answers [{short_name, name}, per] */
function unitOf(unit: unknown): string {
  if (!Array.isArray(unit)) return textOf(unit);
  const [of, per] = listOf(unit).map(objectOf).map(({ short_name, name }) => textOf(short_name) || textOf(name));
  return per ? `${of}/${per}` : (of ?? '');
}
