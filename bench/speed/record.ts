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

const steps = 3_000
const chunk = 250
const rounds = 7

/**
 * Two runs take turns, a few hundred steps at a time, several times over; each such part counts with the least it took. Another process
 * that runs meanwhile only adds.
 */
export function recordCost(): RecordCost {
  useNodeSha256()
  const whole = trifecta as unknown as Scenario
  const { decisions: _, ...messages } = whole.collect?.messages ?? {}
  const without: Scenario = { ...whole, collect: { ...whole.collect, messages } }
  const [a, b] = [new Least(), new Least()]
  let decisions = 0
  for (let round = 0; round < rounds; round++) decisions = inTurns(new Measured(without, a), new Measured(whole, b), round)
  const [withoutUs, withUs] = [a.loop / steps, b.loop / steps]
  return { steps, decisions, withoutUs, withUs, ratio: b.loop / a.loop, wholeRatio: b.all / a.all }
}

/** Runs both to the end; returns the number of decisions recorded. */
function inTurns(without: Measured, recorded: Measured, round: number): number {
  const both = round % 2 === 0 ? [without, recorded] : [recorded, without]
  for (let part = 0; part < steps / chunk; part++) for (const run of both) run.part(part)
  for (const run of both) run.end()
  return recorded.decisions
}

/** The least CPU time of each part, µs. */
class Least {
  private readonly parts: number[] = []
  private last = Number.POSITIVE_INFINITY

  part(i: number, us: number): void {
    this.parts[i] = Math.min(this.parts[i] ?? us, us)
  }

  end(us: number): void {
    this.last = Math.min(this.last, us)
  }

  get loop(): number {
    return this.parts.reduce((sum, us) => sum + us, 0)
  }

  get all(): number {
    return this.loop + this.last
  }
}

class Measured {
  private readonly path = mkdtempSync(join(tmpdir(), 'mycelia-record-'))
  private readonly sink = new ParquetSink({ path: this.path, runId: 'bench', seed: 1 })
  private readonly sim

  constructor(
    scenario: Scenario,
    private readonly least: Least,
  ) {
    this.sim = simulate(scenario, { seed: 1, sink: this.sink })
  }

  get decisions(): number {
    return this.sink.records().decisions?.rows ?? 0
  }

  part(i: number): void {
    const us = cpuOf(() => {
      this.sim.run({ steps: chunk })
      if (i === steps / chunk - 1) this.sim.flush()
    })
    this.least.part(i, us)
  }

  end(): void {
    this.least.end(cpuOf(() => this.sink.finish()))
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** CPU time of this process, in µs. */
function cpuOf(work: () => unknown): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
