// @vitest-environment jsdom
import { fireEvent, renderHook } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { COMMANDS, useCommand } from '../state/commands.ts';
import { createResolver, isTyping, strokeOf, useShortcutKeys } from './keys.ts';
import { SHORTCUTS } from './shortcuts.ts';

const stroke = (key: string, change: Partial<KeyboardEvent> = {}) => strokeOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...change });

describe('shortcuts', () => {
  it('has every command once, and no key twice', () => {
    expect(SHORTCUTS.map((shortcut) => shortcut.id).sort()).toEqual([...COMMANDS].sort());
    const keys = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
  it('has the keys that were promised', () => {
    const promised = { 'query.focus': '/', 'view.palette': 'mod+k', 'event.next': 'j', 'event.previous': 'k', 'hit.previous': '[', 'hit.next': ']', 'event.pin': 'p', 'event.note': 'n', 'value.include': 'f', 'range.zoom': 'z', 'range.back': 'shift+z', 'view.shortcuts': '?' };
    for (const [id, key] of Object.entries(promised)) expect(SHORTCUTS.find((shortcut) => shortcut.id === id)?.keys, id).toContain(key);
  });
  it('no single key hides the start of a sequence', () => {
    const starts = new Set(SHORTCUTS.flatMap((shortcut) => shortcut.keys).filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0]));
    expect(SHORTCUTS.flatMap((shortcut) => shortcut.keys).filter((keys) => starts.has(keys))).toEqual([]);
  });
});

describe('strokes', () => {
  it('writes strokes as the table does', () => {
    expect(stroke('K', { ctrlKey: true })).toBe('mod+k');
    expect(stroke('k', { metaKey: true })).toBe('mod+k');
    expect(stroke('Z', { shiftKey: true })).toBe('shift+z');
    expect(stroke('?', { shiftKey: true })).toBe('?');
    expect(stroke('Home', { ctrlKey: true })).toBe('mod+home');
  });
  it('waits for the letter after g, but not for ever', () => {
    const keys = createResolver();
    expect(keys.resolve('g', 0)).toEqual([]);
    expect(keys.resolve('e', 1000).map((shortcut) => shortcut.id)).toEqual(['go.events']);
    expect(keys.resolve('g', 2000)).toEqual([]);
    expect(keys.resolve('f', 9000).map((shortcut) => shortcut.id)).toEqual(['value.include']);
    expect(keys.resolve('g', 10_000)).toEqual([]);
    expect(keys.resolve('z', 10_100).map((shortcut) => shortcut.id)).toEqual(['range.zoom']);
  });
  it('ends a sequence before the list that has the focus, and leaves the list its keys otherwise', () => {
    document.body.innerHTML = '<div id="list" tabindex="0"></div>';
    const list = document.getElementById('list');
    if (!list) throw new Error('no list');
    const own: string[] = [];
    const ran = vi.fn();
    list.addEventListener('keydown', (event) => {
      if (!['k', 'p'].includes(event.key)) return;
      own.push(event.key);
      event.stopPropagation();
    });
    renderHook(() => {
      useShortcutKeys();
      useCommand('go.correlation', ran);
    });
    const press = (key: string) => fireEvent.keyDown(list, { key });
    press('g');
    press('k');
    expect([ran.mock.calls.length, own]).toEqual([1, []]);
    press('k');
    press('p');
    expect([ran.mock.calls.length, own]).toEqual([1, ['k', 'p']]);
  });
  it('knows where one types', () => {
    document.body.innerHTML = '<input id="text"><input id="box" type="checkbox"><textarea id="area"></textarea><div class="cm-editor"><b id="query"></b></div><button id="button"></button>';
    const typing = (id: string) => isTyping(document.getElementById(id));
    expect([typing('text'), typing('area'), typing('query'), typing('box'), typing('button')]).toEqual([true, true, true, false, false]);
  });
});
