/** Steps a second on a logarithmic slider, whose right end means: as fast as it goes. */

import { useState } from 'preact/hooks'
import { rateText } from './text.js'

/** Speeds of the slider's places; null: as fast as it goes. */
const speeds: readonly (number | null)[] = [
  0.5,
  1,
  2,
  3,
  5,
  7,
  10,
  15,
  20,
  30,
  45,
  60,
  100,
  150,
  250,
  500,
  1_000,
  2_500,
  5_000,
  null,
]

interface SpeedSliderProps {
  readonly speed: number | null
  readonly disabled: boolean
  onSpeed(stepsPerSecond: number | null): Promise<unknown>
}

export function SpeedSlider({ speed, disabled, onSpeed }: SpeedSliderProps) {
  const [dragged, setDragged] = useState<number>()
  const place = dragged ?? placeOf(speed)
  const words = wordsFor(dragged === undefined ? speed : (speeds[dragged] ?? null))
  return (
    <label class="speed">
      <span class="words">
        <span>speed</span> <b>{words}</b>
      </span>
      <input
        type="range"
        min="0"
        max={speeds.length - 1}
        step="1"
        value={place}
        disabled={disabled}
        aria-label="Speed"
        aria-valuetext={words}
        onInput={event => {
          const next = Number(event.currentTarget.value)
          setDragged(next)
          void onSpeed(speeds[next] ?? null)
        }}
        onChange={() => setDragged(undefined)}
      />
    </label>
  )
}

function placeOf(speed: number | null): number {
  if (speed === null) return speeds.length - 1
  const place = speeds.findIndex(each => each === null || each >= speed)
  return place < 0 ? speeds.length - 2 : Math.min(place, speeds.length - 2)
}

function wordsFor(speed: number | null): string {
  return speed === null ? 'fastest' : rateText(speed)
}
