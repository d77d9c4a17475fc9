/**
 * Objectives of a service: what is left of its error budget and how fast it is spent. Burn rate as in the Site Reliability Workbook
 * (Beyer et al. 2018, chapter 5): the error rate divided by the one that the objective allows; 1 spends the budget exactly in the range.
 */
import type { Objective, ServiceObjective } from '../../../../shared/contract/services.ts';
import { CELL, sliding, type Minute } from './tallies.ts';

const HOUR = 3600e6;

export interface ObjectiveInput {
  minutes: readonly Minute[];
  basis: 'requests' | 'events';
  /** of the range; and microseconds of a minute */
  from: number;
  step: number;
  /** fewer requests in an hour say nothing of how fast the budget is spent */
  least: number;
}

export function objectiveOf({ minutes, basis, from, step, least }: ObjectiveInput, objective: Objective): ServiceObjective {
  const of = basis === 'requests' ? CELL.requests : CELL.events;
  const bad = basis === 'requests' ? CELL.failed : CELL.errors;
  const allowedRate = 1 - objective.availability;
  let total = 0;
  let failed = 0;
  let timed = 0;
  let late = 0;
  let busy = 0;
  let up = 0;
  for (const { cell } of minutes) {
    total += cell[of];
    failed += cell[bad];
    timed += cell[CELL.timed];
    late += cell[CELL.late];
    if (cell[of] === 0) continue;
    busy++;
    if (cell[bad] / cell[of] <= allowedRate) up++;
  }
  const size = Math.max(1, Math.round(HOUR / step));
  let worst: ServiceObjective['worst'] = null;
  sliding(minutes, size, (end, cell) => {
    if (cell[of] < least || cell[bad] === 0) return;
    const burn = cell[bad] / cell[of] / allowedRate;
    if (worst === null || burn > worst.burn) worst = { from: Math.max(from, from + (end + 1 - size) * step), to: from + (end + 1) * step, burn };
  });
  const reached = total === 0 ? Number.NaN : 1 - failed / total;
  const fast = timed === 0 ? null : 1 - late / timed;
  return {
    ...objective, reached, allowed: total * allowedRate, failed, left: total === 0 ? 1 : 1 - failed / (total * allowedRate), burn: total === 0 ? 0 : failed / total / allowedRate, worst,
    uptime: busy === 0 ? Number.NaN : up / busy, minutes: busy, fast, met: !(reached < objective.availability) && (fast === null || fast >= objective.latencyShare),
  };
}
