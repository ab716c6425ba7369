/** The order book: operations of the engine alone, and a day of its world message by message, with more agents and hour by hour. */

import { simulate } from 'mycelia'
import orderBook from '../../scenarios/order-book.js'
import { cancelInBook, deaf, newBook, submitToBook } from '../../src/exchange/index.js'
import { EventQueue } from '../../src/scheduler/index.js'
import { median, timeOf } from './measure.js'

export interface BookSpeed {
  /** Orders and cancels a second, without agents. */
  readonly operationsPerSecond: number
  readonly day: BookDay
  /** The same agents many times, and microseconds a message. */
  readonly crowds: readonly { readonly times: number; readonly usPerMessage: number }[]
  /** Microseconds of an event that does nothing but plan the next. */
  readonly bareUs: number
}

export interface BookDay {
  readonly messages: number
  readonly seconds: number
  /** Messages a second in the first hour and in the last. */
  readonly firstHour: number
  readonly lastHour: number
}

const HOUR_S = 3_600
const DAY_S = 23_400

export function bookSpeed(): BookSpeed {
  const operations = engine()
  for (let i = 0; i < 3; i++) operations()
  const operationsPerSecond = (OPERATIONS * 1_000) / median(Array.from({ length: 7 }, () => timeOf(operations)))
  aDay()
  const days = Array.from({ length: 5 }, aDay).sort((a, b) => a.seconds - b.seconds)
  const crowds = [1, 10, 100].map(times => ({ times, usPerMessage: median(Array.from({ length: 3 }, () => crowd(times))) }))
  return { operationsPerSecond, day: days[2] as BookDay, crowds, bareUs: bareEvent() }
}

const OPERATIONS = 1_000_000

/** A mixed flow: 45 % limit orders near the middle, 45 % cancels, 10 % market orders; some two thousand orders wait. */
function engine(): () => void {
  const book = newBook({ ticks: 2 ** 17, selfTrade: 'allow' })
  const random = chance()
  const ids: number[] = []
  const middle = 2 ** 16
  const limitOrder = () => {
    const side = random() < 0.5 ? 'buy' : 'sell'
    const away = Math.floor(random() * random() * 200)
    const limit = side === 'buy' ? middle - away : middle + away
    ids.push(submitToBook(book, { owner: 1, side, lots: 1 + Math.floor(random() * 100), limit }, deaf))
  }
  const cancel = () => {
    const at = Math.floor(random() * ids.length)
    cancelInBook(book, ids[at] as number, 1, deaf)
    ids[at] = ids[ids.length - 1] as number
    ids.pop()
  }
  return () => {
    for (let i = 0; i < OPERATIONS; i++) {
      const kind = random()
      if (kind < 0.1)
        submitToBook(
          book,
          { owner: 1, side: random() < 0.5 ? 'buy' : 'sell', lots: 1 + Math.floor(random() * 100), limit: null },
          deaf,
        )
      else if (kind < 0.55 && ids.length > 2_000) cancel()
      else limitOrder()
    }
  }
}

function aDay(): BookDay {
  const sim = simulate(orderBook, { seed: 1, collect: false })
  const { model } = sim
  const hour = (steps: number) => {
    const before = model.messages
    const ms = timeOf(() => sim.run({ steps }))
    return { ms, perSecond: ((model.messages - before) * 1_000) / ms }
  }
  const first = hour(HOUR_S)
  const middle = hour(DAY_S - 2 * HOUR_S)
  const last = hour(HOUR_S)
  const seconds = (first.ms + middle.ms + last.ms) / 1_000
  return { messages: model.messages, seconds, firstHour: first.perSecond, lastHour: last.perSecond }
}

/** Microseconds a message with so many times the agents, in as much shorter a time. */
function crowd(times: number): number {
  const params = {
    noiseTraders: 1_000 * times,
    valueTraders: 102 * times,
    momentumTraders: 12 * times,
    marketMakers: 2 * times,
  }
  const sim = simulate(orderBook, { seed: 1, params, collect: false })
  const steps = Math.round(DAY_S / 2 / times)
  sim.run({ steps: Math.max(60, steps) })
  const before = sim.model.messages
  const ms = timeOf(() => sim.run({ steps }))
  return (ms * 1_000) / (sim.model.messages - before)
}

function bareEvent(): number {
  const queue = new EventQueue()
  const random = chance()
  const target = {}
  const planAt = (time: number) => queue.plan({ time, priority: 0, target, method: 'm', payload: undefined, every: 0 })
  for (let i = 0; i < 1_000; i++) planAt(random())
  const fire = () => {
    for (let i = 0; i < 500_000; i++) planAt((queue.popDue(Number.POSITIVE_INFINITY)?.time ?? 0) + random())
  }
  fire()
  return median(Array.from({ length: 5 }, () => timeOf(fire))) / 500
}

function chance(): () => number {
  let x = 1
  return () => {
    x = (Math.imul(x, 1664525) + 1013904223) | 0
    return (x >>> 0) / 2 ** 32
  }
}
