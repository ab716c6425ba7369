/** Shows the tables of a run directory until the signal: those of a run that goes on are read again as they grow. */

import { setTimeout } from 'node:timers/promises'
import { OperatorError } from '../../core/index.js'
import type { TablesOfRecord } from '../../world/index.js'
import type { Io } from '../io.js'
import { openPage } from './open-page.js'
import { openViewer } from './viewer.js'

const againMs = 5_000

export interface TablesPlace {
  readonly port?: number | undefined
  readonly listen?: string | undefined
  readonly open?: boolean | undefined
}

export async function showTables(tables: TablesOfRecord, place: TablesPlace, io: Io, signal: AbortSignal): Promise<void> {
  const onNote = (sentence: string) => io.err(`${sentence}\n`)
  const { server, url } = await openViewer({ port: place.port, listen: place.listen, option: 'port', onNote })
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
      await setTimeout(againMs, undefined, { signal }).catch(() => undefined)
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
