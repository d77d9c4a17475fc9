import type { AlertRuleEdit } from '../../../../shared/alert.ts';

const BASE: Omit<AlertRuleEdit, 'name' | 'metric' | 'operator' | 'threshold' | 'window' | 'level'> = { series: '', windows: 'sliding', hold: 0, query: '', groupBy: '', noData: 'ok', channels: ['notice', 'log'], enabled: true };

/** The rules that each new case has. They can be changed, switched off and removed like any other. */
export const DEFAULT_RULES: readonly AlertRuleEdit[] = [
  { ...BASE, name: 'High Error Rate', metric: 'error_rate', operator: '>', threshold: 5, window: 60, level: 'WARNING' },
  { ...BASE, name: 'Critical Errors', metric: 'error_rate', operator: '>', threshold: 20, window: 30, level: 'CRITICAL' },
  { ...BASE, name: 'High P99 Latency', metric: 'latency_p99', operator: '>', threshold: 500, window: 60, level: 'WARNING' },
  { ...BASE, name: 'Critical Latency', metric: 'latency_p99', operator: '>', threshold: 1000, window: 30, level: 'CRITICAL' },
  { ...BASE, name: 'Error Spike', metric: 'error_count', operator: '>', threshold: 100, window: 60, level: 'WARNING' },
  { ...BASE, name: 'Low Throughput', metric: 'total_requests', operator: '<', threshold: 10, window: 300, level: 'INFO' },
];
