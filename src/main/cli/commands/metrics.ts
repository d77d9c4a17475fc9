import { TidemarkError } from '../../../shared/contract/rpc.ts';
import type { Series } from '../../../shared/contract/metrics.ts';
import { UsageError, wholeNumber } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { isoOrNull } from '../event-rows.ts';
import { count, table } from '../output.ts';

/** Series whose samples are printed at once. */
const MAX_PRINTED = 1000;

export const metrics: Command = {
  name: 'metrics',
  usage: 'metrics CASE [WORD...] [--samples] [--limit N] [--json]',
  summary: 'Lists the series of a case, or prints their samples.',
  details:
    'WORDs choose the series whose name or labels contain all of them.\n' +
    'JSON: one {"id","name","labels","kind","unit","samples","from","to"} a line; with --samples one {"timestamp","series","value"} a line\n' +
    '(value is a number, or "NaN", "+Inf", "-Inf").',
  options: {
    samples: { help: 'the samples, in time order by series' },
    limit: { value: 'N', help: 'at most so many series, default 500' },
    ...JSON_OPTION,
  },
  async run(args, context) {
    const [file, ...words] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    const { handlers } = context.engine();
    const { signal } = context;
    await handlers.cases.open({ path: file, readOnly: true }, { signal });
    const limit = wholeNumber(args.values, 'limit', 1) ?? 500;
    const { rows, total } = await handlers.metrics.list({ text: words.join(' '), limit: Math.min(limit, 5000) }, { signal });
    if (args.switches.has('samples')) {
      if (rows.length > MAX_PRINTED) throw new TidemarkError('invalid_input', `These are ${rows.length} series; choose at most ${MAX_PRINTED} with words or --limit.`);
      for (const series of rows) {
        const { time, value } = await handlers.metrics.samples({ id: series.id, from: null, to: null, limit: 1_000_000 }, { signal });
        const title = titleOf(series);
        for (let i = 0; i < time.length; i++) {
          const shown = Number.isFinite(value[i]) ? value[i] : Number.isNaN(value[i]) ? 'NaN' : value[i] > 0 ? '+Inf' : '-Inf';
          if (context.json) await context.out.json({ timestamp: isoOrNull(time[i]), series: title, value: shown });
          else await context.out.text(`${isoOrNull(time[i]) ?? ''}  ${String(shown).padStart(14)}  ${title}\n`);
        }
      }
    } else if (context.json) {
      for (const { id, name, labels, kind, unit, n, t0, t1 } of rows) await context.out.json({ id, name, labels: Object.fromEntries(labels), kind, unit, samples: n, from: isoOrNull(t0), to: isoOrNull(t1) });
    } else if (rows.length > 0) {
      const columns = [{ title: 'samples', align: 'right' }, { title: 'kind' }, { title: 'from' }, { title: 'to' }, { title: 'series' }] as const;
      await context.out.text(`${table(columns, rows.map((series) => [count(series.n), series.kind, isoOrNull(series.t0) ?? '', isoOrNull(series.t1) ?? '', titleOf(series)]))}\n`);
    }
    if (rows.length < total) context.note(`${count(total - rows.length)} more series are not listed; choose with words, or raise --limit.`);
    if (total === 0) context.note(words.length > 0 ? 'No series has all of these words in its name or labels.' : 'The case has no metrics.');
    return 0;
  },
};

function titleOf({ name, labels }: Series): string {
  return labels.length === 0 ? name : `${name}{${labels.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`;
}
