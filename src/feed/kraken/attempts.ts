/** Says what is being tried while the exchange is away, and repeats it until it succeeds. */

import { BrokenInvariant, OperatorError } from '../../core/index.js'
import type { Backoff } from '../backoff.js'
import { pause, type WallClock } from '../clock.js'
import { endReason } from './reasons.js'

/** Every attempt of the first minute is said; after it, one a minute. */
const talkativeMs = 60_000
const saidEveryMs = 60_000
/** An attempt that has no answer by then is said to be under way. */
const slowMs = 3_000

export class Attempts {
  private failures = 0
  private isAnswering = false
  private since: number | undefined
  private saidAt = Number.NEGATIVE_INFINITY

  constructor(
    private readonly clock: WallClock,
    /** What is asked, with its address. */
    private readonly what: string,
    private readonly say: (sentence: string) => void,
  ) {}

  /** An attempt begins. The function returned is called once it is over. */
  begin(): () => void {
    const waits = `${this.what}: attempt ${this.failures + 1} has no answer yet.`
    return this.clock.setTimer(slowMs, () => this.sayNow(waits))
  }

  failed(reason: string, nextMs: number): void {
    const what = this.isAnswering ? 'the connection ended' : `attempt ${++this.failures} failed`
    this.isAnswering = false
    this.sayNow(`${this.what}: ${what} (${reason}). Next try in ${Math.ceil(nextMs / 1_000)} s.`)
  }

  succeeded(): void {
    if (this.since !== undefined) this.say(`${this.what}: it answers.`)
    this.isAnswering = true
    this.failures = 0
    this.since = undefined
  }

  private sayNow(sentence: string): void {
    const now = this.clock.monotonic()
    this.since ??= now
    if (now - this.since > talkativeMs && now - this.saidAt < saidEveryMs) return
    this.saidAt = now
    this.say(sentence)
  }
}

export interface Asking<T> {
  readonly attempts: Attempts
  readonly backoff: Backoff
  readonly until: AbortSignal
  readonly ask: () => Promise<T>
}

/** The first answer, however long it takes; undefined where `until` ends the waiting. */
export async function answered<T>({ attempts, backoff, until, ask }: Asking<T>): Promise<T | undefined> {
  while (!until.aborted) {
    const over = attempts.begin()
    try {
      const answer = await unlessAborted(ask(), until)
      if (answer === undefined) return undefined
      attempts.succeeded()
      return answer
    } catch (error) {
      if (error instanceof OperatorError || error instanceof BrokenInvariant) throw error
      backoff.failed()
      const nextMs = backoff.delay()
      attempts.failed(endReason(error), nextMs)
      over()
      await backoff.wait(until, nextMs)
    } finally {
      over()
    }
  }
  return undefined
}

export interface Repeating {
  readonly clock: WallClock
  readonly until: AbortSignal
  /** Called with each failure. */
  readonly onFailed: () => void
}

/** Pauses after failures: from 5 s to a minute. */
const firstPauseMs = 5_000
const longestPauseMs = 60_000

/** Repeats a question for ever: `ask` says after how many ms again, null: no more. Failures are repeated with growing pauses. */
export async function repeatedly({ clock, until, onFailed }: Repeating, ask: () => Promise<number | null>): Promise<void> {
  let failures = 0
  while (!until.aborted) {
    let againMs: number | null
    try {
      againMs = await ask()
      failures = 0
    } catch (error) {
      if (error instanceof BrokenInvariant) throw error
      onFailed()
      againMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures++, 10))
    }
    if (againMs === null) return
    await pause(clock, againMs, until)
  }
}

/** The promise's value; undefined once `until` is aborted. What comes after that is ignored. */
function unlessAborted<T>(promise: Promise<T>, until: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const abort = () => resolve(undefined)
    until.addEventListener('abort', abort, { once: true })
    if (until.aborted) abort()
    promise.then(resolve, reject).finally(() => until.removeEventListener('abort', abort))
  })
}
