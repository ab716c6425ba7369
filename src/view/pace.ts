/** How often something that costs time is done beside a run: a look, a checkpoint. Times are of the carrier's clock, ms. */

/** Until it is known what it costs. */
const supposedMs = 5
/** A person who asked for something waits no longer than this. */
const hurriedMs = 100

export class Pace {
  private done = Number.NEGATIVE_INFINITY
  private costMs = supposedMs
  private isHurried = false

  /**
   * `leastMs` lies between two at least. They take at most `share` of the time where they slow a run down, and `idleShare` where the run
   * waits anyway.
   */
  constructor(
    private readonly leastMs: number,
    private readonly share: number,
    private readonly idleShare: number,
  ) {}

  /** When it is due next. `slows`: whatever is done now slows the run. */
  dueAt(slows: boolean): number {
    const after = Math.max(this.leastMs - this.costMs, this.costMs / (slows ? this.share : this.idleShare))
    return this.done + (this.isHurried ? Math.min(after, hurriedMs) : after)
  }

  /** A person waits for the next one, because it shows something new: it comes soon, whatever it costs. */
  hurry(): void {
    this.isHurried = true
  }

  isDue(now: number, slows: boolean): boolean {
    return now >= this.dueAt(slows)
  }

  /** It took from one instant to another. A single long one, such as the first, does not count in full. */
  took(from: number, to: number): void {
    this.done = to
    this.isHurried = false
    this.costMs = Math.min(to - from, 2 * Math.max(this.costMs, 0.5))
  }
}

/** Of looks, with what sending them costs: 60 a second, and of a run that goes as fast as it can 1 % of its time. */
export class FramePace extends Pace {
  constructor() {
    super(1_000 / 60, 0.01, Number.POSITIVE_INFINITY)
  }
}

/** Of checkpoints: the other hundredth. */
export class CheckpointPace extends Pace {
  constructor() {
    super(50, 0.01, 0.1)
  }
}
