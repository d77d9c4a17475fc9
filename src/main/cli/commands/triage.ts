import fs from 'node:fs';
import type { ModelVersion, TriageReply } from '../../../shared/contract/models.ts';
import { MAX_MODEL } from '../../../shared/contract/models.ts';
import { TidemarkError } from '../../../shared/contract/rpc.ts';
import { SEVERITIES } from '../../../shared/event.ts';
import { formatWholePercent } from '../../../shared/numbers.ts';
import { reasonsText } from '../../../shared/reasons-text.ts';
import { UsageError, wholeNumber } from '../arguments.ts';
import { JSON_OPTION, RANGE_OPTIONS, type Command } from '../command.ts';
import { isoTime, notReadable } from '../event-rows.ts';
import { withProgress } from '../findings.ts';
import { count, table, visible } from '../output.ts';
import { caseAndQuery, openToRead, scopeOf } from '../scope.ts';
import { writeWhole } from '../write-whole.ts';

const LIMIT = 20;

export const triage: Command = {
  name: 'triage',
  usage: 'triage CASE [QUERY] [--train] [--relevant IDS] [--not-relevant IDS] [--limit N] [--json]',
  summary: 'Lists the events to look at next: those most like what was marked relevant, one for each pattern and service, with the reasons.',
  details:
    'Marks are made in the window (+ and its neighbours), with --relevant and --not-relevant, and by pinning or noting an event. --train chooses a\n' +
    'model by cross-validation and keeps it as a new version; it needs five relevant events. Events at random stand in for irrelevant ones, which\n' +
    'the figures say. Before there is a model, patterns that differ most from each other are listed.\n' +
    'JSON: one {"event","time","score","severity","service","pattern","message","alike","reasons":[{"text","weight"}]} a line, best first; with\n' +
    '--train alone first {"version","kind","parameters","figures","lineage","sha256"}.',
  options: {
    ...RANGE_OPTIONS, ...JSON_OPTION,
    train: { help: 'train a new version from the marks first' },
    relevant: { value: 'IDS', help: 'mark these events relevant first: ids with commas between them' },
    'not-relevant': { value: 'IDS', help: 'mark these events not relevant first' },
    use: { value: 'VERSION', help: 'make this version the one that ranks first' },
    export: { value: 'FILE', help: 'write the current version to a file, and nothing else' },
    import: { value: 'FILE', help: 'read a version from a file first' },
    limit: { value: 'N', help: `at most so many, default ${LIMIT}` },
  },
  async run(args, context) {
    const { file, query } = caseAndQuery(args);
    const { values, switches } = args;
    const limit = wholeNumber(values, 'limit', 1) ?? LIMIT;
    const scope = scopeOf(query, args, context.now);
    const { signal } = context;
    const marks = [{ ids: idsOf('relevant', values.relevant), relevant: true }, { ids: idsOf('not-relevant', values['not-relevant']), relevant: false }].filter(({ ids }) => ids.length > 0);
    const version = wholeNumber(values, 'use', 1);
    const writes = marks.length > 0 || version !== undefined || switches.has('train') || values.import !== undefined;
    const engine = writes ? context.engine() : await openToRead(file, context);
    if (writes) await engine.handlers.cases.open({ path: file, readOnly: false }, { signal });
    const { models } = engine.handlers;
    for (const { ids, relevant } of marks) await models.mark({ eventIds: ids, relevant }, { signal });
    if (values.import !== undefined) await models.importVersion({ json: readModelFile(values.import) }, { signal });
    if (version !== undefined) await models.use({ version }, { signal });
    if (switches.has('train')) {
      const trained = await withProgress(engine, context, async (run) => await models.train({ run }, { signal }));
      if (context.json) await context.out.json(versionObject(trained));
      else await context.out.text(`${versionText(trained)}\n\n`);
    }
    if (values.export !== undefined) {
      const current = (await models.state({}, { signal })).versions.find((one) => one.current);
      if (!current) throw new TidemarkError('not_found', 'There is no model yet: train one with --train.');
      const { json, sha256 } = await models.exportVersion({ version: current.version }, { signal });
      writeWhole(values.export, json);
      context.note(`Version ${current.version} is written to ${values.export} (SHA-256 ${sha256}). It names services, hosts and words of this case.`);
      return 0;
    }
    const reply = await withProgress(engine, context, async (run) => await models.triage({ scope, limit: Math.min(limit, 500), run }, { signal }));
    if (context.json) for (const row of rowObjects(reply)) await context.out.json(row);
    else await context.out.text(triageText(reply));
    if (reply.by === 'unlike') context.note('There is no model yet: these patterns differ most from each other. Mark some, then --train.');
    for (const { title, why } of reply.drift) context.note(`${title}. ${why}`);
    if (reply.scored + reply.marked < reply.total) context.note(`${count(reply.scored)} of ${count(reply.total - reply.marked)} events were scored: all of rare patterns, an even share of the others.`);
    if (reply.more > 0) context.note(`${count(reply.more)} more patterns are not listed.`);
    if (reply.unreadable > 0) context.note(notReadable(reply.unreadable));
    return 0;
  },
};

function idsOf(name: string, text: string | undefined): number[] {
  if (text === undefined) return [];
  const ids = text.split(',').map(Number);
  if (ids.some((id) => !Number.isSafeInteger(id) || id < 0) || ids.length > 1000) throw new UsageError(`--${name} is ids of events with commas between them, at most 1000, not "${text.slice(0, 60)}".`);
  return ids;
}

function readModelFile(path: string): string {
  const { size } = fs.statSync(path);
  if (size > MAX_MODEL) throw new TidemarkError('invalid_input', `${path} is too large to be a model.`);
  return fs.readFileSync(path, 'utf8');
}

function versionObject({ version, kind, parameters, figures, lineage, sha256 }: ModelVersion): object {
  const { marks: _, ...from } = lineage;
  return { version, kind, parameters, figures, lineage: from, sha256 };
}

const share = (value: number | null): string => (value === null ? 'none' : formatWholePercent(value));

/** What a version is and how good it is, in sentences. */
function versionText({ version, title, figures, lineage }: ModelVersion): string {
  const { n, measuredOn, apart, rocAuc, precision, recall, folds, brier } = figures;
  return [
    `Version ${version}: ${title.toLowerCase()}, from ${count(lineage.relevant)} relevant and ${count(lineage.notRelevant)} not relevant events, and ${count(lineage.background)} at random that stand in for irrelevant ones.`,
    `On ${measuredOn === 'marked' ? `the ${count(n)} marked events` : `${count(n)} events, those at random included`}, each judged by a model that had not seen it (${folds} parts): ${share(rocAuc)} of pairs in the right order (guessing: 50 %), precision ${share(precision)}, recall ${share(recall)}, Brier score ${brier.toFixed(3)}.`,
    apart ? 'Events of one pattern were never on both sides.' : 'All marks of one kind are of one pattern, so events alike were on both sides: the figures flatter.',
  ].join('\n');
}

function rowObjects({ rows, events }: TriageReply): object[] {
  return rows.map(({ event, score, pattern, service, alike, reasons }, i) => ({ event, time: isoTime(events.time[i]), score: Number(score.toFixed(4)), severity: SEVERITIES[events.severity[i]], service, pattern, message: events.message[i], alike, reasons: reasons.map(({ text, weight }) => ({ text, weight: Number(weight.toFixed(3)) })) }));
}

const COLUMNS = [{ title: 'score', align: 'right' }, { title: 'event', align: 'right' }, { title: 'time' }, { title: 'severity' }, { title: 'service' }, { title: 'alike', align: 'right' }, { title: 'message' }] as const;

function triageText({ rows, events, by }: TriageReply): string {
  if (rows.length === 0) return 'Nothing is left to look at in this range and query.\n';
  const lines = rows.map(({ event, score, service, alike }, i) => [score.toFixed(2), String(event), isoTime(events.time[i]), SEVERITIES[events.severity[i]], service, count(alike), events.message[i].slice(0, 200)]);
  const [head, ...drawn] = table(COLUMNS, lines).trimEnd().split('\n');
  const why = rows.map(({ reasons, score }) => visible(reasonsText(reasons, by === 'model' ? score : 1)));
  return `${[head, ...drawn.flatMap((line, i) => [line, `       ${why[i]}`])].join('\n')}\n`;
}
