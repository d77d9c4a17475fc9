/** Who may write into a case over a port: programs of this machine, or who shows the connection's token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { FatalError } from '../connector.ts';
import { Refusal } from './bodies.ts';
import { isLoopback } from './listen.ts';

export const tokenField = z.string().max(1000).default('')
  .meta({ title: 'Token', description: 'Senders must show it as "Authorization: Bearer TOKEN". Needed for every address but 127.0.0.1. It is not kept in the case.', secret: true });

/** What the connection's cursor says when there was a token: it is not kept, and must not be forgotten silently. */
const WITH_TOKEN = 'token';

/** The cursor of a connection that receives: it has no place, only this to remember. */
export function tokenCursor(token: string): string {
  return token === '' ? '' : WITH_TOKEN;
}

/** @throws FatalError when the settings would let in everyone */
export function checkToken({ address, token }: { address: string; token: string }, cursor: string): void {
  if (token !== '') return;
  if (!isLoopback(address)) throw new FatalError(`Everyone who can reach ${address} could write into the case. Set a token, or listen on 127.0.0.1.`);
  if (cursor === WITH_TOKEN) throw new FatalError('This connection had a token, which is not kept in the case. Give it again, or add the connection again with its token.');
}

/** @throws Refusal for who may not write into the case */
export function admit(headers: IncomingHttpHeaders, token: string): void {
  const bearer = /^Bearer +(\S.*)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  if (token !== '' && !same(bearer.trim(), token)) throw new Refusal(401, 'Send the token of this connection: Authorization: Bearer TOKEN', { 'WWW-Authenticate': 'Bearer' });
  // Any page in a browser may send to this machine; without a token that must not write into a case.
  if (token === '' && headers.origin !== undefined) throw new Refusal(403, 'Pages in a browser are only let in with a token.');
}

/** In a time that does not tell how much of it is right. */
function same(given: string, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}
