import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { arch } from 'node:process'
import { type Scenario, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'

/** Digests by platform and scenario; `GOLDEN=update npx vitest run test/golden.test.ts` writes this platform's. */
const file = new URL('./golden.json', import.meta.url)
const platform = `node${process.versions.node.split('.')[0]}-${arch}`
const golden = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>
const known = golden[platform] ?? {}
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
    it(name, async ({ skip }) => {
      if (!updating && known[name] === undefined) return skip(`no golden digest of ${name} for ${platform}`)
      const digest = await digestOf(name)
      if (updating) known[name] = digest
      expect(digest).toBe(known[name])
    })

  it('names no scenario that does not ship', () => {
    if (updating) {
      golden[platform] = Object.fromEntries(Object.entries(known).filter(([name]) => names.includes(name)))
      writeFileSync(file, `${JSON.stringify(golden, null, 2)}\n`)
    }
    expect(Object.keys(golden[platform] ?? {}).filter(name => !names.includes(name))).toEqual([])
  })
})
