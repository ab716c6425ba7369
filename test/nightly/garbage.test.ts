/** Simulations that are over leave nothing behind: many short ones in a process cost no more garbage collection than their own. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { needsBuild } from '../cli/mycelia.js'
import { root } from '../docs/pages.js'

const dist = (path: string) => pathToFileURL(join(root, 'dist', path)).href

const program = `
import { simulate } from '${dist('src/index.js')}'
import wealth from '${dist('scenarios/wealth.js')}'
for (let seed = 1; seed <= 4_000; seed++) simulate(wealth, { seed })
`

/** Bytes of one kind in all collections of young objects. */
function bytes(trace: string, kind: 'allocated' | 'new_space_survived'): number {
  const collections = trace.split('\n').filter(line => line.includes('gc=s '))
  return collections.reduce((sum, line) => sum + Number(new RegExp(`\\b${kind}=(\\d+)`).exec(line)?.[1] ?? 0), 0)
}

describe('a simulation that is over', () => {
  it('keeps no later one in memory until the next full garbage collection', ctx => {
    needsBuild(ctx)
    const flags = ['--trace-gc', '--trace-gc-nvp', '--max-semi-space-size=32', '--input-type=module']
    const { stdout, status } = spawnSync(process.execPath, [...flags, '-e', program], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    expect(status).toBe(0)
    const allocated = bytes(stdout, 'allocated')
    expect(allocated).toBeGreaterThan(5e7)
    // Those that are alive at a collection survive it, a few in a hundred; a chain of dead ones was a third and more.
    expect(bytes(stdout, 'new_space_survived') / allocated).toBeLessThan(0.15)
  })
})
