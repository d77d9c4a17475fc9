/** Windows times as ISO 8601 UTC text. */
import { JsonOutput } from './json-output.ts';

/** days from 1601-01-01 to 1970-01-01 */
const EPOCH_DAYS = 134774;

/** The day written last: records of a chunk nearly all share it. */
let knownDay = -1;
const day = new JsonOutput();

/**
 * A FILETIME (100 ns since 1601 UTC) as YYYY-MM-DDThh:mm:ss.ffffffZ; a seventh digit is written where it is not 0, so that nothing
 * is lost and yet the text is that of other tools, which cut it off.
 */
export function writeFiletime(out: JsonOutput, high: number, low: number): void {
  // Long division by 10^7 in steps that a double holds exactly.
  let rest = high % 1e7;
  let seconds = Math.floor(high / 1e7);
  for (const part of [low >>> 16, low & 0xffff]) {
    const current = rest * 65536 + part;
    const quotient = Math.floor(current / 1e7);
    seconds = seconds * 65536 + quotient;
    rest = current - quotient * 1e7;
  }
  const date = Math.floor(seconds / 86400);
  if (date !== knownDay) {
    day.at = 0;
    writeDate(day, date - EPOCH_DAYS);
    knownDay = date;
  }
  out.reserve(40);
  for (let i = 0; i < day.at; i++) out.bytes[out.at++] = day.bytes[i];
  const ofDay = seconds - date * 86400;
  writeClock(out, Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60, ofDay % 60);
  const micro = Math.floor(rest / 10);
  out.number(micro, 6);
  if (rest !== micro * 10) out.number(rest - micro * 10);
  out.byte(90);
}

/** A SYSTEMTIME: eight 16-bit numbers, of which the third is the day of the week. */
export function writeSystemtime(out: JsonOutput, view: DataView, at: number): void {
  const part = (index: number): number => view.getUint16(at + index * 2, true);
  out.number(part(0), 4);
  out.byte(45);
  out.number(part(1), 2);
  out.byte(45);
  out.number(part(3), 2);
  out.byte(84);
  writeClock(out, part(4), part(5), part(6));
  out.number(part(7) * 1000, 6);
  out.byte(90);
}

function writeClock(out: JsonOutput, hours: number, minutes: number, seconds: number): void {
  out.number(hours, 2);
  out.byte(58);
  out.number(minutes, 2);
  out.byte(58);
  out.number(seconds, 2);
  out.byte(46);
}

/** Days since 1970 as YYYY-MM-DDT. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function writeDate(out: JsonOutput, days: number): void {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const ofEra = z - era * 146097;
  const yearOfEra = Math.floor((ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36524) - Math.floor(ofEra / 146096)) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * ofYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  out.number(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
  out.byte(45);
  out.number(month, 2);
  out.byte(45);
  out.number(ofYear - Math.floor((153 * shifted + 2) / 5) + 1, 2);
  out.byte(84);
}
