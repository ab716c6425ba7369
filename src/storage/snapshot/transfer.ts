/** Snapshots and paper trades of an archive as files, and files taken into one. */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Cell } from '../../core/index.js'
import { OperatorError } from '../../core/index.js'
import { csvCell } from '../export-table.js'
import { makeDirectory, writeAtomic } from '../files.js'
import { ArchiveReader, keptUser, requireArchive, SnapshotArchive } from './archive.js'
import { readSnapshotFile, writeSnapshot } from './files.js'
import type { SnapshotFormat } from './formats.js'
import type { Snapshot } from './schema.js'

/** Of each user the newest snapshot, by name. */
export function newestSnapshots(folder: string): ReadonlyMap<string, Snapshot> {
  return reading(folder, archive => {
    const newest = new Map<string, Snapshot>()
    for (const row of archive.rows('snapshots')) {
      const kept = keptUser(row)
      if (kept.broken === null) newest.set(kept.snapshot.userId, kept.snapshot)
    }
    return newest
  })
}

/** Writes the newest snapshot of each user, and gives the paths. */
export async function exportSnapshots(folder: string, into: string, format: SnapshotFormat): Promise<string[]> {
  makeDirectory(into)
  const paths: string[] = []
  for (const snapshot of newestSnapshots(folder).values()) paths.push(await writeSnapshot(into, snapshot, format))
  return paths
}

/** Takes files into an archive; where one is wrong, none is kept. */
export async function importSnapshots(folder: string, files: readonly string[]): Promise<{ read: number; kept: number }> {
  const read = await Promise.all(files.map(readSnapshotFile))
  read.sort((a, b) => a.snapshot.generated_at - b.snapshot.generated_at)
  const archive = SnapshotArchive.openFor(folder)
  try {
    return { read: read.length, kept: archive.keep(read) }
  } finally {
    archive.close()
  }
}

/** A fill on paper, as `historical_trades.csv` has it. */
export interface PaperTrade {
  readonly decision: string
  readonly time: number
  readonly user: string
  readonly mint: string
  readonly action: 'buy' | 'sell'
  readonly tokens: number
  readonly lamports: number
  readonly slippage: number
  readonly pnl: number | null
  readonly heldMs: number | null
  readonly risk: number
  readonly confidence: number
}

const tradeColumns: Readonly<Record<string, (trade: PaperTrade) => Cell>> = {
  user_id: trade => trade.user,
  token_mint: trade => trade.mint,
  action: trade => trade.action,
  amount: trade => trade.tokens,
  price: trade => (trade.lamports / trade.tokens) * 1e-3,
  timestamp: trade => new Date(trade.time).toISOString(),
  pnl: trade => trade.pnl,
  slippage: trade => trade.slippage,
  holding_period: trade => trade.heldMs,
  risk_score: trade => trade.risk,
  confidence: trade => trade.confidence,
  transaction_id: trade => trade.decision,
}

/** Writes `historical_trades.csv`: amounts in millionths of a token, prices in SOL for a token, P&L and slippage in lamports. */
export function writeHistoricalTrades(trades: readonly PaperTrade[], path: string): void {
  if (existsSync(path)) {
    const next = 'Name another file, or remove that one.'
    throw new OperatorError({ what: `exporting to ${path}`, expected: 'a file that is not there yet', got: 'one that is', next })
  }
  const rows = trades.map(trade => Object.values(tradeColumns).map(read => csvCell(read(trade))))
  writeAtomic(path, [Object.keys(tradeColumns), ...rows].map(row => `${row.join(',')}\r\n`).join(''))
}

/** Writes the paper trades of an archive, and gives the path. */
export function exportPaperTrades(folder: string, into: string): string[] {
  const trades = reading(folder, archive => [...archive.rows('paper_fills')].map(({ body }) => JSON.parse(body) as PaperTrade))
  makeDirectory(into)
  const path = join(into, 'historical_trades.csv')
  writeHistoricalTrades(trades, path)
  return [path]
}

function reading<T>(folder: string, work: (archive: ArchiveReader) => T): T {
  requireArchive(folder)
  const archive = ArchiveReader.open(folder)
  try {
    return work(archive)
  } finally {
    archive.close()
  }
}
