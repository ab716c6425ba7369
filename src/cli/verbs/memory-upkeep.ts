/** `mycelia memory rebuild` and `check`: the vector store filled from a run's ledger, and both compared. */

import type { Command } from 'commander'
import { MyceliaError } from '../../core/index.js'
import type { LeakCheck } from '../../report/index.js'
import type { Manifest } from '../../storage/index.js'
import type { MemoryCheck } from '../../world/index.js'
import type { Io } from '../io.js'
import { progressView } from '../progress.js'
import { grouped } from '../text.js'
import { runArgument, runOr } from './memory-run.js'
import { checkText } from './memory-text.js'

interface Options {
  readonly chroma?: string
  readonly json?: boolean
}

const chromaOption = ['--chroma <url>', 'where Chroma is (default: CHROMA_URL, else http://127.0.0.1:8000)'] as const

function urlOf({ chroma }: Options): string {
  return chroma ?? (process.env.CHROMA_URL || 'http://127.0.0.1:8000')
}

export function rebuildVerb(memory: Command, io: Io): void {
  memory
    .command('rebuild')
    .summary('fill Chroma from the ledger of a run')
    .description(
      'Stores every finished trade of the run’s mycelial portfolio in Chroma. What is there already stays; collections of another embedding are emptied first.',
    )
    .argument(...runArgument)
    .option(...chromaOption)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia memory rebuild runs/live-1\n  mycelia memory rebuild runs/live-1 --chroma http://127.0.0.1:8000\n',
    )
    .action(async (run: string | undefined, options: Options) => {
      const [{ RunDirectory }, { openMemoryUpkeep }] = await Promise.all([
        import('../../storage/run-directory.js'),
        import('../../world/index.js'),
      ])
      const upkeep = await openMemoryUpkeep(RunDirectory.read(runOr(run)), urlOf(options))
      const view = progressView(io, 'trade')
      const begun = performance.now()
      try {
        const rebuilt = await upkeep.rebuild((done, of) =>
          view.show({ step: done, of, done, elapsedMs: performance.now() - begun }),
        )
        view.stop()
        const emptied = rebuilt.emptied ? 'The collections were of another embedding and were emptied first.\n' : ''
        const { trades, stored, known, retired, removed } = rebuilt
        const text = `${grouped(trades)} trades of the ledger: ${grouped(stored)} stored, ${grouped(known)} there already, ${grouped(retired)} beyond what is kept${removed === 0 ? '' : `; ${grouped(removed)} that it lacks are removed`}.\n`
        io.out(options.json ? `${JSON.stringify(rebuilt)}\n` : emptied + text)
      } finally {
        view.stop()
        await upkeep.close()
      }
    })
}

export function checkVerb(memory: Command, io: Io): void {
  memory
    .command('check')
    .summary('compare Chroma with the ledger of a run, and look for leaks')
    .description(
      'Checks that every past trade which memory named was closed before the idea was decided; and, where Chroma answers, that it has the trades of the ledger, no others of the run, and the right embedding. Ends with 1 where something is wrong.',
    )
    .argument(...runArgument)
    .option(...chromaOption)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  mycelia memory check\n  mycelia memory check runs/live-1 --chroma http://127.0.0.1:8000\n',
    )
    .action(async (given: string | undefined, options: Options) => {
      const { RunDirectory } = await import('../../storage/index.js')
      const { checkLeaks } = await import('../../report/index.js')
      const run = RunDirectory.read(runOr(given))
      const leaks = await checkLeaks(run)
      const store = isKeptOutside(run.manifest, options) ? await storeOf(run, urlOf(options)) : undefined
      io.out(options.json ? `${JSON.stringify({ leaks, store: store ?? null })}\n` : checkText(leaks, store))
      if (!isKeptOutside(run.manifest, options))
        io.err('The run remembered in its own process. With --chroma it is compared with a store that was rebuilt from it.\n')
      else if (store === undefined)
        io.err(`No Chroma answers at ${urlOf(options)}, so counts, orphans and embedding were not checked.\n`)
      complain(leaks, store, `mycelia memory rebuild ${run.path}`)
    })
}

/** Whether its trades should be in Chroma: a live run's, or where the operator says so. */
function isKeptOutside({ verb }: Manifest, { chroma }: Options): boolean {
  return chroma !== undefined || verb === 'live'
}

/** Undefined where no Chroma answers. */
async function storeOf(run: Parameters<typeof import('../../world/index.js')['openMemoryUpkeep']>[0], url: string) {
  const { chromaAnswers } = await import('../../memory/index.js')
  if (!(await chromaAnswers(url))) return undefined
  const { openMemoryUpkeep } = await import('../../world/index.js')
  const upkeep = await openMemoryUpkeep(run, url)
  try {
    return await upkeep.check()
  } finally {
    await upkeep.close()
  }
}

function complain({ leaks, first }: LeakCheck, store: MemoryCheck | undefined, mend: string): void {
  const [leak] = first
  if (leak !== undefined) {
    const more = leaks === 1 ? '' : ` (and ${grouped(leaks - 1)} more)`
    const decided = new Date(leak.decidedAt).toISOString()
    const closed = leak.closedAt === null ? 'which this run never closed' : `closed at ${new Date(leak.closedAt).toISOString()}`
    throw new MyceliaError(
      `Memory saw the future: the idea ${leak.idea}, decided at ${decided}, was compared with the trade ${leak.trade}, ${closed}${more}.`,
    )
  }
  const wrong = (store?.collections ?? []).filter(({ missing, orphans }) => missing + orphans > 0)
  if (wrong.length > 0)
    throw new MyceliaError(
      `Chroma and the ledger differ in ${wrong.map(({ collection }) => collection).join(', ')}. Run: ${mend}`,
    )
}
