/**
 * JUnit XML, in the dialects of its many writers (Surefire, Gradle, pytest, jest-junit, PHPUnit, gotestsum, Bazel, googletest, ctest):
 * <testsuites> and <testsuite>, nested or not, around <testcase>. A case has failed when it holds a failure or error, was skipped when
 * it holds skipped (or its status says so), else it passed.
 *
 * Times: cases with a timestamp of their own have that; else the suite's, plus what the cases before it took, because they run one after
 * the other unless the writer says otherwise. Suites without a timestamp have none.
 */
import { recordLine } from '../decoded-record.ts';
import { caseRecord, noCounts, secondsOf, suiteRecord, type CaseStatus, type Counts } from './case-record.ts';
import { addProperty, DETAIL_CHARACTERS, ElementText, otherAttributes, OUTPUT_CHARACTERS } from './element-text.ts';
import { RunningTime } from './running-time.ts';
import type { ElementReader } from './xml-elements.ts';

type Attributes = Readonly<Record<string, string>>;
interface Suite {
  name: string;
  attributes: Attributes;
  properties: Record<string, string>;
  output: ElementText;
  error: ElementText;
  counts: Counts;
  cases: number;
  clock: RunningTime;
  host: string | undefined;
  line: number;
}
interface Case {
  attributes: Attributes;
  properties: Record<string, string>;
  output: ElementText;
  details: ElementText;
  message: string | undefined;
  type: string | undefined;
  failed: boolean;
  skipped: boolean;
  /** tries that did not count: flakyFailure, rerunFailure, … */
  tries: number;
  line: number;
}

const FAILED = /^(?:fail|failed|failure|error|errored|broken)$/i;
const SKIPPED = /^(?:skip|skipped|disabled|notrun|ignored|pending|suppressed|todo)$/i;

export class JunitReader implements ElementReader {
  private readonly suites: Suite[] = [];
  private test: Case | null = null;
  private number = 0;
  private lines: string[] = [];
  /** where the text of the innermost elements goes; the element's depth below the case or suite decides when it ends */
  private readonly targets: (ElementText | null)[] = [];
  /** the innermost property that holds its value as text */
  private property: { name: string; value: ElementText } | null = null;

  open(name: string, attributes: Attributes, line: number): void {
    this.targets.push(this.begin(name, attributes, line));
  }
  text(text: string): void {
    this.targets.at(-1)?.add(text);
  }
  close(name: string): void {
    this.targets.pop();
    if (name === 'testcase' && this.test) this.endCase(this.test);
    else if ((name === 'testsuite' || name === 'testsuites') && !this.test) this.endSuite();
    else if (name === 'property' && this.property) {
      addProperty(this.test?.properties ?? this.suites.at(-1)?.properties ?? {}, this.property.name, this.property.value.value);
      this.property = null;
    }
  }
  take(): string[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }

  private begin(name: string, attributes: Attributes, line: number): ElementText | null {
    if (this.test) return this.inCase(this.test, name, attributes);
    switch (name) {
      case 'testsuites':
      case 'testsuite':
        return this.beginSuite(name, attributes, line);
      case 'testcase':
        this.test = {
          attributes, properties: {}, output: new ElementText(OUTPUT_CHARACTERS), details: new ElementText(DETAIL_CHARACTERS), message: undefined, type: undefined,
          failed: false, skipped: false, tries: 0, line,
        };
        return null;
      case 'property':
        return this.beginProperty(attributes);
      case 'system-out':
      case 'system-err':
        return this.suites.at(-1)?.output ?? null;
      case 'error':
      case 'failure':
        // Of the suite itself: it could not be set up.
        this.suites.at(-1)?.error.add(attributes.message ?? '');
        return this.suites.at(-1)?.error ?? null;
      default:
        return null;
    }
  }
  private beginSuite(element: string, attributes: Attributes, line: number): null {
    const around = this.suites.at(-1);
    this.suites.push({
      name: attributes.name ?? (element === 'testsuite' ? (attributes.package ?? `suite ${this.suites.length}`) : ''),
      attributes, properties: {}, output: new ElementText(OUTPUT_CHARACTERS), error: new ElementText(DETAIL_CHARACTERS), counts: noCounts(), cases: 0,
      // A suite without a time of its own begins with the one around it.
      clock: new RunningTime(attributes.timestamp ?? around?.clock.began), host: attributes.hostname ?? around?.host, line,
    });
    return null;
  }
  private beginProperty(attributes: Attributes): ElementText | null {
    if (attributes.value === undefined && attributes.name !== undefined) {
      this.property = { name: attributes.name, value: new ElementText(10_000) };
      return this.property.value;
    }
    addProperty(this.test?.properties ?? this.suites.at(-1)?.properties ?? {}, attributes.name, attributes.value);
    return null;
  }

  private inCase(test: Case, name: string, attributes: Attributes): ElementText | null {
    switch (name) {
      case 'failure':
      case 'error':
        if (!test.failed) {
          test.message = attributes.message;
          test.type = attributes.type;
        } else {
          test.details.newline();
          if (attributes.message !== undefined) test.details.add(`${attributes.message}\n`);
        }
        test.failed = true;
        return test.details;
      case 'skipped':
        test.skipped = true;
        test.message ??= attributes.message;
        return test.details;
      case 'rerunFailure':
      case 'rerunError':
      case 'flakyFailure':
      case 'flakyError':
        test.tries++;
        test.details.newline();
        test.details.add(`${name}: ${attributes.message ?? ''}\n`);
        return test.details;
      case 'stackTrace':
        test.details.newline();
        return test.details;
      case 'system-out':
      case 'system-err':
        test.output.newline();
        return test.output;
      case 'property':
        return this.beginProperty(attributes);
      default:
        return this.targets.at(-1) ?? null;
    }
  }

  private endCase(test: Case): void {
    this.test = null;
    const suite = this.suites.at(-1);
    const { attributes, message, type, details, output, properties, tries } = test;
    const status = statusOf(test);
    const seconds = secondsOf(attributes.time ?? attributes.duration);
    if (suite) {
      suite.counts[status]++;
      suite.cases++;
    }
    this.lines.push(recordLine(caseRecord({
      tool: 'junit',
      name: attributes.name || attributes.id || `test ${this.number + 1}`,
      suite: suite?.name || undefined,
      path: this.path(),
      className: attributes.classname || attributes.class || undefined,
      status,
      time: suite ? suite.clock.next(seconds, attributes.timestamp) : new RunningTime(attributes.timestamp).began,
      seconds,
      message: message || undefined,
      type: type || undefined,
      details: details.value,
      output: output.value,
      file: attributes.file || suite?.attributes.file || suite?.attributes.filepath,
      line: attributes.line,
      host: suite?.host,
      place: { 'document.record': ++this.number, 'document.line': test.line },
      more: {
        ...otherAttributes(attributes, ['name', 'classname', 'class', 'time', 'file', 'line']),
        tries: tries > 0 ? tries : undefined,
        properties: Object.keys(properties).length > 0 ? properties : undefined,
      },
    })));
  }
  private path(): string[] {
    return this.suites.map(({ name }) => name).filter((name) => name !== '');
  }

  private endSuite(): void {
    const path = this.path();
    const suite = this.suites.pop();
    if (!suite) return;
    const message = suite.error.value;
    // Suites that only hold suites say nothing of their own.
    if (suite.cases === 0 && message === undefined && (suite.name === '' || this.number > 0)) return;
    const { attributes, counts, properties } = suite;
    this.lines.push(recordLine(suiteRecord({
      tool: 'junit',
      name: suite.name || 'without a name',
      path,
      counts,
      time: suite.clock.began,
      seconds: secondsOf(attributes.time),
      host: suite.host,
      message,
      output: suite.output.value,
      place: { 'document.line': suite.line },
      more: { ...otherAttributes(attributes, ['name', 'time']), properties: Object.keys(properties).length > 0 ? properties : undefined },
    })));
  }
}

function statusOf({ failed, skipped, attributes }: Case): CaseStatus {
  if (failed) return 'fail';
  if (skipped) return 'skip';
  for (const word of [attributes.status, attributes.result]) {
    if (word === undefined) continue;
    if (FAILED.test(word)) return 'fail';
    if (SKIPPED.test(word)) return 'skip';
  }
  return 'pass';
}
