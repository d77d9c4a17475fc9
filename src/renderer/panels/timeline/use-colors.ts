import { severityColors } from '../../ui/severity.tsx';
import { themeColors } from '../../ui/theme-colors.ts';
import type { TimelineColors } from './window-option.ts';

export const useColors: () => TimelineColors = themeColors((one) => ({ severity: severityColors(), text: one('--text-dim'), line: one('--line'), lineStrong: one('--line-strong') }));
