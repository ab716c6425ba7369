/** What happens next in a run: the earliest of the source's next tick, the oldest requests' answers and the next planned event. */

import type { Kernel } from './kernel.js'
import type { Answerer } from './requests.js'
import type { Saved } from './saved.js'
import type { AnswerInput, Source, SourceTick } from './source.js'

export class Agenda {
  /** The source's next tick, taken and not yet due. */
  private waiting: SourceTick | undefined

  constructor(
    private readonly kernel: Kernel,
    /** Without one, time is the number of steps. */
    private readonly source: Source | undefined,
    private readonly answerer: Answerer | undefined,
    private readonly answerDelayMs = 50,
  ) {}

  /** The next instant something happens at; undefined at the end of data. */
  next(): SourceTick | undefined {
    const source = this.nextOfSource()
    const answerTime = this.nextAnswerTime()
    const first = Math.min(answerTime, this.kernel.queue.nextTime())
    if (source === undefined && this.source !== undefined) return undefined
    if (source !== undefined && source.time <= first) {
      this.waiting = undefined
      return source
    }
    return { time: first, step: false, inputs: answerTime === first ? this.answersAt(first) : [] }
  }

  /** Between steps, when no tick of the source is waiting: every step is one of them. */
  save(): Pick<Saved, 'source' | 'answer'> {
    return { source: this.source?.save() ?? null, answer: this.answerer?.save() ?? null }
  }

  restore({ source, answer }: Saved): void {
    this.source?.restore(source)
    this.answerer?.restore(answer)
  }

  private nextOfSource(): SourceTick | undefined {
    if (this.source === undefined) return { time: this.kernel.steps + 1, step: true, inputs: [] }
    this.waiting ??= this.source.next()
    return this.waiting
  }

  /** When the oldest requests are answered; Infinity where never. A step of the same instant goes first, in a tick of its own. */
  private nextAnswerTime(): number {
    const oldest = this.kernel.requests.size === 0 ? undefined : this.kernel.requests.oldest()
    if (oldest === undefined || this.answerer === undefined) return Number.POSITIVE_INFINITY
    return Math.max(oldest.askedAt + this.answerDelayMs, this.kernel.clock.now)
  }

  /** The answers to the oldest requests; each is computed once, in the tick that brings it. */
  private answersAt(time: number): AnswerInput[] {
    const { answerer, kernel } = this
    const askedAt = kernel.requests.oldest()?.askedAt
    const due = kernel.requests.waiting().filter(r => r.askedAt === askedAt)
    return due.map(r => ({ kind: 'answer', request: r.id, value: answerer?.answer(r.kind, r.payload, time) }))
  }
}
