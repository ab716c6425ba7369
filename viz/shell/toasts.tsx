/** Short notices: what became of a command. */

import { useCallback, useState } from 'preact/hooks'
import { Icon } from './icons.js'

interface Toast {
  readonly id: number
  readonly text: string
}

const shownFor = 6_000
const most = 4
let lastId = 0

export function useToasts(): { toasts: readonly Toast[]; say(text: string): void; dismiss(id: number): void } {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const dismiss = useCallback((id: number) => setToasts(before => before.filter(toast => toast.id !== id)), [])
  const say = useCallback((text: string) => {
    const id = ++lastId
    setToasts(before => [...before.filter(toast => toast.text !== text), { id, text }].slice(-most))
    setTimeout(() => dismiss(id), shownFor)
  }, [])
  return { toasts, say, dismiss }
}

export function Toasts({ toasts, onDismiss }: { toasts: readonly Toast[]; onDismiss(id: number): void }) {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text }) => (
        <p key={id}>
          {text}
          <button type="button" class="icon" onClick={() => onDismiss(id)} aria-label="Dismiss">
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  )
}
