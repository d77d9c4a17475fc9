import { CORRELATION_KINDS, type CorrelationKind } from '../../../shared/contract/correlation.ts';
import { UsageError } from '../arguments.ts';
import { JSON_OPTION, RANGE_OPTIONS } from '../command.ts';
import type { Command } from '../command.ts';
import { findingObject, findingText, withProgress } from '../findings.ts';
import { count } from '../output.ts';
import { caseAndQuery, openToRead, scopeOf } from '../scope.ts';

function kindsOf(text: string | undefined): CorrelationKind[] {
  return (text ?? '').split(',').map((word) => word.trim()).filter((word) => word !== '').map((word) => {
    const kind = CORRELATION_KINDS.find((known) => known === word);
    if (!kind) throw new UsageError(`--kind knows ${CORRELATION_KINDS.join(', ')}, not "${word}".`);
    return kind;
  });
}

export const correlate: Command = {
  name: 'correlate',
  usage: 'correlate CASE [QUERY] [--kind K,K] [--from T] [--to T] [--json]',
  summary: 'Says what goes together: series at a lag, failures in shared requests, changes and their effects, sequences of events.',
  details:
    `Kinds: ${CORRELATION_KINDS.join(', ')}; all of them unless --kind names some. Series are compared by rank at a lag, each one's own memory taken out;\n` +
    'of those told at most one in a hundred is false by chance. Sequences are those of the product and those that were written in the window.\n' +
    'JSON: {"findings":[{"kind","title","why","evidence","severity","score","from","to","query","events","lag_s","quieted"}],"looked":{KIND: text}}.',
  options: { ...RANGE_OPTIONS, kind: { value: 'K,K', help: 'kinds to look for' }, ...JSON_OPTION },
  async run(args, context) {
    const { file, query } = caseAndQuery(args);
    const kinds = kindsOf(args.values.kind);
    const scope = scopeOf(query, args, context.now);
    const engine = await openToRead(file, context);
    const { findings, looked, more } = await withProgress(engine, context, async (run) => await engine.handlers.correlation.find({ scope, kinds, run }, { signal: context.signal }));
    if (context.json) {
      await context.out.json({ findings: findings.map((finding) => ({ kind: finding.kind, ...findingObject(finding), lag_s: finding.pair && finding.pair.lag / 1e6 })), looked });
      return 0;
    }
    for (const kind of CORRELATION_KINDS) {
      if (kinds.length > 0 && !kinds.includes(kind)) continue;
      const found = findings.filter((finding) => finding.kind === kind);
      await context.out.text(`${kind} (${count(found.length + more[kind])}): ${looked[kind]}\n\n`);
      for (const finding of found) await context.out.text(`${findingText(finding)}\n`);
    }
    return 0;
  },
};
