/** When a forecast goes beyond a limit, and whether what the methods would have said before is good enough to say so. */
import type { Scope } from '../../../../shared/contract/scope.ts';
import type { TrendReply } from '../../../../shared/contract/trends.ts';
import type { Finding } from '../../../../shared/finding.ts';
import { formatValue, measureOf } from '../../../../shared/measure.ts';
import { formatDuration } from '../../../../shared/numbers.ts';
import { COMBINATION } from './forecaster.ts';

const DETECTOR = 'forecast';
/** Looking back from fewer moments says too little. */
const LEAST_ORIGINS = 3;

type Told = Pick<TrendReply, 'title' | 'measured' | 'start' | 'step' | 'values' | 'origins' | 'methods' | 'forecast'>;

/** What a share cannot go beyond; null when the series is none, or goes beyond it already. */
export function ownLimit({ measured, values }: Pick<Told, 'measured' | 'values'>): number | null {
  const { kind, perSecond } = measureOf(measured);
  if (perSecond || (kind !== 'percent' && kind !== 'ratio')) return null;
  const limit = kind === 'percent' ? 100 : 1;
  return values.every((value) => !(value > limit || value < 0)) ? limit : null;
}

/** @param subject tells the series apart from others, for marks of people */
export function crossing(told: Told, limit: number, subject: string, scope: Scope, quieted: ReadonlySet<string>): { finding: Finding | null; note: string } {
  const { forecast, values, origins, methods, title, step, measured } = told;
  const last = values.findLast(Number.isFinite);
  if (!forecast || last === undefined) return { finding: null, note: '' };
  const measure = measureOf(measured);
  const shown = formatValue(limit, measure);
  const rising = last < limit;
  const beyond = (line: Float64Array): number => line.findIndex((value) => (rising ? value >= limit : value <= limit));
  const wide = forecast.intervals.find(({ level }) => level === 0.95);
  const at = beyond(forecast.values);
  const soonest = wide ? beyond(rising ? wide.upper : wide.lower) : -1;
  const latest = wide ? beyond(rising ? wide.lower : wide.upper) : -1;
  const away = (k: number): string => formatDuration((k + 1) * step);
  const span = formatDuration(forecast.values.length * step);
  if (at < 0) return { finding: null, note: `The forecast stays ${rising ? 'below' : 'above'} ${shown} for ${span}${soonest >= 0 ? `; the interval of 95 % reaches it in ${away(soonest)}` : ''}.` };
  const own = methods.find(({ id }) => id === forecast.method);
  const naive = methods.find(({ id }) => id === 'naive');
  if (origins < LEAST_ORIGINS || !own || !naive) return { finding: null, note: `The forecast reaches ${shown} in about ${away(at)}, but the series is too short to look back from ${LEAST_ORIGINS} moments, so nothing is made of it.` };
  if (!(own.mae < naive.mae)) return { finding: null, note: `The forecast reaches ${shown} in about ${away(at)}, but looking back it would have been no better than the last value (mean error ${formatValue(own.mae, measure)} against ${formatValue(naive.mae, measure)}), so nothing is made of it.` };
  const gain = 1 - own.mae / naive.mae;
  const like = `${DETECTOR}:limit:${subject}`;
  return {
    note: '',
    finding: {
      key: `${like}:${limit}:${forecast.start}`, like, detector: DETECTOR,
      title: `${title} reaches ${shown} in about ${away(at)}`,
      why: `It is ${formatValue(last, measure)} now and ${rising ? 'rises' : 'falls'} to ${shown} within ${away(at)} by the forecast${soonest >= 0 ? `, in ${away(soonest)} at the earliest${latest >= 0 ? ` and ${away(latest)} at the latest` : ''} (95 %)` : ''}; from ${origins} earlier moments the same forecast was wrong by ${formatValue(own.mae, measure)} on average, the last value by ${formatValue(naive.mae, measure)}.`,
      evidence: [
        { label: 'limit', value: shown }, { label: 'last value', value: formatValue(last, measure) }, { label: 'method', value: own.id === COMBINATION ? 'combination' : own.title },
        { label: 'mean error looking back', value: formatValue(own.mae, measure) }, { label: 'better than the last value by', value: `${Math.round(gain * 100)} %` },
      ],
      severity: latest >= 0 ? 'high' : 'medium', score: Math.min(1, Math.max(0, gain)), from: scope.from ?? told.start, to: forecast.start,
      scope: { query: scope.query, from: Math.max(told.start, forecast.start - forecast.values.length * step), to: forecast.start }, events: [], quieted: quieted.has(like),
    },
  };
}
