/** Makes a film of a run: the run goes on step by step, and every so many steps it is painted. */

import { OperatorError } from '../../core/index.js'
import type { Simulation } from '../../model/index.js'
import { type Clock, Observer } from '../../view/index.js'
import { painterOf } from './painter.js'
import { writerOf } from './writer.js'

export interface FilmRequest {
  readonly out: string
  readonly steps: number
  /** Steps from one picture to the next. */
  readonly every: number
  /** Pixels of the longer side. */
  readonly size: number
  readonly layer: string | undefined
  /** Pictures a second. */
  readonly rate: number
  readonly onStep: (step: number) => void
}

export interface MadeFilm {
  readonly pictures: number
  readonly width: number
  readonly height: number
  /** At the last step. */
  readonly digest: string
}

/** The first picture is of the start, the last of the last step. Where it fails no file is left. */
export async function makeFilm(sim: Simulation, request: FilmRequest): Promise<MadeFilm> {
  const painter = await painterOf(request.size, request.layer)
  const writer = await writerOf(request.out, request.rate)
  const observer = new Observer(sim)
  let [pictures, width, height] = [0, 0, 0]
  const shoot = async () => {
    observer.look(clockOf(sim))
    const picture = painted(() => painter.paint(observer.parts.frame(() => -1) ?? new Uint8Array(0)), request.layer)
    ;({ width, height } = picture)
    pictures++
    await writer.add(picture)
  }
  try {
    await shoot()
    for (let step = 1; step <= request.steps && sim.endReason === undefined; step++) {
      sim.run({ steps: 1 })
      observer.stepped()
      const isLast = step === request.steps || sim.endReason !== undefined
      if (isLast || step % request.every === 0) await shoot()
      request.onStep(step)
    }
    await writer.finish()
  } catch (error) {
    writer.abandon()
    throw error
  }
  return { pictures, width, height, digest: sim.digest }
}

function painted<T>(paint: () => T, layer: string | undefined): T {
  try {
    return paint()
  } catch (error) {
    if (!(error instanceof RangeError) || layer === undefined) throw error
    throw new OperatorError({ what: '--layer', expected: `one of ${error.message || 'no layers'}, or none`, got: layer })
  }
}

function clockOf({ model }: Simulation): Clock {
  const { steps: step, now: time } = model
  const still = { state: 'paused', speed: null, rate: 0, reason: null, digest: null, branch: 0 } as const
  return { step, time, newest: step, earliest: step, ...still }
}
