/** Colours of the theme for what is drawn on a canvas, which knows no variables. */
import { useSyncExternalStore } from 'react';

/** Resolves a custom property of the theme, such as '--text-dim'. */
export type ThemeColor = (name: string) => string;

/** A hook that gives what `read` makes of the theme's colours (plain data); the same object until they change, a new one as soon as they do. */
export function themeColors<T>(read: (color: ThemeColor) => T): () => T {
  let cached: { key: string; colors: T } | null = null;
  const snapshot = (): T => {
    const style = getComputedStyle(document.documentElement);
    const colors = read((name) => style.getPropertyValue(name).trim());
    const key = JSON.stringify(colors);
    if (cached?.key !== key) cached = { key, colors };
    return cached.colors;
  };
  return function useThemeColors(): T {
    return useSyncExternalStore(subscribe, snapshot);
  };
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme', 'style', 'class'] });
  return () => observer.disconnect();
}
