/** Asks before an order is given: says what will happen, and takes the reason for the record. */

import { useEffect, useRef, useState } from 'preact/hooks'
import { type Choice, type Proposal, spans } from './operator-orders.js'

interface OrderDialogProps {
  readonly proposal: Proposal
  readonly pairs: readonly string[]
  readonly portfolios: readonly string[]
  onConfirm(order: Readonly<Record<string, unknown>>): void
  onClose(): void
}

export function OrderDialog({ proposal, pairs, portfolios, onConfirm, onClose }: OrderDialogProps) {
  const sheet = useRef<HTMLDialogElement>(null)
  const { title, button, fields, needsPair = false } = proposal
  const [reason, setReason] = useState('')
  const first = needsPair ? (pairs[0] ?? '') : ''
  const [choice, setChoice] = useState<Choice>({ pair: first, portfolio: '', forMs: spans[0]?.[0] ?? null })
  useEffect(() => sheet.current?.showModal(), [])
  const confirm = (event: Event) => {
    event.preventDefault()
    onConfirm({ ...proposal.order(choice), ...(reason.trim() !== '' && { reason: reason.trim() }) })
    sheet.current?.close()
  }
  const choose = (change: Partial<Choice>) => setChoice({ ...choice, ...change })
  return (
    <dialog ref={sheet} class="sheet order" onClose={onClose} aria-labelledby="order-title">
      <form onSubmit={confirm}>
        <h2 id="order-title">{title}</h2>
        {fields.includes('pair') && (
          <Choose label="Pair" value={choice.pair} onValue={pair => choose({ pair })}>
            {[...(needsPair ? [] : [['', 'every pair'] as const]), ...pairs.map(pair => [pair, pair] as const)]}
          </Choose>
        )}
        {fields.includes('portfolio') && (
          <Choose label="Portfolio" value={choice.portfolio} onValue={portfolio => choose({ portfolio })}>
            {[['', 'every portfolio'] as const, ...portfolios.map(name => [name, name] as const)]}
          </Choose>
        )}
        {fields.includes('forMs') && (
          <Choose
            label="How long"
            value={String(choice.forMs)}
            onValue={text => choose({ forMs: text === 'null' ? null : Number(text) })}
          >
            {spans.map(([forMs, words]) => [String(forMs), words] as const)}
          </Choose>
        )}
        <label>
          <span>Reason, for the record</span>
          <input type="text" maxLength={500} value={reason} onInput={event => setReason(event.currentTarget.value)} />
        </label>
        <p class="says">{proposal.says(choice)}</p>
        <div class="answers">
          <button type="button" onClick={() => sheet.current?.close()}>
            Leave it
          </button>
          <button type="submit" class="sure">
            {button}
          </button>
        </div>
      </form>
    </dialog>
  )
}

interface ChooseProps {
  readonly label: string
  readonly value: string
  onValue(value: string): void
  readonly children: readonly (readonly [value: string, words: string])[]
}

function Choose({ label, value, onValue, children }: ChooseProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={event => onValue(event.currentTarget.value)}>
        {children.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </label>
  )
}
