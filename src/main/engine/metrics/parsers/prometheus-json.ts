/**
 * Answers of the Prometheus HTTP API, which Thanos, Mimir, VictoriaMetrics and Loki (metric queries) speak too: vector, matrix, scalar,
 * string and exemplars. https://prometheus.io/docs/prometheus/latest/querying/api/
 * Of a native histogram its count and sum are kept, as name_count and name_sum.
 */
import { isObject, type JsonObject } from '../../formats/lib/json-access.ts';
import { countsUp, unitOfName, type MetricKind, type SeriesHead } from '../series.ts';
import { labelsOf, listOf, numberOf, objectOf, readElements, textOf, type ElementReader, type JsonShape } from './json-metrics.ts';
import { makeHead, nameOfPath, Unreadable, type CountingSink, type MetricParser } from './parser.ts';

/** `data` itself is the list of the answer to query_exemplars. */
const PROMETHEUS_SHAPE: JsonShape = { lists: ['data.result', 'data'], facts: ['status', 'error', 'errorType', 'data.resultType'] };

export const prometheusJson: MetricParser = {
  id: 'prometheus-json',
  title: 'Prometheus HTTP API answer (JSON)',
  read: (chunks, sink, { path }) => readElements(chunks, PROMETHEUS_SHAPE, sink, new AnswerReader(nameOfPath(path))),
};

class AnswerReader implements ElementReader {
  /** for results of expressions, which have no name */
  readonly #name: string;
  /** the first two elements of a scalar or string: [time, value] */
  #bare: unknown[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  element(path: string, value: unknown, out: CountingSink): void {
    if (path === 'data') return this.#exemplars(value, out);
    if (isObject(value)) return this.#series(value, out);
    if (this.#bare.length >= 2) throw new Unreadable('The result holds something that is not a series.');
    this.#bare.push(value);
    return undefined;
  }

  document(facts: ReadonlyMap<string, unknown>, out: CountingSink): string {
    const bare = this.#bare;
    this.#bare = [];
    if (facts.get('status') === 'error') return `The answer is an error: ${textOf(facts.get('errorType'))}: ${textOf(facts.get('error')).slice(0, 400)}`;
    if (bare.length === 0) return '';
    const head = makeHead(this.#name, [], 'untyped', '', false);
    if (facts.get('data.resultType') === 'string') out.text(head, timeOf(bare[0]), textOf(bare[1]));
    else out.sample(head, timeOf(bare[0]), numberOf(bare[1], 'The value'));
    return '';
  }

  #series(series: JsonObject, out: CountingSink): void {
    const known = Object.keys(series).filter((key) => key !== 'metric');
    if (!known.some((key) => key === 'value' || key === 'values' || key === 'histogram' || key === 'histograms')) {
      throw new Unreadable('The series has neither value nor values nor histograms.');
    }
    const points = [...(series.value === undefined ? [] : [series.value]), ...listOf(series.values)];
    const histograms = [...(series.histogram === undefined ? [] : [series.histogram]), ...listOf(series.histograms)];
    if (points.length > 0) {
      const head = this.#head(series.metric, '', 'untyped');
      for (const point of points) {
        const [time, value] = pair(point);
        out.sample(head, timeOf(time), numberOf(value, 'The value'));
      }
    }
    if (histograms.length > 0) {
      const heads = { count: this.#head(series.metric, '_count', 'histogram'), sum: this.#head(series.metric, '_sum', 'histogram') };
      for (const point of histograms) {
        const [time, value] = pair(point);
        const { count, sum } = objectOf(value);
        out.sample(heads.count, timeOf(time), numberOf(count, 'The count of the histogram'));
        out.sample(heads.sum, timeOf(time), numberOf(sum, 'The sum of the histogram'));
      }
    }
  }

  #exemplars(value: unknown, out: CountingSink): void {
    const { seriesLabels, exemplars } = objectOf(value);
    // Lists of series, label values, alerts and the like hold no samples.
    if (!isObject(seriesLabels)) return;
    const head = this.#head(seriesLabels, '', 'untyped');
    for (const exemplar of listOf(exemplars).map(objectOf)) {
      const trace = Object.entries(objectOf(exemplar.labels)).find(([name]) => /^trace_?id$/i.test(name));
      out.exemplar(head, timeOf(exemplar.timestamp), numberOf(exemplar.value, 'The value of the exemplar'), textOf(trace?.[1]));
    }
  }

  #head(metric: unknown, suffix: string, kind: MetricKind): SeriesHead {
    if (!isObject(metric)) throw new Unreadable('The series has no metric.');
    const { __name__: named, ...labels } = metric;
    const name = `${textOf(named) || this.#name}${suffix}`;
    return makeHead(name, labelsOf(labels), kind, unitOfName(name), countsUp(name, kind));
  }
}

function pair(point: unknown): readonly unknown[] {
  if (!Array.isArray(point) || point.length !== 2) throw new Unreadable('A point is not [time, value].');
  return listOf(point);
}
function timeOf(seconds: unknown): number {
  const value = numberOf(seconds, 'The time');
  if (!Number.isFinite(value)) throw new Unreadable('The time is not a number.');
  return Math.round(value * 1e6);
}
