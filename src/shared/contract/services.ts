/** How services fare over a range: requests, errors, latency, health by stated rules, objectives, outages and events of high risk. */
import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { run } from './analysis.ts';
import { call } from './rpc.ts';
import { scope } from './scope.ts';

const share = z.number().min(0).max(1);
const milliseconds = z.number().positive().max(86_400_000);

/** When a service is not healthy. Rates are 0..1. */
export const healthRules = z.object({
  degradedErrorRate: share.default(0.05),
  degradedP99Ms: milliseconds.default(500),
  unhealthyErrorRate: share.default(0.2),
  unhealthyP99Ms: milliseconds.default(1000),
  /** silent = no event for so many times its usual pause, while other services go on */
  silentFactor: z.number().min(2).max(1000).default(10),
  /** fewer requests say nothing */
  leastRequests: z.number().int().min(1).max(100_000).default(10),
  /** one error among few requests is no rate */
  leastErrors: z.number().int().min(1).max(100_000).default(3),
});
export type HealthRules = z.infer<typeof healthRules>;

/** What a service promises: so much of its requests without error, and so much of them within a time. */
export const objective = z.object({ availability: z.number().min(0).max(0.999_999).default(0.999), latencyMs: milliseconds.default(500), latencyShare: z.number().min(0).max(0.999_999).default(0.95) });
export type Objective = z.infer<typeof objective>;

export const serviceSettings = z.object({
  rules: healthRules.default(healthRules.parse({})),
  objective: objective.default(objective.parse({})),
  /** objectives of single services, in place of the common one */
  services: z.record(z.string().max(1000), objective).default({}).refine((services) => Object.keys(services).length <= 1000, 'at most 1000 services may have objectives of their own'),
});
export type ServiceSettings = z.infer<typeof serviceSettings>;

export type HealthState = 'healthy' | 'degraded' | 'unhealthy' | 'silent' | 'unknown';

export interface ServiceObjective extends Objective {
  /** share of requests without error */
  reached: number;
  /** failed requests that the objective allows in the range, and how many there were */
  allowed: number;
  failed: number;
  /** share of the error budget that is left; below 0 = it is overspent */
  left: number;
  /** how many times faster than allowed the budget is spent: over the range, and in its worst hour */
  burn: number;
  worst: { from: number; to: number; burn: number } | null;
  /** share of its minutes with requests that met the availability, and how many minutes there were */
  uptime: number;
  minutes: number;
  /** share of the requests with a latency that were fast enough; null = none tells one */
  fast: number | null;
  /** whether both are met */
  met: boolean;
}

export interface ServiceRow {
  /** '' = events that name none */
  service: string;
  events: number;
  /** events that are errors, requests or not */
  errors: number;
  requests: number;
  /** requests that are errors */
  failed: number;
  /** what the error rate and the objective are a share of: a service without requests is measured by its events */
  basis: 'requests' | 'events';
  errorRate: number;
  /** milliseconds over its requests, within 2 %; null when none tells one */
  latency: { count: number; p50: number; p95: number; p99: number; max: number } | null;
  /** of the basis, from its first to its last event */
  perSecond: number;
  first: number;
  last: number;
  health: HealthState;
  why: string;
  /** outages of it, those that are not listed as well, and how long they are together */
  outages: number;
  outageTime: number;
  /** by bucket of the range: how many of the basis, and how many of them are errors */
  line: { total: Uint32Array; errors: Uint32Array };
  objective: ServiceObjective;
  /** its slowest requests */
  slowest: { event: number; time: number; ms: number }[];
}

/** A stretch in which a service was not healthy. */
export interface Outage extends Finding {
  service: string;
  state: 'degraded' | 'unhealthy' | 'silent';
}
/** What adds to a risk, 0..1 each. */
export interface RiskPart {
  part: 'severity' | 'indicator' | 'rule' | 'rare';
  value: number;
  why: string;
}
/** Events of one kind that are worth a look; its score is the risk. */
export interface RiskFinding extends Finding {
  service: string;
  count: number;
  parts: RiskPart[];
}

/** How long things took until they were noticed, taken up and over; microseconds, NaN where there is nothing to tell it from. */
export interface Recovery {
  /** outages that ended inside the range, and how long they took on average */
  outages: number;
  outageMean: number;
  /** outages in which an alert fired for the service or for all, and how long after their start on average */
  noticed: number;
  noticedMean: number;
  /** alerts of the range that somebody acknowledged, and how long after they were raised on average */
  acknowledged: number;
  acknowledgedMean: number;
  /** investigations that were resolved, and how long that took after they were opened */
  investigations: number;
  investigated: number;
}

export interface ServicesReply {
  from: number;
  to: number;
  /** microseconds of a minute of the answer: longer than one where the range is so long, or there are so many services */
  step: number;
  buckets: number;
  settings: ServiceSettings;
  /** worst health first */
  services: ServiceRow[];
  /** services there are beyond those */
  more: number;
  /** worst first */
  outages: Outage[];
  outagesMore: number;
  /** highest first */
  risks: RiskFinding[];
  recovery: Recovery;
  /** events that could not be read, because the case file is damaged there */
  unreadable: number;
}

/** Services, outages and kinds of events that are told. */
export const MOST_SERVICES = 500;
export const MOST_OUTAGES = 500;
export const MOST_RISKS = 200;

export const services = {
  /** from/to null = the believable range of the case. */
  get: call(z.object({ scope, buckets: z.number().int().min(1).max(500).default(60), run })).returns<ServicesReply>(),
  /** Of this case. */
  settings: call(z.object({})).returns<ServiceSettings>(),
  setSettings: call(z.object({ settings: serviceSettings })).returns<ServiceSettings>(),
};
