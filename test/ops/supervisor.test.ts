/** The supervisor: what ends is started again, what hangs is killed, what crashes in a loop stays down, and nothing that is well is touched. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { statusPage } from '../../src/ops/index.js'
import { eventually, fast, harmed, lightChild, supervising, temporary } from './supervising.js'

test('a child that is killed is started again', async () => {
  const folder = temporary()
  const { supervisor, kinds } = supervising(folder, [lightChild(folder, 'live')])
  const child = () => supervisor.status.children[0]
  await expect.poll(() => child()?.beat?.state, eventually).toBe('live')
  const first = child()?.pid ?? 0
  process.kill(first, 'SIGKILL')
  await expect.poll(() => child()?.state === 'running' && child()?.pid !== first && child()?.beat?.state, eventually).toBe('live')
  expect(child()?.pid).not.toBe(first)
  expect(kinds()).toEqual(['started', 'started', 'ended', 'restart', 'started'])
})

test.each(['hang', 'stubborn'])('a child that does not beat (%s) is asked to end, then killed, and started again', async what => {
  const folder = temporary()
  const { kinds, said } = supervising(folder, [lightChild(folder, what)])
  await expect.poll(() => kinds().includes('restart'), eventually).toBe(true)
  expect(kinds().slice(0, 5)).toEqual(['started', 'started', 'hung', 'ended', 'restart'])
  expect(said.join()).toContain('no heartbeat')
})

test('a crash loop ends after five restarts with growing pauses, stays down, and pages a P0 until it is acknowledged', async () => {
  const folder = temporary()
  const { supervisor, notifier } = supervising(folder, [lightChild(folder, 'crash')])
  await expect.poll(() => supervisor.status.children[0]?.state, eventually).toBe('down')
  expect(supervisor.status.children[0]).toMatchObject({
    state: 'down',
    level: 'stopped',
    restarts: 5,
    faults: [{ code: 'crashLoop' }],
  })
  const pauses = notifier.record
    .events(100)
    .filter(({ kind }) => kind === 'restart')
    .map(({ detail }) => detail.afterMs)
  expect(pauses.reverse()).toEqual([50, 100, 200, 400, 400])
  expect(notifier.unacknowledged).toMatchObject([{ severity: 'P0', key: 'main crashLoop' }])
})

test('a child that has ended as it should is not started again, and the supervisor ends with the last', async () => {
  const folder = temporary()
  const ends = await supervising(temporary(), [lightChild(folder, 'finish')]).running
  expect(ends.children[0]).toMatchObject({ state: 'finished', restarts: 0 })
})

test('a fault lowers what the run may do by one input, and its end takes that back', async () => {
  const folder = temporary()
  const { levels, supervisor, stop } = supervising(folder, [lightChild(folder, 'fault')])
  await expect.poll(() => levels, eventually).toEqual([['half size', 'sourceDown']])
  expect(supervisor.status.children[0]).toMatchObject({ level: 'half size', faults: [{ code: 'sourceDown', detail: 'kraken' }] })
  await stop()
  // The next supervisor knows what this one changed in the run.
  const next = supervising(folder, [lightChild(folder, 'live')])
  await expect.poll(() => next.levels, eventually).toEqual([['full', 'all faults are over']])
})

test('a ledger that fails its check stops the child for good', async () => {
  const folder = temporary()
  mkdirSync(join(folder, 'run'))
  const path = join(folder, 'run', 'trades.db')
  const db = new Database(path)
  db.exec(
    'CREATE TABLE t (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) INSERT INTO t SELECT randomblob(2000) FROM n',
  )
  db.close()
  const bytes = readFileSync(path)
  bytes.fill(7, 4_096, 12_288)
  writeFileSync(path, bytes)
  const { supervisor } = supervising(folder, [lightChild(folder, 'live')])
  await expect.poll(() => supervisor.status.children[0]?.state, eventually).toBe('down')
  const { status } = supervisor
  expect(status.children[0]).toMatchObject({ state: 'down', faults: [{ code: 'databaseDamaged' }] })
  expect(status.unacknowledged.map(({ key }) => key)).toContain('main databaseDamaged')
})

test('one that is well is never restarted, and no secret is in any log', async () => {
  const folder = temporary()
  const { stop, kinds, supervisor } = supervising(folder, [lightChild(folder, 'live'), lightChild(folder, 'live', 'futures')])
  await new Promise(resolve => setTimeout(resolve, 2_500))
  expect(supervisor.status.children.map(({ restarts, level }) => [restarts, level])).toEqual([
    [0, 'full'],
    [0, 'full'],
  ])
  expect(kinds()).toEqual(['started', 'started', 'started'])
  expect(statusPage(supervisor.status)).toContain('futures')
  await stop()
  expect(readFileSync(join(folder, 'main.log'), 'utf8')).toContain('token [secret]')
})

test('a supervisor that was away itself takes nobody for hung', async () => {
  const folder = temporary()
  const { supervisor } = supervising(folder, [lightChild(folder, 'live')], { ...fast, thresholds: { beatAgeMs: 500 } })
  await expect.poll(() => supervisor.status.children[0]?.beat?.state, eventually).toBe('live')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500)
  await new Promise(resolve => setTimeout(resolve, 400))
  expect(supervisor.counters.away).toBeGreaterThan(0)
  expect(supervisor.status.children[0]?.restarts).toBe(0)
})

test('a trading child that is killed or finds no disk goes on, and loses and doubles no trade', async () => {
  expect(await harmed(2, () => 0.5)).toBeGreaterThan(0)
}, 120_000)
