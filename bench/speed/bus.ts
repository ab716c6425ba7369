/** Messages a second through the bus in memory: published, and handed to their subscribers. */

import { topic } from 'mycelia'
import { Bus } from '../../src/bus/index.js'
import { median, timeOf } from './measure.js'

export interface BusSpeed {
  readonly subscribers: number
  readonly publishedPerSecond: number
  readonly deliveredPerSecond: number
}

/** Below the cap of a publisher in one tick. */
const perTick = 1_000
const ticks = 300

export function busSpeeds(): BusSpeed[] {
  return [1, 18, 121].map(speedWith)
}

function speedWith(subscribers: number): BusSpeed {
  const bus = new Bus()
  const prices = topic<{ price: number }>('prices')
  let heard = 0
  for (let i = 1; i <= subscribers; i++) {
    bus.subscribe(prices, i, message => {
      heard += message.price
    })
  }
  const send = () => {
    for (let tick = 0; tick < ticks; tick++) {
      bus.beginTick()
      for (let i = 0; i < perTick; i++) {
        bus.publish(prices, { price: i }, 1 + (i % 121))
        bus.drain()
      }
    }
  }
  send()
  const ms = median(Array.from({ length: 9 }, () => timeOf(send)))
  const publishedPerSecond = (ticks * perTick * 1_000) / ms
  return { subscribers, publishedPerSecond, deliveredPerSecond: publishedPerSecond * subscribers * Number(heard > 0) }
}
