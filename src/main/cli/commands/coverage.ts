import type { CoverageReply, SourceCoverage } from '../../../shared/contract/coverage.ts';
import { UsageError } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { isoOrNull, isoTime } from '../event-rows.ts';
import { count, table, timeSpan } from '../output.ts';
import { openToRead } from '../scope.ts';

export const coverage: Command = {
  name: 'coverage',
  usage: 'coverage CASE [--json]',
  summary: 'Says for each source when it begins and ends, and where it is silent for much longer than it usually is.',
  details:
    'A gap is a silence at least ten times the usual pause of the source and at least ten seconds long; what comes back often is usual.\n' +
    'JSON: {"overlap":{"from","to"}|null,"sources":[{"id","source","signal","format","events","first","last","usual_pause_s","gap_count",\n' +
    '"gaps":[{"from","to","seconds"}],"stopped_early_s"}]}. At most the 100 longest gaps of a source are listed, in time order.',
  options: JSON_OPTION,
  async run(args, context) {
    const [file] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    const { handlers } = await openToRead(file, context);
    let reply: CoverageReply;
    do {
      context.signal.throwIfAborted();
      reply = await handlers.coverage.get({ from: null, to: null, buckets: 1 }, { signal: context.signal });
    } while (!reply.complete);
    if (context.json) await context.out.json(coverageObject(reply));
    else await context.out.text(coverageText(reply));
    if (reply.more > 0) context.note(`${count(reply.more)} more sources are not listed.`);
    return 0;
  },
};

function coverageObject({ overlap, sources }: CoverageReply): object {
  const seconds = (span: number | null): number | null => (span === null ? null : span / 1e6);
  return {
    overlap: overlap && { from: isoTime(overlap.from), to: isoTime(overlap.to) },
    sources: sources.map((source) => ({
      id: source.id, source: source.path, signal: source.signal, format: source.format, events: source.events, first: isoOrNull(source.first), last: isoOrNull(source.last),
      usual_pause_s: seconds(source.usualPause), gap_count: source.gapCount, gaps: source.gaps.map(({ from, to }) => ({ from: isoTime(from), to: isoTime(to), seconds: (to - from) / 1e6 })),
      stopped_early_s: seconds(source.stoppedEarly),
    })),
  };
}

const COLUMNS = [{ title: 'events', align: 'right' }, { title: 'first' }, { title: 'last' }, { title: 'gaps', align: 'right' }, { title: 'longest' }, { title: 'ends' }, { title: 'source' }] as const;

function coverageText({ overlap, sources }: CoverageReply): string {
  if (sources.length === 0) return 'The case has no source yet.\n';
  const rows = sources.map((source) => [
    count(source.events), isoOrNull(source.first) ?? '', isoOrNull(source.last) ?? '', source.usualPause === null ? 'too few' : count(source.gapCount), longest(source),
    source.stoppedEarly === null ? '' : `${timeSpan(source.stoppedEarly)} before the rest`, source.path,
  ]);
  const shared = overlap ? `All sources: ${isoTime(overlap.from)} to ${isoTime(overlap.to)} (${timeSpan(overlap.to - overlap.from)})` : 'There is no time that all sources are about.';
  return `${table(COLUMNS, rows)}\n${shared}\n`;
}
function longest({ gaps }: SourceCoverage): string {
  const most = gaps.reduce((length, { from, to }) => Math.max(length, to - from), 0);
  const gap = gaps.find(({ from, to }) => to - from === most);
  return gap ? `${timeSpan(most)} from ${isoTime(gap.from)}` : '';
}
