import { TidemarkError } from '../../../../shared/contract/rpc.ts';

/**
 * Why an input could not be read to its end.
 * - truncated: it stops in the middle; corrupt: its bytes contradict its format
 * - limit: one of our own limits stopped it; encrypted, unsupported: readable by others, not by us
 * - unreadable: the file system said no
 */
export type InputErrorKind = 'truncated' | 'corrupt' | 'limit' | 'encrypted' | 'unsupported' | 'unreadable';

/** An input ended early. Everything handed out before it was thrown is valid. `message` is for people and says what can be done. */
export class InputError extends TidemarkError {
  readonly kind: InputErrorKind;
  /** byte offset in the stream of the container that reported it; null when there is none */
  readonly offset: number | null;
  /** name of the limit in `Limits`; '' unless kind is 'limit' */
  readonly limit: string;

  constructor(kind: InputErrorKind, message: string, details: { offset?: number; limit?: string; cause?: unknown } = {}) {
    super(kind === 'unreadable' ? 'permission' : kind === 'corrupt' || kind === 'truncated' ? 'corrupt' : 'invalid_input', message);
    this.name = 'InputError';
    this.kind = kind;
    this.offset = details.offset ?? null;
    this.limit = details.limit ?? '';
    if (details.cause !== undefined) this.cause = details.cause;
  }
}

/** Text of anything thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A file system error as an InputError; other InputErrors pass. */
export function unreadable(path: string, error: unknown): InputError {
  return error instanceof InputError ? error : new InputError('unreadable', `${path} cannot be read: ${reasonOf(error)}`, { cause: error });
}
