/** A simulated run that remembers in Chroma: the model waits for its answers, and they are the exact memory's but for a few neighbours. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { numbersOf, readTable } from '../../src/storage/index.js'
import { type RunRequest, type RunResult, run } from '../../src/world/index.js'
import { serverForTests } from '../memory/chroma-kit.js'

const { server, skip, end } = await serverForTests()
const root = mkdtempSync(join(tmpdir(), 'mycelia-run-memory-'))
afterAll(async () => {
  await end()
  rmSync(root, { recursive: true, force: true })
})

const params = { forcedHypotheses: ['code:Rust|level|0|SOLUSD|4|+', 'code:Rust|level|0|ADAUSD|4|-'] }
const go = (over: Partial<RunRequest> = {}) => run({ scenario: 'null-market', seed: 3, steps: 400, params, root, ...over })

/** Runs with the environment's Chroma in the place of the usual one. */
async function inChroma<T>(act: () => Promise<T>, url = server?.url ?? ''): Promise<T> {
  const before = process.env.CHROMA_URL
  process.env.CHROMA_URL = url
  try {
    return await act()
  } finally {
    if (before === undefined) delete process.env.CHROMA_URL
    else process.env.CHROMA_URL = before
  }
}

async function factors({ runDir }: RunResult): Promise<number[]> {
  return [...numbersOf((await readTable(join(runDir, 'recollections.parquet'), ['factor']))?.factor)]
}

describe.skipIf(skip)('a simulated run with a memory in Chroma', () => {
  test('is answered as by the exact memory but for a few neighbours, and goes on from a checkpoint with what is there', async () => {
    const exact = await factors(await go())
    const half = await inChroma(() => go({ memory: 'chroma', steps: 200 }))
    const whole = await inChroma(() => run({ resume: half.runDir, steps: 400 }))
    const chroma = await factors(whole)
    expect(chroma).toHaveLength(exact.length)
    expect(exact.filter(factor => factor !== 1).length).toBeGreaterThan(50)
    const same = chroma.filter((factor, i) => Math.abs(factor - (exact[i] ?? 0)) < 0.02).length
    expect(same / exact.length).toBeGreaterThan(0.9)
  }, 90_000)

  test('ends at its last checkpoint where Chroma does not answer', async () => {
    await expect(inChroma(() => go({ memory: 'chroma' }), 'http://127.0.0.1:9')).rejects.toThrow(/Chroma cannot be reached/)
  }, 60_000)
})

test('a model without a market has nothing to remember', async () => {
  await expect(run({ scenario: 'wealth', memory: 'chroma', root })).rejects.toThrow(/`memory`: expected a scenario with a market/)
})
