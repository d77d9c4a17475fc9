/** The part of the HTTP API of Jaeger's query service that is read: what its own window asks (internal/uimodel in Jaeger's sources). */
import { z } from 'zod';
import { FatalError } from '../connector.ts';
import { ask, TooMuch } from '../lib/ask.ts';

/** Traces of one answer. Jaeger's storages cut what is more without a word, so an answer of so many is taken for a part. */
export const MOST_TRACES = 500;
/** Bytes of one answer. */
const MOST_BYTES = 64 << 20;

const envelope = z.object({ data: z.unknown(), errors: z.array(z.object({ msg: z.string().default('') })).nullish() });
const names = z.array(z.string()).nullable();
const span = z.looseObject({ startTime: z.int(), duration: z.number().optional(), processID: z.string().optional(), process: z.looseObject({ serviceName: z.string().optional() }).nullish() });
const traces = z.array(z.looseObject({ traceID: z.string(), spans: z.array(span), processes: z.record(z.string(), z.looseObject({ serviceName: z.string().optional() })).nullish() })).nullable();

/** Times and durations are microseconds. */
export type JaegerTrace = NonNullable<z.output<typeof traces>>[number];
export type JaegerSpan = z.output<typeof span>;

export class JaegerApi {
  readonly #base: string;
  readonly #token: string;
  readonly #signal: AbortSignal;

  constructor(url: string, token: string, signal: AbortSignal) {
    this.#base = `${url.replace(/\/+$/, '')}/api/`;
    this.#token = token;
    this.#signal = signal;
  }

  /** Names of services that match all of the filter, sorted. */
  async services(filter: RegExp | null): Promise<string[]> {
    const all = this.#checked(names, await this.#get('services', {})) ?? [];
    return [...new Set(all)].filter((name) => name !== '' && (filter?.test(name) ?? true)).sort((a, b) => (a < b ? -1 : 1));
  }

  /**
   * All traces, whole, in which a span of the service starts in [from, last] (microseconds, both included) and takes at least `minimum`.
   * @throws TooMuch when there are more than one answer holds
   */
  async traces(service: string, from: number, last: number, minimum: number): Promise<JaegerTrace[]> {
    const data = await this.#get('traces', { service, start: String(from), end: String(last), limit: String(MOST_TRACES), ...(minimum > 0 && { minDuration: `${minimum}us` }) });
    const found = this.#checked(traces, data) ?? [];
    if (found.length >= MOST_TRACES) throw new TooMuch(`${MOST_TRACES} traces or more`);
    return found;
  }

  #checked<T>(schema: z.ZodType<T>, data: unknown): T {
    const parsed = schema.safeParse(data);
    if (parsed.success) return parsed.data;
    const [{ path, message }] = parsed.error.issues;
    throw new Error(`${this.#notJaeger()} (${path.join('.')}: ${message})`);
  }
  #notJaeger(): string {
    return `What ${this.#base} answers is not what Jaeger answers. Give the address of the query service, the one that its window has.`;
  }

  async #get(path: string, parameters: Record<string, string>): Promise<unknown> {
    const { ok, status, body } = await ask({ base: this.#base, path: `${path}?${new URLSearchParams(parameters).toString()}`, token: this.#token, signal: this.#signal, mostBytes: MOST_BYTES });
    const answer = envelope.safeParse(parsed(body));
    const errors = answer.data?.errors ?? [];
    const said = errors.map(({ msg }) => msg).join('; ').slice(0, 500) || body.slice(0, 200).trim();
    if (ok && answer.success && errors.length === 0) return answer.data.data;
    if (status === 401 || status === 403) throw new FatalError(`The server refuses to answer (${status}): give a token that may read.`);
    if (status === 404) throw new FatalError(`There is no Jaeger API at ${this.#base}. Give the address of the query service, with the path in front of /api if there is one.`);
    if (status === 400 || status === 422) throw new FatalError(`The server refuses the question: ${said}`);
    if (ok && errors.length === 0) throw new Error(this.#notJaeger());
    throw new Error(`The server answers ${ok ? 'with an error' : String(status)}: ${said}`);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}
