import type { CorrelationKind } from '../../../shared/contract/correlation.ts';

export const KIND_TITLES: Readonly<Record<CorrelationKind, string>> = {
  causal: 'Causal', temporal: 'Temporal', pattern: 'Pattern', anomaly: 'Anomaly', cost: 'Cost', security: 'Security', performance: 'Performance', compliance: 'Compliance',
};
export const KIND_QUESTIONS: Readonly<Record<CorrelationKind, string>> = {
  causal: 'What fails first, and what changed before it?',
  temporal: 'Which services are busy or fail together, and which is ahead?',
  pattern: 'Which messages come together?',
  anomaly: 'What was unusual at the same time?',
  cost: 'What do resources and costs go with?',
  security: 'Which events make an attack when they come one after the other?',
  performance: 'What do slow answers go with?',
  compliance: 'What was done without what should have come before?',
};
