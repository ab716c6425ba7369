/** Latency signals from the command line: a live run that probes, collects and reads a status page, and what is made of it afterwards. */

import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { exchange, noMoats } from '../cli/exchange.js'
import { command } from '../cli/in-process.js'
import { folder, needsBuild, start } from '../cli/mycelia.js'

beforeEach(needsBuild)

const net = [
  '--set',
  'hosts={127.0.0.1: [XBTUSD]}',
  '--set',
  'vantages=[home, far]',
  '--timeframe',
  '1s',
  '--pairs',
  'XBTUSD,ETHUSD',
]

/** A traceroute on the PATH whose host answers at once. */
function traceroute(): Record<string, string> {
  const place = folder()
  const program = join(place, 'traceroute')
  const lines = ['traceroute to 127.0.0.1 (127.0.0.1), 30 hops max', ' 1  127.0.0.1  0.5 ms  0.4 ms  0.6 ms']
  writeFileSync(program, `#!/bin/sh\n${lines.map(line => `echo "${line}"`).join('\n')}\n`)
  chmodSync(program, 0o755)
  return { PATH: `${place}${delimiter}${process.env.PATH}` }
}

async function statusPage(): Promise<string> {
  const incident = { id: 'i', name: 'API down', status: 'resolved', impact: 'major', created_at: new Date().toISOString() }
  const page = createServer((_, response) => response.end(JSON.stringify({ incidents: [incident] })))
  page.listen(0, '127.0.0.1')
  await once(page, 'listening')
  onTestFinished(() => void page.close())
  return `http://127.0.0.1:${(page.address() as AddressInfo).port}`
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('a live run takes its own scans and those that mycelia scan sends, replays, simulates again and reports an incident', async () => {
  const cwd = folder()
  const env = { ...(await exchange()), ...noMoats, ...traceroute(), NETTRACE_API_KEY: 'key' }
  const port = await freePort()
  const page = await statusPage()
  const heard = ['--probe', '127.0.0.1', '--vantage', 'home', '--collect', String(port), '--incidents', `127.0.0.1=${page}`]
  const running = start(cwd, ['live', 'nettrace', ...net, ...heard, '--json', '--out', 'runs/net'], env)
  await running.said('live, step')
  await running.said('Scans and signals are taken at')
  const scan = (more: object = {}) =>
    command(['scan', '127.0.0.1', '--once', '--vantage', 'far', '--post', `http://127.0.0.1:${port}/api/v1/scans`], cwd, {
      ...env,
      ...more,
    })
  expect(await scan()).toMatchObject({ code: 0, stderr: '' })
  expect(await scan({ NETTRACE_API_KEY: 'other' })).toMatchObject({ code: 1, stderr: expect.stringContaining('answered 401') })
  const feeds = async () => JSON.parse((await command(['status', 'runs/net', '--json'], cwd, env)).stdout).parts[0].status.feeds
  await expect
    .poll(async () => (await feeds()).map(({ name, taken }: { name: string; taken: number }) => [name, taken]), {
      timeout: 10_000,
    })
    .toEqual([
      ['kraken', 0],
      ['probes', 1],
      ['incidents', 1],
      ['collector', 1],
    ])
  running.child.kill('SIGTERM')
  const ended = await running.ended
  expect(ended.code).toBe(0)
  expect(JSON.parse(ended.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ scenario: 'nettrace', scans: { taken: 2 } })
  expect((await command(['replay', 'runs/net'], cwd, env)).code).toBe(0)
  const again = await command(['run', 'nettrace', '--scans', 'runs/net', '--json', '--quiet'], cwd, env)
  expect(JSON.parse(again.stdout)).toMatchObject({ scans: { taken: 2 } })
  const report = await command(['report', 'runs/net'], cwd, env)
  expect(report.stderr).toMatch(/^127\.0\.0\.1, .* UTC, "API down": no signal\.$/m)
}, 60_000)
