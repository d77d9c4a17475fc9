/** Turns key events into commands by the table of shortcuts. */
import { useEffect } from 'react';
import { runCommand } from '../state/commands.ts';
import type { CommandId } from '../state/commands.ts';
import { SHORTCUTS } from './shortcuts.ts';
import type { Shortcut } from './shortcuts.ts';

/** How long after `g` its letter is waited for, in milliseconds. */
const SEQUENCE_MS = 1500;

/** One stroke as the table writes it: "mod+shift+k", "?", "escape". */
export function strokeOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key.toLowerCase();
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('mod');
  if (event.altKey) parts.push('alt');
  // Shift is part of what a symbol is ("?"), and a modifier of letters and named keys.
  if (event.shiftKey && (event.key.length > 1 || /^\p{L}$/u.test(event.key))) parts.push('shift');
  return [...parts, key].join('+');
}

export interface KeyResolver {
  /** The shortcuts a stroke ends a sequence of, begun with a pending `g`; none when nothing is pending. */
  complete(stroke: string, at: number): Shortcut[];
  /** The shortcuts a stroke stands for now (after a pending `g` or not), most specific first. */
  resolve(stroke: string, at: number): Shortcut[];
}
/** Remembers the first stroke of a sequence. */
export function createResolver(table: readonly Shortcut[] = SHORTCUTS): KeyResolver {
  let pending = '';
  let pendingAt = -Infinity;
  const starts = new Set(table.flatMap((shortcut) => shortcut.keys.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0])));
  const complete = (stroke: string, at: number): Shortcut[] => {
    const sequence = pending !== '' && at - pendingAt <= SEQUENCE_MS ? `${pending} ${stroke}` : '';
    const found = sequence ? table.filter((shortcut) => shortcut.keys.includes(sequence)) : [];
    if (found.length > 0) pending = '';
    return found;
  };
  return {
    complete,
    resolve(stroke, at) {
      const found = complete(stroke, at);
      if (found.length > 0) return found;
      pending = '';
      if (starts.has(stroke)) {
        pending = stroke;
        pendingAt = at;
      }
      return table.filter((shortcut) => shortcut.keys.includes(stroke));
    },
  };
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest('.cm-editor')) return true;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
/** Lists, menus, grids and tabs use arrows and Escape themselves while they have the focus, menus letters too. */
function ownsKeys(target: EventTarget | null, stroke: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (!/^(arrow(up|down|left|right)|escape|home|end)$/.test(stroke)) return Boolean(target.closest('[role="menu"],[role="combobox"]'));
  return Boolean(target.closest('[role="menu"],[role="listbox"],[role="combobox"],[role="tablist"],[role="radiogroup"],[role="slider"],[role="grid"],[role="tree"],[role="dialog"]'));
}

/** Installs the key handling for the life of the component. */
export function useShortcutKeys(): void {
  useEffect(() => {
    const resolver = createResolver();
    const listen = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return;
      const stroke = strokeOf(event);
      const typing = isTyping(event.target);
      const dialog = document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
      if (!typing && ownsKeys(event.target, stroke)) return;
      const candidates = typing || dialog ? SHORTCUTS.filter((shortcut) => shortcut.inText === true && shortcut.keys.includes(stroke)) : resolver.resolve(stroke, event.timeStamp);
      if (dialog && !candidates.some((shortcut) => shortcut.id === 'view.palette')) return;
      if (candidates.some((shortcut) => runCommand(shortcut.id satisfies CommandId))) event.preventDefault();
    };
    // Before the lists: their own k, j and p are not meant after a g.
    const first = (event: KeyboardEvent): void => {
      if (event.isComposing || isTyping(event.target)) return;
      if (!resolver.complete(strokeOf(event), event.timeStamp).some((shortcut) => runCommand(shortcut.id satisfies CommandId))) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', first, { capture: true });
    window.addEventListener('keydown', listen);
    return () => {
      window.removeEventListener('keydown', first, { capture: true });
      window.removeEventListener('keydown', listen);
    };
  }, []);
}
