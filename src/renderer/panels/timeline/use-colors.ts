import { useSyncExternalStore } from 'react';
import { severityColors } from '../../ui/severity.tsx';
import type { TimelineColors } from './window-option.ts';

let cached: { key: string; colors: TimelineColors } | null = null;

function read(): TimelineColors {
  const style = getComputedStyle(document.documentElement);
  const one = (name: string): string => style.getPropertyValue(name).trim();
  const colors: TimelineColors = { severity: severityColors(), text: one('--text-dim'), line: one('--line'), lineStrong: one('--line-strong') };
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
export function useColors(): TimelineColors {
  return useSyncExternalStore(subscribe, read);
}
