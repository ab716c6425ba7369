/** The loop of a live run without a swarm: when a tick is due, when it is a step, how steps are numbered, when it is saved. */

import { describe, expect, it } from 'vitest'
import type { LiveFeed } from '../../src/feed/index.js'
import { type Bar, BarFlag, type MarketInput } from '../../src/market/index.js'
import { Inputs } from '../../src/world/live/engine/inputs.js'
import { LiveLoop } from '../../src/world/live/engine/loop.js'
import type { LiveTick, Shard } from '../../src/world/live/engine/shard.js'
import { ManualClock } from './live-kit.js'

const barMs = 60_000
const start = Date.UTC(2026, 0, 1)

interface Given {
  readonly steps?: number
  readonly nextEventTime?: number
  readonly checkpointEvery?: number
  readonly stepOf?: (barEnd: number) => number | undefined
}

/** A loop whose shard only writes down what it is to run. */
function loopOf({ steps = 0, nextEventTime = Number.POSITIVE_INFINITY, checkpointEvery = 1_000, stepOf }: Given = {}) {
  const clock = new ManualClock(start)
  const ticks: LiveTick[] = []
  const queue: MarketInput[] = []
  const shard = {
    closedUntil: start,
    time: start,
    model: { steps },
    components: { sim: { nextEventTime } },
    checkpoints: 0,
    run(tick: LiveTick) {
      ticks.push(tick)
      shard.time = tick.time
      if (tick.step) shard.model.steps++
    },
    checkpoint: () => void shard.checkpoints++,
  }
  const feed = {
    barMs,
    now: () => clock.now(),
    take: () => queue.splice(0),
    waiting: () => queue.length,
    closeBars: () => undefined,
  } as unknown as LiveFeed
  const answers = { take: () => [] } as never
  const inputs = new Inputs({ feed, answers, control: undefined, bridge: undefined } as never)
  const loop = new LiveLoop({
    shard: shard as unknown as Shard,
    feed,
    inputs,
    clock,
    isFinal: () => true,
    checkpointEvery,
    stepOf,
  })
  return { loop, clock, shard, ticks, queue }
}

const bar = (time: number, more: Partial<Bar> = {}): MarketInput => {
  return { kind: 'bar', bar: { pair: 'SOLUSD', time, barMs, open: 1, high: 1, low: 1, close: 1, volume: 1, flags: 0, ...more } }
}
const revision = (time: number): MarketInput => ({ ...bar(time), kind: 'revision' }) as MarketInput
const gaps = (ticks: readonly LiveTick[]) => ticks.flatMap(({ inputs }) => inputs.filter(({ kind }) => kind === 'gap'))

describe('a tick', () => {
  it('is due where inputs came, where a bar ended, and where an event’s time has come; else there is none', () => {
    const { loop, clock, ticks, queue } = loopOf({ nextEventTime: start + 5_000 })
    clock.pass(4_999)
    expect(loop.poll()).toBe(false)
    clock.pass(1)
    expect(loop.poll()).toBe(true)
    expect(ticks).toEqual([{ time: start + 5_000, step: false, inputs: [] }])
    const none = loopOf()
    none.clock.pass(barMs - 1)
    expect(none.loop.poll()).toBe(false)
    none.queue.push(bar(start))
    expect(none.loop.poll()).toBe(true)
    none.clock.pass(1)
    expect(none.loop.poll()).toBe(true)
    expect(none.ticks.map(({ step }) => step)).toEqual([false, true])
    expect(queue).toEqual([])
  })

  it('has a time of its own: two in one millisecond are two', () => {
    const { loop, clock, ticks, queue } = loopOf()
    clock.pass(10)
    for (let i = 0; i < 3; i++) {
      queue.push(bar(start))
      loop.poll()
    }
    expect(ticks.map(({ time }) => time - start)).toEqual([10, 11, 12])
  })
})

describe('a step', () => {
  it('takes the number that other shards gave its bar, where that is ahead of its own, and no other', () => {
    const aligned = (theirs: number | undefined) => {
      const { loop, clock, ticks } = loopOf({ steps: 6, stepOf: () => theirs })
      clock.pass(barMs)
      loop.poll()
      return ticks[0]?.inputs
    }
    // Its own would be 7.
    expect(aligned(undefined)).toEqual([])
    expect(aligned(6)).toEqual([])
    expect(aligned(7)).toEqual([])
    expect(aligned(8)).toEqual([{ kind: 'align', step: 8 }])
  })

  it('comes after the end of its bar, never at that very instant', () => {
    const { loop, clock, ticks, queue } = loopOf()
    clock.pass(barMs)
    queue.push(bar(start))
    loop.poll()
    expect(ticks).toMatchObject([{ step: true, time: start + barMs + 1 }])
  })

  it('is asked for its number by the end of its bar', () => {
    const asked: number[] = []
    const { loop, clock } = loopOf({ stepOf: barEnd => void asked.push(barEnd) })
    clock.pass(barMs + 100)
    loop.poll()
    expect(asked).toEqual([start + barMs])
  })

  it('is saved at every so many steps, and a tick between is not counted', () => {
    const { loop, clock, shard, queue } = loopOf({ checkpointEvery: 3 })
    const saved: number[] = []
    for (let step = 1; step <= 10; step++) {
      queue.push(bar(start))
      loop.poll()
      clock.pass(barMs)
      loop.poll()
      saved.push(shard.checkpoints)
    }
    expect(saved).toEqual([0, 0, 1, 1, 1, 2, 2, 2, 3, 3])
    expect(loop.counters).toMatchObject({ steps: 10, ticks: 20, inputs: 10, checkpoints: 3 })
  })

  it('after a checkpoint that was asked for counts from there', () => {
    const { loop, clock, shard } = loopOf({ checkpointEvery: 3 })
    const step = () => {
      clock.pass(barMs)
      loop.poll()
    }
    step()
    step()
    loop.checkpoint()
    step()
    step()
    expect(shard.checkpoints).toBe(1)
    step()
    expect(shard.checkpoints).toBe(2)
  })
})

describe('a gap', () => {
  it('stands before the second bar of a pair in one step, and names the bar before it', () => {
    const { loop, clock, ticks, queue } = loopOf()
    queue.push(bar(start))
    loop.poll()
    clock.pass(10)
    queue.push(bar(start + barMs), bar(start, { pair: 'ADAUSD' }))
    loop.poll()
    const second = { kind: 'gap', pair: 'SOLUSD', from: start, to: start + barMs }
    expect(ticks[0]?.inputs.map(({ kind }) => kind)).toEqual(['bar'])
    expect(ticks[1]?.inputs.map(({ kind }) => kind)).toEqual(['gap', 'bar', 'bar'])
    expect(ticks[1]?.inputs[0]).toEqual(second)
  })

  it('is none where each bar had its step, nor for bars that are filled, nor for corrections', () => {
    const { loop, clock, ticks, queue } = loopOf()
    for (let k = 0; k < 3; k++) {
      queue.push(bar(start + k * barMs))
      clock.pass(barMs)
      loop.poll()
    }
    queue.push(bar(start), bar(start, { flags: BarFlag.filled }), revision(start))
    loop.poll()
    expect(gaps(ticks)).toEqual([])
    clock.pass(10)
    queue.push(bar(start))
    loop.poll()
    expect(gaps(ticks)).toHaveLength(1)
  })
})
