/** All files that a simulated run writes, behind one `Sink`. Its position covers tables, ledger and patterns together. */

import type { Table } from '../core/index.js'
import type { Sink } from '../model/index.js'
import { type Fill, Fills, PatternLog, type PatternRow, type Trade, TradeConfirmations } from '../trading/index.js'
import type { PortfolioState } from './ledger-tables.js'
import { ParquetSink } from './parquet.js'
import { PatternArchive } from './patterns-db.js'
import type { RunDirectory } from './run-directory.js'
import { type LedgerPosition, TradeLedger } from './trades-db.js'

export interface OutputsPosition {
  readonly tables: ReturnType<ParquetSink['position']>
  readonly ledger: LedgerPosition | null
  readonly patterns: number | null
}

export class RunOutputs implements Sink {
  private constructor(
    private readonly tables: ParquetSink,
    private readonly ledger: TradeLedger | undefined,
    private readonly patterns: PatternArchive | undefined,
  ) {}

  /** Opens what a run writes; the two databases only where it trades. */
  static open(run: RunDirectory, { trading }: { trading: boolean }): RunOutputs {
    const tables = new ParquetSink(run)
    if (!trading) return new RunOutputs(tables, undefined, undefined)
    const ledger = TradeLedger.open(run.file('trades.db'), run.runId)
    try {
      return new RunOutputs(tables, ledger, PatternArchive.open(run.file('mycelial_patterns.db'), run.runId))
    } catch (error) {
      ledger.close()
      throw error
    }
  }

  write(table: Table): void {
    this.tables.write(table)
  }

  /** Observes every message of the bus and records fills, finished trades and patterns. */
  hear(topic: object, message: unknown, step: number): void {
    if (topic === Fills) this.ledger?.fill(message as Fill, step)
    else if (topic === TradeConfirmations) this.ledger?.trade(message as Trade, step)
    else if (topic === PatternLog) this.patterns?.add(message as PatternRow)
  }

  /** Records the portfolios. Call it after each step with fills, before a checkpoint and at the end. */
  setPortfolios(portfolios: readonly PortfolioState[]): void {
    this.ledger?.setPortfolios(portfolios)
  }

  position(): OutputsPosition {
    return {
      tables: this.tables.position(),
      ledger: this.ledger?.position() ?? null,
      patterns: this.patterns?.position() ?? null,
    }
  }

  truncate(position: unknown): void {
    const { tables, ledger, patterns } = position as OutputsPosition
    this.tables.truncate(tables)
    if (ledger !== null) this.ledger?.truncate(ledger)
    if (patterns !== null) this.patterns?.truncate(patterns)
  }

  /** SHA-256 per table: the manifest's `outputs`. */
  outputs(): Record<string, string> {
    return this.tables.outputs()
  }

  /** As {@link ParquetSink.records}. */
  records(): ReturnType<ParquetSink['records']> {
    return this.tables.records()
  }

  /** As {@link ParquetSink.blocks}. */
  blocks(table: string): ReturnType<ParquetSink['blocks']> {
    return this.tables.blocks(table)
  }

  /** Writes the Parquet files, removes the spool and commits the rest; returns the files made. */
  finish(): string[] {
    this.ledger?.flush()
    this.patterns?.flush()
    return this.tables.finish()
  }

  /** Whether {@link finish} has written the Parquet files. */
  get isFinished(): boolean {
    return this.tables.isFinished
  }

  /** Commits and closes everything; a run that is not finished can be resumed. */
  close(): void {
    const failures: unknown[] = []
    for (const part of [this.tables, this.ledger, this.patterns]) {
      try {
        part?.close()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
