/** A run on its way to its viewers, in the run's own thread: hands its parts over as fast as the server takes them, and hears what viewers want. */

import { type Command, type Parts, Subscription } from '../../view/index.js'
import type { ViewerLimits } from '../limits.js'
import { sentenceOf } from '../sentence.js'
import type { CommandKey, FromViewers, ToViewers } from './messages.js'

/** Told what all viewers of the run ask for besides the world. */
export type QuestionListener = (questions: readonly string[]) => void
/** Does what a viewer with the control token wants. What it throws is told that viewer. */
export type CommandListener = (command: Command) => void | Promise<void>

/** Told when somebody who may command opens the run: from then on it is worth making. */
export type OpenedListener = () => void

export class RunChannel {
  /** What the server has. */
  private readonly server = new Subscription()
  private parts: Parts | undefined
  private epoch = 0
  /** Frames that the server has not taken yet. */
  private ahead = 0
  private isBehind = false
  /** Frames not handed over since the last one that was. */
  private held = 0
  private questionListener: QuestionListener = () => undefined
  private commandListener: CommandListener | undefined
  private openedListener: OpenedListener = () => undefined
  private viewers_ = 0

  constructor(
    /** The word of the address: `/frames?run=<name>`. */
    readonly name: string,
    private readonly limits: ViewerLimits,
    private readonly post: (message: ToViewers, transfer?: ArrayBuffer[]) => void,
    private readonly onEnd: () => void,
  ) {}

  /** Viewers that look at it now. */
  get viewers(): number {
    return this.viewers_
  }

  /** Whether the server would take a frame now: looking at the run for one that it would not take costs time for nothing. */
  get isReady(): boolean {
    return this.ahead < this.limits.framesAhead
  }

  /**
   * Hands over what is new in the parts. Where the server is busy it does so later, with what is new then: so they stay as they are
   * between two calls. Parts of another run, or of another course of it, have another epoch.
   */
  publish(parts: Parts): void {
    this.parts = parts
    this.isBehind = !this.isReady
    if (this.isBehind) {
      this.held++
      return
    }
    if (parts.epoch !== this.epoch) this.server.forget()
    this.epoch = parts.epoch
    const frame = parts.frame(this.server.since)
    this.server.has(parts.version)
    if (frame === undefined) return
    this.ahead++
    this.post({ kind: 'frame', run: this.name, frame, held: this.held }, [frame.buffer])
    this.held = 0
  }

  /** Sets who answers what viewers ask; it is called at once with what they ask now. */
  onQuestions(listener: QuestionListener): void {
    this.questionListener = listener
    listener(this.server.questions)
  }

  /** Sets who does what viewers command; while there is nobody, commands are refused. */
  onCommand(listener: CommandListener): void {
    this.commandListener = listener
  }

  onOpened(listener: OpenedListener): void {
    this.openedListener = listener
  }

  /** Its viewers are sent away, and its name is free. */
  end(): void {
    this.post({ kind: 'end', run: this.name })
    this.onEnd()
  }

  /** The thread of the server is a new one, which has nothing, and of which nobody has asked anything. */
  begin(): void {
    this.server.ask([])
    this.server.forget()
    this.questionListener([])
    this.ahead = 0
    this.viewers_ = 0
    this.post({ kind: 'open', run: this.name })
    if (this.parts !== undefined) this.publish(this.parts)
  }

  hear(message: Extract<FromViewers, { run: string }>): void {
    if (message.kind === 'took') this.took()
    else if (message.kind === 'opened') this.openedListener()
    else if (message.kind === 'questions') this.answer(message.questions)
    else void this.obey(message.key, message.command)
  }

  count(viewers: number): void {
    this.viewers_ = viewers
  }

  private took(): void {
    this.ahead--
    if (this.isBehind && this.parts !== undefined) this.publish(this.parts)
  }

  private answer(questions: readonly string[]): void {
    this.server.ask(questions)
    this.questionListener(questions)
    // What was answered before, for a thread that died, need not be answered anew.
    if (this.parts !== undefined) this.publish(this.parts)
  }

  private async obey(key: CommandKey, command: Command): Promise<void> {
    const error = await this.outcome(command)
    this.post({ kind: 'answer', command: key, error })
  }

  /** Null: it was done. */
  private async outcome(command: Command): Promise<string | null> {
    if (this.commandListener === undefined) return 'This run takes no commands.'
    try {
      await this.commandListener(command)
      return null
    } catch (error) {
      return sentenceOf(error)
    }
  }
}
