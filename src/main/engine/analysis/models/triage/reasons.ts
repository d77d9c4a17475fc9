/** Why a model says what it says of an event, in words: the features that did the most, each as a clause about this event. */
import type { Reason } from '../../../../../shared/contract/models.ts';
import { formatCount, formatDuration } from '../../../../../shared/numbers.ts';
import type { CaseProfile } from './case-profile.ts';
import { NUMERIC, type NumericFeature } from './event-features.ts';

/** What is told of an event besides its numbers. */
export interface ReasonFacts {
  severity: string;
  status: number;
  latencyMs: number;
  /** events of the same pattern, of the case */
  ofPattern: number;
  ofService: number;
  ofHost: number;
  /** microseconds after which the pattern comes back; 0 = never */
  period: number;
  service: string;
  host: string;
  user: string;
  ip: string;
  /** seconds since the pattern was there last */
  silence: number;
}

const LEAST_WEIGHT = 0.04;

export function reasonsOf(contributions: Float64Array, row: Float64Array, names: readonly string[], facts: ReasonFacts, profile: CaseProfile, most: number): Reason[] {
  let total = 0;
  for (const value of contributions) total += Math.abs(value);
  if (total === 0) return [];
  const order = Array.from(contributions, (value, j) => ({ j, weight: value / total })).sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const reasons: Reason[] = [];
  for (const { j, weight } of order) {
    if (reasons.length >= most || Math.abs(weight) < LEAST_WEIGHT) break;
    const text = j < NUMERIC.length ? numericText(NUMERIC[j], row[j], facts, profile) : namedText(names[j], row[j] === 1);
    if (text !== '') reasons.push({ text, weight });
  }
  return reasons;
}

function namedText(name: string, has: boolean): string {
  const at = name.indexOf(':');
  const [kind, value] = [name.slice(0, at), name.slice(at + 1)];
  switch (kind) {
    case 'service':
      return has ? `it is of ${value}` : `it is not of ${value}`;
    case 'host':
      return has ? `it is of host ${value}` : `it is not of host ${value}`;
    case 'level':
      return has ? `its level is ${value}` : `its level is not ${value}`;
    default:
      return has ? `it says "${value}"` : `it does not say "${value}"`;
  }
}

function numericText(feature: NumericFeature, value: number, facts: ReasonFacts, profile: CaseProfile): string {
  const share = (n: number): string => `${formatCount(n)} of ${formatCount(profile.events)} events`;
  switch (feature) {
    case 'severity':
      return `its severity is ${facts.severity}`;
    case 'hour':
      return `it is of ${String(value).padStart(2, '0')}:00 to ${String((value + 1) % 24).padStart(2, '0')}:00 UTC`;
    case 'pattern_rarity':
      return `its pattern has ${share(facts.ofPattern)}`;
    case 'service_rarity':
      return facts.service === '' ? 'it names no service' : `its service has ${share(facts.ofService)}`;
    case 'host_rarity':
      return facts.host === '' ? 'it names no host' : `its host has ${share(facts.ofHost)}`;
    case 'user_rarity':
      return facts.user === '' ? 'it names no user' : `its user has ${share(profile.users.get(facts.user) ?? 1)}`;
    case 'ip_rarity':
      return facts.ip === '' ? 'it names no address' : `its address has ${share(profile.ips.get(facts.ip) ?? 1)}`;
    case 'silence':
      // A time that cannot be believed is before and after nothing.
      if (Number.isNaN(facts.silence)) return '';
      return Number.isFinite(facts.silence) ? `its pattern was last there ${formatDuration(facts.silence * 1e6)} before` : 'its pattern was not there before';
    case 'first':
      return value === 1 ? 'it is the first of its pattern' : 'its pattern was there before';
    case 'status':
      return facts.status === 0 ? 'it has no status' : `its status is ${facts.status}`;
    case 'latency':
      return Number.isNaN(facts.latencyMs) ? 'it has no latency' : `it took ${formatDuration(facts.latencyMs * 1000)}, ${Math.abs(value).toFixed(1)} deviations ${value >= 0 ? 'above' : 'below'} the usual of its service`;
    case 'indicators':
      return value > 0 ? 'it has an indicator' : 'it has no indicator';
    case 'rules':
      return value > 0 ? 'a detection rule hit it' : 'no detection rule hit it';
    case 'burstiness':
      return value > 0.3 ? 'its pattern comes in bursts' : 'its pattern comes evenly';
    case 'active':
      return `its pattern is there in ${Math.max(1, Math.round(value * 100))} % of the time`;
    case 'periodicity':
      return value > 0.4 && facts.period > 0 ? `its pattern comes back every ${formatDuration(facts.period)}` : 'its pattern keeps no beat';
    case 'trend':
      return value > 0 ? 'its pattern grows more frequent' : 'its pattern grows less frequent';
    case 'late':
      return `${Math.round(value * 100)} % of its pattern lies in the last quarter of the time`;
    case 'persistence':
      return value > 0.3 ? 'its pattern comes in runs' : 'its pattern comes singly';
  }
}
