/** The order of a live tick: all inputs of a bar, then the decision, then the disk, and only then does anybody hear of it. */

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { armFaults } from '../../src/core/index.js'
import type { LiveFeed } from '../../src/feed/index.js'
import { openReadOnly } from '../../src/storage/index.js'
import { Inputs } from '../../src/world/live/engine/inputs.js'
import type { Announcer } from '../../src/world/live/engine/shard.js'
import { liveLimits } from '../../src/world/live/limits.js'
import { barMs, byHand, temporary } from './live-by-hand.js'

/** What another process would read in the ledger now. */
function onDisk(ledger: string): { tick: number; messages: number; fills: number; trades: string[] } {
  const db = openReadOnly(ledger)
  try {
    const one = (sql: string) => db.prepare(sql).pluck().get() as number
    return {
      tick: one('SELECT coalesce(max(tick), 0) FROM journal'),
      messages: one("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0)"),
      fills: one('SELECT count(*) FROM fills'),
      trades: db.prepare('SELECT trade_id FROM trades').pluck().all() as string[],
    }
  } finally {
    db.close()
  }
}

/** Sends to `send`, each message under a number of its own. */
function numbering(send: (seqs: readonly number[]) => void): Announcer & { stamped: number } {
  return {
    stamped: 0,
    stamp(published) {
      return published.map(({ topic }) => ({ topic, epoch: 'here', seq: ++this.stamped, time: 1, data: '{}' }))
    },
    send(messages) {
      if (messages.length > 0) send(messages.map(({ seq }) => seq))
    },
  }
}

test('nobody hears of a tick before it is on disk: not another process, not whoever listens to commits', async () => {
  const out = join(temporary(), 'run')
  const ledger = join(out, 'trades.db')
  const sent: number[] = []
  const heard = { ticks: 0, fills: 0, trades: 0 }
  const announcer = numbering(seqs => {
    sent.push(...seqs)
    expect(onDisk(ledger).messages).toBeGreaterThanOrEqual(seqs.at(-1) ?? 0)
  })
  const world = await byHand({
    out,
    announcer,
    onCommitted({ tick, fills, trades }) {
      const disk = onDisk(ledger)
      heard.ticks++
      heard.fills += fills.length
      heard.trades += trades.length
      expect(disk.tick).toBe(tick)
      expect(disk.fills).toBe(heard.fills)
      expect(disk.trades).toEqual(expect.arrayContaining(trades.map(trade => trade.tradeId)))
      // Whoever is told of a commit is told after the other processes.
      expect(sent).toHaveLength(announcer.stamped)
    },
  })
  world.pass(12 * barMs, 1_000)
  expect(heard.ticks).toBe(world.shard.tick)
  expect(heard.trades).toBeGreaterThan(5)
  expect(sent.length).toBeGreaterThan(100)
  expect(sent).toEqual(sent.map((_, i) => i + 1))
})

test('a tick whose commit fails says nothing to anybody', async () => {
  const sent: number[] = []
  const world = await byHand({ announcer: numbering(seqs => sent.push(...seqs)), history: 20 })
  world.pass(2 * barMs, 1_000)
  const [told, heard] = [sent.length, world.committed.length]
  const disarm = armFaults(name => {
    if (name === 'storage.journal') throw Object.assign(new Error('made to fail'), { code: 'EIO' })
  })
  expect(() => world.pass(2 * barMs, 1_000)).toThrow()
  disarm()
  expect([sent.length, world.committed.length]).toEqual([told, heard])
})

test.each(['live.committed', 'live.sent'])(
  'messages of a tick that ends at %s are sent again after a restart, those before it are not',
  async point => {
    const sent: number[][] = []
    const announcer = numbering(seqs => void sent.push([...seqs]))
    const world = await byHand({ announcer, history: 20 })
    world.pass(3 * barMs, 1_000)
    const before = announcer.stamped
    const disarm = armFaults(name => {
      if (name === point && announcer.stamped > before) throw new Error('a power cut')
    })
    expect(() => world.pass(2 * barMs, 1_000)).toThrow('a power cut')
    disarm()
    world.die()
    expect(sent.flat()).toHaveLength(point === 'live.sent' ? announcer.stamped : before)
    const { unannounced } = await byHand({ out: world.out, again: true, at: world.clock.now() + 1_000, announcer, history: 0 })
    const lost = Array.from({ length: announcer.stamped - before }, (_, i) => before + i + 1)
    expect(unannounced.map(({ seq }) => seq)).toEqual(lost)
  },
)

test('a bar has its step once all its inputs are in: none is made while inputs still wait', async () => {
  const world = await byHand({ history: 20 })
  world.pass(2 * barMs, 1_000)
  const { feed, loop, clock } = world
  clock.pass(barMs - (clock.now() % barMs) - 10)
  while (loop.poll());
  const steps = loop.counters.steps
  const [of, tooMany] = [liveLimits.inputsPerPair, 2 * liveLimits.inputsPerPair + 100]
  const price = world.shard.model.traders.at(0)?.portfolios.baseline.instruments.get('SOLUSD')?.priceUsd as number
  feed.flood('SOLUSD', tooMany, price)
  clock.pass(10)
  const waited: number[] = []
  for (let polls = 0; loop.counters.steps === steps && polls < 10; polls++) {
    clock.pass(1)
    loop.poll()
    waited.push(feed.waiting())
  }
  // The bar's own end waits behind the flood, and the step behind both.
  expect(waited).toEqual([tooMany + 1 - of, tooMany + 1 - 2 * of, 0])
  expect(loop.counters.steps).toBe(steps + 1)
  expect(world.shard.model.closes.every(Number.isNaN)).toBe(true)
  expect(world.shard.model.rollingWindow.gross.every(r => !Number.isNaN(r))).toBe(true)
})

test('inputs wait where the feed has any left, or another shard has', () => {
  const inputs = (waiting: number, isBehind: boolean | undefined) => {
    const feed = { waiting: () => waiting } as LiveFeed
    const bridge = isBehind === undefined ? undefined : { isBehind }
    return new Inputs({ feed, bridge } as ConstructorParameters<typeof Inputs>[0]).isBehind
  }
  expect(inputs(0, undefined)).toBe(false)
  expect(inputs(0, false)).toBe(false)
  expect(inputs(1, undefined)).toBe(true)
  expect(inputs(1, false)).toBe(true)
  expect(inputs(0, true)).toBe(true)
})
