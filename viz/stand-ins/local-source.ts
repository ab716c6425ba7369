/** A source without a server: the simulation runs in the page itself. For the tests of the page alone. */

import { type Scenario, type Simulation, simulate } from 'mycelia'
import { type Clock, type Command, Observer, type Parts, type RunState } from '../../src/view/index.js'
import type { FrameSource, SourceState } from '../source/frame-source.js'

export class LocalSource implements FrameSource {
  state: SourceState = 'connecting'
  reason: string | undefined
  /** Commands taken, for the tests. */
  readonly taken: Command[] = []
  private readonly listeners = new Set<() => void>()
  private questions: readonly string[] = []
  private sim: Simulation
  private observer: Observer
  private run: RunState = 'paused'
  private newest = 0
  private speed: number | null = 20
  private branch = 0
  private timer: ReturnType<typeof setTimeout>

  readonly canCompare = true

  constructor(
    private readonly scenario: Scenario,
    public canControl: boolean,
    private seed: number | string = 1,
    private params: Readonly<Record<string, unknown>> = {},
  ) {
    this.sim = simulate(scenario, { seed, params })
    this.observer = new Observer(this.sim)
    this.timer = setTimeout(() => this.become('open'), 10)
  }

  get parts(): Parts {
    return this.observer.parts
  }

  ask(questions: readonly string[]): void {
    this.questions = questions
    this.observer.ask(questions)
    this.show()
  }

  async command(command: Command): Promise<void> {
    if (!this.canControl) throw new Error('This page may only look.')
    this.taken.push(command)
    await this.act(command)
    this.show()
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  close(): void {
    clearTimeout(this.timer)
    this.become('closed')
  }

  become(state: SourceState): void {
    this.state = state
    if (state === 'open') this.show()
    else for (const listener of this.listeners) listener()
  }

  private act(command: Command): void {
    if (command.do === 'play') this.play()
    else if (command.do === 'pause') this.run = 'paused'
    else if (command.do === 'step') this.steps(command.steps ?? 1)
    else if (command.do === 'speed') this.speed = command.stepsPerSecond
    else if (command.do === 'reset') this.begin(command.seed ?? this.seed, command.params ?? this.params, 0)
    else if (command.do === 'seek') this.seek(command.step)
    else if (command.do === 'branch') this.goOn()
    else if (command.do === 'change') this.change(command.key, command.value)
    else throw new Error('Nothing is traded here.')
  }

  private goOn(): void {
    this.newest = this.sim.model.steps
    this.branch++
  }

  private play(): void {
    this.run = 'playing'
    const tick = () => {
      if (this.run !== 'playing') return
      this.step()
      this.show()
      this.timer = setTimeout(tick, 1_000 / (this.speed ?? 60))
    }
    tick()
  }

  private steps(count: number): void {
    for (let i = 0; i < count; i++) this.step()
    this.run = 'paused'
  }

  private step(): void {
    this.sim.step()
    this.observer.stepped()
    this.newest = Math.max(this.newest, this.sim.model.steps)
  }

  private change(key: string, value: unknown): void {
    if (value === 13) throw new Error(`${key} may not be 13.`)
    Object.assign(this.sim.model, { params: { ...(this.sim.model.params as object), [key]: value } })
  }

  private begin(seed: number | string, params: Readonly<Record<string, unknown>>, step: number): void {
    const sim = simulate(this.scenario, { seed, params })
    this.seed = seed
    this.params = params
    this.sim = sim
    this.observer = new Observer(sim, this.observer.parts.epoch + 1)
    this.observer.ask(this.questions)
    for (let i = 0; i < step; i++) {
      sim.step()
      this.observer.stepped()
    }
    this.newest = step
    this.run = 'paused'
  }

  private seek(step: number): void {
    const { newest } = this
    this.begin(this.seed, this.params, step)
    this.newest = Math.max(newest, step)
  }

  private show(): void {
    const { steps } = this.sim.model
    const clock: Clock = {
      step: steps,
      time: steps,
      state: this.run,
      newest: this.newest,
      earliest: 0,
      speed: this.speed,
      rate: this.run === 'playing' ? (this.speed ?? 60) : 0,
      reason: null,
      digest: this.run === 'playing' ? null : this.sim.digest,
      branch: this.branch,
    }
    this.observer.look(clock)
    if (this.state === 'open') for (const listener of this.listeners) listener()
  }
}
