/** Whether memory looked into the future: every trade it named must have been closed before the idea was decided. */

import { type RunDirectory, tableBlocks, textsOf } from '../../storage/index.js'

export interface Leak {
  readonly idea: string
  readonly trade: string
  /** ms. */
  readonly decidedAt: number
  /** Null: the run has no such trade, or had not closed it at its end. */
  readonly closedAt: number | null
}

export interface LeakCheck {
  /** Ideas that memory was asked about, and past trades it named. */
  readonly ideas: number
  readonly named: number
  /** Names that are no trade of this run: an earlier run's, which ended before. */
  readonly elsewhere: number
  readonly leaks: number
  /** The first of them. */
  readonly first: readonly Leak[]
}

const leaksListed = 20

export async function checkLeaks(run: RunDirectory): Promise<LeakCheck> {
  const closed = await closingTimes(run)
  const first: Leak[] = []
  let [ideas, named, elsewhere, leaks] = [0, 0, 0, 0]
  const { verb, request } = run.manifest
  const mayBeElsewhere = verb === 'live' || request?.knowledge !== undefined
  const note = (leak: Leak) => {
    leaks++
    if (first.length < leaksListed) first.push(leak)
  }
  for await (const { columns, rows } of tableBlocks(run.file('recollections.parquet'), ['idea_id', 'decided_at', 'nearest'])) {
    ideas += rows
    for (let i = 0; i < rows; i++) {
      const [idea, decidedAt] = [String(columns.idea_id?.[i]), Number(columns.decided_at?.[i])]
      for (const trade of String(columns.nearest?.[i] ?? '')
        .split(' ')
        .filter(Boolean)) {
        named++
        const closedAt = closed.get(trade)
        if (closedAt === undefined && mayBeElsewhere) elsewhere++
        else if (closedAt === undefined) note({ idea, trade, decidedAt, closedAt: null })
        else if (!(closedAt < decidedAt)) note({ idea, trade, decidedAt, closedAt })
      }
    }
  }
  return { ideas, named, elsewhere, leaks, first }
}

/** When each mycelial trade of the run was closed, ms. */
async function closingTimes(run: RunDirectory): Promise<Map<string, number>> {
  const closed = new Map<string, number>()
  for await (const { columns } of tableBlocks(run.file('trades.parquet'), ['trade_id', 'exit_time', 'portfolio'])) {
    const portfolios = textsOf(columns.portfolio)
    textsOf(columns.trade_id).forEach((id, i) => {
      if (portfolios[i] === 'mycelial') closed.set(id, Number(columns.exit_time?.[i]))
    })
  }
  return closed
}
