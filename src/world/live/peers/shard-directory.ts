/** Where a shard of a live run is stored: the run directory itself, or `part-<n>/` in it for each process of a split run. */

import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OperatorError } from '../../../core/index.js'
import { RunDirectory } from '../../../storage/index.js'

/** What decides where a shard is stored: the directory of the run, and which of the run's agents the shard has. */
export interface ShardPlace {
  readonly out: string | undefined
  /** As the operator wrote the choice; undefined: all agents. */
  readonly agents: string | undefined
}

/** The directory of a shard that can be continued; undefined where the shard is new. */
export function existingShard({ out, agents }: ShardPlace): string | undefined {
  if (out === undefined) {
    if (agents !== undefined) throw needsOut()
    return undefined
  }
  const run = resolve(out)
  if (agents === undefined) return existsSync(join(run, 'manifest.json')) ? run : undefined
  return shardsOf(run).find(path => agentsOf(path) === agents)
}

/** Makes the directory of a new shard of a split run. Two processes that start at once get two numbers. */
export function newShardDirectory({ out, agents }: ShardPlace): string | undefined {
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

/** The directories of a split run's shards, in order; empty where the run is not split. */
export function shardsOf(run: string): string[] {
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
    expected: '`out` with it: the directory of the whole run, which its shards share',
    got: 'none',
    next: 'Give `out`, the same directory for each process on this machine.',
  })
}
