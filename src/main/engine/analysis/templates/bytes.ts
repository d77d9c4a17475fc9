/** Classes of bytes, for cutting messages into chunks. Bytes of other scripts than ASCII count as letters. */
function table(characters: RegExp): Uint8Array {
  const out = new Uint8Array(256);
  for (let c = 0; c < 256; c++) if (c > 127 || characters.test(String.fromCharCode(c))) out[c] = 1;
  return out;
}
/** What chunks are made of; everything else that is not blank delimits. */
export const CHUNK = table(/[\w.\-$%\\+*#~&?!^`/]/);
export const DIGIT = table(/[0-9]/).fill(0, 128);
/** letters that are also digits of hexadecimal numbers */
export const HEX_LETTER = table(/[a-fA-F]/).fill(0, 128);
export const LETTER = table(/[A-Za-z]/);
