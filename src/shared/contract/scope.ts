import { z } from 'zod';

/** microseconds UTC */
export const time = z.number();
/** A question about events: the query text and a half-open time range [from, to). null = no bound. */
export const scope = z.object({
  query: z.string().max(65_536),
  from: time.nullable(),
  to: time.nullable(),
});
export type Scope = z.infer<typeof scope>;
export const order = z.enum(['asc', 'desc']);
export type Order = z.infer<typeof order>;
