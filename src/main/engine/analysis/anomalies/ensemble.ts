/** All detectors over one series, and what they say of it side by side. */
import type { AnomalyVote } from '../../../../shared/contract/anomalies.ts';
import { VOTE } from './detector.ts';
import type { Detector, Judgement, Series } from './detector.ts';
import { DETECTORS } from './registry.ts';

export interface Stretch {
  /** rows, both included */
  first: number;
  last: number;
  /** the row in which most of it shows */
  peak: number;
  /** mean of the scores of those that judged, 0..1 */
  score: number;
  voters: number;
  judges: number;
  /** one for each detector, in the order of the registry */
  votes: AnomalyVote[];
}

/** At least so many have to vote, and more than half of those that judge. */
const LEAST_VOTERS = 2;
/** What a detector finds odd more often than this is not odd; its bar is wrong for this series, and it has no vote. */
const MOST_ROWS = 0.2;
/** Rows between two votes that still belong together: detectors see the same thing a little earlier or later. */
const GAP = 3;

interface Judged {
  detector: Detector;
  judgement: Judgement | null;
  abstains: string;
}

/** Stretches that most detectors call odd, the strongest first. Deterministic. */
export function findStretches(series: Series, detectors: readonly Detector[] = DETECTORS): Stretch[] {
  const judged: Judged[] = [];
  const seen = (): boolean => judged.some(({ judgement }) => judgement?.scores.some((score) => score >= VOTE));
  const quick = detectors.filter(({ slow }) => !slow).map((detector) => judge(detector, series));
  judged.push(...quick);
  if (quick.length > 0 && !seen()) return [];
  for (const detector of detectors) if (detector.slow) judged.push(judge(detector, series));
  judged.sort((a, b) => detectors.indexOf(a.detector) - detectors.indexOf(b.detector));
  const n = series.values.length;
  const stretches: Stretch[] = [];
  // Rows without a value do not part what belongs together: a metric may be written every twelfth row.
  for (let row = 0, first = -1, last = -1, since = 0; row <= n; row++) {
    const voted = row < n && judged.some(({ judgement }) => judgement !== null && judgement.scores[row] >= VOTE);
    if (voted) {
      if (first < 0) first = row;
      last = row;
      since = 0;
    } else if (row < n && !Number.isNaN(series.values[row])) since++;
    if (first >= 0 && (row === n || since > GAP)) {
      const stretch = stretchOf(judged, first, last);
      if (stretch.voters >= LEAST_VOTERS && 2 * stretch.voters > stretch.judges) stretches.push(stretch);
      first = -1;
    }
  }
  return stretches.sort((a, b) => b.voters - a.voters || b.score - a.score || a.first - b.first);
}

function judge(detector: Detector, series: Series): Judged {
  const said = detector.judge(series);
  if ('abstains' in said) return { detector, judgement: null, abstains: said.abstains };
  let votes = 0;
  let rows = 0;
  for (const score of said.scores) {
    if (Number.isNaN(score)) continue;
    rows++;
    if (score >= VOTE) votes++;
  }
  if (votes > MOST_ROWS * rows) return { detector, judgement: null, abstains: `it would call ${Math.round((100 * votes) / rows)} % of it odd` };
  return { detector, judgement: said, abstains: '' };
}

function stretchOf(judged: readonly Judged[], first: number, last: number): Stretch {
  const total = new Float64Array(last - first + 1);
  const agreeing = new Uint8Array(last - first + 1);
  const votes = judged.map(({ detector, judgement, abstains }): AnomalyVote => {
    const { id, title } = detector;
    if (judgement === null) return { detector: id, title, score: null, voted: false, why: `does not judge this series: ${abstains}` };
    let best = first;
    for (let row = first; row <= last; row++) {
      const score = judgement.scores[row];
      if (score >= VOTE) {
        total[row - first] += score;
        agreeing[row - first]++;
      }
      if (score > judgement.scores[best] || Number.isNaN(judgement.scores[best])) best = row;
    }
    const score = judgement.scores[best];
    const voted = score >= VOTE;
    return { detector: id, title, score: Number.isNaN(score) ? 0 : score, voted, why: voted ? judgement.why(best) : 'nothing unusual' };
  });
  const judges = votes.filter(({ score }) => score !== null);
  let peak = 0;
  for (let i = 1; i < total.length; i++) if (total[i] > total[peak]) peak = i;
  // Those who look back over rows still see it when it is over: it begins and ends where two agree.
  const begins = agreeing.findIndex((votes) => votes >= LEAST_VOTERS);
  return {
    first: first + Math.max(0, begins), last: begins < 0 ? last : first + agreeing.findLastIndex((votes) => votes >= LEAST_VOTERS), peak: first + peak, votes, judges: judges.length, voters: votes.filter(({ voted }) => voted).length,
    score: judges.reduce((sum, { score }) => sum + (score ?? 0), 0) / Math.max(1, judges.length),
  };
}
