/** The scheduler asks little of what it schedules: plain objects stand in for sets, a bus, a prefetch and requests here. */

import { inOrder } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { Rng, rootOf } from '../../src/core/index.js'
import { ActivationLoop, ModelClock, Status, TickScheduler } from '../../src/scheduler/index.js'

interface Toy {
  readonly key: string
  _status: number
}
const toys = (n: number): Toy[] => Array.from({ length: n }, (_, i) => ({ key: `toy-${i}`, _status: Status.active }))

function loopOver() {
  const read: [number, number][] = []
  const failed: unknown[] = []
  const bus = {
    busy: false,
    drained: 0,
    requestDrain(): void {
      bus.busy = true
    },
    drain(): void {
      bus.drained++
      bus.busy = false
    },
  }
  const prefetch = {
    crowd: 8,
    batch: 3,
    read: (_: unknown, from: number, to: number) => read.push([from, to]),
    forget: () => read.push([-1, -1]),
  }
  const population = { departures: 0, someSuspended: false }
  const failures = { failed: (error: unknown, agent: Toy | undefined) => failed.push([agent?.key, (error as Error).message]) }
  const loop = new ActivationLoop<Toy>({ clock: new ModelClock(), bus, prefetch, population, failures })
  return { loop, bus, population, read, failed }
}

describe('the activation loop', () => {
  it('calls everything in order, and drains after each that left a message', () => {
    const { loop, bus } = loopOver()
    const called: string[] = []
    const call = (toy: Toy) => {
      called.push(toy.key)
      if (toy.key === 'toy-2') bus.requestDrain()
    }
    loop.each(toys(4), 4, call, true)
    expect(called).toEqual(['toy-0', 'toy-1', 'toy-2', 'toy-3'])
    expect(bus.drained).toBe(1)
  })

  it('passes over what goes meanwhile, and goes on after one that fails', () => {
    const { loop, bus, population, failed } = loopOver()
    const list = toys(5)
    const called: string[] = []
    const call = (toy: Toy) => {
      called.push(toy.key)
      if (toy.key === 'toy-0') {
        ;(list[1] as Toy)._status = Status.removed
        population.departures++
        bus.requestDrain()
      }
      if (toy.key === 'toy-3') throw new Error('broke')
    }
    loop.each(list, 5, call, true)
    expect(called).toEqual(['toy-0', 'toy-2', 'toy-3', 'toy-4'])
    expect(failed).toEqual([['toy-3', 'broke']])
  })

  it('reads a crowd ahead batch by batch, and a few not at all', () => {
    const { loop, read } = loopOver()
    loop.each(toys(7), 7, () => {}, true)
    expect(read).toEqual([])
    loop.each(toys(8), 8, () => {}, true)
    expect(read).toEqual([
      [0, 3],
      [3, 6],
      [6, 8],
      [-1, -1],
    ])
  })

  it('calls each once in a random order that the stream decides', () => {
    const orders = [1, 1, 2].map(seed => {
      const called: string[] = []
      loopOver().loop.eachShuffled(toys(20), Rng.derive(rootOf(seed), 1, 0), toy => called.push(toy.key), true)
      return called
    })
    expect(orders[0]).toEqual(orders[1])
    expect(orders[0]).not.toEqual(orders[2])
    expect(orders[0]?.toSorted()).toEqual(
      toys(20)
        .map(toy => toy.key)
        .toSorted(),
    )
  })
})

it('an activation runs over anything that can do', () => {
  const stepped: number[] = []
  const things = [1, 2, 3].map(n => ({ step: () => void stepped.push(n) }))
  const set = { size: 3, do: (f: (thing: { step(): void }) => void) => things.forEach(f) }
  inOrder(set as never)
  expect(stepped).toEqual([1, 2, 3])
})

describe('the tick scheduler', () => {
  const none = { size: 0, oldest: () => undefined, waiting: () => [] }
  const idle = { nextTime: () => Number.POSITIVE_INFINITY }

  it('without a source, gives one step a unit of time, and planned events between', () => {
    const clock = new ModelClock()
    const common = { clock, requests: none, source: undefined, requestHandler: undefined }
    expect(new TickScheduler({ ...common, queue: idle }).next()).toEqual({ time: 1, step: true, inputs: [] })
    expect(new TickScheduler({ ...common, queue: { nextTime: () => 0.5 } }).next()).toEqual({
      time: 0.5,
      step: false,
      inputs: [],
    })
  })

  it('answers the oldest requests after their delay, and a source that has ended ends all', () => {
    const asked = { id: 3, kind: 'sum', payload: [1, 2], askedAt: 100 }
    const requests = { size: 1, oldest: () => asked, waiting: () => [asked, { ...asked, id: 4, askedAt: 120 }] }
    const requestHandler = { answer: (kind: string) => `${kind}!`, save: () => 1, restore: () => {} }
    const ticks = [{ time: 1_000, step: true, inputs: [] }]
    const source = { next: () => ticks.shift(), save: () => 2, restore: () => {}, describe: () => ({}) }
    const scheduler = new TickScheduler({ clock: new ModelClock(100), queue: idle, requests, source, requestHandler })
    expect(scheduler.next()).toEqual({ time: 150, step: false, inputs: [{ kind: 'answer', request: 3, value: 'sum!' }] })
    expect(scheduler.save()).toEqual({ source: 2, answer: 1 })
    const without = new TickScheduler({ clock: new ModelClock(100), queue: idle, requests: none, source, requestHandler })
    expect([
      without.next(),
      new TickScheduler({ clock: new ModelClock(), queue: idle, requests: none, source, requestHandler }).next(),
    ]).toEqual([undefined, undefined])
  })
})
