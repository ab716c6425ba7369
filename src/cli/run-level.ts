/**
 * Brings a live run to a level by operator's commands, which it journals: half size is the limit `entryShare`, exits only is a halt. What an
 * operator has said stands: nothing is set laxer than it is, and only what was set here is taken back.
 */

import { MyceliaError } from '../core/index.js'
import type { Kept, RunLevel, SetLevel } from '../ops/index.js'
import type { LiveStatus } from '../world/index.js'

/** How the reasons of these commands begin, by which they are known again. */
const mark = 'supervisor: '

/** What was changed in the run. `share`: the limit that was there before, null: none; undefined: it was not changed. */
interface KeptLevel extends Kept {
  readonly share?: number | null
  readonly halted?: boolean
}

/** `halfSize`: the share of the wanted quantity that entries have at half size. */
export function levelSetter(halfSize: number): SetLevel {
  return async (run, level, why, before) => {
    const kept = (before ?? { level: 'full' }) as KeptLevel
    const reason = (mark + why).slice(0, 500)
    const { readStatus, commandRun } = await import('../world/index.js')
    const status = readStatus(run).find(({ status }) => status !== undefined && Object.keys(status.portfolios).length > 0)?.status
    if (status === undefined) throw new MyceliaError(`${run} has no status of a trading run yet.`)
    const next = { level, ...sizeKept(level, kept, status, halfSize), ...haltKept(level, kept, status) }
    for (const command of commandsFor(next, kept, status, halfSize)) {
      const { taken, kept: waits } = await commandRun(run, { ...command, reason })
      if (!taken && !waits) throw new MyceliaError(`${run} does not take commands.`)
    }
    return next
  }
}

/** The commands from what was to what is to be. */
function commandsFor(next: KeptLevel, before: KeptLevel, status: LiveStatus, halfSize: number): Unreasoned[] {
  const commands: Unreasoned[] = []
  if (next.share !== undefined && before.share === undefined) commands.push({ do: 'set', limits: { entryShare: halfSize } })
  if (next.share === undefined && before.share !== undefined && isOurShare(status, halfSize))
    commands.push({ do: 'set', limits: { entryShare: before.share } })
  if (next.halted === true && before.halted !== true) commands.push({ do: 'halt' })
  const halt = operatorHalt(status)
  if (next.halted !== true && before.halted === true && halt !== undefined && isOurHalt(status))
    commands.push({ do: 'unlock', id: halt.id })
  return commands
}

type Unreasoned = { do: 'halt' } | { do: 'unlock'; id: string } | { do: 'set'; limits: Record<string, unknown> }

/** A stricter limit of an operator is left alone. */
function sizeKept(level: RunLevel, { share }: KeptLevel, status: LiveStatus, halfSize: number): Pick<KeptLevel, 'share'> {
  if (level === 'full') return {}
  if (share !== undefined) return { share }
  const now = shareOf(status)
  return now !== undefined && now <= halfSize ? {} : { share: now ?? null }
}

/** A halt of an operator is left alone. */
function haltKept(level: RunLevel, { halted }: KeptLevel, status: LiveStatus): Pick<KeptLevel, 'halted'> {
  if (level !== 'exits only') return {}
  return { halted: halted === true || operatorHalt(status) === undefined }
}

function shareOf({ limits }: LiveStatus): number | undefined {
  const { entryShare } = limits as { entryShare?: number }
  return entryShare
}

function operatorHalt({ halts }: LiveStatus) {
  return halts.find(({ kind, portfolio, pair }) => kind === 'operator' && portfolio === 'all' && pair === null)
}

/** Whether the newest command about it was given here. */
function isOurs({ commands }: LiveStatus, isAbout: (command: string) => boolean): boolean {
  return commands.findLast(({ command, refused }) => !refused && isAbout(command))?.reason.startsWith(mark) ?? true
}

function isOurShare(status: LiveStatus, halfSize: number): boolean {
  return shareOf(status) === halfSize && isOurs(status, command => command.startsWith('set ') && command.includes('entryShare'))
}

function isOurHalt(status: LiveStatus): boolean {
  return (operatorHalt(status)?.reason.startsWith(mark) ?? false) && isOurs(status, command => command === 'halt')
}
