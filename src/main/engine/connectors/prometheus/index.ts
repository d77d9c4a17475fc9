/**
 * Reads series from a Prometheus server (or what answers like one: Thanos, Mimir, VictoriaMetrics) through its HTTP API
 * (https://prometheus.io/docs/prometheus/latest/querying/api/): names are discovered, then each is asked for stretch by stretch.
 */
import { z } from 'zod';
import { connector, type Chunk, type ReadContext } from '../connector.ts';
import { TooMuch } from '../lib/ask.ts';
import { wholeName } from '../lib/whole-name.ts';
import { PrometheusApi, type Metadata } from './api.ts';
import { exposition } from './exposition.ts';

const config = z.object({
  url: z.url({ protocol: /^https?$/ }).meta({ title: 'Address', description: 'Of the server, such as http://127.0.0.1:9090. It is asked; nothing is sent to it but the questions.' }),
  names: z.string().max(500).default('').meta({ title: 'Names', description: 'A regular expression for the names of metrics, such as http_.*|process_.*; empty: all.' }),
  hours: z.number().positive().max(24 * 366).default(6).meta({ title: 'Hours back', description: 'How far back the first reading goes.' }),
  step: z.number().min(1).max(86_400).default(15).meta({ title: 'Step (seconds)', description: 'One sample each so many seconds.' }),
  every: z.number().int().min(0).max(86_400).default(0).meta({ title: 'Look again every (seconds)', description: '0: only when you start it.' }),
  token: z.string().max(10_000).default('').meta({ title: 'Bearer token', description: 'Kept in memory only.', secret: true }),
});
type Config = z.output<typeof config>;

/** Samples of one series in one answer; the server refuses more than 11,000. */
const MOST_STEPS = 10_000;
const LEAST_STEPS = 10;

const cursorSchema = z.object({
  /** seconds: everything before is stored */
  until: z.number(),
  /** the stretch under way ends there, and of it everything up to this name is stored */
  stop: z.number().default(0),
  name: z.string().default(''),
  /** and so many chunks of the name behind it: what is past does not change, so they come again alike */
  parts: z.number().default(0),
});

async function* read({ url, names: pattern, hours, step, token }: Config, { signal, cursor: text, idle }: ReadContext): AsyncGenerator<Chunk, void, void> {
  const api = new PrometheusApi(url, token, signal);
  const now = Math.floor(Date.now() / 1000 / step) * step;
  let cursor = text === '' ? { until: now - Math.ceil((hours * 3600) / step) * step, stop: 0, name: '', parts: 0 } : cursorSchema.parse(JSON.parse(text));
  const names = (await api.names(wholeName(pattern))).sort((a, b) => (a < b ? -1 : 1));
  const metadata = await api.metadata();
  idle();
  while (cursor.until < now) {
    const from = cursor.until;
    const stop = cursor.stop > from ? cursor.stop : Math.min(now, from + MOST_STEPS * step);
    for (const name of names) {
      if (name <= cursor.name) continue;
      let part = 0;
      for await (const lines of stretch(api, name, metadata.get(name), from, stop, step)) {
        part++;
        if (part > cursor.parts) yield { lines, cursor: JSON.stringify({ ...cursor, stop, parts: part }) };
      }
      cursor = { until: from, stop, name, parts: 0 };
      yield { lines: new Uint8Array(0), cursor: JSON.stringify(cursor) };
    }
    cursor = { until: stop, stop: 0, name: '', parts: 0 };
    yield { lines: new Uint8Array(0), cursor: JSON.stringify(cursor) };
  }
}

/** The samples of [from, stop), in halves where the server says that it is too much at once. */
async function* stretch(api: PrometheusApi, name: string, metadata: Metadata | undefined, from: number, stop: number, step: number): AsyncGenerator<Uint8Array, void, void> {
  let series;
  try {
    series = await api.range(name, from, stop - step, step);
  } catch (error) {
    if (!(error instanceof TooMuch) || stop - from <= LEAST_STEPS * step) throw error;
    const middle = from + Math.ceil((stop - from) / 2 / step) * step;
    yield* stretch(api, name, metadata, from, middle, step);
    yield* stretch(api, name, metadata, middle, stop, step);
    return;
  }
  for (const lines of exposition(name, metadata, series)) yield lines;
}

export const prometheus = connector({
  id: 'prometheus',
  title: 'Prometheus server',
  description: 'Metrics of a Prometheus server through its HTTP API: the series whose names you choose, over the hours you choose. Also Thanos, Mimir and VictoriaMetrics.',
  signal: 'metrics',
  format: 'exposition',
  mode: 'pull',
  config,
  target: ({ url, names }) => (names === '' ? url : `${url} ${names}`),
  every: ({ every }) => every,
  async test({ url, token, names }, signal) {
    const all = await new PrometheusApi(url, token, signal).names(wholeName(names));
    if (all.length === 0) throw new Error(names === '' ? 'The server answers, but it has no metrics.' : `The server answers, but no name of a metric is like '${names}'.`);
    return `The server answers: ${all.length} metrics, from ${all.slice(0, 3).join(', ')} on.`;
  },
  read,
});
