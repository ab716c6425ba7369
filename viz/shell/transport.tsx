/** The bar that runs time: play, step, speed, the step shown, and the way back to any step that is kept. */

import { useState } from 'preact/hooks'
import type { Clock, Command } from '../../src/view/index.js'
import { Icon } from './icons.js'
import { SpeedSlider } from './speed-slider.js'
import { countText, rateText, valueText } from './text.js'

interface TransportProps {
  readonly clock: Clock
  readonly canControl: boolean
  /** To all linked runs. */
  command(command: Command): Promise<unknown>
}

export function Transport({ clock, canControl, command }: TransportProps) {
  const isPlaying = clock.state === 'playing'
  const isPast = clock.step < clock.newest
  const canRun = canControl && clock.state !== 'failed'
  return (
    <footer class="transport">
      <div class="buttons">
        <button
          type="button"
          class="play"
          disabled={!canRun || (clock.state === 'ended' && !isPast)}
          onClick={() => command({ do: isPlaying ? 'pause' : 'play' })}
          aria-label={isPlaying ? 'Pause' : 'Play'}
          title={`${isPlaying ? 'Pause' : 'Play'} (space)`}
        >
          <Icon name={isPlaying ? 'pause' : 'play'} />
        </button>
        <button
          type="button"
          class="icon"
          disabled={!canRun}
          onClick={() => command({ do: 'step' })}
          aria-label="Step"
          title="One step (→)"
        >
          <Icon name="step" />
        </button>
        <StepMany disabled={!canRun} onSteps={steps => command({ do: 'step', steps })} />
      </div>
      <SpeedSlider
        speed={clock.speed}
        disabled={!canControl}
        onSpeed={stepsPerSecond => command({ do: 'speed', stepsPerSecond })}
      />
      <Scrub clock={clock} disabled={!canControl} command={command} />
      <p class="now">
        <span>
          step <b class="step">{countText(clock.step)}</b>
        </span>
        {clock.time !== clock.step && <span>{timeText(clock.time)}</span>}
        <State clock={clock} isPast={isPast} />
        {clock.digest !== null && (
          <span class="digest" title={`Digest of the run at this step: ${clock.digest}`}>
            digest <code>{clock.digest.slice(0, 8)}</code>
          </span>
        )}
      </p>
      {isPast && (
        <div class="past">
          <button type="button" disabled={!canControl} onClick={() => command({ do: 'branch' })} title="The run so far is kept">
            <Icon name="branch" />
            Resume from here
          </button>
          <button type="button" class="plain" disabled={!canControl} onClick={() => command({ do: 'seek', step: clock.newest })}>
            Back to the newest
          </button>
        </div>
      )}
    </footer>
  )
}

function State({ clock, isPast }: { clock: Clock; isPast: boolean }) {
  const { state, reason, rate } = clock
  if (state === 'failed') return <span class="state failed">failed: {reason ?? 'no reason given'}</span>
  if (isPast) return <span class="state past">{stepsText(clock.newest - clock.step)} back</span>
  if (state === 'ended') return <span class="state ended">ended{reason === null ? '' : `: ${reason}`}</span>
  return <span class={`state ${state}`}>{state === 'playing' ? rateText(rate) : 'paused'}</span>
}

/** Model time that counts milliseconds since 1970 is a date. */
function timeText(time: number): string {
  return time < 1e11 ? `time ${valueText(time)}` : `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function stepsText(steps: number): string {
  return `${countText(steps)} ${steps === 1 ? 'step' : 'steps'}`
}

function StepMany({ disabled, onSteps }: { disabled: boolean; onSteps(steps: number): void }) {
  const [steps, setSteps] = useState('10')
  const count = Number(steps)
  const isRight = Number.isSafeInteger(count) && count >= 1
  const go = (event: Event) => {
    event.preventDefault()
    if (isRight) onSteps(count)
  }
  return (
    <form class="step-many" onSubmit={go}>
      <input
        type="number"
        min="1"
        step="1"
        value={steps}
        aria-label="Number of steps"
        aria-invalid={!isRight}
        onInput={event => setSteps(event.currentTarget.value)}
      />
      <button type="submit" disabled={disabled || !isRight}>
        steps
      </button>
    </form>
  )
}

function Scrub({ clock, disabled, command }: { clock: Clock; disabled: boolean; command: TransportProps['command'] }) {
  const [dragged, setDragged] = useState<number>()
  const { earliest, newest } = clock
  const none = newest <= earliest
  return (
    <label class="scrub" title={none ? 'No step to go back to yet' : `Steps ${countText(earliest)} to ${countText(newest)}`}>
      <span class="hidden-label">Step shown</span>
      <input
        type="range"
        min={earliest}
        max={Math.max(newest, earliest + 1)}
        step="1"
        value={dragged ?? clock.step}
        disabled={disabled || none}
        onInput={event => {
          const step = Number(event.currentTarget.value)
          setDragged(step)
          void command({ do: 'seek', step })
        }}
        onChange={() => setDragged(undefined)}
        aria-valuetext={`step ${countText(dragged ?? clock.step)} of ${countText(newest)}`}
      />
    </label>
  )
}
