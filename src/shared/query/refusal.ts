/** Thrown inside the parser to leave it at once; parseQuery turns it into a QueryError. */
export class Refusal extends Error {
  readonly from: number;
  readonly to: number;
  /** [from, to) are character positions in the query text. */
  constructor(message: string, from: number, to: number) {
    super(message);
    this.from = from;
    this.to = to;
  }
}
