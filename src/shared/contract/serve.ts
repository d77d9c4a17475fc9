/** The answering side of a contract: validates every message, dispatches it, cancels it. */
import type { z } from 'zod';
import { TidemarkError } from './rpc.ts';
import type { CallContext, Contract, Emit, Handlers, Port, Reply, WireError } from './rpc.ts';

/** Calls one port may have under way; a window that asks for more is told so instead of filling the memory. */
const MAX_RUNNING = 1000;
const MAX_ISSUES = 3;
const MAX_MESSAGE = 1000;

export interface Served<C extends Contract> {
  emit: Emit<C>;
  /** Aborts what is running and answers nothing any more. The port itself stays the caller's. */
  close(): void;
}
export interface ServeOptions {
  /** Told of every error that was not meant for the user, with its stack, for the log. */
  onInternal?: (call: string, error: unknown) => void;
}
type Handler = (input: unknown, context: CallContext) => unknown;

/** Answers the calls of a contract on a port with these handlers. Nothing the other side sends makes it throw. */
export function serve<C extends Contract>(contract: C, handlers: Handlers<C>, port: Port, { onInternal }: ServeOptions = {}): Served<C> {
  const running = new Map<number, AbortController>();
  let closed = false;

  function post(message: Reply): void {
    if (!closed) port.postMessage(message);
  }

  async function answer(id: number, call: string, input: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    let reply: Reply;
    try {
      const { schema, handler } = find(contract, handlers, call);
      const parsed = schema.safeParse(input);
      if (!parsed.success) throw new TidemarkError('invalid_input', describe(call, parsed.error));
      reply = { id, ok: await handler(parsed.data, { signal: controller.signal }) };
    } catch (error) {
      reply = { id, error: toWire(call, error, controller.signal, onInternal) };
    }
    if (running.get(id) === controller) running.delete(id);
    try {
      post(reply);
    } catch (error) {
      // The handler answered with something that cannot be cloned.
      post({ id, error: toWire(call, error, controller.signal, onInternal) });
    }
  }

  port.onMessage((message) => {
    if (closed || typeof message !== 'object' || message === null) return;
    const { id, call, input, abort } = message as { id?: unknown; call?: unknown; input?: unknown; abort?: unknown };
    // Without an id there is nobody to answer.
    if (typeof id !== 'number' || !Number.isSafeInteger(id)) return;
    if (abort === true) {
      running.get(id)?.abort();
      return;
    }
    const refuse = (code: WireError['code'], text: string): void => post({ id, error: { code, message: text } });
    if (typeof call !== 'string') refuse('invalid_input', 'A request names its call.');
    else if (running.has(id)) refuse('invalid_input', `Request ${id} is already being answered.`);
    else if (running.size >= MAX_RUNNING) refuse('busy', `More than ${MAX_RUNNING} questions are open. Wait for answers, or cancel some.`);
    else void answer(id, call, input);
  });

  return {
    emit: (room, name, value) => post({ push: `${String(room)}.${String(name)}`, value }),
    close() {
      closed = true;
      for (const controller of running.values()) controller.abort();
      running.clear();
    },
  };
}

/** Looks a call up among own properties only: 'constructor.name' is not a call. */
function find(contract: Contract, handlers: object, call: string): { schema: z.ZodType; handler: Handler } {
  const [room, name, ...rest] = call.split('.');
  if (rest.length === 0 && name !== undefined && Object.hasOwn(contract, room) && Object.hasOwn(contract[room], name)) {
    const member = contract[room][name];
    if (member.kind === 'call') {
      const methods = (handlers as Record<string, Record<string, Handler>>)[room];
      return { schema: member.input, handler: (input, context) => methods[name](input, context) };
    }
  }
  throw new TidemarkError('invalid_input', `There is no call "${call.slice(0, 100)}".`);
}

/** What is wrong with an input, with the path to it: "ingest.start: paths.0: expected string". */
function describe(call: string, error: z.ZodError): string {
  const issues = error.issues.slice(0, MAX_ISSUES).map(({ path, message }) => {
    const at = path.map(String).join('.');
    return at ? `${at}: ${message}` : message;
  });
  const more = error.issues.length - issues.length;
  return `${call}: ${issues.join('; ')}${more > 0 ? `; and ${more} more` : ''}`.slice(0, MAX_MESSAGE);
}

function toWire(call: string, error: unknown, signal: AbortSignal, onInternal: ServeOptions['onInternal']): WireError {
  if (error instanceof TidemarkError) return { code: error.code, message: error.message, ...(error.position ? { position: error.position } : {}) };
  // An abort that surfaced as itself (fs, streams, timers throw AbortError) is what was asked for.
  if (signal.aborted && error instanceof Error && error.name === 'AbortError') return { code: 'cancelled', message: 'Cancelled.' };
  onInternal?.(call, error);
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  return { code: 'internal', message: `${call} failed: ${line || 'unknown error'}`.slice(0, MAX_MESSAGE) };
}
