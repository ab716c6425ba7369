/**
 * The proof that a change of names changed nothing else: every column that three scenarios collected, and their digests, as they were
 * before, found again under the maps of renamed columns and fields. `GOLDEN=update` adds what is not there yet, and never overwrites.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type Scenario, type Simulation, type SourceTick, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { ByteWriter, Chain, encodeValue, sha256, toHex, writeFact } from '../../src/core/index.js'
import { oldNames, oldState, type RenamedFields } from './old-state.js'

interface Golden {
  parameters: unknown
  digest: string
  /** A hash for each column, of its cells in their order. */
  tables: Record<string, Record<string, string>>
}

const steps = 5_000
const stepsPerStateHash = 1_000

const here = (file: string) => new URL(file, import.meta.url)
const readJson = <T>(file: string, otherwise: T): T =>
  existsSync(here(file)) ? (JSON.parse(readFileSync(here(file), 'utf8')) as T) : otherwise
const golden = readJson<Record<string, Golden>>('./golden.json', {})
const renamedColumns = readJson<Record<string, Record<string, string>>>('./renamed-columns.json', {})
const renamedFields = readJson<RenamedFields>('./renamed-fields.json', {})

/** The digest as it was computed before anything was renamed: kept beside the simulation, from its messages and checkpoints. */
class OldDigest {
  private readonly facts = new ByteWriter()
  private readonly chain: Chain

  constructor(
    private readonly sim: Simulation,
    parameters: unknown,
  ) {
    this.chain = Chain.of({ scenario: sim.scenario.name, parameters, seed: sim.seed, market: [] })
    sim.tap((topic, message) => {
      if (!topic.fact) return
      this.facts.text(topic.name)
      writeFact(this.facts, oldNames(topic.factOf(message), renamedFields))
    })
    const tick = sim.tick.bind(sim)
    sim.tick = given => {
      tick(given)
      this.endTick(given)
    }
  }

  get value(): string {
    return this.chain.reported(this.sim.model.now, this.state())
  }

  private endTick({ time, step }: SourceTick): void {
    if (this.facts.length > 0) this.chain.extend(time, this.facts.written())
    this.facts.clear()
    if (step && this.sim.model.steps % stepsPerStateHash === 0) this.chain.extend(time, this.state())
  }

  private state(): Uint8Array {
    return oldState(this.sim.save(), renamedFields)
  }
}

function hashesOf(sim: Simulation): Golden['tables'] {
  const tables: Golden['tables'] = {}
  for (const [name, table] of sim.tables) {
    const old = renamedColumns[name] ?? {}
    const columns = [...table.columns].map(([column, cells]) => [
      old[column] ?? column,
      toHex(sha256(encodeValue(cells.toArray()))),
    ])
    tables[name] = Object.fromEntries(columns)
  }
  return tables
}

describe('under their old names, after 5,000 steps', () => {
  for (const name of ['trifecta', 'planted-dense', 'contagion'])
    it(`all that ${name} collected and decided is what it was`, async () => {
      const file = new URL(`../../scenarios/${name}.ts`, import.meta.url)
      const { default: scenario } = (await import(file.href)) as { default: Scenario }
      const sim = simulate(scenario, { seed: 1 })
      const parameters = oldNames(sim.model.params, { '*': renamedFields.parameters ?? {} })
      if (process.env.GOLDEN !== 'update') expect(parameters).toMatchObject(golden[name]?.parameters as object)
      const old = new OldDigest(sim, golden[name]?.parameters ?? parameters)
      sim.run({ steps })
      const found = { parameters, digest: old.value, tables: hashesOf(sim) }
      if (process.env.GOLDEN === 'update') {
        golden[name] ??= found
        writeFileSync(here('./golden.json'), `${JSON.stringify(golden, null, 2)}\n`)
      }
      expect(found.tables).toMatchObject(golden[name]?.tables as object)
      expect(found.digest).toBe(golden[name]?.digest)
    })
})
