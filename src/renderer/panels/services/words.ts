/** Numbers of services in words. Pure. */
import type { HealthState, ServiceObjective, ServiceRow } from '../../../shared/contract/services.ts';
import { formatCount, formatPercent } from '../../ui/numbers.ts';

export const HEALTH_TITLES: Readonly<Record<HealthState, string>> = { healthy: 'Healthy', degraded: 'Degraded', unhealthy: 'Unhealthy', silent: 'Silent', unknown: 'Too few' };
export type ServiceOrder = 'health' | 'errors' | 'slowest';

/** '' for what is not known. */
export function percent(share: number | null): string {
  return share === null || Number.isNaN(share) ? '' : formatPercent(share);
}
/** Milliseconds as they are read: "0.42", "12.3", "1,883". */
export function ms(value: number): string {
  return value >= 100 ? formatCount(Math.round(value)) : String(Number(value.toPrecision(3)));
}
/** What is left of an error budget: "82 % left", or how many times over it was spent. */
export function budgetWords({ left, allowed, failed }: Pick<ServiceObjective, 'left' | 'allowed' | 'failed'>): string {
  if (failed === 0) return 'nothing spent';
  if (left >= 0) return `${percent(left)} left`;
  return allowed > 0 ? `spent ${times(failed / allowed)}` : 'spent';
}
export function times(value: number): string {
  return `${value >= 100 ? formatCount(Math.round(value)) : value.toPrecision(2)} times`;
}
export function serviceName(service: string): string {
  return service === '' ? '(no service)' : service;
}

/** Rows of a tab, most telling first; the engine gives them by health. */
export function ordered(rows: readonly ServiceRow[], order: ServiceOrder): ServiceRow[] {
  const sorted = [...rows];
  if (order === 'errors') return sorted.filter(({ errors }) => errors > 0).sort((a, b) => b.errors - a.errors);
  if (order === 'slowest') return sorted.filter(({ latency }) => latency !== null).sort((a, b) => (b.latency?.p95 ?? 0) - (a.latency?.p95 ?? 0));
  return sorted;
}

/** "12 services: 1 unhealthy, 2 degraded, 9 healthy" */
export function summaryOf(rows: readonly ServiceRow[], more: number): string {
  const counts = new Map<HealthState, number>();
  for (const { health } of rows) counts.set(health, (counts.get(health) ?? 0) + 1);
  const parts = (['unhealthy', 'silent', 'degraded', 'healthy', 'unknown'] as const).flatMap((state) => (counts.has(state) ? [`${formatCount(counts.get(state) ?? 0)} ${state === 'unknown' ? 'with too few events' : state}`] : []));
  const n = rows.length + more;
  return `${formatCount(n)} ${n === 1 ? 'service' : 'services'}: ${parts.join(', ')}${more > 0 ? `, ${formatCount(more)} not listed` : ''}`;
}

/** Bars of an error rate: the height of each, 0..1 of `HEIGHT`; null = nothing happened. */
export function barsOf({ line: { total, errors } }: Pick<ServiceRow, 'line'>): (number | null)[] {
  return Array.from(total, (n, i) => (n === 0 ? null : errors[i] / n));
}
