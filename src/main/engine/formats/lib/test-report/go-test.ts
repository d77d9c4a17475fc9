/**
 * `go test -json` (test2json): lines of {"Time","Action","Package","Test","Output","Elapsed"}. One event for each test that ended (at the
 * time it began), one for each package, one for each build that failed; the output of a test stands with it. Tests that never
 * ended are told at the end, without a result. Lines that are no JSON (what the go command prints itself) are events with their text.
 *
 * Memory: the tests that run, at most MAX_OPEN of them, and OUTPUT_CHARACTERS of output for each, ALL_CHARACTERS for all.
 */
import { recordLine, type DecodedRecord } from '../decoded-record.ts';
import { isObject, numberAt, textAt, type JsonObject } from '../json-access.ts';
import { undecodable } from '../undecodable.ts';
import { caseRecord, noCounts, suiteRecord, type CaseStatus, type Counts } from './case-record.ts';

const MAX_OPEN = 50_000;
const OUTPUT_CHARACTERS = 100_000;
const ALL_CHARACTERS = 64 << 20;

const ENDS: Readonly<Record<string, CaseStatus>> = { pass: 'pass', fail: 'fail', skip: 'skip' };
/** Lines that test2json repeats from the frame around a test's own output. */
const FRAME = /^\s*(?:=== (?:RUN|PAUSE|CONT|NAME)\b|--- (?:PASS|FAIL|SKIP|BENCH):)/;

interface Running {
  time: string | undefined;
  output: string[];
  characters: number;
  cut: boolean;
  counts: Counts;
  line: number;
}

/** What an object is that go test wrote: it has an action, and a package or a build. */
export function isGoTest(o: JsonObject): boolean {
  return typeof o.Action === 'string' && (typeof o.Package === 'string' || typeof o.ImportPath === 'string');
}

export class GoTests {
  private readonly running = new Map<string, Running>();
  private characters = 0;
  private number = 0;

  /** The records of a line, none while tests run. `offset`: of its first byte. */
  line(bytes: Uint8Array, offset: number, number: number): string[] {
    const text = new TextDecoder().decode(bytes).replace(/\r$/, '');
    if (text.trim() === '') return [];
    if (!text.trimStart().startsWith('{')) return [recordLine({ message: text, 'event.dataset': 'go-test.text', 'document.line': number })];
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return [undecodable(`Not valid JSON: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`, offset, bytes)];
    }
    if (!isObject(value) || !isGoTest(value)) return [undecodable('This line is no event of go test.', offset, bytes)];
    return this.event(value, number).map(recordLine);
  }

  /** What has not ended when the file does. */
  end(): string[] {
    const lines: string[] = [];
    for (const [key, running] of this.running) {
      const [name, test] = key.split('\n');
      if (test !== '') lines.push(recordLine(this.test(name, test, 'unknown', running, undefined)));
      else if (running.counts.pass + running.counts.fail + running.counts.skip > 0 || running.output.length > 0) lines.push(recordLine(this.suite(name, 'it did not end', running, undefined)));
    }
    this.running.clear();
    return lines;
  }

  private event(o: JsonObject, line: number): DecodedRecord[] {
    const action = textAt(o, 'Action') ?? '';
    const name = textAt(o, 'Package') ?? textAt(o, 'ImportPath') ?? '';
    const test = textAt(o, 'Test') ?? '';
    const key = `${name}\n${test}`;
    const before = this.running.get(key);
    const running = before ?? this.begin(key, textAt(o, 'Time'), line);
    const output = o.Output;
    if (typeof output === 'string' && !FRAME.test(output)) this.keep(running, output);
    const status = ENDS[action];
    if (action === 'build-fail') return [this.buildFailed(key, name, running)];
    if (status === undefined) return [];
    this.forget(key, running);
    const seconds = numberAt(o, 'Elapsed');
    if (test !== '') {
      const suite = this.running.get(`${name}\n`) ?? this.begin(`${name}\n`, undefined, line);
      suite.counts[status]++;
      // Without its 'run' line only the end is known.
      return [this.test(name, test, status, running, seconds)];
    }
    const failed = status === 'fail' && running.counts.fail === 0;
    return [this.suite(name, failed ? (reasonOf(running) ?? 'it failed') : undefined, running, seconds)];
  }

  private begin(key: string, time: string | undefined, line: number): Running {
    const running = { time, output: [], characters: 0, cut: false, counts: noCounts(), line };
    // Past the bound a test is only told when it ends.
    if (this.running.size < MAX_OPEN) this.running.set(key, running);
    return running;
  }
  private forget(key: string, running: Running): void {
    this.running.delete(key);
    this.characters -= running.characters;
  }
  private keep(running: Running, output: string): void {
    if (running.characters + output.length > OUTPUT_CHARACTERS || this.characters + output.length > ALL_CHARACTERS) {
      running.cut = true;
      return;
    }
    running.output.push(output);
    running.characters += output.length;
    this.characters += output.length;
  }

  private test(name: string, test: string, status: CaseStatus, running: Running, seconds: number | undefined): DecodedRecord {
    const output = outputOf(running);
    const said = status === 'pass' ? undefined : reasonOf(running);
    return caseRecord({
      tool: 'go-test', name: test, suite: name, status, time: running.time, seconds, message: said, output,
      service: serviceOf(name), place: { 'document.record': ++this.number, 'document.line': running.line },
    });
  }
  private suite(name: string, message: string | undefined, running: Running, seconds: number | undefined): DecodedRecord {
    return suiteRecord({
      tool: 'go-test', name, counts: running.counts, time: running.time, seconds, message, output: outputOf(running), service: serviceOf(name), place: { 'document.line': running.line },
    });
  }
  private buildFailed(key: string, name: string, running: Running): DecodedRecord {
    this.forget(key, running);
    return {
      message: `Build of ${name} failed: ${reasonOf(running) ?? 'the compiler says nothing'}`, '@timestamp': running.time, 'log.level': 'error', 'event.dataset': 'go-test.build', 'event.outcome': 'failure',
      'service.name': serviceOf(name), 'test.suite.name': name, 'test.case.output': outputOf(running), 'document.line': running.line,
    };
  }
}

function outputOf({ output, cut }: Running): string | undefined {
  const text = output.join('').trimEnd();
  if (text === '') return undefined;
  return cut ? `${text}\n… (more was left out)` : text;
}
/** What a person would read first: the line of a panic, else the first line of output. */
function reasonOf({ output }: Running): string | undefined {
  const lines = output.join('').slice(0, 50_000).split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^(?:FAIL|PASS|ok|#|exit status \d+$)(?:\s|$)/.test(line));
  return lines.find((line) => line.startsWith('panic:')) ?? lines[0];
}
/** The last element of an import path that is a name: example.org/shop/v2 is shop. */
function serviceOf(path: string): string | undefined {
  const parts = path.replace(/ \[.*\]$/, '').split('/').filter((part) => part !== '' && !/^v\d+$/.test(part));
  return parts.at(-1)?.replace(/\.test$/, '');
}
