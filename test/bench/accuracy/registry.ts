/** Every group of targets there is. */
import type { AccuracyGroup } from './line.ts';

export const GROUPS: readonly AccuracyGroup[] = [
];
