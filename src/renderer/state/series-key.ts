/** What a stored series is called for good. Ids are not kept: a source that is read from its start again gets new ones, and a saved id could come to mean another series. */
import { z } from 'zod';

export const seriesKeySchema = z.object({ source: z.number(), name: z.string(), labels: z.array(z.tuple([z.string(), z.string()]).readonly()).readonly() });
export type SeriesKey = z.infer<typeof seriesKeySchema>;

export function keyOf({ source, name, labels }: SeriesKey): SeriesKey {
  return { source, name, labels };
}
/** The key as one string, the same for the same series. */
export function keyText({ source, name, labels }: SeriesKey): string {
  return JSON.stringify([source, name, labels]);
}
/** All labels, for lists: `code=200 host=a`. */
export function allLabels({ labels }: Pick<SeriesKey, 'labels'>): string {
  return labels.map(([name, value]) => `${name}=${value}`).join(' ');
}
/** Words that find a series: its name and those label values that are stored as they are written (no quotes, no other alphabets). */
export function wordsFor({ name, labels }: SeriesKey): string {
  const words = [name, ...labels.map(([, value]) => value)].filter((word) => /^[\w.:/-]+$/.test(word));
  let text = '';
  for (const word of words.slice(0, 20)) if (text.length + word.length < 480) text += `${word} `;
  return text.trim();
}
