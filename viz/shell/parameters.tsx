/** The parameters of a run: what takes effect at once, and what at the next reset; and the reset itself. */

import { useEffect, useState } from 'preact/hooks'
import type { About, Command, ParameterDescription } from '../../src/view/index.js'
import { Icon } from './icons.js'
import { ParameterField } from './parameter-field.js'
import { type SentValues, stillSent, withoutSent, withSent } from './sent-values.js'
import { seedOf } from './text.js'

export type Drafts = Readonly<Record<string, unknown>>

interface ParametersProps {
  readonly about: About
  /** Of the run that is shown; where it changes, nothing that was sent to the one before counts. */
  readonly epoch: number
  readonly canControl: boolean
  /** Values that wait for the next reset. */
  readonly drafts: Drafts
  onDrafts(drafts: Drafts): void
  command(command: Command): Promise<boolean>
  reset(seed: number | string): Promise<unknown>
}

export function Parameters({ about, epoch, canControl, drafts, onDrafts, command, reset }: ParametersProps) {
  const { parameters, params } = about
  const [sent, setSent] = useState<SentValues>({})
  useEffect(() => setSent({}), [epoch])
  useEffect(() => setSent(before => stillSent(before, params)), [params])
  const change = async (key: string, value: unknown) => {
    if (await command({ do: 'change', key, value })) return
    setSent(before => (before[key]?.value === value ? withoutSent(before, key) : before))
  }
  const set = (parameter: ParameterDescription, value: unknown) => {
    const { name, changeable } = parameter
    if (changeable) {
      setSent(before => withSent(before, name, value, params[name]))
      void change(name, value)
    } else onDrafts(JSON.stringify(value) === JSON.stringify(params[name]) ? without(drafts, name) : { ...drafts, [name]: value })
  }
  const shownOf = (name: string) => (name in drafts ? drafts[name] : name in sent ? sent[name]?.value : params[name])
  const waiting = Object.keys(drafts).length
  return (
    <section class="parameters" aria-label="Parameters">
      <Reset about={about} canControl={canControl} waiting={waiting} reset={reset} />
      {parameters.length === 0 && <p class="quiet">This scenario has no parameters.</p>}
      <ul>
        {parameters.map(parameter => (
          <li key={parameter.name}>
            <ParameterField
              parameter={parameter}
              value={shownOf(parameter.name)}
              waits={parameter.name in drafts || parameter.name in sent}
              disabled={!canControl}
              onValue={value => set(parameter, value)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Reset({
  about,
  canControl,
  waiting,
  reset,
}: Pick<ParametersProps, 'about' | 'canControl' | 'reset'> & { waiting: number }) {
  const [text, setText] = useState<string>()
  const seed = text ?? String(about.seed)
  const go = (next: string) => {
    setText(undefined)
    void reset(seedOf(next))
  }
  return (
    <form
      class="reset-form"
      onSubmit={event => {
        event.preventDefault()
        if (seed !== '') go(seed)
      }}
    >
      <label>
        seed
        <input
          type="text"
          value={seed}
          disabled={!canControl}
          spellcheck={false}
          onInput={event => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={!canControl || seed === ''} title="Begin anew (r)">
        <Icon name="reset" />
        Reset{waiting > 0 ? ` with ${waiting} change${waiting > 1 ? 's' : ''}` : ''}
      </button>
      <button type="button" class="plain" disabled={!canControl} onClick={() => go(String(nextSeed(about.seed)))}>
        New seed
      </button>
    </form>
  )
}

/** The next number, so that a reader comes back to a seed by hand. */
function nextSeed(seed: number | string): number | string {
  return typeof seed === 'number' ? seed + 1 : `${seed}-2`
}

function without(drafts: Drafts, name: string): Drafts {
  return Object.fromEntries(Object.entries(drafts).filter(([key]) => key !== name))
}
