/** What people do with patterns, each undoable; errors are shown, not thrown. */
import type { PatternRow } from '../../../shared/contract/patterns.ts';
import { engine, shell } from '../../client/client.ts';
import { notify, reportError } from '../../state/notices.ts';
import { perform } from '../../state/undo.ts';
import { formatBytes, formatCount } from '../../ui/numbers.ts';
import { patternsCsv } from './rows.ts';

/** Makes one pattern of several; gives its id, null when that failed. */
export async function mergePatterns(patterns: readonly number[]): Promise<number | null> {
  return await change(`Merge ${formatCount(patterns.length)} patterns`, 'Merging the patterns', async () => await engine.patterns.merge({ patterns: [...patterns] }));
}

/** Makes a pattern of its own of some templates of one. */
export async function splitPattern(pattern: number, templates: readonly number[]): Promise<number | null> {
  return await change(`Split ${formatCount(templates.length)} ${templates.length === 1 ? 'template' : 'templates'} off`, 'Splitting the pattern', async () => await engine.patterns.split({ pattern, templates: [...templates] }));
}

async function change(title: string, doing: string, work: () => Promise<{ id: number; pattern: number; text: string }>): Promise<number | null> {
  let made: { id: number; pattern: number; text: string } | null = null;
  try {
    await perform({
      title,
      redo: async () => void (made = await work()),
      undo: async () => void (made && (await engine.patterns.undo({ id: made.id }))),
    });
  } catch (error) {
    reportError(error, doing);
    return null;
  }
  const done = made as { pattern: number; text: string } | null;
  if (done) notify({ title: 'Every count goes by it now', message: done.text.slice(0, 200) });
  return done?.pattern ?? null;
}

/** Takes a merge or a split back. */
export async function takeBack(id: number): Promise<void> {
  try {
    await engine.patterns.undo({ id });
  } catch (error) {
    reportError(error, 'Taking it back');
  }
}

export async function savePatterns(rows: readonly PatternRow[]): Promise<void> {
  try {
    const path = await shell.shell.pickSave({ title: 'Save patterns', suggestion: 'patterns.csv', extensions: ['csv'] });
    if (path === null) return;
    const { bytes } = await shell.shell.writeText({ path, text: patternsCsv(rows) });
    notify({ title: 'Patterns saved', message: `${path} (${formatBytes(bytes)})` });
  } catch (error) {
    reportError(error, 'Saving the patterns');
  }
}
