/** What the analysis of a root cause works on: what a case says in the time before and after something went wrong. Times are microseconds UTC. */
import type { Span } from '../traces/span.ts';

/** Half-open. */
export interface Period {
  from: number;
  to: number;
}
/** The time that is taken for normal, and the time in which the trouble shows. */
export interface Periods {
  normal: Period;
  incident: Period;
}

export interface LogLine {
  /** id of the event */
  event: number;
  time: number;
  service: string;
  /** code of a severity, shared/event.ts */
  severity: number;
  /** what wrote it: the place in the source where the message names it, else its template */
  statement: string;
  traceId: string;
  spanId: string;
  /** another service of the case that it names, where it tells of a failure; '' for none */
  names: string;
}

/** A series of one service. */
export interface ServiceSeries {
  /** as they are stored */
  ids: number[];
  service: string;
  /** its name without that of the service */
  metric: string;
  /** '' = not said */
  unit: string;
  /** in time order; rates where the series counts up */
  times: Float64Array;
  values: Float64Array;
}

/** Something that was changed, or was said to have been: a commit, a run of a pipeline, a deployment. */
export interface Change {
  event: number;
  time: number;
  /** '' when it names none */
  service: string;
  what: string;
  /** its message */
  text: string;
  /** all that its record says, the files that were changed among it: names of services are looked for in it */
  record: string;
}

export interface Observations {
  spans: Span[];
  logs: LogLine[];
  series: ServiceSeries[];
  changes: Change[];
  /** spans and logs of the two periods that were there, of which the above may be a part */
  spansThere: number;
  logsThere: number;
  /** by signal, because sources begin and end at different times */
  periods: { traces: Periods | null; logs: Periods | null; metrics: Periods | null };
}
