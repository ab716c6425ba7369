/** Named counts of everything that a feed drops, repairs or refuses. */

export class Counters {
  private readonly counts = new Map<string, number>()

  add(name: string, n = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + n)
  }

  get(name: string): number {
    return this.counts.get(name) ?? 0
  }

  /** All counts, sorted by name. */
  all(): Record<string, number> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}
