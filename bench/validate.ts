/**
 * Shows by numbers what the swarm promises: runs every check, writes docs/results/, exits 1 where a promise fails.
 */

import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { commitNow } from './commit.js'
import { optionsOf } from './options.js'
import { ablationCheck } from './validate/ablation.js'
import { alarmCheck } from './validate/alarm.js'
import type { Check, CheckContext } from './validate/check.js'
import { contagionCheck } from './validate/contagion.js'
import { contestCheck } from './validate/contest.js'
import { flatMemoryCheck, measureMemory, memoryOption } from './validate/flat-memory.js'
import { honestCheck } from './validate/honest-portfolios.js'
import { kellyCheck } from './validate/kelly.js'
import {
  launchCalibrationCheck,
  launchEdgeCheck,
  launchesCheck,
  nullLaunchCheck,
  rugFilterCheck,
  rugScoreCheck,
} from './validate/launch.js'
import { learningCheck } from './validate/learning.js'
import {
  edgeCheck,
  hiringCheck,
  latencySpeedCheck,
  leadCheck,
  nullNetworkCheck,
  outagesCheck,
  pausingCheck,
  quietNetworkCheck,
} from './validate/network.js'
import { nullCheck } from './validate/null-market.js'
import { denseCheck } from './validate/planted-dense.js'
import { sparseCheck } from './validate/planted-sparse.js'
import { runAll } from './validate/pool.js'
import { Progress } from './validate/progress.js'
import { recallCheck } from './validate/recall.js'
import { resultOf, writePage, writeResult, writeSummary } from './validate/results.js'
import { speedCheck } from './validate/speed.js'
import type { SwarmFigures } from './validate/swarm-run.js'
import { valueCheck } from './validate/value.js'
import { valueAtRiskCheck } from './validate/value-at-risk.js'

const checks: readonly Check[] = [
  nullCheck,
  honestCheck,
  denseCheck,
  sparseCheck,
  recallCheck,
  contestCheck,
  contagionCheck,
  ablationCheck,
  valueCheck,
  learningCheck,
  kellyCheck,
  alarmCheck,
  valueAtRiskCheck,
  speedCheck,
  flatMemoryCheck,
  quietNetworkCheck,
  outagesCheck,
  leadCheck,
  nullNetworkCheck,
  edgeCheck,
  hiringCheck,
  pausingCheck,
  latencySpeedCheck,
  launchesCheck,
  rugScoreCheck,
  rugFilterCheck,
  launchEdgeCheck,
  nullLaunchCheck,
  launchCalibrationCheck,
]
/** Seeds of a `--quick` run. */
const quickSeeds = 4

const usage = `npm run validate [-- --only NAMES] [--seeds N] [--quick] [--workers N] [--out DIR]
  --only NAMES   some of ${checks.map(c => c.name).join(', ')}
  --seeds N      at most so many seeds a check; leaves no results
  --quick        shorter runs of ${quickSeeds} seeds; leaves no results
  --workers N    threads (as many as there are cores)
  --out DIR      where the results go (docs/results)`

interface Asked {
  readonly chosen: readonly Check[]
  readonly seedLimit: number
  readonly quick: boolean
  readonly workers: number
  /** Undefined: a reduced run leaves no results. */
  readonly out: string | undefined
}

const args = process.argv.slice(2)
if (args[0] === memoryOption) await measureMemory(Number(args[1]))
else process.exitCode = await main(args)

async function main(args: string[]): Promise<number> {
  const options = readArguments(args)
  if (typeof options === 'string') {
    console.error(options)
    return 2
  }
  const context = contextOf(options)
  const origin = { command: ['npm run validate', ...(args.length > 0 ? ['--', ...args] : [])].join(' '), commit: commitNow() }
  const failed: Check[] = []
  for (const check of options.chosen) {
    const before = performance.now() // nondeterminism-ok: how long it took belongs to the result
    const verdict = await check.run(context)
    const seconds = (performance.now() - before) / 1000 // nondeterminism-ok: how long it took belongs to the result
    console.log(`${verdict.kept ? 'kept     ' : 'NOT KEPT '} ${check.promise}: ${verdict.says}`)
    if (!verdict.kept) failed.push(check)
    if (options.out === undefined) continue
    if (verdict.page !== undefined) writePage(options.out, verdict.page)
    writeResult(options.out, resultOf(check, verdict, origin, seconds))
    writeSummary(
      options.out,
      checks.map(c => c.name),
    )
  }
  for (const check of failed) console.error(`The promise "${check.promise}" is not kept: ${check.measured}.`)
  return failed.length > 0 ? 1 : 0
}

function contextOf({ seedLimit, quick, workers }: Asked): CheckContext {
  const made = new Map<string, SwarmFigures>()
  return {
    seedLimit,
    quick,
    note: text => console.error(text),
    async runs(label, tasks) {
      const names = tasks.map(task => JSON.stringify(task))
      const missing = tasks.filter((_, i) => !made.has(names[i] as string))
      const progress = new Progress(label)
      const figures = await runAll(missing, { workers, onDone: (done, of) => progress.show(done, of) })
      missing.forEach((task, i) => {
        made.set(JSON.stringify(task), figures[i] as SwarmFigures)
      })
      return names.map(name => made.get(name) as SwarmFigures)
    },
  }
}

function readArguments(args: string[]): Asked | string {
  const values = optionsOf(
    usage,
    {
      only: { type: 'string' },
      seeds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      workers: { type: 'string', default: String(availableParallelism()) },
      out: { type: 'string' },
    },
    args,
  )
  const names = values.only?.split(',') ?? checks.map(c => c.name)
  const unknown = names.find(name => !checks.some(c => c.name === name))
  if (unknown !== undefined) return `There is no check "${unknown}"; there are ${checks.map(c => c.name).join(', ')}.`
  const seedLimit = Number(values.seeds ?? (values.quick ? quickSeeds : Number.POSITIVE_INFINITY))
  const workers = Number(values.workers)
  if (!(seedLimit >= 2) || !Number.isInteger(workers) || workers < 1)
    return 'Expected --seeds of at least 2 and --workers of at least 1.'
  const whole = values.seeds === undefined && !values.quick
  const out = values.out ?? (whole ? fileURLToPath(new URL('../../docs/results', import.meta.url)) : undefined)
  return { chosen: checks.filter(c => names.includes(c.name)), seedLimit, quick: values.quick, workers, out }
}
