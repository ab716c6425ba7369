import { readFileSync, writeFileSync } from 'node:fs'
import { type Simulation, simulate } from 'mycelia'
import { expect, test } from 'vitest'
import trifecta from '../scenarios/trifecta.js'
import { outputsPage } from '../scripts/outputs-page.js'
import { swarmTables } from '../src/agents/index.js'

const page = new URL('../docs/outputs.md', import.meta.url)
const sim = simulate(trifecta, { seed: 1 }) as unknown as Simulation

test('docs/outputs.md says of every column what its description says', () => {
  const made = outputsPage(sim)
  if (process.env.OUTPUTS === 'update') writeFileSync(page, made)
  expect(readFileSync(page, 'utf8'), 'run: npm run outputs').toBe(made)
})

test('every table and column of the swarm says in a sentence what it is, in snake_case', () => {
  expect(Object.keys(swarmTables).sort()).toEqual([...sim.tables.keys()].sort())
  for (const [name, table] of sim.tables) {
    for (const { description } of table.columns.values()) {
      expect(description.meaning, `${name}.${description.name}`).toMatch(/\.$/)
      expect(description.name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/)
    }
  }
})
