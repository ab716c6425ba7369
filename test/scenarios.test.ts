import { readdirSync } from 'node:fs'
import { resume, type Scenario, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'

const folder = new URL('../scenarios/', import.meta.url)
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .sort()

async function load(name: string): Promise<Scenario> {
  return ((await import(new URL(name, folder).href)) as { default: Scenario }).default
}

const steps = 60

describe.each(names)('the shipped scenario %s', name => {
  it('D1, D4: gives one digest for one seed, whether or not its collector runs', async () => {
    const scenario = await load(name)
    const collected = simulate(scenario, { seed: 5 })
    const bare = simulate(scenario, { seed: 5, collect: false })
    collected.run({ steps })
    bare.run({ steps })
    expect(bare.digest).toBe(collected.digest)
  })

  it('D3: resumes from any step to the digest and rows of the uninterrupted run', async () => {
    const scenario = await load(name)
    const whole = simulate(scenario, { seed: 6 })
    whole.run({ steps })
    for (const k of [0, 1, 23, 59]) {
      const first = simulate(scenario, { seed: 6 })
      first.run({ steps: k })
      const second = resume(scenario, first.save())
      second.run({ steps: steps - k })
      expect(second.digest).toBe(whole.digest)
      for (const [table, rows] of whole.tables) expect(second.table(table).toRows()).toEqual(rows.toRows())
    }
  })
})
