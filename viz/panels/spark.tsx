/** A small line without axes. Those of one panel have one scale, so that they can be compared. */

export interface SparkProps {
  readonly values: readonly (number | null)[]
  readonly label: string
  /** Values at the bottom and the top. */
  readonly range: readonly [number, number]
}

export function Spark({ values, label, range: [least, most] }: SparkProps) {
  const points = values.flatMap((value, i) => (value === null ? [] : [[i, value] as const]))
  if (points.length < 2) return null
  const at = ([i, value]: readonly [number, number]) =>
    `${((i / (values.length - 1)) * 120).toFixed(1)},${(29 - ((value - least) / (most - least || 1)) * 28).toFixed(1)}`
  return (
    <svg class="spark" viewBox="0 0 120 30" preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline points={points.map(at).join(' ')} />
    </svg>
  )
}
