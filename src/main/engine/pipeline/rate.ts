/** Events a second over the last three seconds. */
export class Rate {
  readonly #points: { at: number; n: number }[] = [];

  /** `at` in milliseconds of a monotonic clock. */
  add(at: number, n: number): void {
    this.#points.push({ at, n });
    while (this.#points.length > 0 && this.#points[0].at < at - 3000) this.#points.shift();
  }

  perSecond(at: number): number {
    const recent = this.#points.filter((point) => point.at >= at - 3000);
    if (recent.length === 0) return 0;
    const span = Math.max(250, at - recent[0].at);
    return (recent.reduce((sum, point) => sum + point.n, 0) * 1000) / span;
  }
}
