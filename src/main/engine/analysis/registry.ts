/** Every analysis there is, by the name it is asked for with. */
import type { Analyses } from './analysis.ts';

export const ANALYSES: Analyses = {
};
