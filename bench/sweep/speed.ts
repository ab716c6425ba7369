/** Sweeps of short runs: how many a second two threads make, how many times as many as one, and whether memory grows with their number. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { grid, sweep } from 'mycelia/node'
import { median } from '../speed/measure.js'

export interface SweepSpeed {
  readonly runs: number
  /** Whole sweeps, from the start of the threads to the files. */
  readonly runsPerSecond: number
  /** Median of rounds in which one and two threads took turns. */
  readonly twoAgainstOne: number
  /** The same of runs of a tenth of a second, beside which the start of a thread costs little. */
  readonly twoAgainstOneOfLong: number
  /** Resident memory after a fifth of the runs and its greatest value after that, MB. */
  readonly earlyMb: number
  readonly mostMb: number
}

const runs = 10_000
const rounds = 5

/** Of wealth: 100 agents and 100 steps, and a few runs of 1,000 agents and 2,500 steps. */
const short = { people: 100, steps: 100, replicates: runs }
const long = { people: 1_000, steps: 2_500, replicates: 80 }

export async function sweepSpeed(): Promise<SweepSpeed> {
  const memory = new Memory()
  const shortOnes = await inTurns(workers => timed(workers, short, memory))
  const longOnes = await inTurns(workers => timed(workers, long))
  return {
    runs,
    runsPerSecond: (runs * 1_000) / median(shortOnes.map(({ two }) => two)),
    twoAgainstOne: median(shortOnes.map(({ one, two }) => one / two)),
    twoAgainstOneOfLong: median(longOnes.map(({ one, two }) => one / two)),
    earlyMb: memory.earlyMb,
    mostMb: memory.mostMb,
  }
}

/** Times of sweeps by one thread and by two, several times; the order changes, so that neither always has the warmer machine. */
async function inTurns(time: (workers: number) => Promise<number>): Promise<{ one: number; two: number }[]> {
  const both: { one: number; two: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0 ? 1 : 2
    const times = [await time(first), await time(3 - first)]
    if (first === 2) times.reverse()
    both.push({ one: times[0] ?? Number.NaN, two: times[1] ?? Number.NaN })
  }
  return both
}

async function timed(workers: number, { people, steps, replicates }: typeof short, memory?: Memory): Promise<number> {
  const out = mkdtempSync(join(tmpdir(), 'mycelia-bench-sweep-'))
  const started = performance.now()
  try {
    const options = { replicates, steps, columns: ['gini'], workers, out: join(out, 'sweep') }
    const { failed } = await sweep('wealth', grid({ people: [people] }), {
      ...options,
      onProgress: ({ done }) => memory?.seen(done),
    })
    if (failed > 0) throw new Error(`${failed} runs failed`)
    return performance.now() - started
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

class Memory {
  earlyMb = 0
  mostMb = 0

  /** The largest of all sweeps, in the second part of each against the first. */
  seen(done: number): void {
    const mb = process.memoryUsage.rss() / 2 ** 20
    if (done < runs / 5) this.earlyMb = Math.max(this.earlyMb, mb)
    else this.mostMb = Math.max(this.mostMb, mb)
  }
}
