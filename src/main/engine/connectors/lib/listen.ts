/** What the connectors that listen on a port have in common. */
import { once } from 'node:events';
import { isIP, type AddressInfo, type Server } from 'node:net';
import { z } from 'zod';
import { FatalError } from '../connector.ts';

export const bindField = z.string().min(1).default('127.0.0.1').refine((text) => isIP(text) !== 0, 'This is no IP address. 127.0.0.1 is this machine alone, 0.0.0.0 all of its addresses.')
  .meta({ title: 'Address', description: '127.0.0.1: only programs on this machine. 0.0.0.0: everyone who can reach it.' });

export function portField(port: number): z.ZodDefault<z.ZodNumber> {
  return z.number().int().min(0).max(65_535).default(port).meta({ title: 'Port', description: '0: any that is free; the status says which.' });
}

/** 127.0.0.1:80, [::1]:80 */
export function place(address: string, port: number): string {
  return `${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}

/** Whether only this machine can reach it. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || /^::ffff:127\./i.test(address);
}

/**
 * Listens; returns the port, which may have been 0. `what` is spoken there, in a word.
 * @throws FatalError when the port cannot be had
 */
export async function listenOn(server: Server, what: string, address: string, port: number): Promise<number> {
  try {
    server.listen({ host: address, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    server.close();
    throw listenError(error, what, address, port);
  }
  return (server.address() as AddressInfo).port;
}

/** Why a port cannot be listened on, and what to do: trying again is no use for any of it. */
export function listenError(error: unknown, what: string, address: string, port: number): Error {
  const code = (error as { code?: string }).code ?? '';
  const at = `${place(address, port)} (${what})`;
  if (code === 'EADDRINUSE') return new FatalError(`Another program listens on ${at}. End it, or choose another port.`);
  if (code === 'EACCES') return new FatalError(`${at} may not be listened on: ports under 1024 are for administrators. Choose a higher one, such as ${port + 5000}.`);
  if (code === 'EADDRNOTAVAIL') return new FatalError(`${address} is no address of this machine. Choose 127.0.0.1, or 0.0.0.0 for all.`);
  if (code === 'EAFNOSUPPORT') return new FatalError(`This machine does not speak the protocol of ${address}. Choose another address.`);
  return new FatalError(`${at} cannot be listened on: ${error instanceof Error ? error.message : String(error)}`);
}
