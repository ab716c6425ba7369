/** What a viewer would see at the end of a run, kept for its report. */

import type { Simulation } from '../model/index.js'
import { keepLastState } from '../storage/index.js'
import { type About, Observer, question } from '../view/index.js'

/** A view that fails takes nothing from the run: its report does without. `trades`: a trading run's report has panels of its own. */
export function keepStateOf(sim: Simulation, directory: string, trades: boolean): void {
  const frame = lastFrame(sim, trades)
  if (frame !== undefined) keepLastState(directory, frame)
}

function lastFrame(sim: Simulation, trades: boolean): Uint8Array | undefined {
  try {
    const observer = new Observer(sim)
    const { steps: step, now: time } = sim.model
    const fixed = { newest: step, earliest: step, speed: null, rate: 0, reason: null, digest: null, branch: 0 }
    const clock = { step, time, state: 'ended', ...fixed } as const
    observer.look(clock)
    const { panels } = observer.parts.json('about') as About
    if (!trades && panels.length > 0) {
      observer.ask(panels.flatMap(({ title, choices = [''] }) => choices.map(choice => question('panel', title, choice))))
      observer.look(clock)
    }
    return observer.parts.frame(() => -1)
  } catch {
    return undefined
  }
}
