/** Every analysis there is, by the name it is asked for with. */
import type { Analyses } from './analysis.ts';
import { services } from './services/services.ts';

export const ANALYSES: Analyses = {
  'services.get': services,
};
