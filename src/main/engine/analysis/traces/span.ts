/** A span as the analyses of traces know it. Times and durations are microseconds; times are since 1970 in UTC, as its own clock wrote them. */
export interface Span {
  /** id of the event it is stored as */
  event: number;
  traceId: string;
  /** '' when the record says none */
  spanId: string;
  /** '' for a root */
  parentId: string;
  service: string;
  /** operation */
  name: string;
  /** server, client, producer, consumer, internal, or what the record says; '' when it says nothing */
  kind: string;
  start: number;
  /** null when the record says none: the span has not ended, or was cut off */
  duration: number | null;
  failed: boolean;
}

/** When a span ends; one without a duration ends where it starts. */
export function endOf(span: Span): number {
  return span.start + Math.max(0, span.duration ?? 0);
}
