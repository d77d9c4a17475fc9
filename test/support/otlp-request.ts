/** Writes requests of OTLP in protobuf, for tests and benchmarks. */

/** A message that grows. */
export class Message {
  #bytes: Buffer = Buffer.allocUnsafe(64);
  #length = 0;

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe((this.#length + more) * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
  #varint(value: number | bigint): void {
    this.#room(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 127n) | 128;
    this.#bytes[this.#length++] = Number(rest);
  }

  number(field: number, value: number | bigint): this {
    this.#varint(field * 8);
    this.#varint(value);
    return this;
  }
  fixed64(field: number, value: bigint): this {
    this.#varint(field * 8 + 1);
    this.#room(8);
    this.#length = this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, value), this.#length);
    return this;
  }
  double(field: number, value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return this.fixed64(field, bytes.readBigUInt64LE());
  }
  fixed32(field: number, value: number): this {
    this.#varint(field * 8 + 5);
    this.#room(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
    return this;
  }
  bytes(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }
  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }
  message(field: number, value: Message): this {
    return this.bytes(field, value.done());
  }
  done(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** A KeyValue; numbers are whole. */
export function attribute(name: string, value: string | number): Message {
  return new Message().text(1, name).message(2, typeof value === 'string' ? new Message().text(1, value) : new Message().number(3, value));
}

/** A request with one resource and one scope; `record` is the field number of its records in the scope: 2 for all signals. */
export function request(service: string, records: readonly Message[]): Buffer {
  const scope = new Message().message(1, new Message().text(1, 'test'));
  for (const record of records) scope.message(2, record);
  const resource = new Message().message(1, attribute('service.name', service)).message(1, attribute('host.name', 'web-1'));
  return new Message().message(1, new Message().message(1, resource).message(2, scope)).done();
}

/** 2026-10-01T08:30:00.250000125Z */
export const BEGIN = 1_790_843_400_250_000_125n;

export function logRecord(n: number, body = `event ${n}`): Message {
  return new Message().fixed64(1, BEGIN + BigInt(n) * 1_000_000n).number(2, n % 10 === 0 ? 17 : 9).text(3, n % 10 === 0 ? 'ERROR' : 'INFO').message(5, new Message().text(1, body)).message(6, attribute('user.id', `u-${n % 100}`))
    .bytes(9, id(n, 16)).bytes(10, id(n, 8));
}
export function span(n: number): Message {
  return new Message().bytes(1, id(n, 16)).bytes(2, id(n, 8)).text(5, `GET /${n}`).number(6, 2).fixed64(7, BEGIN + BigInt(n) * 1_000_000n).fixed64(8, BEGIN + BigInt(n) * 1_000_000n + 5_000_000n);
}
/** A metric with one point that is a gauge. */
export function gauge(name: string, n: number, value: number): Message {
  return new Message().text(1, name).message(5, new Message().message(1, new Message().fixed64(3, BEGIN + BigInt(n) * 1_000_000_000n).double(4, value)));
}
function id(n: number, length: number): Buffer {
  const bytes = Buffer.alloc(length, 0xab);
  bytes.writeUInt32BE(n + 1);
  return bytes;
}
