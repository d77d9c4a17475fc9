/** Asks an HTTP API that answers with text, within bounds of time and size. */

import { RetryLater } from '../connector.ts';

const ANSWER_MS = 60_000;

/** The answer would be larger than the server or this program takes: ask for less. */
export class TooMuch extends Error {}

export interface Asked {
  /** what is said of the server when it cannot be reached */
  base: string;
  /** below the base, with its parameters */
  path: string;
  /** bearer token, '' = none */
  token: string;
  signal: AbortSignal;
  /** bytes of the answer from which on it is TooMuch */
  mostBytes: number;
}
export interface Answered {
  ok: boolean;
  status: number;
  body: string;
}

/** @throws TooMuch, RetryLater when the server says when it wants to be asked again, or an Error that says why there is no answer */
export async function ask({ base, path, token, signal, mostBytes }: Asked): Promise<Answered> {
  try {
    const response = await fetch(`${base}${path}`, { headers: token === '' ? {} : { authorization: `Bearer ${token}` }, redirect: 'error', signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) });
    const seconds = response.status === 429 || response.status === 503 ? retryAfter(response.headers.get('retry-after') ?? '', Date.now()) : null;
    if (seconds !== null) {
      await response.body?.cancel();
      throw new RetryLater(`${base} answers ${response.status} and asks to be left alone for ${seconds} s.`, seconds * 1000);
    }
    return { ok: response.ok, status: response.status, body: await readBody(response, mostBytes) };
  } catch (error) {
    if (signal.aborted || error instanceof TooMuch || error instanceof RetryLater) throw error;
    throw new Error(`${base} cannot be reached: ${reasonOf(error)}`);
  }
}

/** Seconds of a Retry-After (RFC 9110, 10.2.3): a number of them, or a date; null when it is neither. `now`: milliseconds UTC. */
export function retryAfter(text: string, now: number): number | null {
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  const at = /^[A-Z][a-z]{2}, .* GMT$/.test(text.trim()) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

async function readBody(response: Response, mostBytes: number): Promise<string> {
  if (!response.body) return '';
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > mostBytes) throw new TooMuch(`The answer is larger than ${mostBytes >> 20} MiB.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_MS / 1000} s`;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
