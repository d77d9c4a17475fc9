/** Whose a series is: its labels say so, or its name does ("carts_cpu" beside "orders_cpu"). */
import { workloadOf } from '../../formats/lib/workload.ts';
import type { Labels } from '../../metrics/series.ts';

const SERVICE = ['service', 'service_name', 'servicename', 'service.name', 'app', 'app_kubernetes_io_name', 'application', 'job_name'];
const POD = ['pod', 'pod_name', 'podname', 'k8s.pod.name', 'k8s_pod_name', 'kubernetes_pod_name', 'cmdb_id'];
const OTHER = ['container', 'container_name', 'deployment', 'workload', 'instance', 'host', 'hostname', 'node', 'job', 'server'];
const DIVIDERS = /[_./:|]/;

/** By labels; '' when none of them names a service, a pod or a machine. */
export function labelledService(labels: Labels): string {
  const find = (names: readonly string[]): string => {
    for (const name of names) {
      const found = labels.find(([label]) => label.toLowerCase() === name);
      if (found) return found[1];
    }
    return '';
  };
  const service = find(SERVICE);
  if (service !== '') return service;
  const pod = find(POD);
  return pod === '' ? find(OTHER) : workloadOf(pod);
}

/**
 * Divides names that hold both service and metric: the metric is the longest ending that at least two names share behind different
 * beginnings. Names that share none are a service of their own.
 * @returns for each name its service ('' when it shows none) and metric
 */
export function divideNames(names: readonly string[]): { service: string; metric: string }[] {
  const beginnings = new Map<string, Set<string>>();
  const cuts = names.map((name) => {
    const all: { service: string; metric: string }[] = [];
    for (let i = 1; i < name.length - 1 && all.length < 20; i++) {
      if (!DIVIDERS.test(name[i])) continue;
      const cut = { service: name.slice(0, i), metric: name.slice(i + 1) };
      all.push(cut);
      const known = beginnings.get(cut.metric);
      if (known) known.add(cut.service);
      else beginnings.set(cut.metric, new Set([cut.service]));
    }
    return all;
  });
  return cuts.map((all, i) => all.find(({ metric }) => (beginnings.get(metric)?.size ?? 0) > 1) ?? { service: '', metric: names[i] });
}
