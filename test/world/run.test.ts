/** Runs in this process: resume from anywhere, storage that fails at every call, checkpoints that are damaged. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import trifecta from '../../scenarios/trifecta.js'
import wealth from '../../scenarios/wealth.js'
import { armFaults, OperatorError } from '../../src/core/index.js'
import { checkpointSteps, DiskFull } from '../../src/storage/index.js'
import { Interrupted, RunFailed, type RunRequest, type RunResult, run } from '../../src/world/index.js'
import { isNight } from '../tier.js'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-world-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const same = ({ digest, outputs }: RunResult) => ({ digest, outputs })

/** Stops a run before its first step, as a signal would. */
async function stopAtOnce(request: RunRequest): Promise<void> {
  const controller = new AbortController()
  controller.abort('SIGINT')
  await expect(run({ ...request, signal: controller.signal })).rejects.toThrow(Interrupted)
}

describe('resume', () => {
  const people = { people: 40 }

  it('D3: goes on from any step to the digest and tables of the uninterrupted run', async () => {
    const root = folder()
    const whole = await run({ scenario: wealth, params: people, steps: 2_500, seed: 3, out: join(root, 'whole') })
    for (const step of isNight ? [1, 700, 1_000, 2_001] : [1, 2_001]) {
      const out = join(root, `until-${step}`)
      await run({ scenario: wealth, params: people, steps: step, seed: 3, out })
      expect(same(await run({ scenario: wealth, resume: out, steps: 2_500 }))).toEqual(same(whole))
    }
    const out = join(root, 'stopped')
    await stopAtOnce({ scenario: wealth, params: people, steps: 2_500, seed: 3, out })
    expect(same(await run({ scenario: wealth, resume: out }))).toEqual(same(whole))
  })

  it('D3: of a swarm brings back portfolios, ledger and tables alike', { timeout: 120_000 }, async () => {
    const root = folder()
    const params = { financeLearners: 6, pairs: ['XXBTZUSD', 'XETHZUSD', 'SOLUSD'], dataMiners: 3 }
    const request = { scenario: trifecta, params, steps: 400, seed: 4 }
    const whole = await run({ ...request, out: join(root, 'whole') })
    expect(whole.portfolios?.baseline.trades).toBeGreaterThan(0)
    for (const step of isNight ? [1, 150, 317] : [1, 317]) {
      const out = join(root, `until-${step}`)
      await run({ ...request, steps: step, out })
      const resumed = await run({ scenario: trifecta, resume: out, steps: 400 })
      expect({ ...resumed, runDir: '', stepsPerSecond: 0 }).toEqual({ ...whole, runDir: '', stepsPerSecond: 0 })
    }
  })

  it('of a finished run with more steps is the longer run from the start; with fewer it is refused', async () => {
    const root = folder()
    const out = join(root, 'out')
    await run({ scenario: wealth, steps: 500, out })
    const longer = await run({ scenario: wealth, resume: out, steps: 1_200 })
    const whole = await run({ scenario: wealth, steps: 1_200, out: join(root, 'whole') })
    expect(same(longer)).toEqual(same(whole))
    await expect(run({ scenario: wealth, resume: out, steps: 100 })).rejects.toThrow(/at least the 1200 steps/)
    await expect(run({ scenario: trifecta, resume: out })).rejects.toThrow(/expected scenario wealth, got "trifecta"/)
  })

  it('C8: passes a damaged checkpoint over, says so, and still reaches the same digest', async () => {
    const root = folder()
    const out = join(root, 'out')
    const request = { scenario: wealth, steps: 900, checkpointEvery: 300 }
    const whole = await run({ ...request, out })
    const [newest] = checkpointSteps(out)
    const path = join(out, `checkpoint-${newest}.bin`)
    const bytes = readFileSync(path)
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1
    writeFileSync(path, bytes)
    const notes: string[] = []
    const again = await run({ scenario: wealth, resume: out, onNote: note => notes.push(note) })
    expect(notes.join()).toMatch(/checkpoint-900\.bin/)
    expect(same(again)).toEqual(same(whole))
  })
})

describe('before anything is made', () => {
  it('I8: parameters, market, seed and steps are checked', async () => {
    const root = join(folder(), 'runs')
    const bad: RunRequest[] = [
      { scenario: wealth, seed: -1 },
      { scenario: wealth, seed: 1.5 },
      { scenario: wealth, steps: 0 },
      { scenario: wealth, checkpointEvery: 0 },
      { scenario: wealth, params: { people: 1e9 } },
      { scenario: wealth, pairs: ['XBTUSD'] },
      { scenario: trifecta, pairs: ['NOPE'] },
      { scenario: trifecta, params: { forcedHypotheses: ['nonsense|+'] } },
      { scenario: trifecta, moats: root },
      { scenario: { ...trifecta, worlds: { run: { market: { kind: 'moon' } } } } },
    ]
    for (const request of bad) await expect(run({ ...request, root }), JSON.stringify(request)).rejects.toThrow(OperatorError)
    expect(() => readdirSync(root)).toThrow(/ENOENT/)
  })
})

describe('storage that fails', () => {
  const request = { scenario: wealth, params: { people: 5 }, steps: 60, checkpointEvery: 20, seed: 2 }

  const kinds = ['ENOSPC', 'EIO'] as const
  /** At night each call fails in each way, by day in one of them in turn. */
  const fails = (code: string, n: number) => isNight || kinds[n % 2] === code

  it('C6: at the Nth call, for every N: the run stops by name and resumes to the same digest', {
    timeout: 120_000,
  }, async () => {
    const root = folder()
    const whole = await run({ ...request, out: join(root, 'whole') })
    for (const code of kinds) {
      for (let n = 1, failed = true; failed; n++) {
        if (!fails(code, n)) continue
        const out = join(root, `${code}-${n}`)
        const error = await failingAt(n, code, () => run({ ...request, out }))
        failed = error !== undefined
        if (error instanceof RunFailed) expect(same(await run({ scenario: wealth, resume: out }))).toEqual(same(whole))
        else if (error instanceof OperatorError) expect(existsSync(out)).toBe(false)
        else if (failed)
          expect([String(error), finished(out)]).toEqual([expect.stringMatching(/finished, but not its report/), true])
      }
    }
  })

  it('C5: a full disk is one sentence with path and bytes, and the run goes on when there is room', async () => {
    const out = join(folder(), 'out')
    let full = false
    const disarm = armFaults(() => {
      if (full) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
    })
    onTestFinished(disarm)
    const onProgress = ({ step }: { step: number }) => {
      full = step >= 20
    }
    const error = await run({ ...request, steps: 5_000, out, onProgress }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(RunFailed)
    expect((error as RunFailed).cause).toBeInstanceOf(DiskFull)
    expect((error as RunFailed).message).toMatch(/disk full while writing .*out.*expected \d+ bytes free/)
    full = false
    const resumed = await run({ scenario: wealth, resume: out, onProgress: () => undefined })
    disarm()
    const whole = await run({ ...request, steps: 5_000, out: join(folder(), 'whole') })
    expect(same(resumed)).toEqual(same(whole))
  })
})

/** Runs `work` with the Nth storage call failing; its error, or undefined where no call was the Nth. */
async function failingAt(n: number, code: string, work: () => Promise<unknown>): Promise<unknown> {
  let calls = 0
  let fired = false
  const disarm = armFaults(() => {
    if (++calls !== n) return
    fired = true
    throw Object.assign(new Error('injected'), { code })
  })
  try {
    await work()
    return fired ? new Error('a failure went unnoticed') : undefined
  } catch (error) {
    return error
  } finally {
    disarm()
  }
}

function finished(out: string): boolean {
  return JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).status === 'finished'
}
