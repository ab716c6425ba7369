/** Steps a second, over the last second of the carrier's clock. */

const windowMs = 1_000
/** Time between two marks, at least: ten are kept. */
const markMs = 100

export class Rate {
  private marks: { at: number; steps: number }[] = []
  private steps = 0

  made(now: number): void {
    if (now - (this.marks.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= markMs) this.mark(now)
    this.steps++
  }

  /** Zero where the last step is longer ago than a second. */
  at(now: number): number {
    const oldest = this.marks.find(({ at }) => now - at <= windowMs)
    if (oldest === undefined) return 0
    return ((this.steps - oldest.steps) * 1_000) / Math.max(now - oldest.at, markMs)
  }

  private mark(now: number): void {
    this.marks = this.marks.filter(({ at }) => now - at < windowMs)
    this.marks.push({ at: now, steps: this.steps })
  }
}
