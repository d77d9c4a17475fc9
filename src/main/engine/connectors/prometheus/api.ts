/** The part of Prometheus' HTTP API that is read, checked on the way in. */
import { z } from 'zod';
import { FatalError } from '../connector.ts';
import { ask, TooMuch } from '../lib/ask.ts';

/** Bytes of one answer. */
const MOST_BYTES = 128 << 20;

export interface Metadata {
  type: string;
  help: string;
  /** what the type is said of: the name without _total, _bucket and the like */
  family: string;
}
export interface RangeSeries {
  metric: Record<string, string>;
  /** seconds and the value as text */
  values: readonly (readonly [number, string])[];
}

const names = z.array(z.string());
const metadata = z.record(z.string(), z.array(z.object({ type: z.string(), help: z.string().default('') })));
const matrix = z.object({ resultType: z.literal('matrix'), result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])).default([]) })) });

const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary']);

export class PrometheusApi {
  readonly #base: string;
  readonly #token: string;
  readonly #signal: AbortSignal;

  constructor(url: string, token: string, signal: AbortSignal) {
    this.#base = `${url.replace(/\/+$/, '')}/api/v1/`;
    this.#token = token;
    this.#signal = signal;
  }

  /** Names of metrics that match all of the filter. */
  async names(filter: RegExp | null): Promise<string[]> {
    const all = names.parse(await this.#get('label/__name__/values', {}));
    return filter ? all.filter((name) => filter.test(name)) : all;
  }

  /** Type and help of each name; empty where the server keeps none. */
  async metadata(): Promise<{ get(name: string): Metadata | undefined }> {
    const parsed = metadata.safeParse(await this.#get('metadata', {}).catch((error: unknown) => {
      // Some that answer like Prometheus do not have it.
      if (error instanceof FatalError) return {};
      throw error;
    }));
    const families = new Map(Object.entries(parsed.success ? parsed.data : {}));
    return {
      get: (name) => {
        for (const family of [name, name.replace(/_(?:bucket|sum|count|total)$/, '')]) {
          const known = families.get(family)?.[0];
          if (known) return { type: TYPES.has(known.type) ? known.type : '', help: known.help, family };
        }
        return undefined;
      },
    };
  }

  /** Samples at from, from + step, ... up to `to` (seconds), of all series of a name. */
  async range(name: string, from: number, to: number, step: number): Promise<RangeSeries[]> {
    // Names may hold anything since Prometheus 3, so they stand quoted.
    const query = `{__name__="${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"}`;
    return matrix.parse(await this.#get('query_range', { query, start: String(from), end: String(to), step: String(step) })).result;
  }

  async #get(path: string, parameters: Record<string, string>): Promise<unknown> {
    const response = await ask({ base: this.#base, path: `${path}?${new URLSearchParams(parameters).toString()}`, token: this.#token, signal: this.#signal, mostBytes: MOST_BYTES });
    const { body } = response;
    const answer = parsed(body);
    if (response.ok && answer?.status === 'success') return answer.data;
    const said = answer?.error ?? body.slice(0, 200).trim();
    if (/too many samples|exceeded maximum resolution|maximum number of (?:points|samples)/i.test(said)) throw new TooMuch(said);
    if (response.status === 401 || response.status === 403) throw new FatalError(`The server refuses to answer (${response.status}): give a token that may read.`);
    if (response.status === 404) throw new FatalError(`There is no Prometheus API at ${this.#base}. Give the address of the server, with the path in front of /api/v1 if there is one.`);
    if (response.status === 400 || response.status === 422) throw new FatalError(`The server refuses the question: ${said}`);
    throw new Error(response.ok ? `What ${this.#base} answers is not what Prometheus answers.` : `The server answers ${response.status}: ${said}`);
  }
}

function parsed(body: string): { status?: string; error?: string; data?: unknown } | null {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}
