/** Joins the shards of a sweep to the sweep they are parts of. */

import { grouped, OperatorError } from '../core/index.js'
import { groupsOf, resultOf, type SweepResult } from './sweep.js'
import { differenceOf } from './sweep-plan.js'
import { SweepStore } from './sweep-store.js'

/** Merges shards, given by their folders, into `out`: the same tables as one sweep makes. @throws OperatorError that names what is missing. */
export function mergeSweep(folders: readonly string[], { out }: { out: string }): SweepResult {
  const shards = folders.map(folder => SweepStore.read(folder))
  try {
    const [first] = shards
    if (first === undefined) throw new OperatorError({ what: 'the shards', expected: 'at least one folder', got: 'none' })
    checkTogether(shards, folders)
    const whole = SweepStore.open(out, first.plan, { part: 1, of: 1 })
    try {
      const before = whole.size
      for (const shard of shards) for (const result of shard.results()) if (!whole.has(result.index)) whole.add(result)
      whole.sync()
      return resultOf(whole, groupsOf(whole), whole.size - before, true)
    } finally {
      whole.close()
    }
  } finally {
    for (const shard of shards) shard.close()
  }
}

function checkTogether(shards: readonly SweepStore[], folders: readonly string[]): void {
  const first = shards[0] as SweepStore
  for (const [i, { plan, shard }] of shards.entries()) {
    const part = differenceOf(first.plan.identity, plan.identity)
    if (part !== undefined || shard.of !== first.shard.of)
      throw new OperatorError({
        what: `the shard in ${folders[i]}`,
        expected: `a part of the same sweep as ${folders[0]}`,
        got: `another ${part ?? 'number of shards'}`,
      })
  }
  const problems = parts(first.shard.of).flatMap(part => problemOf(part, shards, folders))
  if (problems.length > 0)
    throw new OperatorError({ what: 'the sweep is not whole', next: `Missing: ${problems.slice(0, 20).join(', ')}.` })
}

function parts(of: number): number[] {
  return Array.from({ length: of }, (_, i) => i + 1)
}

/** `shard 3/8`, or how much of it there is not. */
function problemOf(part: number, shards: readonly SweepStore[], folders: readonly string[]): string[] {
  const at = shards.findIndex(({ shard }) => shard.part === part)
  const found = shards[at]
  const of = shards[0]?.shard.of
  if (found === undefined) return [`shard ${part}/${of}`]
  const left = lacking(found)
  return left === 0
    ? []
    : [`${grouped(left)} of ${grouped(found.plan.runsOf(found.shard))} runs of shard ${part}/${of} in ${folders[at]}`]
}

/** Runs of a shard that are neither there nor too many. */
function lacking(store: SweepStore): number {
  const groups = groupsOf(store)
  let n = 0
  for (const { index, point, replicate } of store.plan.planned(store.shard))
    if (!store.has(index) && groups?.keeps(point, replicate) !== false) n++
  return n
}
