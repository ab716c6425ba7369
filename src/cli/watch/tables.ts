/** Shows what is read of a run directory, its tables or its report, until the signal: of a run that goes on it is read again as it grows. */

import { setTimeout } from 'node:timers/promises'
import { OperatorError } from '../../core/index.js'
import type { Parts } from '../../view/index.js'
import type { Io } from '../io.js'
import { openPage } from './open-page.js'
import { openViewer } from './viewer.js'

const againMs = 5_000

/** What is read of a directory. */
export interface Readable {
  readonly why: string
  readonly goesOn: boolean
  /** Between two readings, ms. */
  readonly everyMs?: number
  /** False where a file was not whole. */
  read(): Promise<boolean>
  ask(questions: readonly string[]): void
  look(): Parts
}

export interface TablesPlace {
  /** The file of the page; default: the viewer's. */
  readonly page?: string | undefined
  readonly port?: number | undefined
  readonly listen?: string | undefined
  readonly open?: boolean | undefined
}

export async function showTables(tables: Readable, place: TablesPlace, io: Io, signal: AbortSignal): Promise<void> {
  const onNote = (sentence: string) => io.err(`${sentence}\n`)
  const { server, url: viewer } = await openViewer({ port: place.port, listen: place.listen, option: 'port', onNote })
  const url = viewer.replace('/#', `/${place.page ?? ''}#`)
  try {
    io.err(`${tables.why}\nShown at ${url}\n`)
    if (place.open === true) openPage(url, () => io.err('No browser could be opened; the address is above.\n'))
    const run = server.run()
    run.onCommand(({ do: verb }) => {
      throw new OperatorError({ what: verb, expected: 'a run that is made here', got: 'tables of a record', next: tables.why })
    })
    run.onQuestions(questions => {
      tables.ask(questions)
      run.publish(tables.look())
    })
    for (let goesOn = tables.goesOn; !signal.aborted; ) {
      await setTimeout(tables.everyMs ?? againMs, undefined, { signal }).catch(() => undefined)
      if (!goesOn || signal.aborted) continue
      const goesFurther = tables.goesOn
      // The run that ends is writing where one is not whole.
      if (await tables.read()) goesOn = goesFurther
      run.publish(tables.look())
    }
  } finally {
    await server.close()
  }
}
