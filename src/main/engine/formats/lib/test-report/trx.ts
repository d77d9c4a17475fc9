/**
 * TRX, Visual Studio's and `dotnet test`'s test results: <UnitTestResult> for each case, with its own times. The class of a test stands
 * only in <TestDefinitions> at the document's end, so results wait for it, up to WAITING_CHARACTERS of them; the rest goes without.
 */
import { recordLine } from '../decoded-record.ts';
import { isoTime } from '../ci/span-of-time.ts';
import { caseRecord, type CaseStatus, type TestCase } from './case-record.ts';
import { DETAIL_CHARACTERS, ElementText, otherAttributes, OUTPUT_CHARACTERS } from './element-text.ts';
import type { ElementReader } from './xml-elements.ts';

/** of all that waits, counted as the length of its texts */
const WAITING_CHARACTERS = 32 << 20;
/** what a result takes beside its texts */
const RESULT_CHARACTERS = 1000;

type Attributes = Readonly<Record<string, string>>;
interface Result {
  attributes: Attributes;
  message: ElementText;
  stack: ElementText;
  output: ElementText;
  line: number;
}
const TEXTS: Readonly<Record<string, 'message' | 'stack' | 'output'>> = { Message: 'message', StackTrace: 'stack', StdOut: 'output', StdErr: 'output', DebugTrace: 'output' };
const RESULT = /^(?:UnitTestResult|GenericTestResult|ManualTestResult|WebTestResult|TestResultAggregation)$/;

export class TrxReader implements ElementReader {
  private readonly results: Result[] = [];
  private readonly targets: (ElementText | null)[] = [];
  private waiting: { test: TestCase; id: string }[] = [];
  private waitingCharacters = 0;
  private flushed = false;
  private readonly classes = new Map<string, string>();
  private definition = '';
  private number = 0;
  private user: string | undefined;
  private lines: string[] = [];

  open(name: string, attributes: Attributes, line: number): void {
    this.targets.push(null);
    const result = this.results.at(-1);
    if (RESULT.test(name)) this.results.push({ attributes, message: new ElementText(DETAIL_CHARACTERS), stack: new ElementText(DETAIL_CHARACTERS), output: new ElementText(OUTPUT_CHARACTERS), line });
    else if (result && TEXTS[name] !== undefined) {
      const text = result[TEXTS[name]];
      text.newline();
      this.targets[this.targets.length - 1] = text;
    } else if (name === 'TestRun') this.user = attributes.runUser;
    else if (name === 'UnitTest') this.definition = attributes.id ?? '';
    else if (name === 'TestMethod' && attributes.className !== undefined && this.classes.size < 1_000_000) this.classes.set(this.definition, attributes.className);
  }
  text(text: string): void {
    this.targets.at(-1)?.add(text);
  }
  close(name: string): void {
    this.targets.pop();
    const result = RESULT.test(name) ? this.results.pop() : undefined;
    if (result) this.endResult(result);
    if (name === 'TestRun') this.flush();
  }
  take(): string[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }

  private endResult({ attributes, message, stack, output, line }: Result): void {
    const parent = this.results.at(-1)?.attributes.testName;
    const test: TestCase = {
      tool: 'trx',
      name: attributes.testName || `test ${this.number + 1}`,
      suite: parent,
      status: statusOf(attributes.outcome),
      time: isoTime(attributes.startTime),
      seconds: spanSeconds(attributes.duration),
      message: message.value,
      details: stack.value,
      output: output.value,
      host: attributes.computerName,
      place: { 'document.record': ++this.number, 'document.line': line },
      more: { ...otherAttributes(attributes, ['testName', 'computerName', 'startTime', 'duration']), runUser: this.user },
    };
    this.waiting.push({ test, id: attributes.testId ?? '' });
    this.waitingCharacters += RESULT_CHARACTERS + (test.message ?? '').length + (test.details ?? '').length + (test.output ?? '').length;
    if (this.flushed || this.waitingCharacters > WAITING_CHARACTERS) this.flush();
  }
  end(): void {
    this.flush();
  }
  private flush(): void {
    this.flushed = true;
    for (const { test, id } of this.waiting) this.lines.push(recordLine(caseRecord({ ...test, className: this.classes.get(id) })));
    this.waiting = [];
    this.waitingCharacters = 0;
  }
}

function statusOf(outcome: string | undefined): CaseStatus {
  const word = (outcome ?? '').toLowerCase();
  if (/^(?:passed|passedbutrunaborted|warning|completed)$/.test(word)) return 'pass';
  if (/^(?:failed|error|timeout|aborted|notrunnable)$/.test(word)) return 'fail';
  return /^(?:notexecuted|pending|disconnected)$/.test(word) ? 'skip' : 'unknown';
}
/** Seconds of 'hh:mm:ss.fffffff', with days in front when there are any. */
function spanSeconds(text: string | undefined): number | undefined {
  const match = /^(?:(\d+)\.)?(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? '');
  return match ? Number(match[1] ?? 0) * 86_400 + Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4]) : undefined;
}
