/** So many messages a minute, and some at once after a quiet time. */
export class MessageRate {
  private left: number
  private at = performance.now()

  constructor(
    private readonly perMinute: number,
    private readonly burst: number,
  ) {
    this.left = burst
  }

  /** Whether one more is within the rate. */
  take(): boolean {
    const now = performance.now()
    this.left = Math.min(this.burst, this.left + ((now - this.at) * this.perMinute) / 60_000)
    this.at = now
    if (this.left < 1) return false
    this.left--
    return true
  }

  /** Until the next one is within the rate, ms. */
  get waitMs(): number {
    return Math.max(0, Math.ceil(((1 - this.left) * 60_000) / this.perMinute - (performance.now() - this.at)))
  }
}
