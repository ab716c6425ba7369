/** One run as the page knows it: its source, what all of the page wants to see of it, and one redraw for any number of frames. */

import type { About, Clock, Command, Parts } from '../../src/view/index.js'
import type { FrameSource } from '../source/frame-source.js'
import { Paced } from './paced.js'

/** Panels and text are drawn this often at most, in ms; the world at each frame of the screen. */
const textEvery = 100
/** Questions that change together are asked together, ms. */
const together = 20

export class Run {
  private readonly wanted = new Map<object, readonly string[]>()
  /** What the source was last asked. */
  private questions: readonly string[] = []
  private questionTimer = 0
  /** By what they set. */
  private readonly sliders = new Map<string, Paced<Command, boolean>>()
  private readonly frameListeners = new Set<() => void>()
  private readonly textListeners = new Set<() => void>()
  private frame = 0
  private timer = 0
  private drawnAt = Number.NEGATIVE_INFINITY
  private readonly unlisten: () => void
  /** Counts up with each frame and each change of state. */
  version = 0

  constructor(
    readonly name: string,
    readonly source: FrameSource,
    private readonly complain: (sentence: string) => void,
  ) {
    this.unlisten = source.listen(() => this.changed())
    source.onTrouble = complain
  }

  get parts(): Parts {
    return this.source.parts
  }

  get about(): About | undefined {
    return this.parts.json('about') as About | undefined
  }

  get clock(): Clock | undefined {
    return this.parts.json('clock') as Clock | undefined
  }

  /** What one owner wants to see from now on; the source is soon asked for what all of them want. */
  ask(owner: object, questions: readonly string[]): void {
    if (questions.length === 0) this.wanted.delete(owner)
    else this.wanted.set(owner, questions)
    if (this.questionTimer === 0) this.questionTimer = later(together, () => this.askSource())
  }

  /**
   * Resolves to whether the command was taken; says what was wrong where it was not. Of what a slider says the newest is sent, now and then;
   * before any other command, so that each finds the run as the reader has set it.
   */
  command(command: Command): Promise<boolean> {
    const slider = sliderOf(command)
    for (const [name, paced] of this.sliders) if (name !== slider) void paced.flush()
    if (slider === undefined) return this.send(command)
    const paced = this.sliders.get(slider) ?? new Paced((newest: Command) => this.send(newest))
    this.sliders.set(slider, paced)
    return paced.push(command)
  }

  /** Before each picture of the screen for which something has changed. */
  onFrame(listener: () => void): () => void {
    this.frameListeners.add(listener)
    return () => this.frameListeners.delete(listener)
  }

  /** As `onFrame`, but only as often as text can be read. */
  onText(listener: () => void): () => void {
    this.textListeners.add(listener)
    return () => this.textListeners.delete(listener)
  }

  close(): void {
    this.unlisten()
    cancelAnimationFrame(this.frame)
    clearTimeout(this.timer)
    clearTimeout(this.questionTimer)
    this.source.close()
  }

  private async send(command: Command): Promise<boolean> {
    try {
      await this.source.command(command)
      return true
    } catch (error) {
      this.complain(error instanceof Error ? error.message : String(error))
      return false
    }
  }

  /** Parts are forgotten only together with the source, which brings none anew that it believes to be here. */
  private askSource(): void {
    this.questionTimer = 0
    const before = this.questions
    const now = [...new Set([...this.wanted.values()].flat())].sort()
    if (now.length === before.length && now.every((question, i) => question === before[i])) return
    this.questions = now
    this.source.ask(now)
    for (const question of before) if (!now.includes(question)) this.forget(question, now)
  }

  private forget(question: string, still: readonly string[]): void {
    for (const name of [...this.parts.names()]) {
      const isUnder = (prefix: string) => name === prefix || name.startsWith(`${prefix}/`)
      if (isUnder(question) && !still.some(isUnder)) this.parts.delete(name)
    }
  }

  private changed(): void {
    this.version++
    if (this.frame === 0) this.frame = requestAnimationFrame(now => this.draw(now))
  }

  private draw(now: number): void {
    this.frame = 0
    for (const listener of this.frameListeners) listener()
    const early = this.drawnAt + textEvery - now
    if (early <= 0) this.drawText(now)
    else if (this.timer === 0) this.timer = later(early, () => this.drawText(now + early))
  }

  private drawText(now: number): void {
    clearTimeout(this.timer)
    this.timer = 0
    this.drawnAt = now
    for (const listener of this.textListeners) listener()
  }
}

/** What a slider sets, where it is one that says this. */
function sliderOf(command: Command): string | undefined {
  if (command.do === 'change') return `change ${command.key}`
  return command.do === 'seek' || command.do === 'speed' ? command.do : undefined
}

function later(ms: number, what: () => void): number {
  return setTimeout(what, ms) as unknown as number
}
