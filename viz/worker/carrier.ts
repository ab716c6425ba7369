/** Carries a session to the page of its worker: makes due steps, shows at most 60 frames a second, takes commands in between. */

import { FramePace, parseCommand, parseQuestions, type Session, Subscription } from '../../src/view/index.js'
import type { FromWorker, ToWorker } from './messages.js'

/** Longest stretch of steps before messages of the page are heard, ms. */
const sliceMs = 8

export class Carrier {
  private readonly subscription = new Subscription()
  private readonly pace = new FramePace()
  private epoch: number | undefined
  private timer: number | undefined
  /** A turn without the wait that timers have. */
  private readonly turns = new MessageChannel()
  private isTurnComing = false

  constructor(
    private readonly session: Session,
    private readonly send: (message: FromWorker, transfer?: Transferable[]) => void,
  ) {
    this.turns.port1.onmessage = () => {
      this.isTurnComing = false
      this.turn()
    }
    this.send({ hello: { control: true } })
    this.turn()
  }

  hear(message: ToWorker): void {
    if ('ask' in message) this.ask(message.ask)
    else if ('command' in message) this.obey(message)
    this.turn()
  }

  /** Where they are refused, those before stay. */
  private ask(questions: unknown): void {
    try {
      this.subscription.ask(parseQuestions(questions))
    } catch (error) {
      return this.send({ error: sentenceOf(error) })
    }
    this.session.ask(this.subscription.questions)
    this.pace.hurry()
  }

  private obey({ id, command }: Extract<ToWorker, { id: number }>): void {
    try {
      this.session.command(parseCommand(command))
      this.send({ id, ok: true })
    } catch (error) {
      this.send({ id, error: sentenceOf(error) })
    }
  }

  /** Steps, shows, and plans the next turn. */
  private turn(): void {
    const { session, pace } = this
    const waitMs = session.advance(sliceMs)
    const now = performance.now()
    if (session.isStale && pace.isDue(now, session.isFlatOut)) this.show(now)
    const lookMs = session.isStale ? Math.max(0, pace.dueAt(session.isFlatOut) - now) : Number.POSITIVE_INFINITY
    this.plan(Math.min(waitMs, lookMs))
  }

  private show(from: number): void {
    const parts = this.session.look()
    if (parts.epoch !== this.epoch) this.subscription.forget()
    this.epoch = parts.epoch
    const frame = parts.frame(this.subscription.since)
    this.subscription.has(parts.version)
    if (frame !== undefined) this.send(frame.buffer, [frame.buffer])
    this.pace.took(from, performance.now())
  }

  private plan(waitMs: number): void {
    clearTimeout(this.timer)
    if (waitMs > 0) {
      if (Number.isFinite(waitMs)) this.timer = self.setTimeout(() => this.turn(), waitMs)
      return
    }
    if (this.isTurnComing) return
    this.isTurnComing = true
    this.turns.port2.postMessage(0)
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
