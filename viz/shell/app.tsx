/** The viewer: the world of one run or of two, what is known of it beside, and the bar that runs time below. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Command } from '../../src/view/index.js'
import type { FrameSource } from '../source/frame-source.js'
import { commandsTo } from './address.js'
import { ConnectionBanner } from './connection.js'
import { Header } from './header.js'
import { HelpSheet } from './help-sheet.js'
import { chosenOf } from './inspector.js'
import type { Drafts } from './parameters.js'
import { RestoreBar } from './restore-bar.js'
import { Run } from './run.js'
import { type Shortcuts, useShortcuts } from './shortcuts.js'
import { SidePanel } from './side-panel.js'
import { Splitter } from './splitter.js'
import { switchTheme } from './theme.js'
import { Toasts, useToasts } from './toasts.js'
import { Transport } from './transport.js'
import { useAddress } from './use-address.js'
import { useRun } from './use-run.js'
import { World } from './world.js'
import type { Chosen, WorldStage } from './world-stage.js'
import './tokens.css'
import './controls.css'
import './shell.css'
import './side.css'

export interface AppProps {
  /** Opens a run's source: `a` is the first, `b` the one beside it. Called once each time a run is shown. */
  open(run: 'a' | 'b'): FrameSource
  /** Whether a link is followed at once: the run is this page's own. Otherwise the reader is asked first. */
  readonly isOwn: boolean
}

export function App({ open, isOwn }: AppProps) {
  const { toasts, say, dismiss } = useToasts()
  const first = useOpened('a', open, say, true)
  const [compares, setCompares] = useState(false)
  const second = useOpened('b', open, say, compares)
  const runs = [first, ...(second === undefined ? [] : [second])].filter(run => run !== undefined)
  if (first === undefined) return null
  return (
    <>
      <Shell runs={runs} isOwn={isOwn} say={say} onCompare={() => setCompares(!compares)} />
      <Toasts toasts={toasts} onDismiss={dismiss} />
    </>
  )
}

/** A run that is open as long as it is wanted. */
function useOpened(name: 'a' | 'b', open: AppProps['open'], say: (text: string) => void, isWanted: boolean): Run | undefined {
  const [run, setRun] = useState<Run>()
  useEffect(() => {
    if (!isWanted) return
    const opened = new Run(name, open(name), say)
    setRun(opened)
    return () => {
      opened.close()
      setRun(undefined)
    }
  }, [isWanted])
  return run
}

interface ShellProps {
  readonly runs: readonly Run[]
  readonly isOwn: boolean
  say(text: string): void
  onCompare(): void
}

function Shell({ runs, isOwn, say, onCompare }: ShellProps) {
  const [focused, setFocused] = useState('a')
  const run = (runs.find(({ name }) => name === focused) ?? runs[0]) as Run
  const version = useRun(run)
  const stages = useRef(new Map<string, WorldStage>()).current
  const [tab, setTab] = useState('')
  const [showsHelp, setShowsHelp] = useState(false)
  const [chosen, setChosen] = useState<Readonly<Record<string, Chosen | undefined>>>({})
  const [drafts, setDrafts] = useState<Readonly<Record<string, Drafts>>>({})
  const address = useAddress(runs[0] as Run, isOwn)
  const { about, clock } = run
  const { canControl } = run.source

  useTogether(runs)
  const all = useMemo(
    () => (command: Command) => Promise.all(runs.map(each => each.command(command))),
    [runs.map(({ name }) => name).join()],
  )
  const alone = useMemo(() => (command: Command) => run.command(command), [run])
  const reset = async (seed: number | string) => {
    const params = { ...run.about?.params, ...drafts[run.name] }
    if (await run.command({ do: 'reset', seed, params })) setDrafts(before => ({ ...before, [run.name]: {} }))
  }
  const choose = (name: string, id: number | undefined) =>
    setChosen(before => ({ ...before, [name]: id === undefined ? undefined : chosenOf(id) }))
  const stage = () => stages.get(run.name)

  const shortcuts: Shortcuts = {
    ' ': () => void all({ do: clock?.state === 'playing' ? 'pause' : 'play' }),
    ArrowRight: () => void all({ do: 'step' }),
    'shift+ArrowRight': () => void all({ do: 'step', steps: 10 }),
    r: () => about !== undefined && void reset(about.seed),
    f: () => stage()?.fit(),
    '+': () => stage()?.zoom(1.4),
    '-': () => stage()?.zoom(1 / 1.4),
    t: () => setTab('Agents'),
    d: switchTheme,
    '?': () => setShowsHelp(true),
    Escape: () => choose(run.name, undefined),
  }
  useShortcuts(shortcuts, canControl)
  useEffect(() => {
    if (about !== undefined) document.title = `${about.title} · Mycelia`
  }, [about?.title])

  return (
    <div class="app">
      <Header
        about={about}
        source={run.source}
        isComparing={runs.length > 1}
        {...(((runs[0] as Run).source.canCompare || runs.length > 1) && { onCompare })}
        onCopy={() => void copy(location.href).then(say)}
        onHelp={() => setShowsHelp(true)}
      />
      <RestoreBar address={address} canControl={(runs[0] as Run).source.canControl} />
      <main class="stage">
        <div class={`worlds ${runs.length > 1 ? 'two' : ''}`}>
          {runs.map(each => (
            <section
              key={each.name}
              class={`run ${runs.length > 1 && each === run ? 'focused' : ''}`}
              aria-label={`Run ${each.name}`}
            >
              <ConnectionBanner run={each} />
              {runs.length > 1 && <RunHead run={each} isFocused={each === run} onFocus={() => setFocused(each.name)} />}
              <World
                run={each}
                chosen={chosen[each.name]}
                onChoose={id => {
                  setFocused(each.name)
                  choose(each.name, id)
                }}
                onStage={made => (made === undefined ? stages.delete(each.name) : stages.set(each.name, made))}
              />
            </section>
          ))}
        </div>
        <Splitter />
        <SidePanel
          key={run.name}
          run={run}
          version={version}
          tab={tab}
          onTab={setTab}
          chosen={chosen[run.name]}
          onChoose={id => choose(run.name, id)}
          drafts={drafts[run.name] ?? {}}
          onDrafts={next => setDrafts(before => ({ ...before, [run.name]: next }))}
          command={alone}
          reset={reset}
        />
      </main>
      {clock !== undefined && <Transport clock={clock} canControl={canControl} command={all} />}
      {showsHelp && <HelpSheet onClose={() => setShowsHelp(false)} />}
    </div>
  )
}

/** A second run that was not begun yet becomes a copy of the first, at the same step; the first waits for it. */
function useTogether([first, second]: readonly Run[]): void {
  useEffect(() => {
    if (first === undefined || second === undefined) return
    const begin = async () => {
      const { about: pattern, clock: at } = first
      const { about, clock } = second
      if (pattern === undefined || at === undefined || about === undefined || clock === undefined) return
      if (clock.newest > 0) return unlisten()
      if (at.state === 'playing') return void first.command({ do: 'pause' })
      unlisten()
      const { scenario, seed, params } = pattern
      for (const command of commandsTo({ scenario, seed, params, step: at.step }, about, clock))
        if (!(await second.command(command))) break
    }
    const undo = [first, second].map(run => run.onText(() => void begin()))
    const unlisten = () => {
      for (const each of undo) each()
    }
    // What both are may be known already, and then nothing more is said of it.
    void begin()
    return unlisten
  }, [first, second])
}

/** Of two runs: which one this is, and where it stands. */
function RunHead({ run, isFocused, onFocus }: { run: Run; isFocused: boolean; onFocus(): void }) {
  useRun(run)
  const { about, clock } = run
  return (
    <button type="button" class="run-head" aria-pressed={isFocused} onClick={onFocus}>
      <b>{run.name === 'a' ? 'First' : 'Second'}</b> seed {String(about?.seed ?? '–')} · step {clock?.step ?? '–'}
      {isFocused && <span class="quiet"> · shown at the side</span>}
    </button>
  )
}

async function copy(text: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text)
    return 'The link to this picture is copied.'
  } catch {
    return 'The browser does not let this page copy: copy the address instead.'
  }
}
