/** The world of one run: its picture, what is under the pointer, its legend and its view's buttons. */

import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type LegendEntry, legendOf } from '../draw/legend.js'
import { agentTowards, anyAgent } from '../draw/pick.js'
import type { Scene } from '../draw/scene.js'
import { HoverCard } from './hover-card.js'
import { Icon } from './icons.js'
import { Legend } from './legend.js'
import type { Run } from './run.js'
import { countText } from './text.js'
import { onTheme } from './theme.js'
import { useRun } from './use-run.js'
import { WorldPointer } from './world-pointer.js'
import { type Chosen, type Hovered, WorldStage } from './world-stage.js'

interface WorldProps {
  readonly run: Run
  readonly chosen: Chosen | undefined
  onChoose(id: number | undefined): void
  /** Gives the page the stage, for shortcuts; undefined when it is gone. */
  onStage(stage: WorldStage | undefined): void
}

export function World({ run, chosen, onChoose, onStage }: WorldProps) {
  const frame = useRef<HTMLDivElement>(null)
  const world = useRef<HTMLCanvasElement>(null)
  const marks = useRef<HTMLCanvasElement>(null)
  const [stage, setStage] = useState<WorldStage>()
  const [hovered, setHovered] = useState<Hovered>()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const [layer, setLayer] = useState<string>()
  const [, setSized] = useState(0)
  const choose = useRef(onChoose)
  choose.current = onChoose
  useRun(run)

  useEffect(() => {
    if (frame.current === null || world.current === null || marks.current === null) return
    const made = new WorldStage(run, world.current, marks.current)
    made.onHover = setHovered
    new WorldPointer(made, marks.current, id => choose.current(id))
    const sizes = new ResizeObserver(([entry]) => {
      if (entry === undefined) return
      made.resize(entry.contentRect.width, entry.contentRect.height)
      // What is drawn has a legend, also where no frame follows.
      setSized(n => n + 1)
    })
    sizes.observe(frame.current)
    const unlisten = onTheme(() => made.recolor())
    setStage(made)
    onStage(made)
    return () => {
      unlisten()
      sizes.disconnect()
      made.close()
      onStage(undefined)
    }
  }, [run])

  useEffect(() => {
    if (stage === undefined) return
    stage.chosen = chosen
    stage.hidden = hidden
    stage.layer = layer
    stage.changed()
  }, [stage, chosen, hidden, layer])

  const scene = stage?.scene
  const entries = useMemo(() => (scene === undefined ? [] : legendOf(scene)), [scene])
  return (
    <div class="world">
      <div
        class="picture"
        ref={frame}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys choose agents here
        tabIndex={0}
        role="application"
        aria-label={scene === undefined ? 'The world, not here yet' : labelOf(entries)}
        onKeyDown={event => stage !== undefined && byKey(event, stage, hidden, onChoose)}
        onBlur={() => stage?.key(undefined)}
      >
        <canvas ref={world} />
        <canvas ref={marks} />
        {scene !== undefined && hovered !== undefined && <HoverCard scene={scene} hovered={hovered} />}
        {scene === undefined && <p class="waiting">Waiting for the first picture…</p>}
        {scene !== undefined && isEmpty(scene) && <p class="waiting">There are no agents now.</p>}
      </div>
      <fieldset class="view-buttons" aria-label="View">
        <button type="button" class="icon" onClick={() => stage?.zoom(1.4)} aria-label="Zoom in" title="Zoom in (+)">
          <Icon name="plus" />
        </button>
        <button type="button" class="icon" onClick={() => stage?.zoom(1 / 1.4)} aria-label="Zoom out" title="Zoom out (−)">
          <Icon name="minus" />
        </button>
        <button type="button" class="icon" onClick={() => stage?.fit()} aria-label="Fit" title="Fit (f)">
          <Icon name="fit" />
        </button>
      </fieldset>
      {scene !== undefined && (
        <Legend
          entries={entries}
          hidden={hidden}
          onHidden={setHidden}
          layers={scene.layers}
          layer={layer ?? scene.layers[0]?.name ?? ''}
          onLayer={setLayer}
        />
      )}
    </div>
  )
}

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Arrow keys go from agent to agent, Enter chooses, Escape lets go. */
function byKey(
  event: KeyboardEvent,
  stage: WorldStage,
  hidden: ReadonlySet<string>,
  choose: (id: number | undefined) => void,
): void {
  const { scene, keyedAgent } = stage
  const direction = directions[event.key]
  if (scene === undefined) return
  if (direction !== undefined && !event.shiftKey) {
    const next = keyedAgent === undefined ? anyAgent(scene, hidden) : agentTowards(scene, keyedAgent, ...direction, hidden)
    if (next !== undefined) stage.key(next)
  } else if (event.key === 'Enter') choose((keyedAgent ?? anyAgent(scene, hidden))?.id)
  else if (event.key === 'Escape') choose(undefined)
  else return
  event.preventDefault()
  event.stopPropagation()
}

function isEmpty(scene: Scene): boolean {
  return scene.layers.length === 0 && scene.crowds.every(({ ids }) => ids.length === 0)
}

function labelOf(entries: readonly LegendEntry[]): string {
  const counts = new Map<string, number>()
  for (const { label, count } of entries) counts.set(label, (counts.get(label) ?? 0) + count)
  const said = [...counts].slice(0, 8).map(([label, count]) => `${countText(count)} ${label}`)
  return `The world: ${said.join(', ') || 'no agents'}. Arrow keys go from agent to agent, Enter shows one.`
}
