import { readdirSync } from 'node:fs'
import { resume, type Scenario, type Simulation, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { isNight } from './tier.js'

const folder = new URL('../scenarios/', import.meta.url)
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .sort()

async function load(name: string): Promise<Scenario> {
  return ((await import(new URL(name, folder).href)) as { default: Scenario }).default
}

const steps = 60

/** A run of each scenario that nobody stopped, made once. */
const made = new Map<string, Simulation>()
async function uninterrupted(name: string): Promise<Simulation> {
  const sim = made.get(name) ?? simulate(await load(name), { seed: 5 })
  if (!made.has(name)) sim.run({ steps })
  made.set(name, sim)
  return sim
}

describe.each(names)('the shipped scenario %s', name => {
  it('D1, D4: gives one digest for one seed, whether or not its collector runs', async () => {
    const bare = simulate(await load(name), { seed: 5, collect: false })
    bare.run({ steps })
    expect(bare.digest).toBe((await uninterrupted(name)).digest)
  })

  it('D3: resumes from any step to the digest and rows of the uninterrupted run', async () => {
    const scenario = await load(name)
    const whole = await uninterrupted(name)
    for (const k of isNight ? [0, 1, 23, 59] : [1, 23]) {
      const first = simulate(scenario, { seed: 5 })
      first.run({ steps: k })
      const second = resume(scenario, first.save())
      second.run({ steps: steps - k })
      expect(second.digest).toBe(whole.digest)
      for (const [table, rows] of whole.tables) expect(second.table(table).toRows()).toEqual(rows.toRows())
    }
  })
})
