/** A probe that is ended before it has gone its way says nothing of the host it did not reach. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/feed/index.js'
import { probeHost } from '../../../src/feed/net/probe.js'

/** A traceroute on PATH that prints what is given and goes on as `then` says. */
function standin(then: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'probe-'))
  const program = join(folder, 'traceroute')
  writeFileSync(
    program,
    `#!/bin/sh\necho "traceroute to 127.0.0.1 (127.0.0.1), 30 hops max"\necho " 1  10.0.0.1  0.5 ms  0.4 ms  0.6 ms"\n${then}\n`,
  )
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
