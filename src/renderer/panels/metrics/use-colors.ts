import { sourceVar } from '../../ui/source-mark.tsx';
import { themeColors } from '../../ui/theme-colors.ts';
import type { ChartColors } from './chart-option.ts';

const LINES = 8;

export const useColors: () => ChartColors = themeColors((one) => ({
  lines: Array.from({ length: LINES }, (_, index) => one(sourceVar(index + 1).slice('var('.length, -1))),
  text: one('--text-dim'), strong: one('--text'), ground: one('--ground'), line: one('--line'), lineStrong: one('--line-strong'),
}));
