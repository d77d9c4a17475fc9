/** The parser for what decoders write: JSON lines, and what could not be decoded. */
import type { Parser, Sink, SourceContext } from '../format.ts';
import { emitJson } from './json-detail.ts';
import { InnerJson } from './json-inner.ts';
import { JsonRecord } from './json-record.ts';
import { decodeJsonString } from './json-text.ts';
import { lineParser } from './lines.ts';
import { Structured } from './structured.ts';
import { createClock } from './time.ts';
import { rejectUndecodable } from './undecodable.ts';

/** Reads lines of one JSON object each, by the keys that lib/spellings.ts knows. */
export function decodedLines(context: SourceContext): Parser {
  const clock = createClock(context);
  const out = new Structured(clock, decodeJsonString);
  const inner = new InnerJson(clock);
  return objectLines(new JsonRecord(out), (buf, start, sink) => emitJson(out, buf, start, sink, inner));
}

/** Reads lines of one JSON object each: `tell` says what the object at `start` holds, which `record` has scanned. */
function objectLines(record: JsonRecord, tell: (buf: Uint8Array, start: number, sink: Sink) => void): Parser {
  return lineParser({
    report(buf, start, _lineEnd, end, sink) {
      if (rejectUndecodable(buf, start, end, sink)) return;
      let behind = buf[start] === 123 ? record.scan(buf, start, end) : -1;
      if (behind >= 0 && behind < end) behind = record.nothingBehind(behind);
      if (behind < 0) {
        sink.reject(start, end, buf[start] === 123 ? `Not valid JSON at column ${record.failedAt - start + 1}: ${record.failure}.` : 'This is no decoded record.');
        return;
      }
      sink.begin(start, end);
      tell(buf, start, sink);
      sink.end();
    },
  });
}
