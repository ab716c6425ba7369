/** The tables and patterns that a live shard writes beside its ledger. A restart truncates them to its checkpoint. */

import type { Table } from '../../../core/index.js'
import type { Sink } from '../../../model/index.js'
import { type ParquetPosition, ParquetSink, PatternArchive, type RunDirectory } from '../../../storage/index.js'
import { PatternLog, type PatternRow } from '../../../trading/index.js'

interface Position {
  readonly tables: ParquetPosition
  readonly patterns: number
}

export class LiveOutputs implements Sink {
  private readonly tables: ParquetSink
  private readonly patterns: PatternArchive
  /** Hears of rows before they leave memory. */
  handing: ((table: Table) => void) | undefined

  constructor(run: RunDirectory) {
    this.tables = new ParquetSink(run)
    this.patterns = PatternArchive.open(run.file('mycelial_patterns.db'), run.runId)
  }

  write(table: Table): void {
    this.handing?.(table)
    this.tables.write(table)
  }

  add(topic: object, message: unknown): void {
    if (topic === PatternLog) this.patterns.add(message as PatternRow)
  }

  position(): Position {
    return { tables: this.tables.position(), patterns: this.patterns.position() }
  }

  /** A checkpoint from before the first row has no position: every row is removed. */
  truncate(position: unknown): void {
    const { tables, patterns } = position as Position
    this.tables.truncate(tables)
    this.patterns.truncate(patterns)
  }

  outputs(): Record<string, string> {
    return this.tables.outputs()
  }

  /** As `ParquetSink.records`. */
  records(): ReturnType<ParquetSink['records']> {
    return this.tables.records()
  }

  /** As `ParquetSink.blocks`. */
  blocks(table: string): ReturnType<ParquetSink['blocks']> {
    return this.tables.blocks(table)
  }

  /** Writes the Parquet files and removes the spool. */
  finish(): void {
    this.patterns.flush()
    this.tables.finish()
  }

  close(): void {
    try {
      this.tables.close()
    } finally {
      this.patterns.close()
    }
  }
}
