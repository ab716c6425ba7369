/** One run as its viewers see it: its parts, who looks, what they ask together, and the frames they lack. */

import { Parts, Subscription } from '../../view/index.js'
import type { ViewerLimits } from '../limits.js'
import type { Counters } from './counters.js'

/** What a run needs of a viewer. */
interface Watching {
  readonly wants: Subscription
  /** Something may be new. */
  show(): void
  /** The run is shown no longer. */
  end(): void
}

export class RunFrames {
  readonly viewers = new Set<Watching>()
  private readonly parts = new Parts()
  private readonly encoded = new Map<string, Uint8Array | undefined>()
  private asking: NodeJS.Timeout | undefined
  /** All that viewers ask. */
  private readonly all = new Subscription()

  constructor(
    private readonly limits: ViewerLimits,
    private readonly counters: Counters,
    /** Told whenever what all viewers ask together changes. */
    private readonly onQuestions: (questions: readonly string[]) => void,
  ) {}

  get epoch(): number {
    return this.parts.epoch
  }

  get version(): number {
    return this.parts.version
  }

  /** Takes a frame of the run in, and sends on what it brings. */
  receive(frame: Uint8Array): void {
    this.parts.relay(frame)
    // What nobody asks any more is old when somebody asks it again.
    this.parts.forgetUnasked(this.all.since)
    this.encoded.clear()
    for (const viewer of this.viewers) viewer.show()
  }

  /** What a viewer lacks; undefined: nothing. Viewers that lack the same share one frame. */
  frameFor(wants: Subscription): Uint8Array | undefined {
    const { lack } = wants
    if (this.encoded.has(lack)) return this.encoded.get(lack)
    const frame = this.parts.frame(wants.since)
    if (frame !== undefined) this.counters.framesEncoded++
    if (this.encoded.size >= this.limits.encodedFrames) this.encoded.clear()
    this.encoded.set(lack, frame)
    return frame
  }

  /** Whether a viewer may ask these besides what the others ask. */
  hasRoomFor(viewer: Watching, questions: readonly string[]): boolean {
    const others = [...this.viewers].filter(other => other !== viewer)
    return new Set([...others.flatMap(other => other.wants.questions), ...questions]).size <= this.limits.questions
  }

  /** A viewer asked or left. Many that do so at once are told to the run together. */
  asksChanged(): void {
    this.asking ??= setTimeout(() => this.collectQuestions(), this.limits.questionsMs)
  }

  /** Nobody looks any more. */
  end(): void {
    clearTimeout(this.asking)
    for (const viewer of this.viewers) viewer.end()
  }

  private collectQuestions(): void {
    this.asking = undefined
    const questions = [...new Set([...this.viewers].flatMap(({ wants }) => wants.questions))].sort()
    if (questions.join('\n') === this.all.questions.join('\n')) return
    this.all.ask(questions)
    this.parts.forgetUnasked(this.all.since)
    this.onQuestions(questions)
  }
}
