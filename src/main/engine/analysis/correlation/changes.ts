/** Changes (commits, releases, pipelines) and what was different after them. */
import { lowerBeta } from '../statistics/special-functions.ts';

export interface Counts {
  errors: Float64Array;
  events: Float64Array;
}
export interface ChangeEffect {
  /** share of events that are errors, before and after */
  before: { errors: number; events: number };
  after: { errors: number; events: number };
  ratio: number;
  /** probability of as many errors or more after it, if nothing had changed */
  p: number;
}

/**
 * Compares the errors of the buckets before a moment with those after it, by how many events there were in each: given n errors in all, those
 * after it are binomial if nothing changed (Przyborowski and Wilenski, "Homogeneity of results in testing samples from Poisson series", 1940).
 * The bucket of the moment itself counts for neither. null when there is too little to tell, or no rise.
 */
export function changeEffect({ errors, events }: Counts, bucket: number, width: number): ChangeEffect | null {
  const sum = (values: Float64Array, from: number, to: number): number => {
    let total = 0;
    for (let i = Math.max(0, from); i < Math.min(values.length, to); i++) total += Number.isNaN(values[i]) ? 0 : values[i];
    return total;
  };
  const before = { errors: sum(errors, bucket - width, bucket), events: sum(events, bucket - width, bucket) };
  const after = { errors: sum(errors, bucket + 1, bucket + 1 + width), events: sum(events, bucket + 1, bucket + 1 + width) };
  if (before.events < 20 || after.events < 20 || after.errors < 5) return null;
  const rateBefore = (before.errors + 0.5) / (before.events + 1);
  const ratio = (after.errors + 0.5) / (after.events + 1) / rateBefore;
  if (ratio < 1.5) return null;
  const n = before.errors + after.errors;
  const p = lowerBeta(after.events / (before.events + after.events), after.errors, n - after.errors + 1);
  return { before, after, ratio, p };
}
