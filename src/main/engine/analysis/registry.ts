/** Every analysis there is, by the name it is asked for with. */
import { backtest, drawAlert, evaluateRules } from './alerts/alerts.ts';
import type { Analyses } from './analysis.ts';
import { findAnomalies } from './anomalies/find.ts';
import { followCase } from './anomalies/follow.ts';
import { findCorrelations, trySequence } from './correlation/find.ts';
import { forecastTrend } from './forecast/trends.ts';
import { patternDetail } from './templates/detail.ts';
import { listPatterns } from './templates/list.ts';
import { triageAnalyses } from './models/triage/analyses.ts';
import { rankCauses } from './root-cause/rank.ts';
import { services } from './services/services.ts';
import { statisticsAnalyses } from './statistics/analyses.ts';
import { checkRules, compileRules, correlateCase, detect, matchSegments, tryRules } from './sigma/case-analyses.ts';
import { entityPage } from './threat/entity-page.ts';
import { threatOverview } from './threat/overview.ts';

export const ANALYSES: Analyses = {
  'alerts.evaluate': evaluateRules,
  'alerts.backtest': backtest,
  'alerts.draw': drawAlert,
  'anomalies.find': findAnomalies,
  'anomalies.follow': followCase,
  'correlation.find': findCorrelations,
  'correlation.try': trySequence,
  'trends.forecast': forecastTrend,
  'patterns.list': listPatterns,
  'patterns.detail': patternDetail,
  ...triageAnalyses,
  'root-cause.rank': rankCauses,
  'services.get': services,
  ...statisticsAnalyses,
  'sigma.check': checkRules,
  'sigma.compile': compileRules,
  'sigma.correlate': correlateCase,
  'sigma.detect': detect,
  'sigma.match': matchSegments,
  'sigma.try': tryRules,
  'threat.overview': threatOverview,
  'threat.entity': entityPage,
};
