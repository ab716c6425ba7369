/** A sink that is opened after the model is made, so that a model that refuses its parameters leaves nothing on disk. */

import { BrokenInvariant, type Table } from '../core/index.js'
import type { Sink } from '../model/index.js'

export class DeferredSink<S extends Sink> implements Sink {
  private opened: S | undefined

  /** `handing` hears of rows before they go. */
  constructor(private readonly handing?: (table: Table) => void) {}

  /** Sends all rows to `sink` from now on. */
  open(sink: S): S {
    this.opened = sink
    return sink
  }

  write(table: Table): void {
    this.handing?.(table)
    this.sink.write(table)
  }

  position(): unknown {
    return this.sink.position()
  }

  truncate(position: unknown): void {
    this.sink.truncate(position)
  }

  close(): void {
    this.opened?.close()
  }

  private get sink(): S {
    if (this.opened === undefined) throw new BrokenInvariant('rows were written before the run had a directory')
    return this.opened
  }
}
