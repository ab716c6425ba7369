/** Where a part of a run stands: the run directory itself, or `part-<n>/` in it for each process of a split run. */

import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OperatorError } from '../../../core/index.js'
import { RunDirectory } from '../../../storage/index.js'
import type { LiveRequest } from './request.js'

/** The directory of a live run, or of this process's part of one, that can be gone on with; undefined: there is none yet. */
export function existingPart({ out, agents }: LiveRequest): string | undefined {
  if (out === undefined) {
    if (agents !== undefined) throw needsOut()
    return undefined
  }
  const run = resolve(out)
  if (agents === undefined) return existsSync(join(run, 'manifest.json')) ? run : undefined
  return partsOf(run).find(path => agentsOf(path) === agents)
}

/** Where a new part goes; undefined: wherever new runs go. Two processes that start at once get two numbers. */
export function newPart({ out, agents }: LiveRequest): string | undefined {
  if (out === undefined || agents === undefined) return out
  const run = resolve(out)
  mkdirSync(run, { recursive: true })
  for (let n = 0; ; n++) {
    const path = join(run, `part-${n}`)
    try {
      mkdirSync(path)
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** The parts of a run, in order; none where it is not split. */
export function partsOf(run: string): string[] {
  if (!statSync(run, { throwIfNoEntry: false })?.isDirectory()) return []
  const names = readdirSync(run).filter(name => /^part-\d+$/.test(name))
  return names.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5))).map(name => join(run, name))
}

function agentsOf(path: string): string | undefined {
  if (!existsSync(join(path, 'manifest.json'))) return undefined
  return RunDirectory.read(path).manifest.request?.agents as string | undefined
}

function needsOut(): OperatorError {
  return new OperatorError({
    what: '`agents`',
    expected: '`out` with it: the directory of the whole run, which its parts share',
    got: 'none',
    next: 'Give `out`, the same directory for each process on this machine.',
  })
}
