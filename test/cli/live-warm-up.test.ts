/** A live run as a person types it, after an hour in which the market rose: the warm-up earns nobody anything. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { readTable } from '../../src/storage/index.js'
import { exchange, noMoats } from './exchange.js'
import { command } from './in-process.js'
import { folder, needsBuild, start } from './mycelia.js'

beforeEach(needsBuild)

const history = { bars: 720, barMs: 5_000, risesBy: 0.2 }
const lastLine = (text: string) => JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')

test('buy-and-hold begins where the portfolios may trade, in the tables, on the terminal and in the report, not with the 720 bars of the warm-up', async () => {
  const cwd = folder()
  const env = { ...(await exchange({ history })), ...noMoats }
  const args = ['live', 'trifecta', '--timeframe', '5s', '--for', '11s', '--out', 'OUT', '--json']
  const ended = await start(cwd, args, env).ended
  expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/Lived through 7\d\d bars of before, without trading/)])
  const columns = ['step', 'baseline', 'mycelial', 'synthesized', 'buy_and_hold']
  const table = (await readTable(join(cwd, 'OUT', 'model.parquet'), columns)) ?? {}
  const steps = table.step ?? []
  const tradable = lastLine(ended.stdout).tradable as { since: number; bars: number }
  const warm = steps.length - tradable.bars
  expect(warm).toBeGreaterThanOrEqual(history.bars - 2)
  expect(tradable.bars).toBeGreaterThanOrEqual(1)
  for (const name of columns.slice(1)) {
    const equity = table[name] ?? []
    expect([name, equity.slice(0, warm).filter(value => value !== null)]).toEqual([name, []])
    // The market stands still since then: what is left are costs.
    for (const value of equity.slice(warm)) expect(Math.abs(Number(value) / 100_000 - 1)).toBeLessThan(0.02)
  }
  const { buyAndHold } = lastLine(ended.stdout)
  expect(Math.abs(buyAndHold.return)).toBeLessThan(0.02)
  expect((await command(['report', 'OUT'], cwd, env)).code).toBe(0)
  const page = readFileSync(join(cwd, 'OUT', 'report.html'), 'utf8')
  expect(page).toContain('from the first bar that could be traded')
}, 120_000)
