/** What a number of a series measures, and how it is written. Pure. */
import type { Series } from './contract/metrics.ts';
import { formatDuration } from './numbers.ts';

export interface Measure {
  kind: 'seconds' | 'bytes' | 'ratio' | 'percent' | 'plain';
  /** turns a value into seconds, bytes or one */
  factor: number;
  /** of plain numbers, as the source writes it; '' = not said */
  unit: string;
  /** values are rates: per second of what the source counts */
  perSecond: boolean;
}

type Known = Pick<Measure, 'kind' | 'factor'>;
const seconds = (factor: number): Known => ({ kind: 'seconds', factor });
const bytes = (factor: number): Known => ({ kind: 'bytes', factor });
/** Spellings of Prometheus, OpenTelemetry (UCUM), Datadog. */
const UNITS: Readonly<Record<string, Known>> = {
  s: seconds(1), sec: seconds(1), second: seconds(1), seconds: seconds(1),
  ms: seconds(1e-3), millisecond: seconds(1e-3), milliseconds: seconds(1e-3),
  us: seconds(1e-6), 'µs': seconds(1e-6), microsecond: seconds(1e-6), microseconds: seconds(1e-6),
  ns: seconds(1e-9), nanosecond: seconds(1e-9), nanoseconds: seconds(1e-9),
  min: seconds(60), minute: seconds(60), minutes: seconds(60), h: seconds(3600), hour: seconds(3600), hours: seconds(3600),
  by: bytes(1), b: bytes(1), byte: bytes(1), bytes: bytes(1),
  kby: bytes(1e3), kilobyte: bytes(1e3), kilobytes: bytes(1e3), kib: bytes(1024), kiby: bytes(1024), kibibyte: bytes(1024), kibibytes: bytes(1024),
  mby: bytes(1e6), megabyte: bytes(1e6), megabytes: bytes(1e6), mib: bytes(2 ** 20), miby: bytes(2 ** 20), mebibyte: bytes(2 ** 20), mebibytes: bytes(2 ** 20),
  gby: bytes(1e9), gigabyte: bytes(1e9), gigabytes: bytes(1e9), gib: bytes(2 ** 30), giby: bytes(2 ** 30),
  ratio: { kind: 'ratio', factor: 1 }, fraction: { kind: 'ratio', factor: 1 },
  '%': { kind: 'percent', factor: 1 }, percent: { kind: 'percent', factor: 1 },
};
/** UCUM names some units by letters alone. */
const NAMES: Readonly<Record<string, string>> = { Cel: '°C', celsius: '°C', K: 'K', '1': '' };
const LONGEST_UNIT = 24;

/** The unit that a name ends in by the Prometheus convention; '' when it ends in none. */
function unitInName(name: string): string {
  const last = /[._]([a-z]+)$/.exec(name.replace(/_(?:total|sum|max|min|avg)$/, ''))?.[1] ?? '';
  return Object.hasOwn(UNITS, last) && last.length > 3 ? last : '';
}

export function measureOf({ name, unit, kind, cumulative }: Pick<Series, 'name' | 'unit' | 'kind' | 'cumulative'>): Measure {
  // The unit of a histogram is that of what was observed; its buckets and its count are numbers of observations.
  const counts = /_(?:bucket|count)$/.test(name) && (kind === 'histogram' || kind === 'summary' || kind === 'untyped');
  if (counts) return { kind: 'plain', factor: 1, unit: '', perSecond: cumulative };
  const said = unit.trim() === '' ? unitInName(name) : unit.trim();
  // "B" is bytes and "b" bits only in some worlds: letters are matched without case, as sources mix them.
  const known = Object.hasOwn(UNITS, said.toLowerCase()) ? UNITS[said.toLowerCase()] : undefined;
  if (known) return { ...known, unit: '', perSecond: cumulative };
  const plain = Object.hasOwn(NAMES, said) ? NAMES[said] : said.replace(/^\{(.*)\}$/, '$1');
  return { kind: 'plain', factor: 1, unit: plain.length > LONGEST_UNIT ? `${plain.slice(0, LONGEST_UNIT)}…` : plain, perSecond: cumulative };
}

const WORDS: Readonly<Record<Exclude<Measure['kind'], 'plain'>, string>> = { seconds: 'seconds', bytes: 'bytes', ratio: 'percent', percent: 'percent' };

/** For the head of the axis: "bytes per second", "connections", "per second"; '' when nothing is known. */
export function axisTitle(measure: Measure): string {
  const what = measure.kind === 'plain' ? measure.unit : WORDS[measure.kind];
  return [what, measure.perSecond ? 'per second' : ''].filter((part) => part !== '').join(' ');
}

const SIZES = [[1e18, 'E'], [1e15, 'P'], [1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']] as const;
const four = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 4, useGrouping: false });

/** At most four digits: 0.0312 -> "0.0312", 1204331 -> "1.204 M", 0.00001 -> "1e-5". */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'no value' : value > 0 ? 'infinite' : '-infinite';
  if (size < 1e-4 || size >= 1e21) return trimExponent(value.toExponential(3));
  for (const [unit, letter] of SIZES) if (size >= unit * 0.99995) return `${four.format(value / unit)} ${letter}`;
  return four.format(value);
}
function trimExponent(text: string): string {
  return text.replace(/\.?0+e/, 'e').replace('e+', 'e');
}

/** A value with its unit, for axes, tooltips and tables: "1.5 MB/s", "340 ms", "12.5 %", "31.2 connections", "800/s". */
export function formatValue(value: number, measure: Measure): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  const scaled = value * measure.factor;
  const rate = measure.perSecond ? '/s' : '';
  switch (measure.kind) {
    case 'seconds':
      // A second counted per second is a share of the time: 0.35 s/s, never "350 ms/s".
      return measure.perSecond ? `${formatNumber(scaled)} s/s` : formatSeconds(scaled);
    case 'bytes': {
      const text = formatNumber(scaled);
      return `${text}${/[A-Z]$/i.test(text) ? '' : ' '}B${rate}`;
    }
    case 'ratio':
      return `${formatNumber(scaled * 100)} %${rate}`;
    case 'percent':
      return `${formatNumber(scaled)} %${rate}`;
    case 'plain':
      return `${formatNumber(scaled)}${measure.unit === '' ? '' : ` ${measure.unit}`}${rate}`;
  }
}
/** Longer units stand in the head of the chart: the axis has no room for them. */
const TICK_UNIT = 5;
/** The same for an axis, with the unit where it is short. */
export function formatTick(value: number, measure: Measure): string {
  return formatValue(value, measure.unit.length > TICK_UNIT ? { ...measure, unit: '' } : measure);
}
function formatSeconds(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0 s';
  if (size < 1e-6) return `${formatNumber(value * 1e9)} ns`;
  if (size < 1e-3) return `${formatNumber(value * 1e6)} µs`;
  if (size < 1) return `${formatNumber(value * 1e3)} ms`;
  return size < 60 ? `${formatNumber(value)} s` : size < 1e11 ? formatDuration(value * 1e6) : `${formatNumber(value)} s`;
}
