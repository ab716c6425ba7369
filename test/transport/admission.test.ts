/** Whom a process listens to: accounts are kept of publishers it admits, and of nobody else. */

import { describe, expect, it } from 'vitest'
import { type Admission, type Envelope, encodeEnvelope, type Standing, transportLimits } from '../../src/transport/index.js'
import { FakeClock } from './fake-clock.js'
import { memoryField } from './fields.js'
import { MemoryExchange } from './memory.js'

/** Judges by a list of names; the rest is unknown until it is refused. */
class Guests implements Admission {
  readonly known = new Set<string>()
  stranger: Standing = 'unknown'
  wants = 0

  judge({ from }: Envelope): Standing {
    return this.known.has(from) ? 'publisher' : this.stranger
  }

  wanted(): void {
    this.wants++
  }
}

async function meet(known: readonly string[] = ['a']) {
  const clock = new FakeClock()
  const exchange = new MemoryExchange()
  const field = memoryField(exchange, clock)
  const guests = new Guests()
  for (const name of known) guests.known.add(name)
  const check = (_: string, data: unknown) => (data === 'bad' ? 'bad' : undefined)
  const b = await field.open({ name: 'b', topics: ['x', 'y'], admission: guests, check })
  const a = await field.open({ name: 'a', topics: [] })
  if (known.length > 0) await field.until(() => b.stale().length === 0, 'b is fresh')
  let strangers = 0
  const stranger = (change: Partial<Envelope> = {}) => {
    const { topic, from, epoch, seq, t, data } = {
      ...{ topic: 'x', from: `stranger-${++strangers}`, epoch: 'e', seq: 1, t: clock.now(), data: 1 },
      ...change,
    }
    return field.raw(topic, encodeEnvelope(from, { topic, epoch, seq, time: t, data: JSON.stringify(data) }))
  }
  return { clock, field, guests, a, b, stranger }
}

describe('a stranger', () => {
  it('changes a counter: no topic is in doubt for him, neither now nor when he is silent', async () => {
    const { clock, field, guests, b, stranger } = await meet()
    guests.stranger = 'sender'
    await stranger()
    await stranger({ seq: 9e15 })
    await stranger({ data: 'bad' })
    expect(b.stale()).toEqual([])
    clock.advance(60_000)
    expect(b.stale()).toEqual([])
    expect(b.waiting).toBe(0)
    expect(b.counters()).toMatchObject({ 'rejected.sender': 3, missed: 0, accepted: 0 })
    await field.close()
  })

  it('a thousand of them take no room, and a publisher who comes after them is heard', async () => {
    const { field, guests, a, b, stranger } = await meet()
    guests.stranger = 'sender'
    for (let i = 0; i < 1_000; i++) await stranger({ data: 'x'.repeat(1_000) })
    for (let i = 0; i < 1_000; i++) await stranger({ topic: 'mycelia-link', data: { kind: 'question', topics: ['x'] } })
    expect(b.counters()['rejected.sender']).toBe(2_000)
    guests.known.add('c')
    const c = await field.open({ name: 'c', topics: [] })
    c.publish('x', 'c is heard')
    a.publish('y', 'so is a')
    await field.until(() => b.waiting === 2, 'both are heard')
    await field.close()
  })
})

describe('a message that proves itself', () => {
  it('has room of its own beside a full queue, and is taken alone or before the others; what finds no room is counted, and missed', async () => {
    const { field, guests, a, b, stranger } = await meet()
    for (let n = 0; n <= transportLimits.waiting; n++) a.publish('x', n)
    await field.until(() => b.counters().crowded === 1, 'the queue is full')
    guests.stranger = 'guest'
    for (let n = 0; n <= transportLimits.guestsWaiting; n++) await stranger({ data: `proven ${n}` })
    expect(b.counters().crowded).toBe(2)
    expect(b.waiting).toBe(transportLimits.waiting + transportLimits.guestsWaiting)
    expect(b.take(2).map(m => m.data)).toEqual(['proven 0', 'proven 1'])
    expect(b.takeProven()).toHaveLength(transportLimits.guestsWaiting - 2)
    expect(b.take(2).map(m => m.data)).toEqual([0, 1])
    a.publish('x', 'after the gap')
    await field.until(() => b.counters().missed === 1, 'what found no room is missed')
    await field.close()
  })
})

describe('a publisher whose claim is on its way', () => {
  it('is waited for: its messages count in their order once it is known, and nothing is missed', async () => {
    const { clock, field, guests, a, b } = await meet([])
    for (let n = 1; n <= 5; n++) a.publish('x', n)
    clock.advance(50)
    expect([b.waiting, guests.wants > 4]).toEqual([0, true])
    guests.known.add('a')
    expect(b.judgeAgain()).toBe(0)
    expect(b.take(9).map(m => m.data)).toEqual([1, 2, 3, 4, 5])
    expect(b.counters()).toMatchObject({ missed: 0, 'rejected.sender': 0 })
    await field.close()
  })

  it('is refused after a while; when it is known later, what it says then counts, and its last message is asked for', async () => {
    const { clock, field, guests, a, b } = await meet([])
    a.publish('x', 1)
    a.publish('y', 'the last of y')
    clock.advance(transportLimits.unknownMs)
    b.judgeAgain()
    expect(b.counters()['rejected.sender']).toBeGreaterThanOrEqual(2)
    expect(b.waiting).toBe(0)
    guests.known.add('a')
    a.publish('x', 2)
    await field.until(() => b.waiting === 2, 'the last of each topic is here')
    expect(b.take(9).map(m => m.data)).toEqual(expect.arrayContaining([2, 'the last of y']))
    await field.close()
  })

  it('is not waited for without end or bound', async () => {
    const { b, field, stranger } = await meet([])
    for (let i = 0; i < transportLimits.unknownWaiting + 500; i++) await stranger()
    expect(b.judgeAgain()).toBeLessThanOrEqual(transportLimits.unknownWaiting)
    expect(b.counters()['rejected.sender']).toBeGreaterThanOrEqual(500)
    await field.close()
  })
})

describe('a message in the name of a publisher', () => {
  it('that says what cannot be does not take the number of the true one', async () => {
    const { field, a, b, stranger } = await meet()
    a.publish('x', 1)
    await stranger({ from: 'a', epoch: 'a-1', seq: 2, data: 'bad' })
    a.publish('x', 2)
    await field.until(() => b.waiting === 2, 'both are here')
    expect(b.take(9).map(m => m.data)).toEqual([1, 2])
    expect(b.counters()).toMatchObject({ 'rejected.payload': 1, missed: 0, duplicates: 0 })
    await field.close()
  })

  it('with a number far ahead counts for nothing, and the true ones go on', async () => {
    const { clock, field, a, b, stranger } = await meet()
    a.publish('x', 1)
    await stranger({ from: 'a', epoch: 'a-1', seq: 9e15, data: 'forged' })
    a.publish('x', 2)
    clock.advance(2_000)
    a.publish('x', 3)
    expect(b.take(9).map(m => m.data)).toEqual([1, 2, 3])
    expect(b.counters()).toMatchObject({ 'rejected.order': 1, missed: 0, duplicates: 0 })
    expect(b.stale()).toEqual([])
    await field.close()
  })

  it('a true one after a gap counts once the publisher confirms it, in its order', async () => {
    const { clock, field, a, b } = await meet()
    a.publish('x', 1)
    a.stamp('x', 'never sent')
    for (const n of [3, 4]) a.publish('x', n)
    expect(b.take(9).map(m => m.data)).toEqual([1])
    clock.advance(100)
    expect(b.take(9).map(m => m.data)).toEqual([3, 4])
    expect(b.counters()).toMatchObject({ missed: 1, recovered: 0 })
    await field.close()
  })
})
