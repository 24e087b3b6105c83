/** Where runs that go on side by side wait for each other, so that their phases begin at one instant. */
export class Rendezvous<Point extends string> {
  readonly #waiting = new Map<Point, ((metMs: number) => void)[]>();
  #members: number;

  constructor(members: number) {
    this.#members = members;
  }

  /** Resolves when every member is there or has left, to that instant on the clock of `performance.now()`. */
  meet(point: Point): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting.set(point, [...(this.#waiting.get(point) ?? []), resolve]);
      this.#check(point);
    });
  }

  /** One member less to wait for, for good. */
  leave(): void {
    this.#members--;
    for (const point of this.#waiting.keys()) this.#check(point);
  }

  #check(point: Point): void {
    const waiting = this.#waiting.get(point) ?? [];
    if (waiting.length === 0 || waiting.length < this.#members) return;
    this.#waiting.delete(point);
    const metMs = performance.now();
    for (const resolve of waiting) resolve(metMs);
  }
}
