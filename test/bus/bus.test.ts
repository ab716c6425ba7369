import { topic } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { Bus, busLimits } from '../../src/bus/index.js'

const News = topic<{ n: number }>('news')

describe('the bus', () => {
  it('delivers the oldest message first, to subscribers in ascending id, until quiet', () => {
    const bus = new Bus()
    const seen: string[] = []
    bus.subscribe(News, 3, ({ n }) => seen.push(`3:${n}`))
    bus.subscribe(News, 1, ({ n }) => {
      seen.push(`1:${n}`)
      if (n < 3) bus.publish(News, { n: n + 10 }, 1)
    })
    bus.publish(News, { n: 1 }, 9)
    bus.publish(News, { n: 2 }, 9)
    bus.drain()
    expect(seen).toEqual(['1:1', '3:1', '1:2', '3:2', '1:11', '3:11', '1:12', '3:12'])
    expect(bus.busy).toBe(false)
  })

  it('shows a record to taps alone: it is no message, is not counted and has no subscribers', () => {
    const bus = new Bus()
    const Note = topic<{ n: number }>('note', { record: true })
    const seen: number[] = []
    bus.tap((_, message) => seen.push((message as { n: number }).n))
    bus.publish(Note, { n: 7 }, 9)
    expect([seen, bus.busy, bus.counters.published]).toEqual([[7], false, 0])
    expect(() => bus.subscribe(Note, 1, () => {})).toThrow(
      'subscribing to "note": expected a topic of messages, got "one of records".',
    )
  })

  it('shows a member of a family to both kinds of subscribers, in one order', () => {
    const bus = new Bus()
    const seen: number[] = []
    bus.subscribe(News, 2, () => seen.push(2))
    bus.subscribe(News.at('a'), 1, () => seen.push(1))
    bus.subscribe(News.at('b'), 0, () => seen.push(0))
    bus.publish(News.at('a'), { n: 1 }, 9)
    bus.drain()
    expect(seen).toEqual([1, 2])
    expect(News.at('a')).toBe(News.at('a'))
  })

  it('lets through what one tick may hold, from the model without a cap of its own, and counts what it delivers', () => {
    const bus = new Bus()
    bus.subscribe(News, 1, () => {})
    for (let i = 0; i < busLimits.messagesPerTick; i++) bus.publish(News, { n: i }, 0)
    expect(bus.counters.dropped).toBe(0)
    bus.publish(News, { n: 0 }, 0)
    bus.drain()
    expect(bus.counters).toMatchObject({ dropped: 1, delivered: busLimits.messagesPerTick })
  })

  it('a message over the cap is dropped, be it one that its topic refuses or not', () => {
    const bus = new Bus()
    const Strict = topic<number>('strict', { check: n => (n < 0 ? 'it is negative' : undefined) })
    for (let i = 0; i < busLimits.messagesPerAgent; i++) bus.publish(Strict, i, 7)
    bus.publish(Strict, -1, 7)
    expect(bus.counters).toMatchObject({ dropped: 1, refused: 0 })
  })

  it('where a handler throws keeps what still waits', () => {
    const bus = new Bus()
    const seen: number[] = []
    bus.subscribe(News, 1, ({ n }) => {
      if (n === 1) throw new Error('enough')
      seen.push(n)
    })
    for (const n of [1, 2]) bus.publish(News, { n }, 9)
    expect(() => bus.drain()).toThrow('enough')
    expect(bus.busy).toBe(true)
    bus.drain()
    expect(seen).toEqual([2])
  })

  it('a tap of a family sees its members until it is undone, those that were tapped before as well', () => {
    const bus = new Bus()
    const seen: string[] = []
    const member = News.at('tapped')
    bus.tap(() => seen.push('member'), [member])
    bus.publish(member, { n: 1 }, 9)
    const undo = bus.tap(() => seen.push('family'), [News])
    bus.publish(member, { n: 2 }, 9)
    undo()
    bus.publish(member, { n: 3 }, 9)
    expect(seen).toEqual(['member', 'member', 'family', 'member'])
  })

  it('remembers what a tap threw: its publisher is not to blame', () => {
    const bus = new Bus()
    const broken = new Error('no room')
    bus.tap(() => {
      throw broken
    })
    expect(() => bus.publish(News, { n: 1 }, 9)).toThrow(broken)
    expect(bus.tapFailure).toBe(broken)
  })

  it('drops and counts what a flooder sends beyond its cap, and names it, without touching the others', () => {
    const bus = new Bus()
    let got = 0
    bus.subscribe(News, 1, () => got++)
    for (let i = 0; i < busLimits.messagesPerTick * 2; i++) bus.publish(News, { n: i }, 7)
    bus.publish(News, { n: 0 }, 8)
    bus.drain()
    expect(got).toBe(busLimits.messagesPerAgent + 1)
    expect(bus.counters.dropped).toBe(busLimits.messagesPerTick * 2 - busLimits.messagesPerAgent)
    expect([...bus.violations.keys()]).toEqual([7])
    bus.beginTick()
    bus.publish(News, { n: 0 }, 7)
    expect(bus.violations.size).toBe(0)
  })

  it('refuses what the topic’s check refuses', () => {
    const Checked = topic<{ x: number }>('checked', { check: m => (Number.isNaN(m.x) ? 'x is NaN' : undefined) })
    const bus = new Bus()
    let got = 0
    bus.subscribe(Checked, 1, () => got++)
    bus.publish(Checked, { x: Number.NaN }, 5)
    bus.publish(Checked, { x: 1 }, 5)
    bus.drain()
    expect(got).toBe(1)
    expect(bus.counters.refused).toBe(1)
    expect(bus.violations.get(5)).toContain('x is NaN')
  })

  it('taps see every message, or those of their topics, and can be taken off', () => {
    const bus = new Bus()
    const all: string[] = []
    const some: string[] = []
    const undo = bus.tap(t => all.push(t.name))
    bus.tap(t => some.push(t.name), [News])
    bus.publish(News.at('a'), { n: 1 }, 1)
    bus.publish(topic<number>('other'), 1, 1)
    undo()
    bus.publish(News, { n: 1 }, 1)
    expect(all).toEqual(['news:a', 'other'])
    expect(some).toEqual(['news:a', 'news'])
  })

  it('a subscriber that leaves during a delivery gets nothing more', () => {
    const bus = new Bus()
    const seen: number[] = []
    let leave = () => {}
    bus.subscribe(News, 1, () => leave())
    leave = bus.subscribe(News, 2, () => seen.push(2))
    bus.publish(News, { n: 1 }, 9)
    bus.drain()
    expect(seen).toEqual([])
  })

  it('the order of subscribing never matters, with families, late subscribers and leavers: ids ascend, and an id’s own handlers keep their order', () => {
    const orders = [
      [5, 1, 4, 2, 3],
      [1, 2, 3, 4, 5],
      [5, 4, 3, 2, 1],
    ]
    for (const order of orders) {
      const bus = new Bus()
      const seen: string[] = []
      const leave = new Map<number, () => void>()
      for (const id of order) {
        leave.set(
          id,
          bus.subscribe(id % 2 === 0 ? News : News.at('a'), id, () => seen.push(`${id}`)),
        )
        bus.subscribe(News.at('a'), id, () => seen.push(`${id}'`))
      }
      const told = () => {
        seen.length = 0
        bus.publish(News.at('a'), { n: 1 }, 9)
        bus.drain()
        return seen.map(each => Number.parseInt(each, 10))
      }
      expect(told()).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
      leave.get(4)?.()
      bus.subscribe(News, 0, () => seen.push('0'))
      bus.subscribe(News.at('a'), 4, () => seen.push('4'))
      expect(told()).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    }
  })
})
