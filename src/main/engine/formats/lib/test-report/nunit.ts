/**
 * NUnit XML: version 3 (<test-run> around nested <test-suite> and <test-case>, which name their own times) and version 2
 * (<test-results>, cases with executed, success and time). Inconclusive cases have no result; ignored and explicit ones were skipped.
 */
import { recordLine } from '../decoded-record.ts';
import { isoTime } from '../ci/span-of-time.ts';
import { caseRecord, noCounts, secondsOf, suiteRecord, type CaseStatus, type Counts } from './case-record.ts';
import { addProperty, DETAIL_CHARACTERS, ElementText, otherAttributes, OUTPUT_CHARACTERS } from './element-text.ts';
import { RunningTime } from './running-time.ts';
import type { ElementReader } from './xml-elements.ts';

type Attributes = Readonly<Record<string, string>>;
/** A suite or a case: both hold the same elements. */
interface Part {
  attributes: Attributes;
  properties: Record<string, string>;
  message: ElementText;
  stack: ElementText;
  output: ElementText;
  /** of a suite: its own cases */
  counts: Counts;
  cases: number;
  isCase: boolean;
  clock: RunningTime;
  line: number;
}
const TEXTS: Readonly<Record<string, 'message' | 'stack' | 'output'>> = { message: 'message', 'stack-trace': 'stack', output: 'output' };

export class NunitReader implements ElementReader {
  private readonly parts: Part[] = [];
  private readonly targets: (ElementText | null)[] = [];
  /** names of the open elements */
  private readonly open_: string[] = [];
  private host: string | undefined;
  private started: string | undefined;
  private number = 0;
  private lines: string[] = [];

  open(name: string, attributes: Attributes, line: number): void {
    this.open_.push(name);
    this.targets.push(null);
    const part = this.parts.at(-1);
    if (name === 'test-suite' || name === 'test-case') this.parts.push(this.partOf(name, attributes, line));
    else if (name === 'test-run') this.started = attributes['start-time'];
    else if (name === 'test-results') this.started = attributes.date === undefined ? undefined : `${attributes.date}T${attributes.time ?? '00:00:00'}`;
    else if (name === 'environment') this.host = attributes['machine-name'] ?? this.host;
    else if (part && name === 'property') addProperty(part.properties, attributes.name, attributes.value);
    // NUnit tells a failed assertion again under <assertions>; the first telling has the whole of it.
    else if (part && TEXTS[name] !== undefined && !this.open_.includes('assertions')) this.targets[this.targets.length - 1] = part[TEXTS[name]];
  }
  text(text: string): void {
    this.targets.at(-1)?.add(text);
  }
  close(name: string): void {
    this.open_.pop();
    this.targets.pop();
    if (name !== 'test-suite' && name !== 'test-case') return;
    const part = this.parts.pop();
    if (part) this.lines.push(...(part.isCase ? this.endCase(part) : this.endSuite(part)));
  }
  take(): string[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }

  private partOf(name: string, attributes: Attributes, line: number): Part {
    return {
      attributes, properties: {}, message: new ElementText(DETAIL_CHARACTERS), stack: new ElementText(DETAIL_CHARACTERS), output: new ElementText(OUTPUT_CHARACTERS),
      counts: noCounts(), cases: 0, isCase: name === 'test-case', clock: new RunningTime(attributes['start-time'] ?? this.parts.at(-1)?.clock.began ?? this.started), line,
    };
  }
  private endCase({ attributes, properties, message, stack, output, line }: Part): string[] {
    const suite = this.parts.findLast((part) => !part.isCase);
    const status = statusOf(attributes);
    const seconds = secondsOf(attributes.duration ?? attributes.time);
    if (suite) {
      suite.counts[status]++;
      suite.cases++;
    }
    const own = isoTime(attributes['start-time']);
    return [recordLine(caseRecord({
      tool: 'nunit',
      name: attributes.name || `test ${this.number + 1}`,
      suite: suite?.attributes.fullname ?? suite?.attributes.name,
      path: this.parts.map((part) => part.attributes.name ?? ''),
      className: attributes.classname || undefined,
      status,
      time: own ?? suite?.clock.next(seconds),
      seconds,
      message: message.value ?? attributes.label,
      details: stack.value,
      output: output.value,
      host: this.host,
      place: { 'document.record': ++this.number, 'document.line': line },
      more: {
        ...otherAttributes(attributes, ['name', 'classname', 'duration', 'start-time']),
        properties: Object.keys(properties).length > 0 ? properties : undefined,
      },
    }))];
  }
  private endSuite({ attributes, counts, cases, message, output, properties, clock, line }: Part): string[] {
    if (cases === 0) return [];
    return [recordLine(suiteRecord({
      tool: 'nunit',
      name: attributes.fullname ?? attributes.name ?? 'without a name',
      path: [...this.parts.map((part) => part.attributes.name ?? ''), attributes.name ?? ''],
      counts,
      time: isoTime(attributes['start-time']) ?? clock.began,
      seconds: secondsOf(attributes.duration ?? attributes.time),
      host: this.host,
      message: counts.fail > 0 ? undefined : attributes.result === 'Failed' ? message.value : undefined,
      output: output.value,
      place: { 'document.line': line },
      more: { ...otherAttributes(attributes, ['name', 'fullname', 'duration', 'start-time']), properties: Object.keys(properties).length > 0 ? properties : undefined },
    }))];
  }
}

function statusOf(attributes: Attributes): CaseStatus {
  const result = (attributes.result ?? '').toLowerCase();
  if (/^(?:passed|success|warning)$/.test(result)) return 'pass';
  if (/^(?:failed|failure|error|notrunnable|cancelled)$/.test(result)) return 'fail';
  if (/^(?:skipped|ignored|explicit)$/.test(result) || attributes.executed === 'False') return 'skip';
  if (result === '' && attributes.success !== undefined) return attributes.success === 'True' ? 'pass' : 'fail';
  return 'unknown';
}
