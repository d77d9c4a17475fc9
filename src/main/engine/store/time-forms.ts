/**
 * Spellings of UTC times that follow from the time alone, so that a record need not keep its own: ISO 8601 with no, three or six
 * digits behind the second, RFC 3164, and the common log format. A zone that follows the digits is not part of a form.
 */
const DAY = 86_400e6;
const MONTHS = [...'JanFebMarAprMayJunJulAugSepOctNovDec'].map((c) => c.charCodeAt(0));

/** Bytes of each form. 0..5: ISO with T and with a blank, each with 0, 3 and 6 digits; 6: Mmm dd; 7: dd/Mmm/yyyy. */
export const TIME_FORM_LENGTHS = [19, 23, 26, 19, 23, 26, 15, 20] as const;
export const TIME_FORM_COUNT = TIME_FORM_LENGTHS.length;
const SYSLOG = 6;
const CLF = 7;

export class TimeWriter {
  // The calendar is worked out once a day of log, the clock once a second.
  #day = Number.NaN;
  #second = Number.NaN;
  readonly #digits = new Uint8Array(14);
  #month = 0;
  #dayOfMonth = 0;

  /** Writes a time (whole microseconds UTC within 2^53) into `out` at `at`, as many bytes as TIME_FORM_LENGTHS says. */
  write(form: number, us: number, out: Uint8Array, at: number): void {
    const second = Math.floor(us / 1e6);
    if (second !== this.#second) this.#turn(second);
    const d = this.#digits;
    if (form === SYSLOG) {
      for (let i = 0; i < 3; i++) out[at + i] = MONTHS[this.#month * 3 + i];
      out[at + 3] = 32;
      out[at + 4] = this.#dayOfMonth < 10 ? 32 : d[6];
      out[at + 5] = d[7];
      out[at + 6] = 32;
      this.#clock(out, at + 7);
      return;
    }
    if (form === CLF) {
      out[at] = d[6];
      out[at + 1] = d[7];
      out[at + 2] = out[at + 6] = 47;
      for (let i = 0; i < 3; i++) out[at + 3 + i] = MONTHS[this.#month * 3 + i];
      for (let i = 0; i < 4; i++) out[at + 7 + i] = d[i];
      out[at + 11] = 58;
      this.#clock(out, at + 12);
      return;
    }
    for (let i = 0; i < 4; i++) out[at + i] = d[i];
    out[at + 4] = out[at + 7] = 45;
    out[at + 5] = d[4];
    out[at + 6] = d[5];
    out[at + 8] = d[6];
    out[at + 9] = d[7];
    out[at + 10] = form < 3 ? 84 : 32;
    this.#clock(out, at + 11);
    const places = form % 3 === 0 ? 0 : form % 3 === 1 ? 3 : 6;
    if (places === 0) return;
    out[at + 19] = 46;
    let rest = us - second * 1e6;
    if (places === 3) rest = Math.floor(rest / 1000);
    for (let i = places - 1; i >= 0; i--) {
      out[at + 20 + i] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }

  /** The form in which bytes[start, end) spell the time exactly, or -1. */
  formOf(bytes: Uint8Array, start: number, end: number, us: number): number {
    let form: number;
    switch (end - start) {
      case 19:
        form = 0;
        break;
      case 23:
        form = 1;
        break;
      case 26:
        form = 2;
        break;
      case 15:
        form = SYSLOG;
        break;
      case 20:
        form = CLF;
        break;
      default:
        return -1;
    }
    if (form < 3 && bytes[start + 10] === 32) form += 3;
    // Beyond 2^53 us (the years before 1684 and after 2255) a double is no longer whole microseconds; NaN fails too.
    if (!(Math.abs(us) <= Number.MAX_SAFE_INTEGER)) return -1;
    this.write(form, us, scratch, 0);
    for (let i = end - start - 1; i >= 0; i--) if (scratch[i] !== bytes[start + i]) return -1;
    return form;
  }

  #clock(out: Uint8Array, at: number): void {
    const d = this.#digits;
    out[at] = d[8];
    out[at + 1] = d[9];
    out[at + 2] = out[at + 5] = 58;
    out[at + 3] = d[10];
    out[at + 4] = d[11];
    out[at + 6] = d[12];
    out[at + 7] = d[13];
  }

  #turn(second: number): void {
    this.#second = second;
    const d = this.#digits;
    const day = Math.floor(second / 86_400);
    if (day !== this.#day) {
      this.#day = day;
      const date = new Date((day * DAY) / 1000);
      this.#month = date.getUTCMonth();
      this.#dayOfMonth = date.getUTCDate();
      two(d, 0, Math.floor(date.getUTCFullYear() / 100));
      two(d, 2, date.getUTCFullYear() % 100);
      two(d, 4, this.#month + 1);
      two(d, 6, this.#dayOfMonth);
    }
    const clock = second - day * 86_400;
    two(d, 8, (clock / 3600) | 0);
    two(d, 10, ((clock / 60) | 0) % 60);
    two(d, 12, clock % 60);
  }
}

const scratch = new Uint8Array(32);
function two(digits: Uint8Array, at: number, value: number): void {
  digits[at] = 48 + ((value / 10) | 0);
  digits[at + 1] = 48 + (value % 10);
}
