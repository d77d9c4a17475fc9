/** When the cases of a suite ran: reports rarely say, but they name the suite's start and how long each case took, in order. */
import { readWritten, writtenText, type WrittenTime } from '../times-between.ts';

export class RunningTime {
  private readonly start: WrittenTime | null;
  private readonly text: string | undefined;
  private passed = 0;

  /** @param started the suite's time as written; undefined, or the beginning of 1970, when nobody knows */
  constructor(started: string | undefined) {
    this.start = readWritten(started);
    this.text = this.start || /^\s*1970-01-01/.test(started ?? '') ? undefined : started;
  }

  /** The suite's own time. */
  get began(): string | undefined {
    return this.start ? writtenText(this.start) : this.text;
  }

  /** The time at which the next case began, which took this long. A case's own time, if it has one, is better. */
  next(seconds: number | undefined, own?: string): string | undefined {
    const written = readWritten(own);
    const at = this.start ? writtenText(this.start, this.passed) : this.text;
    this.passed += (seconds ?? 0) * 1e6;
    return written ? writtenText(written) : at;
  }
}
