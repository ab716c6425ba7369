/** The files for schedulers do what they say: their own commands, run as a scheduler runs them, leave parts that merge to the whole. */

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { grid, mergeSweep, sweep } from '../../src/experiment/index.js'
import { needsBuild } from '../cli/mycelia.js'
import { folder, tablesIn } from '../experiment/kit.js'
import { root, textOf } from './pages.js'

/** Tasks of an array, and pods of a Job, that a test starts. */
const of = 2

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>>): void {
  const { status, stderr } = spawnSync(program, args, { cwd: root, env: { ...process.env, ...env }, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
}

/** The sweep that both files make, in one process. */
async function whole(): Promise<string[]> {
  const out = folder()
  await sweep('wealth', grid({ people: [50, 100, 500] }), { replicates: 40, steps: 200, engine: 'inline', out })
  return tablesIn(out)
}

function merged(parts: string): string[] {
  const out = folder()
  mergeSweep(
    Array.from({ length: of }, (_, i) => join(parts, String(i + 1))),
    { out },
  )
  return tablesIn(out)
}

interface JobFile {
  spec: {
    completions: number
    completionMode: string
    template: { spec: { containers: { command: string[]; args: string[]; env: { name: string; value: string }[] }[] } }
  }
}

describe('a file for', () => {
  beforeEach(ctx => needsBuild(ctx))

  it('Slurm: each task of the array makes its part', { timeout: 300_000 }, async () => {
    const parts = folder()
    for (let task = 1; task <= of; task++) {
      const env = { PARTS: parts, SLURM_ARRAY_TASK_ID: String(task), OF: String(of) }
      run('bash', [join(root, 'docs/machines/sweep.sbatch')], env)
    }
    expect(merged(parts)).toEqual(await whole())
  })

  it('Kubernetes: each pod of the indexed Job makes its part', { timeout: 300_000 }, async () => {
    const { spec } = parse(readFileSync(join(root, 'docs/machines/sweep-job.yaml'), 'utf8')) as JobFile
    const [container] = spec.template.spec.containers
    expect(spec.completionMode).toBe('Indexed')
    expect(container?.env.find(({ name }) => name === 'SHARDS')?.value).toBe(String(spec.completions))
    const parts = folder()
    const [program = '', ...args] = [...(container?.command ?? []), ...(container?.args ?? [])]
    for (let index = 0; index < of; index++)
      run(program, args, { PARTS: parts, SHARDS: String(of), JOB_COMPLETION_INDEX: String(index) })
    expect(merged(parts)).toEqual(await whole())
  })

  it('each is named on the page that tells of it', () => {
    for (const name of ['sweep.sbatch', 'sweep-job.yaml'])
      expect(textOf('docs/how-to/run-on-many-machines.md')).toContain(`../machines/${name}`)
  })
})
