/** The collisions of a finished run against chance, from its spooled ideas. */

import type { RunOutputs } from '../storage/index.js'
import { type Coincidences, chanceStream, collisionsByChance, type IdeaColumns } from '../trading/index.js'

/** Growing columns of one source's ideas. */
class Ideas {
  private time = new Float64Array(1_024)
  private barMs = new Float64Array(1_024)
  private pair = new Uint16Array(1_024)
  private direction = new Int8Array(1_024)
  private length = 0

  add(time: number, barMs: number, pair: number, direction: number): void {
    if (this.length === this.time.length) this.grow()
    const at = this.length++
    this.time[at] = time
    this.barMs[at] = barMs
    this.pair[at] = pair
    this.direction[at] = direction
  }

  columns(): IdeaColumns {
    const { length } = this
    return {
      time: this.time.subarray(0, length),
      barMs: this.barMs.subarray(0, length),
      pair: this.pair.subarray(0, length),
      direction: this.direction.subarray(0, length),
    }
  }

  private grow(): void {
    const { time, barMs, pair, direction } = this
    const room = this.length * 2
    this.time = new Float64Array(room)
    this.time.set(time)
    this.barMs = new Float64Array(room)
    this.barMs.set(barMs)
    this.pair = new Uint16Array(room)
    this.pair.set(pair)
    this.direction = new Int8Array(room)
    this.direction.set(direction)
  }
}

/** Collisions against chance, with the ideas of opposite directions beside them. */
export type CollisionsByChance = Coincidences & { readonly opposite: Coincidences }

/** The ends of all steps on which the portfolios might trade: when an idea could be decided. */
function clockOf(outputs: Pick<RunOutputs, 'blocks'>): Float64Array {
  const times: number[] = []
  for (const { time = [], buy_and_hold: hold } of outputs.blocks('model'))
    time.forEach((at, i) => {
      if (hold?.[i] !== null) times.push(Number(at))
    })
  return Float64Array.from(times)
}

/** Reads the table `ideas` back block by block; nothing coincides where a run collected none. */
export function chanceCollisions(
  outputs: Pick<RunOutputs, 'blocks'>,
  seed: number,
  windowMs: number | undefined,
): CollisionsByChance {
  const mycelial = new Ideas()
  const baseline = new Ideas()
  const pairs = new Map<string, number>()
  for (const { source, pair, direction, decided_at: time, bar_ms: barMs } of outputs.blocks('ideas')) {
    for (let i = 0; i < (source?.length ?? 0); i++) {
      const name = String(pair?.[i])
      if (!pairs.has(name)) pairs.set(name, pairs.size)
      const ideas = source?.[i] === 'mycelial' ? mycelial : baseline
      ideas.add(Number(time?.[i]), Number(barMs?.[i]), pairs.get(name) ?? 0, Number(direction?.[i]))
    }
  }
  const clock = clockOf(outputs)
  const { same, opposite } = collisionsByChance(mycelial.columns(), baseline.columns(), {
    rng: chanceStream(seed),
    ...(clock.length === 0 ? {} : { clock }),
    ...(windowMs === undefined ? {} : { windowMs }),
  })
  return { ...same, opposite }
}
