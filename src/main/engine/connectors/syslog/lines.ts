/** Writes messages as the lines that the format syslog reads: time and address of arrival, and the message as it was sent. */

const LF = 10;
const END = Buffer.from('\n');
const FOLD = Buffer.from('\n\t');

/**
 * @param received milliseconds UTC
 * @param sender an IP address; an IPv4 address written as IPv6 becomes an IPv4 one
 */
export function asLines(messages: readonly Buffer[], sender: string, received: number): Buffer {
  const envelope = Buffer.from(`${new Date(received).toISOString()} ${sender.replace(/^::ffff:(?=\d+\.)/i, '')} `);
  const parts: Buffer[] = [];
  for (const message of messages) parts.push(envelope, ...folded(message), END);
  return Buffer.concat(parts);
}

/** A line break inside a message is followed by a tab: no sender can begin a line of its own. */
function folded(message: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (let newline = message.indexOf(LF); newline >= 0; newline = message.indexOf(LF, at)) {
    parts.push(message.subarray(at, newline), FOLD);
    at = newline + 1;
  }
  parts.push(message.subarray(at));
  return parts;
}
