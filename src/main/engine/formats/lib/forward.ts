import type { Sink } from '../format.ts';

/** A sink that tells everything to another one: to be spread into one that tells some of it otherwise. */
export function forward(sink: Sink): Sink {
  return {
    detail: sink.detail,
    begin: (start, end) => sink.begin(start, end),
    time: (us, start, end, assumed, inferred) => sink.time(us, start, end, assumed, inferred),
    field: (code, start, end) => sink.field(code, start, end),
    text: (code, value) => sink.text(code, value),
    number: (code, value) => sink.number(code, value),
    words: (start, end) => sink.words(start, end),
    severity: (code) => sink.severity(code),
    message: (start, end) => sink.message(start, end),
    messageText: (value, start, end) => sink.messageText(value, start, end),
    attribute: (name, value) => sink.attribute(name, value),
    end: () => sink.end(),
    reject: (start, end, reason) => sink.reject(start, end, reason),
  };
}
