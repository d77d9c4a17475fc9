/** Bytes that are not what they should be. The message is a sentence for the dead letter; `at` is where in the chunk. */
export class Damage extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
