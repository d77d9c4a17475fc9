/**
 * Reads traces from a Jaeger query service (or what answers like one: Grafana Tempo's and VictoriaTraces' Jaeger API) through the HTTP API that
 * Jaeger's window uses: services are discovered, then each is asked for stretch by stretch. See documents.ts for what is taken of an answer.
 *
 * A span is known to Jaeger when it has ended. One that takes longer than the time that is left alone at the end and ends after its stretch
 * was read is missed. Servers that correct clocks (--query.max-clock-skew-adjustment, off unless it is set) tell other starts than they search
 * by: spans that were moved over the edge of a stretch may be missed.
 */
import { z } from 'zod';
import { connector, FatalError, type Chunk, type ReadContext } from '../connector.ts';
import { TooMuch } from '../lib/ask.ts';
import { wholeName } from '../lib/whole-name.ts';
import { JaegerApi, MOST_TRACES } from './api.ts';
import { documents, type Part } from './documents.ts';

const config = z.object({
  url: z.url({ protocol: /^https?$/ }).meta({ title: 'Address', description: 'Of the query service, such as http://127.0.0.1:16686. It is asked; nothing is sent to it but the questions.' }),
  services: z.string().max(500).default('').meta({ title: 'Services', description: 'A regular expression for the names of services, such as checkout|payment.*; empty: all. Their traces come whole.' }),
  hours: z.number().positive().max(24 * 366).default(6).meta({ title: 'Hours back', description: 'How far back the first reading goes.' }),
  minimum: z.number().min(0).max(86_400_000).default(0).meta({ title: 'Minimum duration (ms)', description: 'Only traces in which a span of a chosen service takes so long; 0: all.' }),
  settle: z.number().min(0).max(86_400).default(60).meta({ title: 'Leave the last (seconds)', description: 'Spans are known when they have ended: what began so short a time ago is left for the next reading.' }),
  every: z.number().int().min(0).max(86_400).default(0).meta({ title: 'Look again every (seconds)', description: '0: only when you start it.' }),
  token: z.string().max(10_000).default('').meta({ title: 'Bearer token', description: 'Kept in memory only.', secret: true }),
});
type Config = z.output<typeof config>;

/** Microseconds that a service is asked for at once, where there is not too much in them. */
const STRETCH = 24 * 3600 * 1e6;

/** All times are microseconds. */
const cursorSchema = z.object({
  /** what starts before is stored */
  until: z.number(),
  /** the stretch under way ends there */
  stop: z.number().default(0),
  /** and of it the services up to this one are stored, this one up to what starts at `at` */
  service: z.string().default(''),
  at: z.number().default(0),
});

async function* read({ url, services: pattern, hours, minimum, settle, token }: Config, { signal, cursor: text, idle }: ReadContext): AsyncGenerator<Chunk, void, void> {
  const api = new JaegerApi(url, token, signal);
  const now = Math.floor((Date.now() - settle * 1000) * 1000);
  let cursor = text === '' ? { until: now - Math.round(hours * 3600e6), stop: 0, service: '', at: 0 } : cursorSchema.parse(JSON.parse(text));
  // Asked behind `now`: a service whose first span comes later has nothing before it.
  const services = await api.services(wholeName(pattern));
  const chosen = new Set(services);
  idle();
  while (cursor.until < now) {
    const { until } = cursor;
    const stop = cursor.stop > until ? cursor.stop : Math.min(now, until + STRETCH);
    for (const service of services) {
      if (service < cursor.service) continue;
      const from = service === cursor.service ? Math.max(until, cursor.at) : until;
      for await (const part of stretch(api, { service, from, to: stop, minimum: Math.round(minimum * 1000), chosen }, idle)) {
        cursor = { until, stop, service, at: part.until };
        yield { lines: part.document, cursor: JSON.stringify(cursor) };
      }
    }
    cursor = { until: stop, stop: 0, service: '', at: 0 };
    yield { lines: new Uint8Array(0), cursor: JSON.stringify(cursor) };
  }
}

/** What starts in [from, to), in smaller pieces where it is too much at once. */
async function* stretch(api: JaegerApi, question: Parameters<typeof documents>[1], idle: () => void): AsyncGenerator<Part, void, void> {
  const { service, minimum } = question;
  let size = question.to - question.from;
  for (let { from } = question; from < question.to; ) {
    const to = Math.min(question.to, from + size);
    let traces;
    try {
      traces = await api.traces(service, from, to - 1, minimum);
    } catch (error) {
      if (!(error instanceof TooMuch)) throw error;
      if (to - from <= 1) throw new FatalError(`What starts at ${new Date(from / 1000).toISOString()} in '${service}' is too much for one answer (${error.message}). Leave this service out, or ask for longer spans only.`);
      size = Math.floor((to - from) / 2);
      idle();
      continue;
    }
    idle();
    yield* documents(traces, { ...question, from, to });
    // Also where nothing was taken, so that nothing is asked for again.
    yield { document: new Uint8Array(0), until: to };
    from = to;
    if (traces.length < MOST_TRACES / 4) size *= 2;
  }
}

export const jaegerConnector = connector({
  id: 'jaeger',
  title: 'Jaeger server',
  description: 'Traces of a Jaeger query service through its HTTP API: those of the services you choose, over the hours you choose. Also what answers like it, such as Grafana Tempo’s and VictoriaTraces’ Jaeger API.',
  signal: 'traces',
  format: 'jaeger',
  documents: true,
  mode: 'pull',
  config,
  target: ({ url, services }) => (services === '' ? url : `${url} ${services}`),
  every: ({ every }) => every,
  async test({ url, token, services: pattern }, signal) {
    const services = await new JaegerApi(url, token, signal).services(wholeName(pattern));
    if (services.length === 0) throw new Error(pattern === '' ? 'The server answers, but it has no services.' : `The server answers, but no name of a service is like '${pattern}'.`);
    return `The server answers: ${services.length} services, from ${services.slice(0, 3).join(', ')} on.`;
  },
  read,
});
