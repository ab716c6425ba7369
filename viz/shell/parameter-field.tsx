/** One parameter: its field, its range and unit, its standard value, and when a change takes effect. */

import { useState } from 'preact/hooks'
import type { ParameterDescription } from '../../src/view/index.js'
import { valueText } from './text.js'

interface ParameterFieldProps {
  readonly parameter: ParameterDescription
  readonly value: unknown
  /** It differs from the run's, and waits: for the next step where it is changeable, else for a reset. */
  readonly waits: boolean
  readonly disabled: boolean
  onValue(value: unknown): void
}

export function ParameterField({ parameter, value, waits, disabled, onValue }: ParameterFieldProps) {
  const { name, description, unit, changeable, default: standard } = parameter
  const id = `parameter-${name}`
  const isStandard = standard === null || JSON.stringify(value) === JSON.stringify(standard)
  return (
    <div class={`parameter ${waits ? 'waits' : ''}`}>
      <div class="head">
        <label for={id}>{name}</label>
        {unit !== undefined && <span class="unit">{unit}</span>}
        <span class={`effect ${changeable ? 'now' : ''}`}>
          {changeable ? (waits ? 'at the next step' : 'at once') : waits ? 'waits for reset' : 'at next reset'}
        </span>
      </div>
      <Field id={id} parameter={parameter} value={value} disabled={disabled} onValue={onValue} />
      <p class="about" id={`${id}-about`}>
        {description}
        {rangeText(parameter) !== '' && <span class="range"> · {rangeText(parameter)}</span>}
        {!isStandard && (
          <button type="button" class="plain" disabled={disabled} onClick={() => onValue(standard)}>
            back to {valueText(standard)}
          </button>
        )}
      </p>
    </div>
  )
}

interface FieldProps extends Omit<ParameterFieldProps, 'waits'> {
  readonly id: string
}

function Field(props: FieldProps) {
  const { parameter, id, value, disabled, onValue } = props
  const described = { id, disabled, 'aria-describedby': `${id}-about` }
  if (parameter.type === 'boolean')
    return (
      <input {...described} type="checkbox" checked={value === true} onChange={event => onValue(event.currentTarget.checked)} />
    )
  if (parameter.type === 'choice') {
    const options = parameter.options ?? []
    return (
      <select
        {...described}
        value={String(options.indexOf(value))}
        onChange={event => onValue(options[Number(event.currentTarget.value)])}
      >
        {options.map((option, i) => (
          <option key={String(option)} value={String(i)}>
            {String(option)}
          </option>
        ))}
      </select>
    )
  }
  if (parameter.type === 'integer' || parameter.type === 'number') return <NumberField {...props} />
  return <TextField {...props} isJson={parameter.type === 'json'} />
}

/** A number, with a slider beside it where its range is one that a slider can show. What is typed stays until it is taken. */
function NumberField({ id, parameter, value, disabled, onValue }: FieldProps) {
  const { minimum = parameter.exclusiveMinimum, maximum = parameter.exclusiveMaximum, type } = parameter
  const step = type === 'integer' ? 1 : 'any'
  const [text, setText] = useState<string>()
  const take = (given: string) => {
    setText(undefined)
    const number = Number(given)
    if (given !== '' && Number.isFinite(number) && (type === 'number' || Number.isInteger(number))) onValue(number)
  }
  const slides = minimum !== undefined && maximum !== undefined && maximum - minimum <= 1_000
  return (
    <div class="number">
      {slides && (
        <input
          type="range"
          min={minimum}
          max={maximum}
          step={type === 'integer' ? 1 : (maximum - minimum) / 200}
          value={Number(value)}
          disabled={disabled}
          aria-label={parameter.name}
          onInput={event => onValue(rounded(Number(event.currentTarget.value), maximum - minimum))}
        />
      )}
      <input
        id={id}
        type="number"
        min={minimum}
        max={maximum}
        step={step}
        value={text ?? String(value ?? '')}
        disabled={disabled}
        aria-describedby={`${id}-about`}
        onInput={event => setText(event.currentTarget.value)}
        onChange={event => take(event.currentTarget.value)}
      />
    </div>
  )
}

interface Typed {
  readonly text: string
  /** It is no JSON, and stays until this value in force is another. */
  readonly wrongBeside?: string
}

/** What is typed stays until it is taken; text that is no JSON stays, and is marked. */
function TextField({ id, value, disabled, onValue, isJson }: FieldProps & { isJson: boolean }) {
  const shown = isJson ? JSON.stringify(value ?? null) : String(value ?? '')
  const [typed, setTyped] = useState<Typed>()
  const isWrong = typed?.wrongBeside !== undefined && typed.wrongBeside === shown
  const text = typed?.wrongBeside === undefined || isWrong ? typed?.text : undefined
  const take = (given: string) => {
    const taken = isJson ? parsed(given) : { value: given }
    setTyped(taken === undefined ? { text: given, wrongBeside: shown } : undefined)
    if (taken !== undefined) onValue(taken.value)
  }
  return (
    <input
      id={id}
      type="text"
      value={text ?? shown}
      disabled={disabled}
      aria-invalid={isWrong}
      aria-describedby={`${id}-about`}
      onInput={event => setTyped({ text: event.currentTarget.value })}
      onChange={event => take(event.currentTarget.value)}
    />
  )
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** A slider of 200 places gives no more digits than they have. */
function rounded(value: number, range: number): number {
  const digits = Math.max(0, 3 - Math.floor(Math.log10(range)))
  return Number(value.toFixed(Math.min(digits, 12)))
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: ParameterDescription): string {
  const low =
    minimum !== undefined
      ? `from ${valueText(minimum)}`
      : exclusiveMinimum !== undefined
        ? `above ${valueText(exclusiveMinimum)}`
        : ''
  const high =
    maximum !== undefined
      ? `to ${valueText(maximum)}`
      : exclusiveMaximum !== undefined
        ? `below ${valueText(exclusiveMaximum)}`
        : ''
  return [low, high].filter(word => word !== '').join(' ')
}
