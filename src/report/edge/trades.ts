/** The finished trades of a run with what was predicted of them, as rows. */

import { type Columns, numbersOf, tableBlocks, textsOf } from '../../storage/index.js'

/** Fractions are of the entry's notional. */
export interface EdgeTrade {
  readonly portfolio: string
  readonly pair: string
  readonly pattern: string | null
  readonly notionalUsd: number
  /** Entry and exit together. */
  readonly tradedUsd: number
  readonly feesUsd: number
  readonly slippageUsd: number
  readonly borrowUsd: number
  readonly pnlUsd: number
  /** What the price did in the direction of the trade, before any cost. */
  readonly gross: number
  readonly net: number
  /** The size of the move that its idea predicted; null where it claimed none. */
  readonly predicted: number | null
}

/** The columns of `trades` that this reads. */
export const edgeColumns = [
  'portfolio',
  'pair',
  'pattern',
  'idea_id',
  'entry_notional_e6',
  'exit_notional_e6',
  'fees_e6',
  'slippage_e6',
  'borrow_e6',
  'pnl_e6',
]

/** Joins trades with the predictions of their ideas; none where a run wrote no notionals. */
export async function readEdgeTrades(trades: Columns | undefined, ideas: string): Promise<EdgeTrade[]> {
  if (trades?.entry_notional_e6 === undefined) return []
  const wanted = new Set(textsOf(trades.idea_id))
  const predictions = await readPredictions(ideas, wanted)
  const millions = (name: string) => numbersOf(trades[name] ?? [])
  const [entry, exit, pnl] = [millions('entry_notional_e6'), millions('exit_notional_e6'), millions('pnl_e6')]
  const [fees, slippage, borrow] = [millions('fees_e6'), millions('slippage_e6'), millions('borrow_e6')]
  const [pairs, ids] = [textsOf(trades.pair), textsOf(trades.idea_id)]
  return textsOf(trades.portfolio).map((portfolio, i) => {
    const at = (column: Float64Array) => (column[i] ?? 0) / 1e6
    const notionalUsd = at(entry)
    const costs = at(fees) + at(slippage) + at(borrow)
    const pattern = trades.pattern?.[i]
    return {
      portfolio,
      pair: pairs[i] ?? '',
      pattern: typeof pattern === 'string' ? pattern : null,
      notionalUsd,
      tradedUsd: notionalUsd + at(exit),
      feesUsd: at(fees),
      slippageUsd: at(slippage),
      borrowUsd: at(borrow),
      pnlUsd: at(pnl),
      gross: (at(pnl) + costs) / notionalUsd,
      net: at(pnl) / notionalUsd,
      predicted: predictions.get(ids[i] ?? '') ?? null,
    }
  })
}

async function readPredictions(path: string, wanted: ReadonlySet<string>): Promise<Map<string, number>> {
  const predictions = new Map<string, number>()
  for await (const { columns } of tableBlocks(path, ['id', 'prediction'])) {
    const ids = textsOf(columns.id)
    for (const [i, prediction] of (columns.prediction ?? []).entries()) {
      const id = ids[i] ?? ''
      if (typeof prediction === 'number' && wanted.has(id)) predictions.set(id, Math.abs(prediction))
    }
  }
  return predictions
}
