/** A source without a server or a worker: the carrier runs in the page itself. For the tests of the page alone. */

import type { Scenario } from 'mycelia'
import { type Command, Parts, RunsInMemory, Session } from '../../src/view/index.js'
import type { FrameSource, SourceState } from '../source/frame-source.js'
import { Carrier } from '../worker/carrier.js'
import type { FromWorker } from '../worker/messages.js'

/** Slow enough that a test sees it play. */
const stepsPerSecond = 20

export class LocalSource implements FrameSource {
  readonly parts = new Parts(-1)
  state: SourceState = 'connecting'
  readonly canCompare = true
  onTrouble: (sentence: string) => void = () => {}
  /** Commands given, for the tests. */
  readonly taken: Command[] = []
  private readonly listeners = new Set<() => void>()
  private readonly carrier: Carrier
  private readonly timer: ReturnType<typeof setTimeout>
  /** What was wrong with the command that was given last. */
  private refusal: string | undefined

  constructor(
    scenario: Scenario,
    readonly canControl: boolean,
  ) {
    const session = new Session(new RunsInMemory(scenario), { now: () => performance.now() })
    session.command({ do: 'speed', stepsPerSecond })
    this.carrier = new Carrier(session, message => this.hear(message))
    this.timer = setTimeout(() => this.become('open'), 10)
  }

  ask(questions: readonly string[]): void {
    this.carrier.hear({ ask: questions })
  }

  /** The carrier answers at once. */
  async command(command: Command): Promise<void> {
    if (!this.canControl) throw new Error('This page may only look.')
    this.taken.push(command)
    this.refusal = undefined
    this.carrier.hear({ id: this.taken.length, command })
    if (this.refusal !== undefined) throw new Error(this.refusal)
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  close(): void {
    clearTimeout(this.timer)
    this.carrier.hear({ id: 0, command: { do: 'pause' } })
    this.become('closed')
  }

  become(state: SourceState): void {
    this.state = state
    this.tell()
  }

  private hear(message: FromWorker): void {
    if (message instanceof ArrayBuffer) {
      this.parts.receive(new Uint8Array(message))
      if (this.state === 'open') this.tell()
    } else if ('error' in message) {
      if ('id' in message) this.refusal = message.error
      else this.onTrouble(message.error)
    }
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener()
  }
}
