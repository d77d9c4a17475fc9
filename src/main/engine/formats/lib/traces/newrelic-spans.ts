/**
 * Spans as sent to New Relic's Trace API (format newrelic): [{"common": {"attributes": {…}}, "spans": [{id, trace.id, timestamp, attributes}]}].
 * Times are milliseconds since 1970, durations milliseconds (duration.ms), both with fractions.
 */
import type { Choose } from '../json-elements.ts';
import type { ElementReader } from './element-lines.ts';
import { idOf } from './ids.ts';
import { sharedPairs } from './shared-pairs.ts';
import { listOf, nanoseconds, objectOf, spanLine, textOf, type Pairs, type Span } from './span-line.ts';

type Object = Readonly<Record<string, unknown>>;

/** A batch is taken whole, because what its spans have in common may stand behind them. Batches are sent with up to 1 MB. */
export const chooseNewRelic: Choose = (path, opener) => (path === '' ? (opener === 91 ? 'enter' : 'take') : path === '*' ? 'take' : 'skip');

export function isNewRelicBatch(value: unknown): boolean {
  const batch = objectOf(value);
  return listOf(batch?.spans).length > 0 && listOf(batch?.spans).every((item) => {
    const span = objectOf(item);
    return span !== null && 'id' in span && ('trace.id' in span || 'timestamp' in span || objectOf(span.attributes) !== null);
  }) && listOf(batch?.spans).some((item) => objectOf(item)?.['trace.id'] !== undefined);
}

export const newRelicReader: ElementReader = {
  *value(_path, value) {
    const batch = objectOf(value);
    if (!batch || !Array.isArray(batch.spans)) throw new Error('This is no batch of New Relic spans: it has no list named spans.');
    const common = sharedPairs(Object.entries(objectOf(objectOf(batch.common)?.attributes) ?? {}));
    for (const item of listOf(batch.spans)) {
      const span = objectOf(item);
      if (!span || textOf(span.id) === '') throw new Error('A span in this batch of New Relic has no id.');
      yield spanLine(toSpan(span, common));
    }
  },
};

const TAKEN = new Set(['name', 'parent.id', 'service.name', 'duration.ms', 'span.kind', 'otel.status_code', 'otel.status_description']);

function toSpan(span: Object, common: Pairs): Span {
  const attributes = Object.entries(objectOf(span.attributes) ?? {});
  const find = (name: string): unknown => (attributes.find(([key]) => key === name) ?? common.find(([key]) => key === name))?.[1];
  const failed = textOf(find('otel.status_code')).toUpperCase() === 'ERROR' || find('error') === true || find('error') === 'true' || find('error.message') !== undefined;
  const notTaken = ([key]: readonly [string, unknown]): boolean => !TAKEN.has(key);
  return {
    start: nanoseconds(span.timestamp, 1_000_000), duration: nanoseconds(find('duration.ms'), 1_000_000),
    traceId: idOf(span['trace.id'] ?? find('trace.id')), spanId: idOf(span.id), parentSpanId: idOf(find('parent.id')),
    operation: textOf(find('name')), service: textOf(find('service.name')), kind: textOf(find('span.kind')),
    status: failed ? 'ERROR' : '', statusMessage: textOf(find('otel.status_description')) || (failed ? textOf(find('error.message')) : ''),
    own: [['host.name', textOf(find('host'))]],
    attributes: attributes.filter(notTaken).filter(([key]) => key !== 'host'), resource: common.filter(notTaken).filter(([key]) => key !== 'host'), events: [], links: [],
  };
}
