import { useSyncExternalStore } from 'react';
import { sourceVar } from '../../ui/source-mark.tsx';
import type { ChartColors } from './chart-option.ts';

const LINES = 8;
let cached: { key: string; colors: ChartColors } | null = null;

function read(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const one = (name: string): string => style.getPropertyValue(name).trim();
  const lines = Array.from({ length: LINES }, (_, index) => one(sourceVar(index + 1).slice('var('.length, -1)));
  const colors: ChartColors = { lines, text: one('--text-dim'), strong: one('--text'), ground: one('--ground'), line: one('--line'), lineStrong: one('--line-strong') };
  const key = JSON.stringify(colors);
  if (cached?.key !== key) cached = { key, colors };
  return cached.colors;
}
function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme', 'style', 'class'] });
  return () => observer.disconnect();
}

/** The theme's colours as the canvas needs them (resolved, not variables); new ones as soon as the theme changes. */
export function useColors(): ChartColors {
  return useSyncExternalStore(subscribe, read);
}
