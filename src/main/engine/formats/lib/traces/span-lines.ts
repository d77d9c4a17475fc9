/** The parser for lines of spans. */
import { FIELD, NUMBER, type Parser, type SourceContext } from '../../format.ts';
import { decodedLines } from '../decoded-lines.ts';
import { forward } from '../forward.ts';

/** As decodedLines, but a span that neither failed nor has a status is info, whatever words its operation is named with. */
export function spanLines(context: SourceContext): Parser {
  const lines = decodedLines(context);
  return {
    parse(buf, start, end, stopAt, final, sink) {
      let judged = false;
      return lines.parse(buf, start, end, stopAt, final, {
        ...forward(sink),
        begin(from, to) {
          judged = false;
          sink.begin(from, to);
        },
        field(code, from, to) {
          if (code === FIELD.level) judged = true;
          sink.field(code, from, to);
        },
        text(code, value) {
          if (code === FIELD.level) judged = true;
          sink.text(code, value);
        },
        number(code, value) {
          if (code === NUMBER.status) judged = true;
          sink.number(code, value);
        },
        end() {
          if (!judged) sink.severity(0);
          sink.end();
        },
      });
    },
  };
}
