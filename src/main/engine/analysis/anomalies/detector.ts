/** What a detector of anomalies in a series is. One file each, all of them in registry.ts. */

export interface Series {
  /** microseconds UTC, rising, at a steady step */
  times: Float64Array;
  /** NaN = nothing is known of that time */
  values: Float64Array;
  /** microseconds between two rows */
  step: number;
}

/** A row with this score and more has the detector's vote; every detector places its own bar there. */
export const VOTE = 0.5;

export interface Judgement {
  /** 0..1 a row, NaN where the detector cannot say anything */
  scores: Float64Array;
  /** what it has to say of a row, with the numbers */
  why(row: number): string;
}
interface Abstention {
  /** why this series is not for this detector */
  abstains: string;
}

export interface Detector {
  id: string;
  title: string;
  /** what it looks for, in one sentence for people, with where it comes from */
  explain: string;
  /** it judges each row by the rows before it alone */
  pastOnly: boolean;
  /** it takes its time, so it is asked only about series in which a quick one saw something */
  slow: boolean;
  /** the same for the same series */
  judge(series: Series): Judgement | Abstention;
}

/** Any measure of oddness (0 = none) as a score that is VOTE where the measure reaches the detector's bar. */
export function scoreAt(measure: number, bar: number): number {
  if (!(measure > 0)) return 0;
  return measure === Infinity ? 1 : measure / (measure + bar);
}

/** A number for people: three digits that count. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  return size >= 1000 && size < 1e15 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
