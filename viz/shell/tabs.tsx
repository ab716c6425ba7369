/** Tabs: one is shown, arrow keys go between them. */

import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'

interface TabsProps {
  readonly tabs: readonly string[]
  readonly shown: string
  onShow(tab: string): void
  readonly children: ComponentChildren
}

export function Tabs({ tabs, shown, onShow, children }: TabsProps) {
  const list = useRef<HTMLDivElement>(null)
  const key = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const next = (tabs.indexOf(shown) + by + tabs.length) % tabs.length
    onShow(tabs[next] as string)
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus()
  }
  return (
    <>
      <div ref={list} class="tabs" role="tablist" onKeyDown={key}>
        {tabs.map((tab, i) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${i}`}
            aria-selected={tab === shown}
            aria-controls="tab-shown"
            tabIndex={tab === shown ? 0 : -1}
            onClick={() => onShow(tab)}
          >
            {tab}
          </button>
        ))}
      </div>
      <div class="tab-shown" id="tab-shown" role="tabpanel" aria-labelledby={`tab-${tabs.indexOf(shown)}`}>
        {children}
      </div>
    </>
  )
}
