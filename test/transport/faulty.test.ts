/** B4: what a bad wire does to messages is counted exactly, and no handler ever sees an old or a doubled one. */
import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../src/core/index.js'
import type { MessageInput, Transport } from '../../src/transport/index.js'
import { FakeClock } from './fake-clock.js'
import { FaultyExchange, type FaultyOptions } from './faulty.js'
import { memoryField } from './fields.js'

const topics = ['x', 'y', 'z']

async function meet(seed: number, faults: Partial<FaultyOptions>) {
  const clock = new FakeClock()
  const rng = new Stream(rootOf(seed), 'faults')
  const exchange = new FaultyExchange({ rng, clock, ...faults })
  const field = memoryField(exchange, clock)
  const a = await field.open({ name: 'a', topics: [], slowMs: 300 })
  const b = await field.open({ name: 'b', topics, peers: ['a'], slowMs: 300 })
  await field.until(() => b.stale().length === 0, 'b knows a')
  const publish = (n: number, everyMs: number) => {
    for (let i = 0; i < n; i++) {
      a.publish(topics[rng.int(3)] as string, i)
      if (everyMs > 0) clock.advance(everyMs)
    }
  }
  return { clock, exchange, field, a, b, publish }
}

const count = (transport: Transport, name: string) => transport.counters()[name] ?? 0

function expectRisingOnce(taken: readonly MessageInput[]): void {
  const last = new Map<string, number>()
  for (const { topic, seq } of taken) {
    expect(seq).toBeGreaterThan(last.get(topic) ?? 0)
    last.set(topic, seq)
  }
}

describe('B4: a faulty wire', () => {
  it('drop: injected = counted as missed, or recovered by asking', async () => {
    const { exchange, field, a, b, publish } = await meet(1, { drop: 0.1, spareLink: true })
    publish(3_000, 1)
    await field.until(() => b.stale().length === 0, 'fresh at the end')
    expect(exchange.injected.dropped).toBeGreaterThan(200)
    expect(count(b, 'missed') + count(b, 'recovered')).toBe(exchange.injected.dropped)
    expect(count(b, 'accepted') + count(b, 'missed')).toBe(count(a, 'stamped'))
  })

  it('duplicate: injected = counted', async () => {
    const { exchange, b, publish } = await meet(2, { duplicate: 0.05, spareLink: true })
    publish(3_000, 0)
    expect(exchange.injected.duplicated).toBeGreaterThan(80)
    expect(count(b, 'duplicates')).toBe(exchange.injected.duplicated)
    expect(count(b, 'accepted')).toBe(3_000)
  })

  it('reorder: injected = counted as late', async () => {
    const { exchange, b, publish } = await meet(3, { reorder: 0.05, spareLink: true })
    publish(3_000, 0)
    const beforeFlush = count(b, 'late')
    exchange.flush()
    expect(exchange.injected.reordered).toBeGreaterThan(80)
    // Those still held at the end had no successor: they come in order, unless a late one was held with them.
    expect(exchange.injected.reordered - beforeFlush).toBeLessThanOrEqual(6)
    expect(count(b, 'late') + count(b, 'accepted')).toBe(3_000)
    expect(count(b, 'missed')).toBe(count(b, 'late'))
  })

  it('delay: injected = counted as slow or late', async () => {
    const { clock, exchange, b, publish } = await meet(4, { delay: 0.2, delayMs: [301, 5_000], spareLink: true })
    publish(40, 1_000)
    clock.advance(6_000)
    expect(exchange.injected.delayed).toBeGreaterThan(3)
    expect(count(b, 'slow') + count(b, 'late')).toBe(exchange.injected.delayed)
  })

  it('everything at once, on the beats and answers too, 1,000 seeds: exact accounts, and fresh in the end', async () => {
    const sums = { dropped: 0, duplicated: 0, reordered: 0, delayed: 0 }
    for (let seed = 0; seed < 1_000; seed++) {
      const faults = {
        drop: 0.1,
        duplicate: 0.05,
        reorder: 0.05,
        delay: 0.1,
        delayMs: [1, 5_000] as const,
        spareLink: seed % 2 === 0,
      }
      const { clock, exchange, field, a, b, publish } = await meet(seed, faults)
      publish(60, 20)
      exchange.flush()
      clock.advance(5_001)
      exchange.flush()
      await field.until(() => b.stale().length === 0 && b.conflicts().length === 0, `seed ${seed}: fresh at the end`)
      expectRisingOnce(b.take(1_000))
      const { accepted = 0, missed = 0, recovered = 0, duplicates = 0, late = 0 } = b.counters()
      expect([seed, accepted + missed]).toEqual([seed, count(a, 'stamped')])
      if (faults.spareLink) {
        expect([seed, duplicates]).toEqual([seed, exchange.injected.duplicated])
        expect([seed, missed + recovered - late]).toEqual([seed, exchange.injected.dropped])
      }
      for (const kind of ['dropped', 'duplicated', 'reordered', 'delayed'] as const) sums[kind] += exchange.injected[kind]
      await field.close()
    }
    for (const [kind, n] of Object.entries(sums)) expect([kind, n > 1_000]).toEqual([kind, true])
  })

  it('the same seed does the same', async () => {
    const run = async () => {
      const { exchange, b, publish } = await meet(9, { drop: 0.2, duplicate: 0.2, reorder: 0.2 })
      publish(200, 0)
      return [exchange.injected, b.take(1_000)]
    }
    expect(await run()).toEqual(await run())
  })
})
