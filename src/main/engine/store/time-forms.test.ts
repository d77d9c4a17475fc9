import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIME_FORM_COUNT, TIME_FORM_LENGTHS, TimeWriter } from './time-forms.ts';

const decoder = new TextDecoder();
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What each form is, by way of Date. */
function spell(form: number, us: number): string {
  const date = new Date(Math.floor(us / 1e6) * 1000);
  const iso = date.toISOString().slice(0, 19);
  const micros = String(us - Math.floor(us / 1e6) * 1e6).padStart(6, '0');
  const clock = iso.slice(11);
  if (form === 6) return `${MONTHS[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${clock}`;
  if (form === 7) return `${iso.slice(8, 10)}/${MONTHS[date.getUTCMonth()]}/${iso.slice(0, 4)}:${clock}`;
  const separated = form < 3 ? iso : iso.replace('T', ' ');
  return [separated, `${separated}.${micros.slice(0, 3)}`, `${separated}.${micros}`][form % 3];
}

/** Whole microseconds that a double holds exactly, with the second changed by one still among them. */
const instants = fc.integer({ min: -9_007_199_253, max: 9_007_199_253 }).chain((second) => fc.integer({ min: 0, max: 999_999 }).map((micros) => second * 1e6 + micros));

describe('forms of times', () => {
  it('spell what Date spells', () => {
    const writer = new TimeWriter();
    fc.assert(
      fc.property(fc.array(instants, { minLength: 1, maxLength: 5 }), fc.nat(TIME_FORM_COUNT - 1), (times, form) => {
        for (const us of times) {
          const out = new Uint8Array(TIME_FORM_LENGTHS[form]);
          writer.write(form, us, out, 0);
          expect(decoder.decode(out)).toBe(spell(form, us));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are not looked for where a double is coarser than a microsecond', () => {
    const text = new TextEncoder().encode('9999-12-31T23:59:59');
    expect(new TimeWriter().formOf(text, 0, text.length, 253_402_300_799e6)).toBe(-1);
  });

  it('are found only where the text is that of the time', () => {
    const writer = new TimeWriter();
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(instants, fc.nat(TIME_FORM_COUNT - 1), fc.nat(30), (us, form, at) => {
        const text = encoder.encode(spell(form, us));
        expect(writer.formOf(text, 0, text.length, us)).toBe(form);
        // A changed byte, a time a second later and a time that is none are not that text.
        const broken = text.slice();
        broken[at % text.length] ^= 1;
        expect(writer.formOf(broken, 0, text.length, us)).toBe(-1);
        expect(writer.formOf(text, 0, text.length, us + 1e6)).toBe(-1);
        expect(writer.formOf(text, 0, text.length, Number.NaN)).toBe(-1);
      }),
    );
  });
});
