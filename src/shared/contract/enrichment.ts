/** What people know of addresses, hosts and services besides events: databases of places, and maps of their own. */
import { z } from 'zod';
import { call } from './rpc.ts';

export interface Enrichment {
  id: number;
  kind: 'geoip' | 'map';
  name: string;
  /** a database of places is used where it lies; a map is in the case */
  path: string;
  sha256: string;
  size: number;
  /** microseconds UTC */
  addedAt: number;
  addedBy: string;
  toolVersion: string;
  /** fields that follow from it, as queries name them */
  fields: string[];
  /** rows of a map, and why others could not be used; what a database is, and of when */
  rows: number;
  rejected: { reason: string; count: number; example: string }[];
  about: string;
  /** one that is off is in no answer */
  enabled: boolean;
  /** why it cannot be used now, '' when it can: the file is not what it was, is not there, or cannot be read */
  trouble: '' | 'changed' | 'gone' | 'unreadable';
  /** the same in words */
  error: string;
}

export const enrichment = {
  /** geoip: a MaxMind database (.mmdb) of the user's own, by path and hash. map: CSV or JSON of host, ip or service to whatever is known of it. */
  add: call(z.object({ kind: z.enum(['geoip', 'map']), path: z.string().min(1).max(4096) })).returns<Enrichment>(),
  list: call(z.object({})).returns<Enrichment[]>(),
  enable: call(z.object({ id: z.number().int(), enabled: z.boolean() })).returns<void>(),
  remove: call(z.object({ id: z.number().int() })).returns<void>(),
};
