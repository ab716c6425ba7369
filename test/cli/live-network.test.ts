/** Latency signals from the command line: what is refused before a run begins. */

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { noMoats } from './exchange.js'
import { command } from './in-process.js'
import { folder, mycelia, needsBuild } from './mycelia.js'

beforeEach(needsBuild)

test('what makes no sense is refused before anything is made, with what to do', async () => {
  const cwd = folder()
  const env = { ...noMoats, NETTRACE_API_KEY: '' }
  const refused = async (args: string[], says: RegExp, more: object = {}) => {
    const { code, stderr } = await command(args, cwd, { ...env, ...more })
    expect(stderr).toMatch(says)
    expect(code).toBe(2)
  }
  await refused(['live', 'nettrace', '--collect', '0'], /--collect: expected a token in NETTRACE_API_KEY/)
  await refused(['live', 'nettrace', '--every', '120'], /--every: expected hosts to trace, in --probe/)
  await refused(['live', 'nettrace', '--probe', '-rf'], /--probe|a host to probe/)
  await refused(
    ['live', 'nettrace', '--probe', 'example.org', '--vantage', 'Frankfurt'],
    /--probe: expected one of api\.coinbase\.com/,
  )
  await refused(['live', 'nettrace', '--probe', 'api.kraken.com', '--vantage', 'here'], /--vantage: expected one of Frankfurt/)
  await refused(['live', 'nettrace', '--probe', 'api.kraken.com', '--every', '30'], /at least 60|--every/)
  await refused(['live', 'trifecta', '--incidents', 'api.kraken.com'], /expected a scenario of latency signals/)
  await refused(
    ['live', 'nettrace', '--redis', 'redis://127.0.0.1:1'],
    /--redis of a live run of nettrace: expected a scenario of the swarm/,
  )
  await refused(['run', 'trifecta', '--scans', 'none.jsonl'], /expected `?--market/)
})

test('a port that is taken ends the command, though the collector and the view had opened theirs', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as AddressInfo
  const args = ['live', 'nettrace', '--collect', '0', '--api', '0', '--metrics', String(port)]
  const { code, stderr } = await mycelia(folder(), args, { ...noMoats, NETTRACE_API_KEY: 't' })
  expect(stderr).toMatch(/Scans and signals are taken at/)
  expect(stderr).toMatch(/--metrics/)
  expect(code).toBe(2)
}, 60_000)

test('the probes of RIPE Atlas are to be named among the vantage points', async () => {
  const { code, stderr } = await command(['live', 'nettrace', '--atlas', '5051'], folder(), noMoats)
  expect(stderr).toMatch(/expected one at least among the vantage points, as atlas-1234, got .?Frankfurt/)
  expect(code).toBe(2)
})

test('doctor refuses a target that no share of right trades can earn, and says from which share another one does', async () => {
  const doctor = (...args: string[]) => command(['doctor', ...args], folder(), {})
  const pays = await doctor('nettrace')
  expect(pays.stdout).toMatch(
    /^nettrace: a target of 0\.5 %, where entry and exit cost 0\.1 %\. It earns from 50 % of right trades on/,
  )
  const losing = ['nettrace', '--set', 'feeRate=0.004']
  const refused = await doctor(...losing)
  expect(refused).toMatchObject({ code: 2, stdout: '' })
  expect(refused.stderr).toMatch(
    /entry and exit cost 0\.86 %: reached, it loses 0\.36 %, and no share of right trades earns that/,
  )
  const forced = await doctor(...losing, '--force-simulation')
  expect(forced.code).toBe(0)
  expect(forced.stdout).toMatch(/no share of right trades earns that/)
  expect(await doctor('--force-simulation')).toMatchObject({ code: 2 })
})
