// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest';
import { completionsAt, diagnosticsOf } from './language.ts';
import type { CaseWords } from './language.ts';
import { createQueryEditor, setText } from './query-editor.ts';
import { createRecent } from './recent.ts';

const words: CaseWords = {
  fields: () => [{ name: 'service', kind: 'keyword' }, { name: 'severity', kind: 'severity' }, { name: 'k8s.pod', kind: 'keyword' }],
  values: async (field, prefix) => [{ value: `${field}-one`, count: 1200 }, { value: 'two words', count: 3 }].filter((value) => value.value.startsWith(prefix)),
};
const never = new AbortController().signal;

describe('errors', () => {
  it('point into the text', () => {
    for (const text of ['service:api "timed', '(a OR b', 'severity>=loud', 'x:/(/']) {
      const [error] = diagnosticsOf(text);
      expect(error, text).toBeDefined();
      expect(error.from).toBeGreaterThanOrEqual(0);
      expect(error.to).toBeGreaterThan(error.from);
      expect(error.to).toBeLessThanOrEqual(text.length);
      expect(error.message.length).toBeGreaterThan(10);
    }
    expect(diagnosticsOf('service:api "timed out"')).toEqual([]);
    expect(diagnosticsOf('   ')).toEqual([]);
  });
});

describe('completion', () => {
  it('offers fields of the case', async () => {
    const found = await completionsAt('serv', 4, words, never);
    expect(found?.options.map((option) => option.label)).toContain('service');
  });
  it('offers values of the case with their counts, quoted where needed', async () => {
    const found = await completionsAt('service:', 8, words, never);
    expect(found).toMatchObject({ from: 8 });
    expect(found?.options).toContainEqual(expect.objectContaining({ label: 'service-one', detail: '1,200' }));
    expect(found?.options.find((option) => option.label === 'two words')?.apply).toBe('"two words"');
  });
  it('offers nothing inside a phrase', async () => {
    expect(await completionsAt('"timed o', 8, words, never)).toBeNull();
  });
});

describe('the editor', () => {
  function make() {
    const events = { run: vi.fn(), cancel: vi.fn(), recall: vi.fn((): string | null => 'before'), changed: vi.fn() };
    return { events, editor: createQueryEditor(document.body.appendChild(document.createElement('div')), 'error', words, events) };
  }
  const key = (editor: ReturnType<typeof make>['editor'], name: string) => editor.contentDOM.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));

  it('runs on Enter, puts back on Escape, recalls on arrow up', () => {
    const { events, editor } = make();
    key(editor, 'Enter');
    expect(events.run).toHaveBeenCalledWith('error');
    key(editor, 'Escape');
    expect(events.cancel).toHaveBeenCalledTimes(1);
    key(editor, 'ArrowUp');
    expect(events.recall).toHaveBeenCalledWith(-1, 'error');
    expect(editor.state.doc.toString()).toBe('before');
    editor.destroy();
  });
  it('stays one line when lines are pasted', () => {
    const { editor } = make();
    setText(editor, 'a\n  b\nc');
    expect(editor.state.doc.toString()).toBe('a b c');
    editor.destroy();
  });
});

describe('recent queries', () => {
  it('go back to the first and forward to the last', () => {
    const recent = createRecent();
    for (const text of ['a', 'b', '', 'c', 'a']) recent.add(text);
    expect(recent.move(-1, '')).toBe('a');
    expect(recent.move(-1, 'a')).toBe('c');
    expect(recent.move(-1, 'c')).toBe('b');
    expect(recent.move(-1, 'b')).toBeNull();
    expect(recent.move(1, 'b')).toBe('c');
    expect(recent.move(1, 'a')).toBeNull();
    expect(recent.move(1, 'typed')).toBeNull();
  });
});
