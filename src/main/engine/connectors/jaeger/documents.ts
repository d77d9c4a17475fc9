/**
 * Which spans of an answer are taken, and the documents they are handed on in.
 *
 * An answer holds whole traces, so a trace comes again with each service in it and each stretch of time it goes through. What is taken hangs on
 * the span alone and nothing has to be remembered: a span comes when its own service is asked for the stretch in which it starts. The other
 * spans of such a trace (of services that were not chosen, or too short) come with the first chosen span of it.
 */
import { MAX_CHUNK } from '../connector.ts';
import type { JaegerSpan, JaegerTrace } from './api.ts';

export interface Question {
  service: string;
  /** microseconds, [from, to) */
  from: number;
  to: number;
  /** microseconds that a span must take */
  minimum: number;
  chosen: ReadonlySet<string>;
}
/** A document, and before which start (microseconds) everything that the question is about has been handed on with it. */
export interface Part {
  document: Uint8Array;
  until: number;
}

interface Taken {
  /** the start it counts for */
  at: number;
  trace: JaegerTrace;
  span: JaegerSpan;
}

/** Documents of about `size` bytes, in the order of time. Spans that count for the same start are not parted. */
export function* documents(traces: readonly JaegerTrace[], question: Question, size = MAX_CHUNK / 2): Generator<Part, void, void> {
  const taken = traces.flatMap((trace) => takenOf(trace, question)).sort((a, b) => a.at - b.at);
  let part = new Map<JaegerTrace, string[]>();
  let length = 0;
  for (const [i, { at, trace, span }] of taken.entries()) {
    if (length >= size && at > taken[i - 1].at) {
      yield { document: written(part), until: at };
      part = new Map();
      length = 0;
    }
    let spans = part.get(trace);
    if (!spans) {
      part.set(trace, (spans = []));
      length += JSON.stringify(trace.processes ?? {}).length;
    }
    const text = JSON.stringify(span);
    spans.push(text);
    length += text.length;
  }
  if (part.size > 0) yield { document: written(part), until: question.to };
}

function takenOf(trace: JaegerTrace, { service, from, to, minimum, chosen }: Question): Taken[] {
  const isChosen = (span: JaegerSpan): boolean => chosen.has(serviceOf(trace, span)) && (span.duration ?? 0) >= minimum;
  let first: JaegerSpan | null = null;
  for (const span of trace.spans) if (isChosen(span) && (first === null || before(trace, span, first))) first = span;
  const taken: Taken[] = [];
  for (const span of trace.spans) {
    const by = isChosen(span) ? span : first;
    if (by && serviceOf(trace, by) === service && by.startTime >= from && by.startTime < to) taken.push({ at: by.startTime, trace, span });
  }
  return taken;
}

function before(trace: JaegerTrace, a: JaegerSpan, b: JaegerSpan): boolean {
  return a.startTime < b.startTime || (a.startTime === b.startTime && serviceOf(trace, a) < serviceOf(trace, b));
}
function serviceOf({ processes }: JaegerTrace, { process, processID = '' }: JaegerSpan): string {
  return (process ?? (processes && Object.hasOwn(processes, processID) ? processes[processID] : null))?.serviceName ?? '';
}

function written(part: ReadonlyMap<JaegerTrace, readonly string[]>): Uint8Array {
  const traces = Array.from(part, ([trace, spans]) => `{"traceID":${JSON.stringify(trace.traceID)},"spans":[${spans.join(',')}],"processes":${JSON.stringify(trace.processes ?? {})}}`);
  return Buffer.from(`{"data":[${traces.join(',')}]}`);
}
