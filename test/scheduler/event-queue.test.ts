import fc from 'fast-check'
import { BrokenInvariant } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { HandleTable } from '../../src/scheduler/handle-table.js'
import { EventQueue, ModelClock, type PlannedEvent, repeatTime, schedulerLimits } from '../../src/scheduler/index.js'

const target = {}
const event = (time: number, priority = 0, every = 0) => ({ time, priority, target, method: 'm', payload: undefined, every })
const fired = (queue: EventQueue, until = Infinity) => {
  const out: [number, number, number][] = []
  for (let e = queue.popDue(until); e !== undefined; e = queue.popDue(until)) out.push([e.time, e.priority, e.sequence])
  return out
}

describe('the event queue', () => {
  it('T3: 1,000 events at one instant fire in order of (priority, sequence), whatever order they were planned in', () => {
    const queue = new EventQueue()
    for (let i = 0; i < 1000; i++) queue.plan(event(7, (i * 7919) % 10))
    const out = fired(queue)
    expect(out).toHaveLength(1000)
    expect(out).toEqual(out.toSorted((a, b) => a[1] - b[1] || a[2] - b[2]))
  })

  it('fires as a sorted list would, for any plans, repeats, cancellations, firings, saves and loads', () => {
    const priority = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom(0.5, -Infinity, Infinity, 1e300, -0))
    const time = fc.oneof(fc.nat(9), fc.double({ min: 0, max: 9, noNaN: true }))
    const command = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('plan' as const), time, priority }) },
      fc.record({ kind: fc.constant('every' as const), time, priority, period: fc.constantFrom(1, 2, 0.1, 1.1, 0.7) }),
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(60) }) },
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('pop' as const), until: fc.nat(12) }) },
      fc.record({ kind: fc.constant('load' as const) }),
    )
    fc.assert(
      fc.property(fc.array(command, { maxLength: 120 }), commands => {
        let queue = new EventQueue()
        let list: Naive[] = []
        for (const c of commands) {
          if (c.kind === 'plan') {
            list.push({ ...once, time: c.time, priority: c.priority, sequence: queue.plan(event(c.time, c.priority)) })
          } else if (c.kind === 'every') {
            const plan = { time: repeatTime(c.time, c.period, 1), priority: c.priority, start: c.time, round: 1 }
            list.push({ ...plan, every: c.period, sequence: queue.plan({ ...event(0, 0, c.period), ...plan }) })
          } else if (c.kind === 'cancel') {
            expect(queue.cancel(c.which)).toBe(list.some(e => e.sequence === c.which))
            list = list.filter(e => e.sequence !== c.which)
          } else if (c.kind === 'load') {
            const saved = structuredClone(queue.saveState())
            queue = new EventQueue()
            queue.loadState(saved)
          } else {
            const first = list.sort(inFiringOrder)[0]
            const due = first !== undefined && first.time <= c.until ? first : undefined
            const popped = queue.popDue(c.until)
            expect([popped?.sequence, popped?.time]).toEqual([due?.sequence, due?.time])
            list = list.filter(e => e !== due)
            if (due !== undefined && due.every > 0) {
              const round = due.round + 1
              list.push({ ...due, round, time: repeatTime(due.start, due.every, round) })
            }
          }
          expect(queue.size).toBe(list.length)
          expect(queue.nextTime()).toBe(Math.min(Infinity, ...list.map(e => e.time)))
        }
        expect(queue.waiting().map(e => e.sequence)).toEqual(list.sort(inFiringOrder).map(e => e.sequence))
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  it('cancels no event that has fired, be others cancelled before it or not', () => {
    const queue = new EventQueue()
    const [first, second, third] = [1, 2, 3].map(time => queue.plan(event(time))) as [number, number, number]
    expect(queue.cancel(second)).toBe(true)
    queue.popDue(1)
    expect([queue.cancel(first), queue.cancel(third), queue.size]).toEqual([false, true, 0])
  })

  it('hands each event over whole: object, method and payload, however many others came and went', () => {
    const queue = new EventQueue()
    const things = Array.from({ length: 500 }, (_, i) => ({ i }))
    const plan = (i: number) =>
      queue.plan({ ...event((i * 7919) % 501), target: things[i] as object, method: `m${i}`, payload: i })
    const handles = things.map((_, i) => plan(i))
    for (let i = 0; i < 500; i += 3) queue.cancel(handles[i] as number)
    const seen: number[] = []
    for (let e = queue.popDue(Infinity); e !== undefined; e = queue.popDue(Infinity)) {
      expect([e.target, e.method, e.sequence]).toEqual([
        things[e.payload as number],
        `m${e.payload}`,
        handles[e.payload as number],
      ])
      seen.push(e.payload as number)
    }
    expect(seen.sort((a, b) => a - b)).toEqual(things.map(t => t.i).filter(i => i % 3 !== 0))
  })

  it('makes no object for an event that fires: every firing fills the same one, and the last holds nothing', () => {
    const queue = new EventQueue()
    queue.plan({ ...event(1), payload: 'a' })
    queue.plan({ ...event(2), payload: 'b' })
    const first = queue.popDue(5)
    expect(first?.payload).toBe('a')
    expect(queue.popDue(5)).toBe(first)
    expect(first?.payload).toBe('b')
    expect(queue.popDue(5)).toBeUndefined()
    expect(first?.payload).toBeUndefined()
    expect(first?.target).not.toBe(target)
  })

  it('knows handles up to 2^53 apart, and those a power of two apart', () => {
    const table = new HandleTable()
    const handles = Array.from({ length: 2_000 }, (_, i) => (i + 1) * 2 ** 41)
    for (const [slot, handle] of handles.entries()) table.add(handle, slot)
    expect(table.take(2 ** 41 + 1)).toBe(-1)
    for (const slot of [1_999, 0, 7, 1_000]) expect(table.take(handles[slot] as number)).toBe(slot)
    expect([table.take(handles[7] as number), table.size]).toEqual([-1, 1_996])
    const late = new EventQueue()
    late.loadState({ nextSequence: 2 ** 53 - 1, events: [] })
    const handle = late.plan(event(3))
    expect([handle, late.cancel(handle), late.size]).toEqual([2 ** 53 - 1, true, 0])
  })

  it('a repeated event keeps its handle and its place among those of its instant', () => {
    const queue = new EventQueue()
    const handle = queue.plan(event(2, 0, 2))
    for (const time of [2, 4, 6]) queue.plan(event(time))
    expect(fired(queue, 4)).toEqual([
      [2, 0, handle],
      [2, 0, 2],
      [4, 0, handle],
      [4, 0, 3],
    ])
    expect([queue.cancel(handle), queue.cancel(handle), fired(queue, 100)]).toEqual([true, false, [[6, 0, 4]]])
  })

  it('repeats at whole steps itself, where sums would miss them', () => {
    for (const period of [0.1, 1.1, 0.7, 1 / 3, 2.5, 1e-3]) {
      const queue = new EventQueue()
      queue.plan({ ...event(repeatTime(0, period, 1), 0, period), start: 0, round: 1 })
      let last = 0
      for (let k = 1; k <= 500; k++) {
        const time = queue.popDue(Infinity)?.time as number
        const near = Math.abs(time - Math.round(time)) < 1e-6
        if (Math.abs(time - k * period) > 1e-9 || (near && time !== Math.round(time)) || time <= last)
          expect.fail(`every(${period}), round ${k}: ${time}`)
        last = time
      }
    }
    expect(repeatTime(2.0000000004, 1e-10, 1)).toBeGreaterThan(2.0000000004)
  })

  it('saves start and round only where a period or its start is no whole number, so that older states stand', () => {
    const queue = new EventQueue()
    for (const [start, every] of [
      [3, 2],
      [0, 0.1],
      [0.5, 1],
    ] as const)
      queue.plan({ ...event(repeatTime(start, every, 1), 0, every), start, round: 1 })
    queue.plan(event(0.25))
    const { events } = queue.saveState() as { events: PlannedEvent[] }
    const plain = ['time', 'priority', 'target', 'method', 'payload', 'every', 'sequence']
    expect(events.map(e => Object.keys(e))).toEqual([[...plain, 'start', 'round'], plain, [...plain, 'start', 'round'], plain])
  })

  it('its room follows what waits: cancelled events and past ones leave none behind', () => {
    const queue = new EventQueue()
    const room = () => (queue as unknown as { heap: { slots: Int32Array } }).heap.slots.length
    for (let i = 0; i < 20_000; i++) queue.cancel(queue.plan(event(1e9 + i)))
    expect([queue.size, room()]).toEqual([0, 19])
    for (let i = 0; i < 5_000; i++) queue.plan(event(i))
    expect(room()).toBeGreaterThan(5_000)
    while (queue.size > 10) queue.popDue(Infinity)
    expect(room()).toBeLessThan(100)
    expect(fired(queue)).toHaveLength(10)
  })

  it('is bounded', () => {
    const queue = new EventQueue()
    Object.defineProperty((queue as unknown as { heap: object }).heap, 'length', { value: schedulerLimits.waitingEvents })
    expect(() => queue.plan(event(1))).toThrow('at most 10000000 waiting events')
  })

  it('time never goes back', () => {
    const clock = new ModelClock()
    clock.advance(5)
    clock.advance(5)
    expect(() => clock.advance(4)).toThrow(BrokenInvariant)
  })
})

interface Naive {
  time: number
  priority: number
  sequence: number
  every: number
  start: number
  round: number
}
const once = { every: 0, start: 0, round: 0 }

function inFiringOrder(a: Naive, b: Naive): number {
  return a.time - b.time || (a.priority === b.priority ? a.sequence - b.sequence : a.priority - b.priority)
}
