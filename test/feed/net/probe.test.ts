/** A probe that is ended before it has gone its way says nothing of the host it did not reach. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/feed/index.js'
import { probeHost } from '../../../src/feed/net/probe.js'
import { scanHosts } from '../../../src/feed/net/scan-hosts.js'

const firstHop = ' 1  10.0.0.1  0.5 ms  0.4 ms  0.6 ms'

/** A traceroute on PATH that prints its first hop and goes on as `then` says. */
function standin(then: string, first = firstHop): void {
  const folder = mkdtempSync(join(tmpdir(), 'probe-'))
  const program = join(folder, 'traceroute')
  writeFileSync(program, `#!/bin/sh\necho "traceroute to 127.0.0.1 (127.0.0.1), 30 hops max"\necho "${first}"\n${then}\n`)
  chmodSync(program, 0o755)
  const before = process.env.PATH
  process.env.PATH = `${folder}${delimiter}${before}`
  onTestFinished(() => {
    process.env.PATH = before
    rmSync(folder, { recursive: true, force: true })
  })
}

const probe = (signal?: AbortSignal) =>
  probeHost('127.0.0.1', { program: 'traceroute', vantage: 'here', clock: systemClock(), ...(signal && { signal }) })

it('one that was stopped is no silence of the host', async () => {
  standin('exec sleep 60')
  await expect(probe(AbortSignal.timeout(500))).rejects.toThrow('traceroute ended with a signal')
})

it('one that failed half-way is none either', async () => {
  standin('echo "no more" >&2; exit 1')
  await expect(probe()).rejects.toThrow('traceroute ended with 1: no more')
})

it('one that ended as it should is a scan, and what it did not hear is silence', async () => {
  standin('echo " 2  * * *"')
  const { hops, probesMs, gateway } = await probe()
  expect({ hops: hops.length, probesMs, gateway }).toEqual({ hops: 2, probesMs: [null, null, null], gateway: true })
})

it.each([
  ['a round trip above a minute', 'echo " 2  127.0.0.1  60001 ms  1 ms  1 ms"', firstHop, 'rttTooLong'],
  ['65 hops', 'for i in $(seq 2 65); do echo "$i  10.0.0.$i  1 ms"; done', firstHop, 'tooManyHops'],
  ['hops out of order', 'echo " 2  127.0.0.1  1 ms"', ' 3  10.0.0.1  0.5 ms', 'hopOrder'],
  ['silence of its own gateway', 'echo " 2  * * *"', ' 1  * * *', 'vantageDown'],
  ['no hop at all', ':', '', 'noHops'],
])('one that tells of %s is counted by its reason, and given to nobody', async (_, then, first, reason) => {
  standin(then, first)
  const given: unknown[] = []
  const counts = await scanHosts({
    hosts: ['127.0.0.1'],
    program: 'traceroute',
    vantage: 'here',
    clock: systemClock(),
    onScan: scan => void given.push(scan),
    onFailure: (_, error) => void given.push(error),
  })
  expect(given).toEqual([])
  expect(counts).toEqual({ taken: 0, failed: 0, rejected: { [reason]: 1 } })
})
