/** Messages of a WebSocket as lines. */
import { undecodable } from '../../formats/lib/undecodable.ts';
import { checkedLines, type Check } from '../lib/json-schema.ts';
import { BodyError, recordsOf, type PostedRecord } from '../lib/json-records.ts';

const LF = 10;
const END = Buffer.from('\n');

/** A message is one JSON object, one a line, or a list of them; what is none of these becomes a dead letter with the reason. */
export function jsonMessage(message: Buffer, check: Check | null): { lines: Buffer; count: number; refused: string } {
  let records: PostedRecord[];
  try {
    records = recordsOf(message);
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    const refused = `A message was refused: ${error.message.replace(/^The body/, 'The message')}`;
    return { lines: Buffer.from(undecodable(refused, NaN, message)), count: 1, refused };
  }
  return { lines: checkedLines(check, records).lines, count: records.length, refused: '' };
}

/** A message is lines of the format that was chosen. */
export function textMessage(message: Buffer): { lines: Buffer; count: number } {
  if (message.length === 0) return { lines: message, count: 0 };
  let count = message[message.length - 1] === LF ? 0 : 1;
  for (let at = message.indexOf(LF); at >= 0; at = message.indexOf(LF, at + 1)) count++;
  return { lines: message[message.length - 1] === LF ? message : Buffer.concat([message, END]), count };
}
