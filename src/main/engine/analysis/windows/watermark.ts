/**
 * How far event time is through: everything before the watermark is taken to be there (Akidau et al., "The Dataflow Model", VLDB 2015). It follows the
 * latest event by the lateness that is allowed. What comes later still is late: it is counted, and windows it belongs to are judged again.
 */
export class Watermark {
  /** microseconds by which an event may follow later ones */
  readonly lateness: number;
  /** events that came after the watermark had passed their time */
  late = 0;
  #latest = Number.NEGATIVE_INFINITY;
  #judged = Number.NEGATIVE_INFINITY;

  constructor(lateness: number) {
    this.lateness = lateness;
  }

  /** Events of a batch: the times of the earliest and latest, and how many lie before what was judged. */
  observe(time: number, n = 1): void {
    if (time < this.#judged) this.late += n;
    if (time > this.#latest) this.#latest = time;
  }

  /** -Infinity before the first event. `final`: nothing more is to come, so nothing is waited for. */
  at(final: boolean): number {
    return final ? this.#latest : this.#latest - this.lateness;
  }

  /** Windows that end up to then have been judged. */
  judged(time: number): void {
    if (time > this.#judged) this.#judged = time;
  }
}
