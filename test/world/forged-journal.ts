/** A live run's journal with other decisions in it, as another release would have written it: every hash of its own is right. */

import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import { ByteReader, ByteWriter } from '../../src/core/index.js'
import { type DecidedFact, decodeEntry, encodeEntry } from '../../src/world/live/engine/journal-entry.js'

export interface ForgedTick {
  readonly tick: number
  readonly time_ms: number
  readonly step: number
  inputs: Uint8Array
  chain: Uint8Array | null
  record: Uint8Array | null
}

/** Lets `change` alter every tick of a ledger. */
export function forgeJournal(ledger: string, change: (tick: ForgedTick) => void): void {
  const db = new Database(ledger)
  try {
    const base = db.prepare('SELECT hash FROM journal_base').get() as { hash: Uint8Array } | undefined
    const put = db.prepare('UPDATE journal SET inputs = ?, chain = ?, record = ?, hash = ? WHERE tick = ?')
    let hash: Uint8Array = base?.hash ?? new Uint8Array(32)
    for (const row of ticksIn(db)) {
      change(row)
      hash = hashOf(hash, row)
      put.run(row.inputs, row.chain, row.record, hash, row.tick)
    }
  } finally {
    db.close()
  }
}

/** Lets `change` alter what one tick decided. */
export function forgeFacts(ledger: string, tick: number, change: (facts: DecidedFact[]) => readonly DecidedFact[]): void {
  forgeJournal(ledger, row => {
    if (row.tick !== tick) return
    const reader = new ByteReader(row.inputs)
    row.inputs = encodeEntry(reader.raw(reader.u32()), change([...decodeEntry(row.inputs).facts]))
  })
}

/** Lets `change` alter the digest chain after one tick. */
export function forgeChain(ledger: string, tick: number): void {
  forgeJournal(ledger, row => {
    if (row.tick === tick && row.chain !== null) row.chain = row.chain.map((byte, i) => (i === 31 ? byte ^ 1 : byte))
  })
}

/** Every tick with its facts, oldest first. */
export function factsOf(ledger: string): { tick: number; facts: readonly DecidedFact[] }[] {
  const db = new Database(ledger, { readonly: true })
  try {
    return ticksIn(db).map(({ tick, inputs }) => ({ tick, facts: decodeEntry(inputs).facts }))
  } finally {
    db.close()
  }
}

function ticksIn(db: Database.Database): ForgedTick[] {
  return db.prepare('SELECT tick, time_ms, step, inputs, chain, record FROM journal ORDER BY tick').all() as ForgedTick[]
}

function hashOf(before: Uint8Array, { tick, time_ms, step, chain, record, inputs }: ForgedTick): Uint8Array {
  const head = new ByteWriter()
  head.f64(tick)
  head.f64(time_ms)
  head.u8(step + (record === null ? 0 : 2))
  head.u32(chain?.length ?? 0)
  const hash = createHash('sha256').update(before).update(head.written())
  return hash
    .update(chain ?? new Uint8Array(0))
    .update(record ?? new Uint8Array(0))
    .update(inputs)
    .digest()
}
