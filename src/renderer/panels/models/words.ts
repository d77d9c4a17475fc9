/** What figures of a model say, in words. */
import type { ModelVersion, TriageState } from '../../../shared/contract/models.ts';
import { formatCount, formatWholePercent } from '../../ui/numbers.ts';

export function percent(value: number | null): string {
  return value === null ? 'none' : formatWholePercent(value);
}

/** "rounds 40, min leaf 2" */
export function parametersText(parameters: Readonly<Record<string, number>>): string {
  return Object.entries(parameters).map(([name, value]) => `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${value}`).join(', ');
}

/** How good a model is, in one sentence. */
export function figuresSentence({ figures: { n, measuredOn, rocAuc } }: ModelVersion): string {
  if (rocAuc === null) return 'How good it is cannot be told yet';
  return `${percent(rocAuc)} of pairs in the right order, on ${formatCount(n)} ${measuredOn === 'marked' ? 'marked events' : 'events'} it had not seen (guessing: 50 %)`;
}

/** What has to be borne in mind with the figures, a sentence each. */
export function cautions({ figures: { measuredOn, apart }, lineage: { relevant, notRelevant, background, importedFrom } }: ModelVersion): string[] {
  return [
    importedFrom === '' ? '' : 'It was trained in another case: the figures are of that one.',
    apart ? '' : 'All marks of one kind are of one pattern, so events alike were on both sides: the figures flatter. Mark events of other patterns too.',
    measuredOn === 'all' ? `Only ${formatCount(notRelevant)} events are marked not relevant, so ${formatCount(background)} at random stand in for them; some of those may be relevant.` : background > 0 ? `${formatCount(background)} events at random were learned from as well, as not relevant with little weight; the figures are of marked ones only.` : '',
    relevant < 15 ? `${formatCount(relevant)} relevant events are few: figures of so few are rough.` : '',
  ].filter(Boolean);
}

/** What pressing the button would do, or what is missing. */
export function trainTitle({ versions, marksSince, tooFew }: TriageState): string {
  if (tooFew !== '') return tooFew;
  if (versions.every(({ current }) => !current)) return 'Learn from the marks, choosing among kinds of models by cross-validation';
  return marksSince === 0 ? 'No mark is new since the last training' : `Learn from ${formatCount(marksSince)} marks that are new or changed too`;
}
