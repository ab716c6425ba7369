/** Events a second through the queue, each fired and planned anew, against the queue of objects it replaced. */

import { EventQueue } from '../../src/scheduler/index.js'
import { BinaryQueue } from '../limits/binary-queue.js'
import { median, timeOf } from './measure.js'

export interface EventSpeed {
  readonly waiting: number
  readonly perSecond: number
  /** How many times as fast as the queue of objects. */
  readonly ratio: number
}

interface AnyQueue {
  plan(event: { time: number; priority: number; target: object; method: string; payload: unknown; every: number }): number
  popDue(time: number): { readonly time: number } | undefined
}

const fired = 200_000
const target = {}

export function eventSpeeds(): EventSpeed[] {
  return [1_000, 100_000].map(speedWith)
}

/** Both queues are made and warmed before either is timed, and then take turns. */
function speedWith(waiting: number): EventSpeed {
  const [now, then] = [held(new EventQueue(), waiting), held(new BinaryQueue(), waiting)]
  for (let i = 0; i < 3; i++) {
    now()
    then()
  }
  const turns = Array.from({ length: 9 }, () => ({ now: timeOf(now), before: timeOf(then) }))
  const ms = median(turns.map(turn => turn.now))
  return { waiting, perSecond: (fired * 1_000) / ms, ratio: median(turns.map(turn => turn.before)) / ms }
}

/** The hold model: so many events wait, and each that fires plans the next at a random time ahead. */
function held(queue: AnyQueue, waiting: number): () => void {
  let x = 1
  const random = () => {
    x = (Math.imul(x, 1664525) + 1013904223) | 0
    return (x >>> 0) / 2 ** 32
  }
  const planAt = (time: number) => queue.plan({ time, priority: 0, target, method: 'm', payload: undefined, every: 0 })
  for (let i = 0; i < waiting; i++) planAt(random())
  return () => {
    for (let i = 0; i < fired; i++) planAt((queue.popDue(Number.POSITIVE_INFINITY)?.time ?? 0) + random())
  }
}
