/**
 * One viewer on its socket. It gets frames when it has taken the one before, so that a slow one gets fewer, and the newest; it may command
 * only with the control token; and it is ended where it breaks the protocol, stalls or is gone.
 */

import type { RawData, WebSocket } from 'ws'
import { type Command, parseCommand, parseQuestions, Subscription } from '../../view/index.js'
import { isToken } from '../access.js'
import type { ViewerLimits } from '../limits.js'
import { sentenceOf } from '../sentence.js'
import type { Counters } from './counters.js'
import { PacedMessages } from './paced-messages.js'
import type { RunFrames } from './run-frames.js'
import { type Message, objectIn } from './viewer-message.js'

/** What all viewers of a server have in common. */
export interface ViewerRules {
  readonly limits: ViewerLimits
  readonly counters: Counters
  /** What a viewer must know to look; undefined: nothing. */
  readonly token: string | undefined
  /** What a viewer must know to command; undefined: nobody may. */
  readonly controlToken: string | undefined
  /** Names of the runs that can be looked at. */
  readonly runs: () => readonly string[]
}

/** What reaches the run from a viewer that may command. */
export interface RunEnd {
  opened(): void
  give(id: number, command: Command): void
}

/** Codes of the WebSocket protocol: the server goes, and the viewer broke a rule. */
const goingAway = 1001
const policyViolation = 1008

export class Viewer {
  readonly wants = new Subscription()
  private hasControl = false
  /** It said hello, with its token where one is needed. */
  private mayLook = false
  private isAlive = true
  private isEnding = false
  private epoch = 0
  private readonly messages: PacedMessages
  private readonly waiting = new Set<number>()
  private readonly helloTimer: NodeJS.Timeout
  /** Unsent bytes when they last got fewer, and the sweeps since then; undefined: all is sent. */
  private unsent: { bytes: number; sweeps: number } | undefined

  constructor(
    private readonly socket: WebSocket,
    private readonly run: RunFrames,
    private readonly rules: ViewerRules,
    private readonly runEnd: RunEnd,
  ) {
    const { limits } = rules
    this.messages = new PacedMessages(limits, {
      obey: message => this.obey(message),
      turnAway: message => this.turnAway(message),
    })
    this.helloTimer = setTimeout(() => this.refuse('The first message must be a hello.'), limits.helloMs)
    // ws closes a socket by itself that sends too much at once (1009) or is no WebSocket (1002).
    socket.on('error', () => rules.counters.viewersMisbehaved++)
    socket.on('message', (data, isBinary) => this.hear(data, isBinary))
    socket.on('pong', () => {
      this.isAlive = true
    })
    socket.on('close', () => this.leave())
    run.viewers.add(this)
  }

  /** Sends what is newer than what it has, unless it has not yet taken what was sent. */
  show(): void {
    if (!this.mayLook || this.isEnding) return
    const { run, wants, socket, rules } = this
    if (socket.bufferedAmount > 0) {
      rules.counters.framesSkipped++
      return
    }
    if (this.epoch !== run.epoch) wants.forget()
    this.epoch = run.epoch
    const frame = run.frameFor(wants)
    wants.has(run.version)
    if (frame === undefined) return
    rules.counters.framesSent++
    this.send(frame)
  }

  /** What came of its command. */
  answer(id: number, error: string | null): void {
    this.waiting.delete(id)
    if (error !== null) this.rules.counters.commandsRefused++
    this.say(error === null ? { id, ok: true } : { id, error })
  }

  /** Asks whether it is there; ends it where it did not answer the last time. */
  ping(): void {
    if (this.isAlive) {
      this.isAlive = false
      this.socket.ping()
    } else {
      this.rules.counters.viewersDead++
      this.socket.terminate()
    }
  }

  /**
   * Ends it where its unsent bytes have not got fewer for too long. Sweeps are counted, not time: while this thread, or the machine,
   * stood still, no viewer could take anything.
   */
  sweep(): void {
    const { unsent, socket, rules } = this
    if (unsent === undefined) return
    const { bufferedAmount: bytes } = socket
    this.unsent = bytes < unsent.bytes ? { bytes, sweeps: 0 } : { ...unsent, sweeps: unsent.sweeps + 1 }
    if (this.unsent.sweeps * rules.limits.sweepMs <= rules.limits.stallMs) return
    rules.counters.viewersStalled++
    socket.terminate()
  }

  /** Says goodbye, and waits no longer than the limit. */
  end(code = goingAway, why = 'This run is shown no longer.'): void {
    if (this.isEnding) return
    this.isEnding = true
    this.socket.close(code, why)
    const timer = setTimeout(() => this.socket.terminate(), this.rules.limits.closeMs)
    this.socket.once('close', () => clearTimeout(timer))
  }

  private hear(data: RawData, isBinary: boolean): void {
    if (this.isEnding) return
    if (!this.messages.isBearable()) return this.refuse('Too many messages.')
    const message = isBinary ? undefined : objectIn(String(data))
    if (message === undefined) return this.refuse('A message must be an object as JSON text.')
    this.messages.take(message)
  }

  private obey(message: Message): void {
    if (this.isEnding) return
    if (!this.mayLook) this.greet(message)
    else if (Object.hasOwn(message, 'ask')) this.ask(message.ask)
    else if (Object.hasOwn(message, 'command')) this.order(message.id, message.command)
    else this.refuse('A message must ask or command.')
  }

  private turnAway({ id }: Message): void {
    if (Number.isSafeInteger(id)) this.answer(id as number, 'Too many commands at once: try again in a moment.')
    else this.refuse('Too many messages.')
  }

  private greet({ hello }: Message): void {
    if (typeof hello !== 'object' || hello === null) return this.refuse('The first message must be a hello.')
    const { token } = hello as { token?: unknown }
    const { rules } = this
    const given = typeof token === 'string' ? token : undefined
    this.hasControl = isToken(given, rules.controlToken)
    const mayLook = this.hasControl || rules.token === undefined || isToken(given, rules.token)
    if (!mayLook || (given !== undefined && !this.hasControl && rules.token === undefined)) rules.counters.tokensRefused++
    if (!mayLook) return this.end(policyViolation, 'The token is missing or wrong.')
    clearTimeout(this.helloTimer)
    this.mayLook = true
    this.say({ hello: { control: this.hasControl, runs: rules.runs() } })
    if (this.hasControl) this.runEnd.opened()
    this.show()
  }

  private ask(given: unknown): void {
    try {
      const questions = parseQuestions(given)
      if (!this.run.hasRoomFor(this, questions)) {
        this.rules.counters.questionsRefused += questions.length
        this.say({ error: 'So many viewers look at so many different things that these cannot be shown.' })
        return
      }
      this.wants.ask(questions)
    } catch (error) {
      return this.refuse(sentenceOf(error))
    }
    this.run.asksChanged()
    this.show()
  }

  private order(id: unknown, given: unknown): void {
    if (!Number.isSafeInteger(id)) return this.refuse('A command must have a whole number as its id.')
    const number = id as number
    if (!this.hasControl) return this.answer(number, 'This page may only look: open it by the link that has the control token.')
    if (this.waiting.size >= this.rules.limits.commandsWaiting || this.waiting.has(number))
      return this.answer(number, 'Too many commands wait for their answers: try again.')
    try {
      const command = parseCommand(given)
      this.waiting.add(number)
      this.rules.counters.commandsTaken++
      this.runEnd.give(number, command)
    } catch (error) {
      this.answer(number, sentenceOf(error))
    }
  }

  private refuse(why: string): void {
    if (this.isEnding) return
    this.rules.counters.viewersMisbehaved++
    this.end(policyViolation, why.length > 100 ? `${why.slice(0, 99)}…` : why)
  }

  private leave(): void {
    clearTimeout(this.helloTimer)
    this.messages.end()
    this.isEnding = true
    this.run.viewers.delete(this)
    this.run.asksChanged()
  }

  private say(message: object): void {
    this.send(JSON.stringify(message))
  }

  private send(message: string | Uint8Array): void {
    const { socket } = this
    socket.send(message, error => {
      if (error || socket.bufferedAmount > 0) return
      this.unsent = undefined
      this.show()
    })
    if (socket.bufferedAmount > 0) this.unsent ??= { bytes: socket.bufferedAmount, sweeps: 0 }
  }
}
