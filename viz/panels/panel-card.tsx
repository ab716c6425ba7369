/** One panel in its card: its title, what it says of itself, what may be chosen, and how to save it. It asks only while it is seen. */

import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type PanelDescription, type Parts, question } from '../../src/view/index.js'
import { kinds } from './kinds.js'
import { hasCome, type Saved } from './panel.js'
import './panels.css'
import { type FileKind, save } from './save.js'
import { useTurn } from './turns.js'

export interface PanelCardProps {
  readonly description: PanelDescription
  readonly parts: Parts
  readonly version: number
  /** What this card wants to see from now on; an empty list once it is out of sight. */
  onAsk(card: string, questions: readonly string[]): void
}

export function PanelCard({ description, parts, version, onAsk }: PanelCardProps) {
  const { title, kind, about, choices = [], columns = [], series = [] } = description
  const [choice, setChoice] = useState('')
  const chosen = choices.includes(choice) ? choice : (choices[0] ?? '')
  const name = question('panel', title, chosen)
  const asks = kind === 'lines' ? [...(columns.length > 0 ? ['series/model'] : []), ...(series.length > 0 ? [name] : [])] : [name]
  const Kind = kinds[kind]
  return (
    <Card
      title={title}
      about={about}
      asks={asks}
      version={version}
      onAsk={onAsk}
      {...(choices.length > 1 && { choices, chosen, onChoose: setChoice })}
    >
      {(turn, offer) =>
        kind === 'lines' || hasCome(parts, name) ? (
          <Kind description={description} parts={parts} name={name} version={turn} offer={offer} />
        ) : (
          <p class="empty">Loading …</p>
        )
      }
    </Card>
  )
}

export interface CardProps {
  readonly title: string
  readonly about?: string
  readonly asks: readonly string[]
  readonly version: number
  readonly choices?: readonly string[]
  readonly chosen?: string
  onChoose?(choice: string): void
  onAsk(card: string, questions: readonly string[]): void
  /** Called when it is the card's turn to draw a version, and when it shows something else. */
  children(version: number, offer: (saved: Saved) => void): ComponentChildren
}

/** What rows can be saved as, and what a picture with its rows can. */
const data: readonly FileKind[] = ['csv']
const pictures: readonly FileKind[] = ['png', 'svg', ...data]

export function Card({ title, about = '', asks, version, choices = [], chosen, onChoose, onAsk, children }: CardProps) {
  const card = useRef<HTMLElement>(null)
  const saved = useRef<Saved>(undefined)
  const [hasPicture, setHasPicture] = useState(false)
  const [failure, setFailure] = useState<string>()
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (card.current === null) return
    const observer = new IntersectionObserver(entries => setSeen(entries.some(entry => entry.isIntersecting)), {
      rootMargin: '100px',
    })
    observer.observe(card.current)
    const print = () => setSeen(true)
    addEventListener('beforeprint', print)
    return () => {
      observer.disconnect()
      removeEventListener('beforeprint', print)
    }
  }, [])
  const wanted = isSeen ? asks : []
  const turn = useTurn(version)
  const offer = (offered: Saved) => {
    saved.current = offered
    setHasPicture(offered.draw !== undefined)
  }
  const body = useMemo(() => (isSeen ? children(turn, offer) : null), [turn, isSeen, asks.join('\n'), chosen])
  // Out of sight it stays as it was last seen, so that nothing on the page moves.
  const last = useRef<ComponentChildren>(null)
  if (body !== null) last.current = body
  useEffect(() => onAsk(title, wanted), [wanted.join('\n')])
  useEffect(() => () => onAsk(title, []), [])
  const saveAs = async (kind: FileKind) => {
    if (saved.current === undefined) return
    const width = card.current?.clientWidth ?? 640
    setFailure(undefined)
    try {
      await save(kind, title, saved.current, { width, height: Math.round(width * 0.5) })
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <article ref={card} class="panel" aria-label={title}>
      <header>
        <h3>{title}</h3>
        {choices.length > 0 && (
          <select aria-label={`${title}: choose`} value={chosen} onChange={event => onChoose?.(event.currentTarget.value)}>
            {choices.map(option => (
              <option key={option}>{option}</option>
            ))}
          </select>
        )}
        <details class="save">
          <summary aria-label={`Save ${title}`}>Save</summary>
          <fieldset>
            {(hasPicture ? pictures : data).map(kind => (
              <button key={kind} type="button" onClick={() => void saveAs(kind)}>
                {kind.toUpperCase()}
              </button>
            ))}
          </fieldset>
        </details>
      </header>
      {failure !== undefined && (
        <p class="note" role="alert">
          It was not saved: {failure}
        </p>
      )}
      {about !== '' && <p class="about">{about}</p>}
      {last.current ?? <p class="empty" />}
    </article>
  )
}
