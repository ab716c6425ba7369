/** Of a run that trades: whether it may enter, what an operator may order, and what came of the last order. */

import { useState } from 'preact/hooks'
import type { TableRow } from '../../src/model/index.js'
import { type About, type Command, question } from '../../src/view/index.js'
import { cancel, close, halt, lock, type Proposal, resume } from './operator-orders.js'
import { OrderDialog } from './order-dialog.js'
import type { Run } from './run.js'
import { useQuestions } from './use-run.js'
import './operator.css'

/** Panels that the bar reads. */
const orders = question('panel', 'Orders of operators', '')
const locks = question('panel', 'Locks', '')
const portfolios = ['baseline', 'mycelial', 'synthesized']

interface OperatorBarProps {
  readonly run: Run
  readonly about: About
  /** What was asked for and is not yet confirmed. */
  readonly proposal: Proposal | undefined
  onPropose(proposal: Proposal | undefined): void
  command(command: Command): Promise<boolean>
}

interface Given {
  readonly key: string
  readonly words: string
}

let count = 0

export function OperatorBar({ run, about, proposal, onPropose, command }: OperatorBarProps) {
  const [given, setGiven] = useState<Given>()
  const canControl = run.source.canControl
  useQuestions(run, [orders, locks])
  const stopping = rowsOf(run, locks).filter(({ cells }) => cells.pair === 'every pair')
  const isHalted = stopping.some(({ cells }) => cells.kind === 'operator')
  const give = async (order: Readonly<Record<string, unknown>>) => {
    const key = `page-${Date.now()}-${++count}`
    setGiven({ key, words: String(order.do) })
    if (!(await command({ do: 'operate', order: { ...order, key } }))) setGiven(undefined)
  }
  const pairs = about.panels.find(({ kind }) => kind === 'candles')?.choices ?? []
  const buttons: readonly (readonly [string, Proposal])[] = [
    isHalted ? ['Resume', resume] : ['Halt', halt],
    ['Close …', close],
    ['Lock …', lock],
    ['Cancel …', cancel],
  ]
  return (
    <section class="operator" aria-label="Operator">
      <p class={`trading ${stopping.length > 0 ? 'stopped' : ''}`}>{stateText(stopping)}</p>
      {canControl && (
        <div class="orders">
          {buttons.map(([words, each]) => (
            <button key={words} type="button" class={words === 'Halt' ? 'halt' : ''} onClick={() => onPropose(each)}>
              {words}
            </button>
          ))}
        </div>
      )}
      {given !== undefined && <Outcome run={run} given={given} onClose={() => setGiven(undefined)} />}
      {proposal !== undefined && (
        <OrderDialog
          proposal={proposal}
          pairs={pairs}
          portfolios={portfolios}
          onConfirm={order => void give(order)}
          onClose={() => onPropose(undefined)}
        />
      )}
    </section>
  )
}

function stateText(stopping: readonly TableRow[]): string {
  const cells = (stopping.find(row => row.cells.kind === 'operator') ?? stopping[0])?.cells
  if (cells === undefined) return 'Entries are allowed'
  if (cells.kind === 'operator') return `Halted since ${cells.since}`
  const whose = cells.portfolio === 'all' ? '' : ` of ${stopping.map(row => row.cells.portfolio).join(', ')}`
  return `Entries${whose} are paused (${cells.kind}) since ${cells.since}`
}

function Outcome({ run, given, onClose }: { run: Run; given: Given; onClose(): void }) {
  const row = rowsOf(run, orders).find(({ cells }) => cells.key === given.key)
  const isRefused = row?.cells.refused === true
  const waits =
    run.clock?.state === 'playing'
      ? 'It is carried out at the next step.'
      : 'The run is paused: it is carried out at the next step.'
  return (
    <p class={`outcome ${isRefused ? 'refused' : ''}`} role="status">
      <span>
        <b>{row === undefined ? given.words : String(row.cells.order)}:</b>{' '}
        {row === undefined ? waits : `${isRefused ? 'Refused: ' : ''}${String(row.cells.outcome)}`}
      </span>
      <button type="button" class="plain" onClick={onClose}>
        Dismiss
      </button>
    </p>
  )
}

function rowsOf(run: Run, name: string): readonly TableRow[] {
  return (run.parts.json(`${name}/value`) ?? []) as readonly TableRow[]
}
