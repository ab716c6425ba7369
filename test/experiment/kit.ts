/** Sweeps of tests: their folders, their files as bytes, and a model that fails where it is told to. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineScenario, Model, z } from 'mycelia'
import { onTestFinished } from 'vitest'

/** A folder of this test alone, gone afterwards. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sweep-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** The bytes of the tables of runs, as text. */
export function tablesIn(out: string): string[] {
  return ['runs.parquet', 'runs.csv'].map(name => readFileSync(join(out, name)).toString('latin1'))
}

const params = z.object({
  level: z.number().min(0).max(10).default(1).describe('what the walk begins with'),
  size: z.number().int().min(1).max(100).default(3).describe('a whole number'),
  failAt: z.number().int().default(-1).describe('the step that throws'),
})

/** A random walk that is over at 12, and throws where it is told to. */
class Walk extends Model<typeof params> {
  x = 0
  override setup() {
    this.x = this.params.level
  }
  override step() {
    if (this.steps === this.params.failAt) throw new TypeError(`no step ${this.steps}`)
    this.x += this.rng.normal()
    if (this.x > 12) this.stop('at the top')
  }
}

export const walk = defineScenario({
  name: 'walk',
  title: 'Walk',
  model: Walk,
  params,
  collect: {
    model: {
      x: m => m.x,
      size: { type: 'integer', read: m => m.params.size },
      side: { type: 'text', read: m => (m.x > 0 ? 'above, "0"' : 'below') },
      never: () => Number.NaN,
      endless: () => Number.POSITIVE_INFINITY,
    },
  },
  steps: 20,
})
