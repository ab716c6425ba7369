/** The state of a live run on standard error: a panel that is redrawn on a terminal, a plain line at intervals elsewhere. */

import type { LiveStatus } from '../world/index.js'
import type { Io } from './io.js'
import { livePanel, money } from './live-panel.js'
import { grouped } from './text.js'

export interface LiveView {
  show(status: LiveStatus): void
  /** One sentence, above the panel. */
  note(text: string): void
  stop(): void
}

const betweenLinesMs = 10_000
/** Of a terminal that does not tell its size. */
const usualSize = { columns: 80, rows: 24 }

export function liveView(io: Io): LiveView {
  return io.interactive ? panel(io) : lines(io)
}

function panel(io: Io): LiveView {
  let drawn = 0
  const clear = () => {
    if (drawn > 0) io.err(`\u001b[${drawn}A\u001b[J`)
    drawn = 0
  }
  return {
    show(status) {
      clear()
      const { columns, rows } = io.size ?? usualSize
      const text = within(livePanel(status, columns), rows)
      io.err(text)
      drawn = text.split('\n').length - 1
    },
    note(text) {
      clear()
      io.err(`${text}\n`)
    },
    stop: () => undefined,
  }
}

/** The first lines where all would not fit: what has scrolled away cannot be drawn over. */
function within(text: string, rows: number): string {
  const all = text.split('\n')
  return all.length <= rows ? text : `${all.slice(0, Math.max(1, rows - 2)).join('\n')}\n…\n`
}

function lines(io: Io): LiveView {
  let next = 0
  let before = ''
  return {
    show(status) {
      const troubles = status.conditions.flatMap(({ code, isTrouble }) => (isTrouble ? [code] : []))
      const state = [status.state, ...troubles, ...status.halts.map(h => `${h.portfolio} ${h.kind}`)].join()
      const now = performance.now()
      if (now < next && state === before) return
      next = now + betweenLinesMs
      before = state
      io.err(`${liveLine(status)}\n`)
    },
    note: text => io.err(`${text}\n`),
    stop: () => undefined,
  }
}

export function liveLine(status: LiveStatus): string {
  const { step, ideas, collisions, portfolios, missed, state, conditions } = status
  const pnl = Object.entries(portfolios).map(([name, portfolio]) => `${name} ${money(portfolio?.pnlUsd)}`)
  const held = Object.values(portfolios).reduce((sum, portfolio) => sum + (portfolio?.positions.length ?? 0), 0)
  const parts = [state, `step ${grouped(step)}`, `${grouped(ideas)} ideas`, `${grouped(collisions)} collisions`, ...pnl]
  parts.push(`${held} positions`)
  for (const { code, short } of conditions) if (code !== 'state') parts.push(short)
  if (missed > 0) parts.push(`${grouped(missed)} messages missed`)
  return parts.join(', ')
}
