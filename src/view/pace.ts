/** How often something that costs time is done beside a run: a look, a checkpoint. Times are of the carrier's clock, ms. */

export class Pace {
  private next = Number.NEGATIVE_INFINITY

  /**
   * `leastMs` lies between two at least. They take at most `share` of the time where they slow a run down, and `idleShare` where the run
   * waits anyway.
   */
  constructor(
    private readonly leastMs: number,
    private readonly share: number,
    private readonly idleShare: number,
  ) {}

  /** When it is due next. */
  get dueAt(): number {
    return this.next
  }

  isDue(now: number): boolean {
    return now >= this.next
  }

  /** It took from one instant to another. */
  took(from: number, to: number, slows: boolean): void {
    this.next = Math.max(from + this.leastMs, to + (to - from) / (slows ? this.share : this.idleShare))
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
