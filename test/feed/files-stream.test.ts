/** I7: a check of 5 million rows holds none of them. */

import { execFile } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FileCheck } from '../../src/feed/index.js'

const ROWS = 5_000_000
const PIECE = 10_000
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mycelia-stream-'))
  await pipeline(Readable.from(minutes()), createWriteStream(join(folder, 'XBTUSD_1.csv')))
  await build({
    entryPoints: [fileURLToPath(new URL('../../src/feed/check-files.ts', import.meta.url))],
    outfile: join(folder, 'check.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One row a minute; every 1,000th without volume, every 100,000th impossible. */
function* minutes(): Generator<string> {
  for (let first = 0; first < ROWS; first += PIECE) {
    let piece = ''
    for (let i = first; i < first + PIECE; i++) {
      const volume = i % 100_000 === 99_999 ? '-1' : i % 1000 === 0 ? '0' : '12.34567890'
      piece += `${1_300_000_020 + i * 60},19064.9,19108.4,19041.0,19093.6,${volume},106\n`
    }
    yield piece
  }
}

it('I7: data check streams 5 million rows in less than 300 MB', async () => {
  const script = `import { checkFile } from './check.mjs'
    const check = await checkFile(process.argv[1])
    console.log(JSON.stringify({ check, rssMb: process.resourceUsage().maxRSS / 1024 }))`
  const args = ['--input-type=module', '--eval', script, join(folder, 'XBTUSD_1.csv')]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder })
  const { check, rssMb } = JSON.parse(stdout) as { check: FileCheck; rssMb: number }
  expect(check).toMatchObject({
    rows: ROWS - 50,
    rejected: { 'negative-volume': 50 },
    zeroVolume: 5000,
    gaps: 49,
    missingRows: 49,
  })
  expect(check.examples).toHaveLength(20)
  expect(rssMb).toBeLessThan(300)
})
