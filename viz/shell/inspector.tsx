/** One agent: its fields as they are now. Its trail and its neighbours are marked in the world. */

import { question } from '../../src/view/index.js'
import { Icon } from './icons.js'
import type { Run } from './run.js'
import { valueText } from './text.js'
import { useQuestions, useRun } from './use-run.js'
import type { Chosen } from './world-stage.js'

/** What the part `agent/<key>/fields` holds. */
interface Inspected {
  readonly lives: boolean
  readonly key: string | null
  readonly fields?: Readonly<Record<string, unknown>>
}

/** The agent of an id, as runs are asked for it. */
export function chosenOf(id: number): Chosen {
  return { id, name: question('agent', `#${id}`) }
}

export function Inspector({ run, chosen, onClose }: { run: Run; chosen: Chosen; onClose(): void }) {
  useRun(run)
  useQuestions(run, [chosen.name])
  const inspected = run.parts.json(`${chosen.name}/fields`) as Inspected | undefined
  const neighbors = run.parts.array(`${chosen.name}/neighbors`)?.length ?? 0
  return (
    <section class="inspector" aria-label="Inspected agent">
      <header>
        <h2>{inspected?.key ?? `Agent ${chosen.id}`}</h2>
        {inspected !== undefined && !inspected.lives && <span class="state ended">is gone</span>}
        <button type="button" class="icon" onClick={onClose} aria-label="Close the inspector" title="Close (Esc)">
          <Icon name="close" />
        </button>
      </header>
      {inspected === undefined ? (
        <p class="quiet">Loading…</p>
      ) : (
        <dl>
          {Object.entries(inspected.fields ?? {}).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{valueText(value)}</dd>
            </div>
          ))}
          <div>
            <dt>neighbours</dt>
            <dd>{neighbors}</dd>
          </div>
        </dl>
      )}
    </section>
  )
}
