/** The scheduler asks little of what it schedules: plain objects stand in for sets, a bus, a prefetch and requests here. */

import { fraction, inOrder } from 'mycelia'
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
  const clock = new ModelClock()
  const loop = new ActivationLoop<Toy>({ clock, bus, prefetch, population, failures })
  return { loop, clock, bus, population, read, failed }
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

  it('leaves the bus busy where it was, or where one departed, so that a loop around it drains as well', () => {
    const { loop, bus, population } = loopOver()
    loop.each(toys(2), 2, () => {}, true)
    expect(bus.busy).toBe(false)
    bus.requestDrain()
    loop.each(toys(2), 2, () => {}, true)
    expect(bus.busy).toBe(true)
    bus.drain()
    loop.each(toys(2), 2, () => void population.departures++, true)
    expect(bus.busy).toBe(true)
  })

  it('delivers what a failing one said before the next is called', () => {
    const { loop, bus } = loopOver()
    const drained: number[] = []
    const call = (toy: Toy) => {
      drained.push(bus.drained)
      if (toy.key === 'toy-0') throw new Error('broke')
    }
    loop.each(toys(2), 2, call, true)
    expect(drained).toEqual([0, 1])
  })

  it('passes over the removed of a list that is not whole, and the suspended of one that is', () => {
    for (const whole of [false, true]) {
      const { loop, population } = loopOver()
      const list = toys(3)
      ;(list[1] as Toy)._status = whole ? Status.quarantined : Status.removed
      population.someSuspended = whole
      const called: string[] = []
      loop.each(list, 3, toy => called.push(toy.key), whole)
      expect(called).toEqual(['toy-0', 'toy-2'])
    }
  })

  it('with a stopwatch names the slowest, of every 64th step', () => {
    const { loop, clock } = loopOver()
    let now = 0
    const pass = (ms: number) => {
      now += ms
    }
    loop.stopwatch = () => now
    const taking = (...ms: number[]) => {
      const list = toys(ms.length)
      loop.each(list, list.length, toy => pass(ms[list.indexOf(toy)] as number), true)
    }
    clock.steps = 64
    taking(2, 5, 3)
    clock.steps = 65
    taking(9)
    expect(loop.slowest).toEqual({ agent: 'toy-1', step: 64, ms: 5 })
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

it('a fraction is a share from none to all', () => {
  for (const share of [0, 0.5, 1]) expect(() => fraction(share)).not.toThrow()
  for (const share of [-0.1, 1.1, Number.NaN]) expect(() => fraction(share)).toThrow('a number from 0 to 1')
})

it('a clock stays where it is, and goes forward alone', () => {
  const clock = new ModelClock(5)
  clock.advance(5)
  expect(() => clock.advance(4)).toThrow('time went back from 5 to 4')
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

  it('a step at the instant of an event or an answer comes first; an answer comes no earlier than now', () => {
    const asked = { id: 3, kind: 'sum', payload: [], askedAt: 1 }
    const requests = { size: 1, oldest: () => asked, waiting: () => [asked] }
    const requestHandler = { answer: () => 0, save: () => 1, restore: () => {} }
    const common = { requests, source: undefined, requestHandler, queue: { nextTime: () => 1 } }
    expect(new TickScheduler({ ...common, clock: new ModelClock() }).next()).toEqual({ time: 1, step: true, inputs: [] })
    const source = {
      next: () => ({ time: 2_000, step: true, inputs: [] }),
      save: () => 2,
      restore: () => {},
      describe: () => ({}),
    }
    const late = new TickScheduler({ ...common, queue: idle, source, clock: new ModelClock(1_000) })
    expect(late.next()).toMatchObject({ time: 1_000, step: false })
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
