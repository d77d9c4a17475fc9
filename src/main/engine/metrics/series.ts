/**
 * The model of metrics: a series is what one thing says of itself over time, told from others by its name and its labels. A sample is a
 * time (microseconds UTC, see shared/event.ts) and a number; numbers may be NaN ("nothing to say", a stale series) and infinite.
 */

/** What is measured. Histograms and summaries are kept as the flat series of the Prometheus text format: _bucket, _sum, _count. */
export type MetricKind = 'untyped' | 'gauge' | 'counter' | 'histogram' | 'summary';

/** Name and value, ascending by name, no name twice, no empty values. */
export type Labels = readonly (readonly [name: string, value: string])[];

export interface SeriesHead {
  readonly name: string;
  readonly labels: Labels;
  readonly kind: MetricKind;
  /** as the source writes it ('seconds', 'By', '%'); '' = not said */
  readonly unit: string;
  /** Values only ever count up from a start (counters, buckets and counts of histograms): compare their rates, not them. */
  readonly cumulative: boolean;
}

/** The limits of what may be a series: beyond them a sample is rejected, so that a hostile file cannot make names of megabytes. */
export const SERIES_LIMITS = { name: 1024, labels: 128, labelName: 1024, labelValue: 4096, unit: 64, help: 4096 } as const;

/**
 * Labels as the model wants them: sorted (by UTF-16 code units), empty values left out (they mean the same as no label).
 * Returns the reason as a string where they cannot be labels.
 */
export function makeLabels(pairs: readonly (readonly [string, string])[]): Labels | string {
  if (pairs.length > SERIES_LIMITS.labels) return `The series has ${pairs.length} labels; at most ${SERIES_LIMITS.labels} are kept.`;
  const labels = pairs.filter(([, value]) => value !== '').toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (let i = 0; i < labels.length; i++) {
    const [name, value] = labels[i];
    if (name === '') return 'A label has no name.';
    if (name.length > SERIES_LIMITS.labelName || value.length > SERIES_LIMITS.labelValue) {
      return `The label ${name.slice(0, 40)} is too long: names may have ${SERIES_LIMITS.labelName} characters, values ${SERIES_LIMITS.labelValue}.`;
    }
    if (i > 0 && labels[i - 1][0] === name) return `The label ${name} stands there twice.`;
  }
  return labels;
}

/** Series are the same exactly when their keys are: the name and the labels, each with its length in front. */
export function seriesKey(name: string, labels: Labels): string {
  let key = `${name.length}:${name}`;
  for (const [label, value] of labels) key += `${label.length}:${label}${value.length}:${value}`;
  return key;
}

/** For people: `name{label="value", …}`. */
export function seriesTitle({ name, labels }: Pick<SeriesHead, 'name' | 'labels'>): string {
  if (labels.length === 0) return name;
  return `${name}{${labels.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ')}}`;
}

/**
 * Whether values of a series count up, as far as its kind and the naming rules of Prometheus tell
 * (https://prometheus.io/docs/practices/naming/): an untyped series is a counter when it is named like one.
 */
export function countsUp(name: string, kind: MetricKind): boolean {
  switch (kind) {
    case 'counter': return !name.endsWith('_created');
    case 'gauge': return false;
    case 'histogram':
    case 'summary': return /_(?:bucket|sum|count)$/.test(name);
    case 'untyped': return /_(?:total|bucket|count)$/.test(name);
  }
}

const UNITS = 'seconds|milliseconds|microseconds|nanoseconds|bytes|bits|ratio|percent|celsius|volts|amperes|joules|watts|grams|meters|hertz';
const UNIT_IN_NAME = new RegExp(`_(${UNITS})(?:_(?:total|sum|bucket|max|min|avg))*$`);
/** The unit that a name ends in by the same rules ('http_request_duration_seconds_sum': 'seconds'), or ''. */
export function unitOfName(name: string): string {
  return UNIT_IN_NAME.exec(name)?.[1] ?? '';
}
