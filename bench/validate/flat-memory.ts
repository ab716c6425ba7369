/** Flat memory: the main job with its records on disk, a million steps long, in a process of its own. */

import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Scenario } from 'mycelia'
import { Interrupted, run } from 'mycelia/node'
import trifecta from '../../scenarios/trifecta.js'
import { line } from '../../src/experiment/statistics/index.js'
import { brief, type Check, type CheckContext } from './check.js'
import { Progress } from './progress.js'

/** Slopes are per so many steps. */
const per = 100_000
const most = 1
const mb = 2 ** 20
/** Rows gather in batches of some 25 MB before they go to disk, so that many samples are needed to see a slope of 1. */
const samplesTaken = 1_000
const samplesShown = 50

/** As `run` takes it, which asks nothing of the model's type. */
const mainJob = trifecta as unknown as Scenario

/** Memory after a full collection, MB. */
interface Sample {
  readonly step: number
  readonly heap: number
  readonly rss: number
}

export const flatMemoryCheck: Check = {
  name: 'memory',
  promise: 'flat memory',
  measured: `trifecta with its records on disk, 1,000,000 steps: heapUsed + arrayBuffers, and RSS, grow by less than ${most} MB per 100,000 steps after the first fifth (needs about 4 GB of temporary disk space)`,
  async run(context) {
    const steps = context.quick ? 100_000 : 1_000_000
    const samples = await measured(steps, context)
    const settled = samples.filter(s => s.step >= steps / 5)
    const slope = (of: (s: Sample) => number) =>
      line(
        settled.map(s => s.step / per),
        settled.map(of),
      ).slope
    const [heap, rss] = [slope(s => s.heap), slope(s => s.rss)]
    const last = samples.at(-1) as Sample
    return {
      kept: heap < most && rss < most,
      says: `per 100,000 steps: heap ${brief(heap)} MB, RSS ${brief(rss)} MB; at the end ${brief(last.heap)} and ${brief(last.rss)} MB`,
      figures: { heapSlopeMb: heap, rssSlopeMb: rss, samples: thinned(samples) },
      inputs: { seed: 1, steps, warmUpSteps: steps / 5 },
    }
  },
}

function thinned(samples: readonly Sample[]): Sample[] {
  const every = Math.ceil(samples.length / samplesShown)
  return samples.filter((_, i) => i % every === 0)
}

/** The child's samples. */
function measured(steps: number, { note }: CheckContext): Promise<Sample[]> {
  const samples: Sample[] = []
  const progress = new Progress('memory')
  // The program that was started, which knows `measureMemory` under this option.
  const child = fork(process.argv[1] as string, [memoryOption, String(steps)], { execArgv: ['--expose-gc'] })
  child.on('message', (sample: Sample) => {
    samples.push(sample)
    progress.show(sample.step, steps)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', code => {
      if (code !== 0) note(`memory  the measuring process ended with ${code}`)
      if (code === 0 && samples.length > 2) resolve(samples)
      else reject(new Error(`the measuring process ended with ${code} after ${samples.length} samples`))
    })
  })
}

export const memoryOption = '--measure-memory'

/** The child's side: runs, samples after full collections, and leaves nothing behind. */
export async function measureMemory(steps: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'mycelia-memory-'))
  const enough = new AbortController()
  let next = 0
  const look = ({ step }: { step: number }) => {
    if (step < next) return
    next += steps / samplesTaken
    process.send?.(sampleAt(step))
    if (step >= steps) enough.abort('measured')
  }
  try {
    await run({ scenario: mainJob, seed: 1, steps: steps + 1, out: join(root, 'run'), onProgress: look, signal: enough.signal })
  } catch (error) {
    // Ended on purpose: writing a million steps' Parquet files is not what is measured.
    if (!(error instanceof Interrupted)) throw error
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function sampleAt(step: number): Sample {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  return { step, heap: (heapUsed + arrayBuffers) / mb, rss: rss / mb }
}
