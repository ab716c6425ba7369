import fc from 'fast-check'
import { BrokenInvariant, EventQueue, ModelClock, schedulerLimits } from 'mycelia'
import { describe, expect, it } from 'vitest'

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

  it('is a total order (time, priority, sequence) for any plans, firings and cancellations', () => {
    const command = fc.oneof(
      fc.record({
        kind: fc.constant('plan' as const),
        time: fc.integer({ min: 0, max: 9 }),
        priority: fc.integer({ min: -2, max: 2 }),
      }),
      fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(60) }),
      fc.record({ kind: fc.constant('pop' as const), until: fc.integer({ min: 0, max: 9 }) }),
    )
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80 }), commands => {
        const queue = new EventQueue()
        let model: [number, number, number][] = []
        for (const c of commands) {
          if (c.kind === 'plan') model.push([c.time, c.priority, queue.plan(event(c.time, c.priority))])
          else if (c.kind === 'cancel') {
            expect(queue.cancel(c.which)).toBe(model.some(e => e[2] === c.which))
            model = model.filter(e => e[2] !== c.which)
          } else {
            const due = model.filter(e => e[0] <= c.until).sort(byKey)[0]
            expect(queue.popDue(c.until)?.sequence).toBe(due?.[2])
            model = model.filter(e => e !== due)
          }
          expect(queue.size).toBe(model.length)
          expect(queue.nextTime()).toBe(Math.min(Infinity, ...model.map(e => e[0])))
        }
        const twin = new EventQueue()
        twin.loadState(queue.saveState())
        expect(fired(twin)).toEqual(model.sort(byKey))
        expect(fired(queue)).toEqual(model)
      }),
      { seed: 3, numRuns: 300 },
    )
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

  it('gives the room of cancelled events back, though their time never comes', () => {
    const queue = new EventQueue()
    for (let i = 0; i < 20_000; i++) queue.cancel(queue.plan(event(1e9 + i)))
    expect(queue.size).toBe(0)
    expect((queue as unknown as { heap: unknown[] }).heap.length).toBeLessThan(10)
  })

  it('is bounded', () => {
    const queue = new EventQueue()
    const heap = (queue as unknown as { heap: unknown[] }).heap
    heap.length = schedulerLimits.waitingEvents
    expect(() => queue.plan(event(1))).toThrow('at most 10000000 waiting events')
  })

  it('time never goes back', () => {
    const clock = new ModelClock()
    clock.advance(5)
    clock.advance(5)
    expect(() => clock.advance(4)).toThrow(BrokenInvariant)
  })
})

function byKey(a: [number, number, number], b: [number, number, number]): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}
