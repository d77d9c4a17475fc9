/** Lanes keep their place while the picture changes under them. */
import type { WindowReply } from '../../../shared/contract/events.ts';

/**
 * The reply with its lanes in the order in which they were first seen. The engine gives the fullest first, which changes with
 * every zoom; eyes that follow one lane must not have to look for it again.
 * @param known keys in order; those of new lanes are added at its end
 */
export function inKnownOrder(reply: WindowReply, known: string[]): WindowReply {
  for (const { key } of reply.lanes) if (!known.includes(key)) known.push(key);
  const place = new Map(known.map((key, index) => [key, index]));
  const lanes = [...reply.lanes].sort((a, b) => (place.get(a.key) ?? 0) - (place.get(b.key) ?? 0));
  return { ...reply, lanes };
}
