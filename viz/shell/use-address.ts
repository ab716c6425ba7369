/** Keeps the address bar true to the picture, and brings the picture of a link that was opened. */

import { useEffect, useRef, useState } from 'preact/hooks'
import type { About, Clock, Command } from '../../src/view/index.js'
import { commandsTo, describe, type Shown, searchFor, showAddress, shownBy } from './address.js'
import type { Run } from './run.js'
import { useRun } from './use-run.js'

/** Browsers allow few changes of the address. */
const every = 1_000

/** `offered`: what the link shows in words, while the reader has not said whether to follow it. */
export interface AddressState {
  readonly offered: string | undefined
  /** Whether the run would begin anew for it; else it goes to another step. */
  readonly beginsAnew: boolean
  /** A link of another scenario. */
  readonly foreign: string | undefined
  follow(): void
  stay(): void
}

export function useAddress(run: Run, isOwn: boolean): AddressState {
  const version = useRun(run)
  const link = useRef<Shown>(shownBy(location.search)).current
  const [state, setState] = useState<'reading' | 'offered' | 'following' | 'done'>('reading')
  const commands = useRef<readonly Command[]>([])
  const written = useRef(0)
  const { about, clock } = run
  const isForeign = about !== undefined && link.scenario !== undefined && link.scenario !== about.scenario

  const follow = async () => {
    setState('following')
    for (const command of commands.current) if (!(await run.command(command))) break
    setState('done')
  }
  useEffect(() => {
    if (state !== 'reading' || about === undefined || clock === undefined || run.source.state !== 'open') return
    commands.current = isForeign ? [] : commandsTo(link, about, clock)
    if (commands.current.length === 0) setState(isForeign ? 'offered' : 'done')
    else if (isOwn) void follow()
    else setState('offered')
  }, [version, state])
  useEffect(() => {
    if (state !== 'done' || about === undefined || clock === undefined) return
    const wait = clock.state === 'playing' ? written.current + every - performance.now() : 0
    const timer = setTimeout(() => write(about, clock), Math.max(0, wait))
    return () => clearTimeout(timer)
  }, [state, about, clock])

  const write = (now: About, { step }: Clock) => {
    written.current = performance.now()
    showAddress(searchFor(now, step))
  }
  return {
    offered: state === 'offered' && !isForeign ? describe(link) : undefined,
    beginsAnew: commands.current.some(command => command.do === 'reset'),
    foreign: state === 'offered' && isForeign ? link.scenario : undefined,
    follow: () => void follow(),
    stay: () => setState('done'),
  }
}
