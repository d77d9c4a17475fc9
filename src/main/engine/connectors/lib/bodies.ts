/** Reads what senders post, plain or gzipped, within bounds. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Of one body, packed and unpacked. */
export const MAX_BODY = 16 << 20;
/** Of all bodies that are being read. */
const MAX_TOGETHER = 64 << 20;

/** What to answer a request that is not taken. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;
  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export class Bodies {
  #together = 0;

  /** @throws Refusal when it is too long, packed in an unknown way or damaged, or when too much is being read already */
  async read(request: IncomingMessage): Promise<Buffer> {
    const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
    if (encoding !== 'identity' && encoding !== 'gzip') throw new Refusal(415, `Content-Encoding ${encoding} is not read; send it plain or with gzip.`, { 'Accept-Encoding': 'gzip' });
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) throw tooLong();
    // The request itself must outlive this: it carries the answer.
    return await this.collect(encoding === 'gzip' ? unpacked(request) : request.iterator({ destroyOnReturn: false }));
  }

  /** Unpacks what was read already. @throws Refusal */
  async gunzip(packed: Buffer): Promise<Buffer> {
    return await this.collect(Readable.from([packed]).pipe(createGunzip()));
  }

  /** Everything that comes. @throws Refusal */
  async collect(source: AsyncIterable<Buffer>, most = MAX_BODY): Promise<Buffer> {
    const parts: Buffer[] = [];
    let size = 0;
    try {
      for await (const part of source) {
        size += part.length;
        this.#together += part.length;
        if (size > most) throw tooLong();
        if (this.#together > MAX_TOGETHER) throw busy();
        parts.push(part);
      }
      return parts.length === 1 ? parts[0] : Buffer.concat(parts, size);
    } catch (error) {
      if (error instanceof Refusal) throw error;
      throw new Refusal(400, `The body cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.#together -= size;
    }
  }
}

function unpacked(request: IncomingMessage): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  // pipe() tells its target nothing of a request that breaks off.
  request.on('error', (error) => gunzip.destroy(error)).on('close', () => {
    if (!request.complete) gunzip.destroy(new Error('the sender broke off'));
  });
  return request.pipe(gunzip);
}

function tooLong(): Refusal {
  return new Refusal(413, `The body is larger than ${MAX_BODY >> 20} MiB; send it in parts.`);
}
export function busy(): Refusal {
  return new Refusal(503, 'The store cannot keep up; send it again in a moment.', { 'Retry-After': '1' });
}
/** The case is closed, or its disk is full: nothing that is held will be stored. */
export function notStored(): Refusal {
  return new Refusal(503, 'It could not be stored; send it again later.', { 'Retry-After': '10' });
}
