/** What came into a run from outside, by the step after which it came: the past is made again with it. */

import { OperatorError } from '../core/index.js'
import type { TickInput } from '../model/index.js'
import { viewLimits } from './limits.js'

export class InputLog {
  private readonly byStep = new Map<number, TickInput[]>()
  private count = 0

  get length(): number {
    return this.count
  }

  /** Throws an `OperatorError` where there is no room for another. */
  assertRoom(): void {
    if (this.count < viewLimits.inputs) return
    throw new OperatorError({
      what: 'an input of a run that is watched',
      expected: `at most ${viewLimits.inputs} a run`,
      next: 'Begin anew with reset.',
    })
  }

  add(step: number, input: TickInput): void {
    this.byStep.set(step, [...this.after(step), input])
    this.count++
  }

  /** Those that came between a step and the next. */
  after(step: number): readonly TickInput[] {
    return this.byStep.get(step) ?? []
  }

  /** All before a step, oldest first, with the steps after which they came. */
  until(step: number): (readonly [number, TickInput])[] {
    return [...this.byStep].flatMap(([at, inputs]) => (at < step ? inputs.map(input => [at, input] as const) : []))
  }

  /** Forgets those that came at a step or later. */
  cut(step: number): void {
    for (const [at, inputs] of this.byStep)
      if (at >= step) {
        this.byStep.delete(at)
        this.count -= inputs.length
      }
  }
}
