/** What a power cut leaves of the live ledger: its WAL, cut or zeroed from any point on. */

import { copyFileSync, cpSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkDatabase, LiveLedger, openReadOnly } from '../../src/storage/index.js'
import { replay } from '../../src/world/index.js'
import { barMs, byHand, temporary } from '../world/live-by-hand.js'
import { scenario } from '../world/live-scenario.js'

interface Acknowledged {
  readonly tick: number
  /** Length of the WAL when the commit had returned: what was synced by then. */
  readonly walBytes: number
  readonly trades: readonly string[]
}

const page = 4_096

/** A run whose every commit since its beginning is still in the WAL alone, and what it acknowledged. */
async function livedOn(out: string): Promise<{ first: string; wal: Buffer; acknowledged: Acknowledged[] }> {
  const run = await byHand({ out, checkpointEvery: 1_000, history: 20 })
  const [ledger, walFile] = [join(out, 'trades.db'), join(out, 'trades.db-wal')]
  const first = join(temporary(), 'first')
  cpSync(out, first, { recursive: true, filter: path => !/\.db-(wal|shm)$/.test(path) })
  const before = readFileSync(ledger)
  const acknowledged: Acknowledged[] = []
  const trades: string[] = []
  for (let seen = 0; statSync(walFile).size < 900 * page; ) {
    run.pass(1_000, 1_000)
    for (const { tick, trades: made } of run.committed.slice(seen)) {
      trades.push(...made.map(t => t.tradeId))
      acknowledged.push({ tick, walBytes: statSync(walFile).size, trades: [...trades] })
    }
    seen = run.committed.length
  }
  // SQLite has moved nothing from the WAL to the database yet: a cut WAL beside it is what a cut leaves.
  expect(readFileSync(ledger)).toEqual(before)
  const wal = readFileSync(walFile)
  run.die()
  return { first, wal, acknowledged }
}

test('C4: from a WAL cut or zeroed at every 4 KB and mid-page, all that was synced comes back, and no half transaction', async () => {
  const { first, wal, acknowledged } = await livedOn(join(temporary(), 'run'))
  const here = temporary()
  const ledger = join(here, 'trades.db')
  let images = 0
  let withTrades = 0
  for (let cut = 0; cut <= wal.length; cut += page / 2) {
    const zeroed = images % 2 === 1
    copyFileSync(join(first, 'trades.db'), ledger)
    writeFileSync(
      `${ledger}-wal`,
      zeroed ? Buffer.concat([wal.subarray(0, cut), Buffer.alloc(wal.length - cut)]) : wal.subarray(0, cut),
    )
    const opened = LiveLedger.open(ledger, 'after the cut')
    const { lastTick } = opened.recover()
    opened.close()
    const synced = acknowledged.filter(a => a.walBytes <= cut).at(-1)
    expect(lastTick, `cut at ${cut}`).toBeGreaterThanOrEqual(synced?.tick ?? 0)
    const ids = tradesIn(ledger)
    const kept = acknowledged.find(a => a.tick === lastTick)
    expect(ids, `cut at ${cut}`).toEqual([...(kept?.trades ?? [])].sort())
    expect(checkDatabase(ledger).problems).toEqual([])
    images++
    if (ids.length > 0) withTrades++
  }
  console.log(
    `C4: ${images} images of ${acknowledged.length} ticks, ${withTrades} with trades, ${acknowledged.at(-1)?.trades.length} at the end`,
  )
  expect(images).toBeGreaterThan(1_500)
  expect(withTrades).toBeGreaterThan(100)
})

test('C4: after the cut the run goes on, and replays whole', async () => {
  const { first, wal, acknowledged } = await livedOn(join(temporary(), 'run'))
  for (const share of [0.1, 0.33, 0.5, 0.77, 0.999]) {
    const cut = Math.floor(wal.length * share)
    const out = join(temporary(), 'cut')
    cpSync(first, out, { recursive: true })
    writeFileSync(join(out, 'trades.db-wal'), wal.subarray(0, cut))
    const synced = acknowledged.filter(a => a.walBytes <= cut).at(-1)
    const again = await byHand({ out, again: true, at: Date.UTC(2026, 0, 2) })
    expect(again.shard.tick).toBeGreaterThanOrEqual(synced?.tick ?? 0)
    again.pass(3 * barMs, 1_000)
    again.die()
    expect(checkDatabase(join(out, 'trades.db')).problems).toEqual([])
    expect(await replay(out, { scenario })).toMatchObject({ difference: null })
  }
})

function tradesIn(ledger: string): string[] {
  const db = openReadOnly(ledger)
  try {
    return db.prepare('SELECT trade_id FROM trades').pluck().all().map(String).sort()
  } finally {
    db.close()
  }
}
