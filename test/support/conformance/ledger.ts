/** What a conformance run finds: for each file what its ground truth says and what we make of it. */
import { isDeepStrictEqual } from 'node:util';

export interface Finding {
  /** the file or family it is about, relative to the group's folder */
  file: string;
  /** what is compared: records, times, levels, … */
  what: string;
  /** shortened where it is long; of what differs the first place that does */
  expected: string;
  ours: string;
  ok: boolean;
  /** Why it may differ; '' = it may not. Said also where a rule decides, never silent. */
  exception: string;
}

/** An exception with its reason, where `holds`. */
export interface Excuse {
  holds: boolean;
  reason: string;
}

const MAX_SHOWN = 160;

/** Collects the findings of a group. */
export class Ledger {
  readonly findings: Finding[] = [];
  /** families that the group's folder does not have */
  readonly absent: string[] = [];

  /** Files a comparison; `excuse` says when a difference is no failure. */
  compare(file: string, what: string, expected: unknown, ours: unknown, excuse?: Excuse): void {
    const ok = isDeepStrictEqual(plain(ours), plain(expected));
    const [shownExpected, shownOurs] = ok ? [shown(expected), shown(ours)] : firstDifference(plain(expected), plain(ours), '');
    this.add(file, what, shownExpected, shownOurs, ok, excuse);
  }
  /** Files a verdict that is no comparison of values. */
  add(file: string, what: string, expected: string, ours: string, ok: boolean, excuse?: Excuse): void {
    this.findings.push({ file, what, expected: shown(expected), ours: shown(ours), ok, exception: !ok && excuse?.holds === true ? excuse.reason : '' });
  }
  /** Judges one file; what is thrown counts against it and ends nothing else. */
  async file(file: string, judge: () => void | Promise<void>): Promise<void> {
    try {
      await judge();
    } catch (error) {
      this.add(file, 'reading', 'no error', error instanceof Error ? error.message : String(error), false);
    }
  }
}

/** Without members that are undefined, as JSON has it. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
/** Both sides where they first part, each with the path to it. */
function firstDifference(expected: unknown, ours: unknown, path: string): [string, string] {
  if (isContainer(expected) && isContainer(ours) && Array.isArray(expected) === Array.isArray(ours)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(ours)])) {
      if (!isDeepStrictEqual(expected[key], ours[key])) return firstDifference(expected[key], ours[key], `${path}.${key}`);
    }
  }
  const at = path === '' ? '' : `${path.slice(1)}: `;
  return [at + shown(expected), at + shown(ours)];
}
function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** What was found of a group of the ground truth. */
export interface Group {
  id: string;
  /** false = the folder is not there */
  there: boolean;
  findings: readonly Finding[];
  absent: readonly string[];
}

/** Findings by the file they are about, in the order of the files. */
export function byFile(findings: readonly Finding[]): [string, Finding[]][] {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    const those = files.get(finding.file);
    if (those) those.push(finding);
    else files.set(finding.file, [finding]);
  }
  return [...files];
}
