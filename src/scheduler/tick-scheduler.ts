/** What happens next in a run: the earliest of the source's next tick, the oldest requests' answers and the next planned event. */

import type { Clock } from './clock.js'
import type { AnswerInput, Source, SourceTick } from './source.js'

/** Answers requests in the same thread, and can be saved: the simulated counterpart of a server. */
export interface RequestHandler {
  answer(kind: string, payload: unknown, now: number): unknown
  save(): unknown
  restore(state: unknown): void
}

/** The requests that wait for an answer. */
export interface PendingRequests {
  readonly size: number
  oldest(): { readonly askedAt: number } | undefined
  /** All that wait, oldest first. */
  waiting(): readonly { readonly id: number; readonly kind: string; readonly payload: unknown; readonly askedAt: number }[]
}

/** What the schedule of ticks is made from. */
export interface TickSchedulerParts {
  readonly clock: Clock
  readonly queue: { nextTime(): number }
  readonly requests: PendingRequests
  /** Without one, time is the number of steps. */
  readonly source: Source | undefined
  readonly requestHandler: RequestHandler | undefined
  /** Model time between a request and its answer; default 50. */
  readonly answerDelayMs?: number | undefined
}

export class TickScheduler {
  /** The source's next tick, taken and not yet due. */
  private waiting: SourceTick | undefined

  constructor(private readonly parts: TickSchedulerParts) {}

  /** Whether the model's time is its source's. */
  get hasSource(): boolean {
    return this.parts.source !== undefined
  }

  /** The time of the next tick; undefined at the end of data. */
  next(): SourceTick | undefined {
    const source = this.nextOfSource()
    const answerTime = this.nextAnswerTime()
    const first = Math.min(answerTime, this.parts.queue.nextTime())
    if (source === undefined && this.parts.source !== undefined) return undefined
    if (source !== undefined && source.time <= first) {
      this.waiting = undefined
      return source
    }
    return { time: first, step: false, inputs: answerTime === first ? this.answersAt(first) : [] }
  }

  /** Between steps, when no tick of the source is waiting: every step is one of them. */
  save(): { source: unknown; answer: unknown } {
    return { source: this.parts.source?.save() ?? null, answer: this.parts.requestHandler?.save() ?? null }
  }

  restore({ source, answer }: { source: unknown; answer: unknown }): void {
    this.parts.source?.restore(source)
    this.parts.requestHandler?.restore(answer)
  }

  private nextOfSource(): SourceTick | undefined {
    const { source, clock } = this.parts
    if (source === undefined) return { time: clock.steps + 1, step: true, inputs: [] }
    this.waiting ??= source.next()
    return this.waiting
  }

  /** When the oldest requests are answered; Infinity if no request waits. A step at the same instant comes first, in a separate tick. */
  private nextAnswerTime(): number {
    const { requests, requestHandler, clock, answerDelayMs = 50 } = this.parts
    const oldest = requests.size === 0 ? undefined : requests.oldest()
    if (oldest === undefined || requestHandler === undefined) return Number.POSITIVE_INFINITY
    return Math.max(oldest.askedAt + answerDelayMs, clock.now)
  }

  /** The answers to the oldest requests; each is computed once, in the tick that brings it. */
  private answersAt(time: number): AnswerInput[] {
    const { requests, requestHandler } = this.parts
    const askedAt = requests.oldest()?.askedAt
    const due = requests.waiting().filter(r => r.askedAt === askedAt)
    return due.map(r => ({ kind: 'answer', request: r.id, value: requestHandler?.answer(r.kind, r.payload, time) }))
  }
}
