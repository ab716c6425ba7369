/** A replay that decides otherwise than the run says so: at which tick, by which agent, in what; and `mycelia replay` ends with 1. */

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { checkDatabase, checkRun, type Manifest } from '../../src/storage/index.js'
import { live, replay } from '../../src/world/index.js'
import type { DecidedFact } from '../../src/world/live/engine/journal-entry.js'
import { command } from '../cli/in-process.js'
import { factsOf, forgeChain, forgeFacts, forgeJournal } from './forged-journal.js'
import { acceleratedClock, ScriptedFeed } from './live-kit.js'
import { lively, pairs } from './live-scenario.js'

const origin = Date.UTC(2026, 0, 1)
const folder = mkdtempSync(join(tmpdir(), 'mycelia-replay-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const original = join(folder, 'run')
let ticks: ReturnType<typeof factsOf> = []

beforeAll(async () => {
  const clock = acceleratedClock(30, origin + 100_000)
  const feed = () => new ScriptedFeed({ pairs, barMs: 1_000, clock, origin, history: 60 })
  const overrides = { clock, moats: undefined, feed }
  const params = { ...lively, feeRate: 0.001 }
  const request = { scenario: 'trifecta', timeframe: '1s', pairs, params, checkpointEvery: 1_000 }
  const result = await live({ ...request, out: original, forMs: 45_000, environment: {}, overrides })
  expect(result.trades).toBeGreaterThan(2)
  ticks = factsOf(join(original, 'trades.db'))
})

/** The run's directory once more, for a test to alter. */
function copy(at = 'run'): { out: string; ledger: string } {
  const place = mkdtempSync(join(folder, 'copy-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  const out = join(place, at)
  mkdirSync(join(out, '..'), { recursive: true })
  cpSync(original, out, { recursive: true })
  return { out, ledger: join(out, 'trades.db') }
}

function alterManifest(out: string, change: (manifest: Manifest) => Partial<Manifest>): void {
  const path = join(out, 'manifest.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest
  writeFileSync(path, JSON.stringify({ ...manifest, ...change(manifest) }))
}

function alterLedger(ledger: string, sql: string): void {
  const db = new Database(ledger)
  db.exec(sql)
  db.close()
}

const flipped = (hex: string) => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`

it('agrees where nothing was altered: in every tick, fact and trade', async () => {
  const { out } = copy()
  const told = await replay(out)
  expect(told).toMatchObject({ agrees: true, difference: null })
  expect(told.replayed.ticks).toBe(ticks.length)
  expect(told.replayed.facts).toBe(ticks.reduce((sum, { facts }) => sum + facts.length, 0))
  expect(told.replayed.trades).toBe(told.trades)
})

describe('a replay names the tick', () => {
  it.each(['first', 'middle', 'last'])('after which the digest is another one: the %s', async which => {
    const { out, ledger } = copy()
    const tick = { first: 1, middle: Math.ceil(ticks.length / 2), last: ticks.length }[which] as number
    forgeChain(ledger, tick)
    const { agrees, difference, replayed } = await replay(out)
    expect(agrees).toBe(false)
    expect(difference).toMatchObject({
      part: out,
      tick,
      agent: null,
      what: expect.stringMatching(/^the digest was \w{16}…, is /),
    })
    expect(replayed.ticks).toBe(tick)
  })

  it('after which the decision record is another one', async () => {
    const { out, ledger } = copy()
    forgeJournal(ledger, row => {
      if (row.tick === ticks.length && row.record !== null) row.record = row.record.map(byte => byte ^ 1)
    })
    expect((await replay(out)).difference).toMatchObject({ tick: ticks.length, what: 'the decision record differs' })
    expect(checkDatabase(ledger).problems).toEqual([
      expect.stringMatching(/^decision_links: not what the journal says from tick/),
    ])
  })

  it('and none where nothing was altered: ledger, files and manifest hold one record', async () => {
    const { out, ledger } = copy()
    const { records } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest
    const db = new Database(ledger, { readonly: true })
    const last = db.prepare('SELECT rows, link FROM decision_links ORDER BY tick DESC LIMIT 1').get() as {
      rows: number
      link: Buffer
    }
    db.close()
    expect(records?.decisions).toEqual({ rows: last.rows, head: last.link.toString('hex') })
    expect(checkDatabase(ledger).problems).toEqual([])
    expect((await checkRun(out)).problems).toEqual([])
  })

  type Forgery = (first: DecidedFact, second: DecidedFact, others: readonly DecidedFact[]) => readonly DecidedFact[]
  const forgeries: [what: string, forge: Forgery, says: RegExp][] = [
    [
      'was decided with another content',
      ([topic, agent, hash], b, more) => [[topic, agent, flipped(hash)], b, ...more],
      /differs$/,
    ],
    ['was decided by another agent', ([topic, agent, hash], b, more) => [[topic, agent + 1, hash], b, ...more], /differs$/],
    ['was said on another topic', ([topic, agent, hash], b, more) => [[`${topic}s`, agent, hash], b, ...more], /differs$/],
    ['was decided second, not first', (a, b, more) => [b, a, ...more], /differs$/],
    ['was not decided', (a, b, more) => [a, b, ...more].slice(0, -1), /is new$/],
    ['was decided besides', (a, b, more) => [a, b, ...more, a], /is missing$/],
  ]

  it.each(forgeries)('and the agent of a fact that %s', async (_, forge, says) => {
    const { out, ledger } = copy()
    const { tick, facts } = ticks.find(
      t => t.facts.length > 2 && t.tick > ticks.length / 2 && differs(t.facts),
    ) as (typeof ticks)[0]
    forgeFacts(ledger, tick, ([a, b, ...more]) => forge(a as DecidedFact, b as DecidedFact, more))
    const { agrees, difference } = await replay(out)
    expect(agrees).toBe(false)
    expect(difference).toMatchObject({ tick, what: expect.stringMatching(says), agent: expect.stringMatching(/^[A-Z]\w+-\d+$/) })
    expect(facts.map(([topic]) => topic)).toContain(difference?.what.split(' ')[0])
  })
})

/** Its first two facts are not the same. */
const differs = ([a, b]: readonly DecidedFact[]) => a?.join() !== b?.join()

describe('a replay names the trade', () => {
  const columns = ['qty_e8', 'entry_notional_e6', 'exit_notional_e6', 'fees_e6', 'borrow_e6', 'pnl_e6']
  const altered: [column: string, value: string][] = [
    ...columns.map((column): [string, string] => [column, `${column} + 1`]),
    ['direction', '-direction'],
    ['trade_id', "trade_id || 'x'"],
    ['agent_id', "agent_id || 'x'"],
    ['pair', "pair || 'x'"],
    ['reason', "CASE reason WHEN 'stop' THEN 'target' ELSE 'stop' END"],
  ]

  it.each(altered)('whose %s is another one', async (column, value) => {
    const { out, ledger } = copy()
    alterLedger(ledger, `UPDATE trades SET ${column} = ${value} WHERE id = (SELECT max(id) FROM trades)`)
    const { agrees, difference } = await replay(out)
    expect(agrees).toBe(false)
    expect(difference).toMatchObject({ tick: null, what: expect.stringMatching(new RegExp(`^trade \\S+: ${column} was `)) })
    expect(difference?.agent).toMatch(/-\d+$/)
  })

  it('that the ledger lacks, and the one that only the ledger has', async () => {
    const lacking = copy()
    alterLedger(lacking.ledger, 'DELETE FROM trades WHERE id = (SELECT max(id) FROM trades)')
    expect((await replay(lacking.out)).difference?.what).toMatch(/^the ledger lacks trade \w+:\d+:/)
    const besides = copy()
    const db = new Database(besides.ledger)
    const { id: _, ...last } = db.prepare('SELECT * FROM trades ORDER BY id DESC LIMIT 1').get() as Record<string, unknown>
    const row: Record<string, unknown> = { ...last, trade_id: 'mine' }
    const names = Object.keys(row)
    db.prepare(`INSERT INTO trades (${names.join()}) VALUES (${names.map(name => `@${name}`).join()})`).run(row)
    db.close()
    expect((await replay(besides.out)).difference?.what).toBe('the replay lacks trade mine')
  })
})

describe('a replay compares the end', () => {
  it('with the digest of the manifest', async () => {
    const { out } = copy()
    alterManifest(out, ({ digest }) => ({ digest: flipped(digest ?? '') }))
    const { agrees, difference, digest } = await replay(out)
    expect(agrees).toBe(false)
    expect(difference).toMatchObject({ tick: null, agent: null, what: `the digest was ${flipped(digest)}, is ${digest}` })
  })

  it('with every table of the manifest, one it no longer writes included', async () => {
    const { outputs } = JSON.parse(readFileSync(join(original, 'manifest.json'), 'utf8')) as Manifest
    expect(Object.keys(outputs).length).toBeGreaterThan(3)
    for (const table of [...Object.keys(outputs), 'lost']) {
      const { out } = copy()
      alterManifest(out, () => ({ outputs: { ...outputs, [table]: flipped(outputs[table] ?? '0'.repeat(64)) } }))
      expect((await replay(out)).difference, table).toMatchObject({ tick: null, what: `table ${table} differs` })
    }
  })

  it('with neither where the run was killed or failed: its ticks are compared', async () => {
    for (const status of ['running', 'failed'] as const) {
      const { out, ledger } = copy()
      alterManifest(out, ({ digest }) => ({ status, digest: flipped(digest ?? '') }))
      expect((await replay(out)).difference).toBeNull()
      forgeChain(ledger, ticks.length)
      expect((await replay(out)).difference?.tick).toBe(ticks.length)
    }
  })

  it('of every part of a split run: a difference in any is one of the run', async () => {
    for (const wrong of [0, 1]) {
      const { out: first } = copy('part-0')
      const run = join(first, '..')
      cpSync(first, join(run, 'part-1'), { recursive: true })
      expect((await replay(run)).agrees).toBe(true)
      forgeChain(join(run, `part-${wrong}`, 'trades.db'), 7)
      const { agrees, difference } = await replay(run)
      expect({ agrees, part: difference?.part, tick: difference?.tick }).toEqual({
        agrees: false,
        part: join(run, `part-${wrong}`),
        tick: 7,
      })
    }
  })
})

describe('mycelia replay', () => {
  it('ends with 0 where all agree', async () => {
    const { out } = copy()
    expect(await command(['replay', out])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/: all agree\.\nDigest: \w{64}\n$/),
    })
  })

  it('ends with 1 on a difference, which it says in one sentence with tick and directory; --json prints its object all the same', async () => {
    const { out, ledger } = copy()
    forgeChain(ledger, 9)
    const told = await command(['replay', out])
    expect(told.code).toBe(1)
    expect(told.stderr).toMatch(/^mycelia: At tick 9: the digest was .*run\)\. The replay differs from the run\.\n$/)
    expect(told.stdout).toMatch(/: not all agree\.\n/)
    const machine = await command(['replay', out, '--json'])
    expect(machine.code).toBe(1)
    expect(JSON.parse(machine.stdout)).toMatchObject({ agrees: false, difference: { tick: 9 } })
    expect(await command(['replay', out, '--quiet'])).toMatchObject({ code: 1, stdout: '' })
  })

  it('names the agent where one is the cause, and says "at the end" where no tick differs', async () => {
    const { out, ledger } = copy()
    alterLedger(ledger, 'UPDATE trades SET pnl_e6 = pnl_e6 + 1 WHERE id = 1')
    const { code, stderr } = await command(['replay', out])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^mycelia: At the end, \w+-\d+: trade \S+: pnl_e6 was /)
  })
})
