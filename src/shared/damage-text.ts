/** What a salvage lost and what a check found, in sentences: the window and the command line say the same. */
import type { CheckReport, SalvageAccount } from './contract/cases.ts';

const grouped = new Intl.NumberFormat('en-US');
const plural = (n: number, one: string, many = `${one}s`): string => `${grouped.format(n)} ${n === 1 ? one : many}`;
/** Stretches of one source that are told one by one. */
const MAX_RANGES = 5;

/** In one sentence. */
export function salvageSummary({ events, sources }: SalvageAccount): string {
  if (events.lost === 0) return `All ${plural(events.kept, 'event')} could be read.`;
  const again = sources.filter(({ readable }) => readable).reduce((sum, { lost }) => sum + lost, 0);
  const where = again === 0 ? 'None of them can be read again by themselves.' : again === events.lost ? 'They can be read again from their files.' : `${grouped.format(again)} of them can be read again from their files.`;
  return `${plural(events.kept, 'event')} kept, ${grouped.format(events.lost)} lost. ${where}`;
}

/** What is missing, a sentence or two each; empty when nothing is. */
export function salvageLosses(account: SalvageAccount): string[] {
  const { events, segments, sources, tables, stranded } = account;
  return [
    ...(segments.lost > 0 ? [`${plural(segments.lost, 'group')} of up to 4,096 events ${segments.lost === 1 ? 'was' : 'were'} left out: ${segments.reasons.map(({ reason, segments: n }) => `${reason} (${grouped.format(n)})`).join('; ')}.`] : []),
    ...(segments.unverified > 0 ? [`${plural(segments.unverified, 'group')} ${segments.unverified === 1 ? 'is' : 'are'} kept whose checksums are lost: compare records of theirs with the source before you rely on them.`] : []),
    ...(events.lost > 0 && segments.lost === 0 ? ['What held the lost events is gone from the file.'] : []),
    ...sources.map(sourceLoss),
    ...tables.map(({ title, kept, lost }) => `Of the ${title} at least ${grouped.format(lost)} ${lost === 1 ? 'is' : 'are'} lost; ${grouped.format(kept)} ${kept === 1 ? 'is' : 'are'} kept.`),
    ...(stranded > 0 ? [`${plural(stranded, 'pin or note', 'pins and notes')} ${stranded === 1 ? 'is' : 'are'} about lost events.`] : []),
  ];
}

function sourceLoss({ path, kept, lost, ranges, readable }: SalvageAccount['sources'][number]): string {
  const shown = ranges.slice(0, MAX_RANGES).map(({ from, to }) => `${grouped.format(from)} to ${grouped.format(to)}`).join(', ');
  const more = ranges.length > MAX_RANGES ? ` and ${grouped.format(ranges.length - MAX_RANGES)} more stretches` : '';
  const where = ranges.length === 0 ? 'It is not known where they stood.' : `They stood in bytes ${shown}${more}.`;
  return `${path}: ${plural(lost, 'event')} lost, ${grouped.format(kept)} kept. ${where} ${readable ? 'Continue the source to read them again.' : 'They cannot be read again by themselves; read the file into a case of its own.'}`;
}

/** In one sentence. */
export function checkSummary({ ok, segments, eventsDamaged }: CheckReport): string {
  if (!ok) return eventsDamaged > 0 ? `The case is damaged: ${plural(eventsDamaged, 'event')} cannot be trusted.` : 'The case is damaged.';
  const unchecked = segments.total - segments.checked;
  return unchecked === 0 ? 'The case is whole: all events are what was written.' : `The case can be read whole. ${plural(unchecked, 'group')} of events from before checksums were kept could only be read, not compared.`;
}
