/**
 * What wrote a log line. Many loggers write the place in the source: `OrderService#365` (logback's %c#%L), `OrderService.java:365`,
 * `handler.go:88`. It tells statements apart better than any template, because two statements may say the same words and one many.
 */

/** The place is looked for in the head of the message. */
const HEAD = 240;
const PLACE = /(?:^|[\s([|])((?:[A-Za-z_$][\w$-]{0,60}\.){0,10}[A-Za-z_$[.][\w$[.\]-]{0,120}#\d{1,6}|[\w$./-]{1,120}\.(?:java|kt|scala|go|py|rb|js|ts|cs|cpp|cc|c|php|rs):\d{1,6})(?=$|[\s)\]|:,])/;

/** The place that the message names; '' when it names none. */
export function sourcePlace(message: string): string {
  return PLACE.exec(message.slice(0, HEAD))?.[1] ?? '';
}
