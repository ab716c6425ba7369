import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type Scenario, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'

/** A digest a scenario, the same on every platform; `GOLDEN=update npx vitest run test/golden.test.ts` writes them. */
const file = new URL('./golden.json', import.meta.url)
const golden = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
const updating = process.env.GOLDEN === 'update'

const folder = new URL('../scenarios/', import.meta.url)
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => name.slice(0, -3).replaceAll('\\', '/'))
  .sort()

async function digestOf(name: string): Promise<string> {
  const { default: scenario } = (await import(new URL(`${name}.ts`, folder).href)) as { default: Scenario }
  const sim = simulate(scenario, { seed: 1, collect: false })
  sim.run({ steps: 250 })
  return sim.digest
}

describe('D2: golden digests (a changed one needs a line in CHANGELOG.md saying why)', () => {
  for (const name of names)
    it(name, async () => {
      const digest = await digestOf(name)
      if (updating) golden[name] = digest
      expect(digest).toBe(golden[name])
    })

  it('are of the scenarios that ship, each and no other', () => {
    if (updating) {
      const shipped = Object.fromEntries(names.map(name => [name, golden[name]]))
      writeFileSync(file, `${JSON.stringify(shipped, null, 2)}\n`)
    }
    expect(updating ? names : Object.keys(golden).sort()).toEqual(names)
  })
})
