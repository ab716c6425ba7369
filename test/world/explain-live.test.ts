/** A live run's decisions are told from what it wrote: its tables once it has ended. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { live } from '../../src/world/index.js'
import { command } from '../cli/in-process.js'
import { acceleratedClock, ScriptedFeed } from './live-kit.js'
import { scenario } from './live-scenario.js'

const origin = Date.UTC(2026, 0, 1)

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('every trade of a live run is explained, and its record is as it was written', async () => {
  const out = join(temporary(), 'run')
  const clock = acceleratedClock(8, origin + 100_000)
  const feed = ({ pairs, barMs }: { pairs: readonly string[]; barMs: number }) =>
    new ScriptedFeed({ pairs, barMs, clock, origin, history: 60 })
  await live({ scenario, timeframe: '1s', out, forMs: 40_000, environment: {}, overrides: { clock, moats: undefined, feed } })
  const db = new Database(join(out, 'trades.db'), { readonly: true })
  const trades = db.prepare('SELECT trade_id FROM trades').pluck().all() as string[]
  const joined = db.prepare('SELECT count(*) FROM trades JOIN decisions USING (trade_id)').pluck().get()
  db.close()
  expect(trades.length).toBeGreaterThan(0)
  expect(joined).toBe(trades.length)
  for (const id of trades.slice(0, 3)) {
    const { code, stdout } = await command(['explain', out, id])
    expect(code).toBe(0)
    expect(stdout).toContain(`The order ${id}:entry`)
    expect(stdout).toMatch(/The position was closed at .* USD/)
  }
  for (const path of [out, join(out, 'trades.db')]) expect(await command(['data', 'check', path])).toMatchObject({ code: 0 })
}, 60_000)
