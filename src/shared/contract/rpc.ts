/**
 * Typed messages between processes: a room declares calls (validated input, typed reply) and pushes.
 * `Handlers<C>` obliges the answering side to answer each call; `Client<C>` types the asking side.
 * Wire (structured clone over a MessagePort):
 *   request {id, call: 'room.method', input}  abort {id, abort: true}  reply {id, ok} | {id, error}  push {push: 'room.name', value}
 */
import type { z } from 'zod';

export interface Call<I extends z.ZodType = z.ZodType, R = unknown> {
  readonly kind: 'call';
  readonly input: I;
  /** type only */
  readonly reply?: R;
}
export interface Push<T = unknown> {
  readonly kind: 'push';
  /** type only */
  readonly value?: T;
}
type Room = Readonly<Record<string, Call | Push>>;
export type Contract = Readonly<Record<string, Room>>;

/** Declares a call: `call(z.object({...})).returns<Reply>()`. */
export function call<I extends z.ZodType>(input: I): { returns<R>(): Call<I, R> } {
  return { returns: <R>(): Call<I, R> => ({ kind: 'call', input }) };
}
/** Declares a push: `push<Value>()`. */
export function push<T>(): Push<T> {
  return { kind: 'push' };
}

export interface CallOptions {
  signal?: AbortSignal;
}
export interface CallContext {
  /** aborted when the caller gave up or went away */
  signal: AbortSignal;
}

type Calls<R extends Room> = { [K in keyof R as R[K] extends Call ? K : never]: R[K] };
type Pushes<R extends Room> = { [K in keyof R as R[K] extends Push ? K : never]: R[K] };
type InputOf<C> = C extends Call<infer I, unknown> ? z.output<I> : never;
type SentOf<C> = C extends Call<infer I, unknown> ? z.input<I> : never;
type ReplyOf<C> = C extends Call<z.ZodType, infer R> ? R : never;
type ValueOf<P> = P extends Push<infer T> ? T : never;

type RoomHandlers<R extends Room> = {
  [K in keyof Calls<R>]: (input: InputOf<Calls<R>[K]>, context: CallContext) => Promise<ReplyOf<Calls<R>[K]>> | ReplyOf<Calls<R>[K]>;
};
export type Handlers<C extends Contract> = { [K in keyof C]: RoomHandlers<C[K]> };

type RoomClient<R extends Room> = {
  [K in keyof Calls<R>]: (input: SentOf<Calls<R>[K]>, options?: CallOptions) => Promise<ReplyOf<Calls<R>[K]>>;
} & {
  [K in keyof Pushes<R> as `on${Capitalize<string & K>}`]: (listener: (value: ValueOf<Pushes<R>[K]>) => void) => () => void;
};
export type Client<C extends Contract> = { [K in keyof C]: RoomClient<C[K]> };

export type Emit<C extends Contract> = <N extends keyof C, K extends keyof Pushes<C[N]>>(room: N, name: K, value: ValueOf<Pushes<C[N]>[K]>) => void;

/** What the user can do about an error is in `message`; `code` is for programs. unavailable: the engine went away before it answered. */
const ERROR_CODES = [
  'invalid_input', 'no_case', 'not_found', 'locked', 'corrupt', 'newer', 'not_a_case', 'disk_full', 'permission', 'query',
  'timeout', 'cancelled', 'read_only', 'busy', 'unavailable', 'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
export interface WireError {
  code: ErrorCode;
  message: string;
  /** for code 'query': where in the query text the trouble is */
  position?: { from: number; to: number };
}
export class TidemarkError extends Error {
  readonly code: ErrorCode;
  readonly position: { from: number; to: number } | undefined;
  constructor(code: ErrorCode, message: string, position?: { from: number; to: number }) {
    super(message);
    this.name = 'TidemarkError';
    this.code = code;
    this.position = position;
  }
}

export type Request = { id: number; call: string; input: unknown } | { id: number; abort: true };
export type Reply = { id: number; ok: unknown } | { id: number; error: WireError } | { push: string; value: unknown };

/** The part of a MessagePort that the client and the server use; a test can join two ends with a plain MessageChannel. */
export interface Port {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  onMessage(listener: (message: unknown) => void): void;
}
