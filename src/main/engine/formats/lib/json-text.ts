/** Text out of JSON bytes: the slow paths, where strings may be made. */

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** UTF-8 bytes to text; bytes that are not UTF-8 become U+FFFD; a byte order mark is kept as a character. */
export function decodeUtf8(buf: Uint8Array, start: number, end: number): string {
  // TextDecoder costs more to call than a short ASCII text costs to build.
  if (end - start <= 24) {
    let text = '';
    for (let i = start; i < end; i++) {
      if (buf[i] > 127) return decoder.decode(buf.subarray(start, end));
      text += String.fromCharCode(buf[i]);
    }
    return text;
  }
  return decoder.decode(buf.subarray(start, end));
}

/** The text of a JSON string whose inside is buf[start, end). It must be valid: the scanner has been over it. */
export function decodeJsonString(buf: Uint8Array, start: number, end: number): string {
  const text = decodeUtf8(buf, start, end);
  if (!text.includes('\\')) return text;
  const decoded = JSON.parse(`"${text}"`) as string;
  // Half a surrogate pair cannot be stored as UTF-8: it becomes U+FFFD.
  return /\\u[dD]/.test(text) ? decoder.decode(encoder.encode(decoded)) : decoded;
}
