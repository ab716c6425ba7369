/** The line between the world and what stands beside it: dragged, or moved by arrow keys. */

import { useRef, useState } from 'preact/hooks'

/** Share of the width that the side has, in percent. */
const standard = 42
const least = 22
const most = 78

export function Splitter() {
  const [share, setShare] = useState(standard)
  const bar = useRef<HTMLDivElement>(null)
  const set = (next: number) => {
    const held = Math.max(least, Math.min(most, next))
    setShare(held)
    bar.current?.parentElement?.style.setProperty('--side', `${held}%`)
  }
  const drag = (event: PointerEvent) => {
    if (bar.current?.hasPointerCapture(event.pointerId) !== true) return
    const { left, width } = (bar.current.parentElement as HTMLElement).getBoundingClientRect()
    set(100 - (100 * (event.clientX - left)) / width)
  }
  const key = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    set(share + (event.key === 'ArrowLeft' ? 4 : -4))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that is moved is no <hr>
    <div
      ref={bar}
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the side"
      aria-valuenow={Math.round(share)}
      aria-valuemin={least}
      aria-valuemax={most}
      onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDblClick={() => set(standard)}
      onKeyDown={key}
    />
  )
}
