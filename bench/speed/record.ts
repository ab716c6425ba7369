/** What the decision record costs trifecta: CPU time of a step with the table `decisions` and without it, all tables going to disk. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulate } from 'mycelia'
import trifecta from '../../scenarios/trifecta.js'
import type { Scenario } from '../../src/model/index.js'
import { ParquetSink } from '../../src/storage/index.js'
import { useNodeSha256 } from '../../src/world/node-sha256.js'

export interface RecordCost {
  readonly steps: number
  readonly decisions: number
  /** CPU time of a step, µs. */
  readonly withoutUs: number
  readonly withUs: number
  readonly ratio: number
  /** The same with the time in which the files are made at the end, in parts of a step. */
  readonly wholeRatio: number
}

interface Cost {
  readonly loopUs: number
  readonly endUs: number
  readonly decisions: number
}

const steps = 3_000
const rounds = 9

/** The least of several runs of each, which take turns: another process that runs meanwhile only adds. */
export function recordCost(): RecordCost {
  useNodeSha256()
  const whole = trifecta as unknown as Scenario
  const { decisions: _, ...messages } = whole.collect?.messages ?? {}
  const without: Scenario = { ...whole, collect: { ...whole.collect, messages } }
  const least = { without: unmeasured, with: unmeasured }
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 === 0
    for (const isWith of [first, !first]) {
      const name = isWith ? 'with' : 'without'
      least[name] = lesser(least[name], costOf(isWith ? whole : without))
    }
  }
  const [a, b] = [least.without, least.with]
  const wholeRatio = (b.loopUs + b.endUs) / (a.loopUs + a.endUs)
  return { steps, decisions: b.decisions, withoutUs: a.loopUs, withUs: b.loopUs, ratio: b.loopUs / a.loopUs, wholeRatio }
}

const unmeasured: Cost = { loopUs: Number.POSITIVE_INFINITY, endUs: Number.POSITIVE_INFINITY, decisions: 0 }

function lesser(a: Cost, b: Cost): Cost {
  return { loopUs: Math.min(a.loopUs, b.loopUs), endUs: Math.min(a.endUs, b.endUs), decisions: b.decisions }
}

function costOf(scenario: Scenario): Cost {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-record-'))
  try {
    const sink = new ParquetSink({ path, runId: 'bench', seed: 1 })
    const sim = simulate(scenario, { seed: 1, sink })
    const loopUs = cpuOf(() => {
      sim.run({ steps })
      sim.flush()
    })
    const endUs = cpuOf(() => sink.finish())
    return { loopUs, endUs, decisions: sink.records().decisions?.rows ?? 0 }
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}

/** CPU time of this process, in µs a step. */
function cpuOf(work: () => unknown): number {
  globalThis.gc?.()
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / steps
}
