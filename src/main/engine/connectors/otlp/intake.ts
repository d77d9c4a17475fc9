/** Where messages of OTLP go, whatever they came over: checked at once, answered when they are stored. */
import { checkRequest, Malformed } from '../../formats/lib/otlp/check.ts';
import { EMPTY_RESOURCE } from '../../formats/lib/otlp/wire.ts';
import { Batcher } from '../lib/batcher.ts';
import { Bodies, busy, notStored, Refusal } from '../lib/bodies.ts';
import type { OtlpSignal } from './answers.ts';
import { jsonDocument } from './json.ts';

export type Encoding = 'protobuf' | 'json';

const KINDS = { logs: 'logs', traces: 'spans', metrics: 'metrics' } as const;
/** ms: an SDK sends a few hundred records and waits for the answer before it sends more. */
const QUIET = 10;
const WAIT = 200;
/** So many records make a chunk; what came meanwhile goes with it. */
const ENOUGH = 5000;
const REASON = 'They cannot be read as what they are sent as; each is kept among the rejected records of its source, with the reason.';

export class Intake {
  readonly batcher = new Batcher(undefined, { wait: WAIT, quiet: QUIET, lines: ENOUGH, documents: true });
  readonly bodies = new Bodies();
  readonly token: string;
  refused = 0;
  lastRefusal = '';

  constructor(token: string) {
    this.token = token;
  }

  /** @throws Refusal when senders have to wait */
  open(): void {
    if (this.batcher.full) throw busy();
  }

  /**
   * Resolves when all of it is on the disk, with how many of its records became dead letters.
   * @throws Refusal when it is malformed or cannot be stored
   */
  async take(signal: OtlpSignal, encoding: Encoding, body: Buffer): Promise<{ rejected: number; message: string }> {
    let count: number;
    let document: Uint8Array;
    try {
      if (encoding === 'json') ({ count, document } = jsonDocument(body, signal));
      else {
        const { records, resources } = checkRequest(body, KINDS[signal]);
        count = records;
        document = Buffer.concat([EMPTY_RESOURCE, resources]);
      }
    } catch (error) {
      if (error instanceof Malformed) throw new Refusal(400, error.message);
      throw error;
    }
    if (count === 0) return { rejected: 0, message: '' };
    this.open();
    const [stored, rejected] = await new Promise<[boolean, number]>((resolve) => this.batcher.add(document, count, (...told) => resolve(told), undefined, groupOf(signal, encoding)));
    if (!stored) throw notStored();
    return { rejected: Math.min(rejected, count), message: rejected > 0 ? REASON : '' };
  }

  /** Makes an answer of whatever went wrong, and counts it. */
  refusal(error: unknown): Refusal {
    const refusal = error instanceof Refusal ? error : new Refusal(500, error instanceof Error ? error.message : String(error));
    this.refused++;
    this.lastRefusal = refusal.message;
    return refusal;
  }
}

/** JSON and protobuf do not go into one chunk. */
function groupOf(signal: OtlpSignal, encoding: Encoding): string {
  return encoding === 'json' ? `${signal} json` : signal;
}
export function streamOf(group: string): string {
  return group.split(' ', 1)[0];
}
