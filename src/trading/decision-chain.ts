/**
 * The chain over the decision record: a SHA-256 a step over that step's rows and the link before. Whoever holds the head can find any
 * row that was changed, left out, added or moved.
 */

import { ByteWriter, type Cell, sha256 } from '../core/index.js'
import { type Decision, decisionColumns } from './decision-table.js'

/** The chain as plain data: the link over all whole steps, and the bytes of the rows of the step that is open. */
export interface DecisionChain {
  rows: number
  /** The step whose rows are open. */
  step: number
  link: Uint8Array
  open: Uint8Array
  /** Bytes of `open` in use. */
  used: number
}

export function newDecisionChain(): DecisionChain {
  return { rows: 0, step: -1, link: new Uint8Array(32), open: new Uint8Array(2_048), used: 0 }
}

const row = new ByteWriter()
const cells = Object.values(decisionColumns).map(({ read }) => read as (decision: Decision) => Cell | undefined)

/** Adds a decision; those of one step must come one after the other. */
export function chainDecision(chain: DecisionChain, decision: Decision): void {
  row.clear()
  for (const read of cells) writeCell(read(decision) ?? null)
  append(chain, decision.step)
}

/** Adds a row as a table holds it: its cells in the order of the columns. */
export function chainRow(chain: DecisionChain, step: number, values: readonly Cell[]): void {
  row.clear()
  for (const value of values) writeCell(value)
  append(chain, step)
}

/** The link over all rows so far; the chain itself does not move. */
export function chainHead({ link, open, used }: DecisionChain): Uint8Array {
  return used === 0 ? link : sha256(link, open.subarray(0, used))
}

function append(chain: DecisionChain, step: number): void {
  if (step !== chain.step) {
    chain.link = chainHead(chain)
    chain.used = 0
    chain.step = step
    writeOpen(chain, stepBytes(step))
  }
  writeOpen(chain, row.written())
  chain.rows++
}

const head = new ByteWriter()
function stepBytes(step: number): Uint8Array {
  head.clear()
  head.f64(step)
  return head.written()
}

function writeOpen(chain: DecisionChain, bytes: Uint8Array): void {
  const length = chain.used + bytes.length
  if (length > chain.open.length) {
    const wider = new Uint8Array(2 * length)
    wider.set(chain.open.subarray(0, chain.used))
    chain.open = wider
  }
  chain.open.set(bytes, chain.used)
  chain.used = length
}

const Tag = { null: 0, number: 1, text: 2, false: 3, true: 4 } as const

/** A number that is not known is null, as in a file. */
function writeCell(cell: Cell): void {
  if (typeof cell === 'number' && !Number.isNaN(cell)) {
    row.u8(Tag.number)
    row.f64(cell)
  } else if (typeof cell === 'string') {
    row.u8(Tag.text)
    row.text(cell)
  } else if (typeof cell === 'boolean') row.u8(cell ? Tag.true : Tag.false)
  else row.u8(Tag.null)
}
