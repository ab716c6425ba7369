/** Keys that do what buttons do, except where a reader writes, a control has the key itself, or a dialog waits for an answer. */

import { useEffect, useRef } from 'preact/hooks'

/** By key as browsers name it, with `shift+` before arrows. */
export type Shortcuts = Readonly<Record<string, () => void>>

/** What they do, for the help sheet. */
export const keyMeanings: readonly (readonly [keys: string, meaning: string])[] = [
  ['Space', 'play or pause'],
  ['→', 'one step'],
  ['Shift →', 'ten steps'],
  ['r', 'reset with the same seed'],
  ['f', 'show the whole world'],
  ['+  −', 'zoom'],
  ['t', 'table of agents'],
  ['d', 'dark or light'],
  ['Esc', 'let go of the agent'],
  ['?', 'this sheet'],
]

const ofControl = new Set([' ', 'ArrowRight', 'shift+ArrowRight', 'r'])

export function useShortcuts(shortcuts: Shortcuts, canControl: boolean): void {
  const newest = useRef({ shortcuts, canControl })
  newest.current = { shortcuts, canControl }
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (document.querySelector('dialog[open]') !== null || takesKeys(event.target, event.key)) return
      const key = event.shiftKey && event.key.startsWith('Arrow') ? `shift+${event.key}` : event.key === '=' ? '+' : event.key
      const { shortcuts: now, canControl: may } = newest.current
      if (!Object.hasOwn(now, key) || (ofControl.has(key) && !may)) return
      event.preventDefault()
      now[key]?.()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

function takesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement) || key === 'Escape') return false
  if (target.closest('[role="tablist"], [role="separator"]') !== null && key.startsWith('Arrow')) return true
  if (target instanceof HTMLButtonElement || target.matches('summary, a')) return key === ' '
  return target.matches('input, select, textarea')
}
