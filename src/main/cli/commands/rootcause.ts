import { EVIDENCE_PARTS, type CauseEvidence, type RootCauseReply, type Suspect } from '../../../shared/contract/root-cause.ts';
import { readTime } from '../../../shared/query/time-text.ts';
import { UsageError } from '../arguments.ts';
import { JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { isoOrNull, isoTime } from '../event-rows.ts';
import { withProgress } from '../findings.ts';
import { table, visible } from '../output.ts';
import { openToRead } from '../scope.ts';

export const rootcause: Command = {
  name: 'rootcause',
  usage: 'rootcause CASE [--at T] [--normal FROM..TO] [--json]',
  summary: 'Ranks services by how much of what changed they explain: steps of requests that came or went, delays, failures, metrics, changes nearby.',
  details:
    'T is when it started, as a time or in seconds since 1970; without it the case is searched for when it did. What came before is compared with what\n' +
    'came after; --normal names another time to compare with. The evidence says what was seen and does not prove a cause.\n' +
    'JSON: {"at","at_from","at_why","services":[{"service","score","rank","parts","evidence":[{"kind","text","score","at","from","to","query","events"}],"explains"}],\n' +
    '"impact":{"performance","cost","security","business"},"changes":[{"time","what","text","services","event"}],"notes"}.',
  options: { at: { value: 'T', help: 'when it started' }, normal: { value: 'FROM..TO', help: 'a time that was normal' }, ...JSON_OPTION },
  async run(args, context) {
    const [file] = args.positionals;
    if (file === undefined) throw new UsageError('CASE is missing.');
    const read = (text: string, name: string): number => timeOf(text, name, context.now);
    const at = args.values.at === undefined ? null : read(args.values.at, '--at');
    const normal = args.values.normal === undefined ? null : periodOf(args.values.normal, read);
    const engine = await openToRead(file, context);
    const reply = await withProgress(engine, context, async (run) => await engine.handlers.rootCause.rank({ at, normal, run }, { signal: context.signal }));
    if (context.json) await context.out.json(replyObject(reply));
    else await context.out.text(replyText(reply));
    return 0;
  },
};

/** A time as people write it, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size. */
function timeOf(text: string, name: string, now: number): number {
  if (/^\d{9,19}(?:\.\d{1,9})?$/.test(text)) {
    const digits = text.split('.')[0].length;
    return Math.round(Number(text) * (digits <= 11 ? 1e6 : digits <= 14 ? 1e3 : digits <= 17 ? 1 : 1e-3));
  }
  const result = readTime(text, { zone: 'UTC', now });
  if (!result.ok) throw new UsageError(`${name}: ${result.message}`);
  return result.span.from;
}
function periodOf(text: string, read: (text: string, name: string) => number): { from: number; to: number } {
  const [from, to, more] = text.split('..');
  if (!from || !to || more !== undefined) throw new UsageError('--normal is FROM..TO.');
  const period = { from: read(from, '--normal'), to: read(to, '--normal') };
  if (period.to <= period.from) throw new UsageError('--normal ends before it begins.');
  return period;
}

function replyObject({ at, atFrom, atWhy, suspects, impact, changes, notes }: RootCauseReply): object {
  const evidence = ({ kind, text, score, at: when, scope, events }: CauseEvidence): object => ({ kind, text, score: round(score), at: isoOrNull(when), from: isoOrNull(scope?.from ?? null), to: isoOrNull(scope?.to ?? null), query: scope?.query ?? null, events });
  return {
    at: isoOrNull(at), at_from: atFrom, at_why: atWhy,
    services: suspects.map(({ service, score, rank, parts, reasons, explains, quieted }) => ({
      service, score: round(score), rank, parts: Object.fromEntries(EVIDENCE_PARTS.map((part) => [part, round(parts[part])])), evidence: reasons.map(evidence), explains, ...(quieted && { quieted }),
    })),
    impact, changes: changes.map(({ event, time, what, text, services }) => ({ time: isoTime(time), what, text, services, event })), notes,
  };
}
function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

const COLUMNS = [{ title: 'rank', align: 'right' }, { title: 'score', align: 'right' }, { title: 'logs', align: 'right' }, { title: 'traces', align: 'right' }, { title: 'metrics', align: 'right' }, { title: 'change', align: 'right' }, { title: 'service' }] as const;
const EXPLAINED = 3;

function replyText({ at, atWhy, suspects, more, impact, changes, notes }: RootCauseReply): string {
  const lines = [at === null ? 'It is not known when it started.' : `It started at ${isoTime(at)} (${visible(atWhy)}).`, ''];
  const cell = (value: number): string => (value < 0.005 ? '' : value.toFixed(2));
  if (suspects.length > 0) lines.push(table(COLUMNS, suspects.map(({ rank, score, parts, service, quieted }) => [String(rank), score.toFixed(2), ...EVIDENCE_PARTS.map((part) => cell(parts[part])), `${service}${quieted ? ' (marked wrong)' : ''}`])));
  if (more > 0) lines.push(`${more} more are less likely.`, '');
  for (const suspect of suspects.slice(0, EXPLAINED)) lines.push(suspectText(suspect));
  for (const [axis, sentences] of Object.entries(impact)) lines.push(`${axis}: ${sentences.map(visible).join(' ')}`);
  if (changes.length > 0) lines.push('', 'Changes nearby:', ...changes.slice(0, 10).map(({ time, what, text }) => `  ${isoTime(time)}  ${what}  ${visible(text.split('\n', 1)[0].slice(0, 160))}`));
  if (notes.length > 0) lines.push('', ...notes.map(visible));
  return `${lines.join('\n')}\n`;
}
function suspectText({ rank, service, reasons, explains }: Suspect): string {
  const felt = explains.length === 0 ? '' : `\n  It explains what ${explains.slice(0, 6).map(visible).join(', ')} show${explains.length === 1 ? 's' : ''}.`;
  return `${rank}. ${visible(service)}\n${reasons.slice(0, 4).map(({ text, at }) => `  ${visible(text)}${at === null ? '' : ` Since ${isoTime(at)}.`}`).join('\n')}${felt}\n`;
}
