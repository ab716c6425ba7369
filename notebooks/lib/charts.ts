/** Charts of a table as Vega-Lite specifications, one call a kind. Fields are columns; their types are read off the rows. */

import { type Axis, axis, colorOf, type Specification } from './axes.js'
import { faded, hovered, pick, zoom } from './pointer.js'
import type { Row } from './query.js'

/** A chart of rows: made by one of these functions, or any Vega-Lite specification as it is. */
export type Chart = Specification | ((rows: readonly Row[]) => Specification)

export interface AxisOptions {
  readonly xTitle?: string
  readonly yTitle?: string
  /** D3's format of numbers, e.g. `%` or `.2f`. */
  readonly xFormat?: string
  readonly yFormat?: string
}

interface LogOptions extends AxisOptions {
  readonly xLog?: boolean
  readonly yLog?: boolean
}

export interface LineOptions extends LogOptions {
  /** The column that tells the lines apart, where `y` is one column. */
  readonly color?: string
  /** Columns of the lower and the upper end of a band around the line. */
  readonly band?: readonly [string, string]
  /** Dots at the rows. */
  readonly dots?: boolean
}

export interface PointOptions extends LogOptions {
  readonly color?: string
  /** Columns that a point's tooltip shows besides. */
  readonly tooltip?: readonly string[]
  /** Columns of the ends of an interval of y. */
  readonly interval?: readonly [string, string]
}

export interface BarOptions extends Omit<LogOptions, 'xFormat' | 'xLog'> {
  readonly color?: string
}

export interface HistogramOptions extends Omit<AxisOptions, 'yFormat'> {
  readonly color?: string
  /** Values marked by a line across. */
  readonly at?: Readonly<Record<string, number>>
}

export interface HeatmapOptions extends AxisOptions {
  /** The value that is drawn without colour; both sides of it have their own. */
  readonly middle?: number
  /** Of the figure in each cell. */
  readonly format?: string
}

function xOf({ xTitle, xLog, xFormat }: LogOptions): Axis {
  return { ...(xTitle !== undefined && { title: xTitle }), log: xLog, format: xFormat }
}

function yOf({ yTitle, yLog, yFormat }: LogOptions): Axis {
  return { ...(yTitle !== undefined && { title: yTitle }), log: yLog, format: yFormat }
}

/** Lines over x: one of each column `y`, or of each value of `color`. */
export function line(x: string, y: string | readonly string[], options: LineOptions = {}): Chart {
  return rows => {
    const several = typeof y !== 'string'
    const [value, series] = several ? ['value', 'series'] : [y, options.color]
    const xs = axis(rows, x, xOf(options))
    const ys = { ...axis(rows, several ? (y[0] ?? '') : y, { title: value, ...yOf(options) }), field: value }
    return {
      ...(several && { transform: [{ fold: y, as: ['series', 'value'] }] }),
      encoding: { x: xs, ...(series !== undefined && { color: colorOf(series, several) }) },
      layer: [
        ...(options.band === undefined
          ? []
          : [
              {
                mark: { type: 'area', opacity: 0.2 },
                encoding: { y: { ...ys, field: options.band[0] }, y2: { field: options.band[1] } },
              },
            ]),
        {
          mark: { type: 'line', strokeWidth: 1.6, point: options.dots === true },
          params: [zoom, ...pick(series)],
          encoding: { y: ys, ...faded(series) },
        },
        hovered(ys, [xs, ys, ...(series === undefined ? [] : [{ field: series, type: 'nominal' }])]),
      ],
    }
  }
}

/** Points of two columns, each with the interval of y where columns of its ends are named. */
export function points(x: string, y: string, options: PointOptions = {}): Chart {
  return rows => {
    const xs = axis(rows, x, xOf(options))
    const ys = axis(rows, y, yOf(options))
    const { color, tooltip = [], interval } = options
    const told = [xs, ys, ...[...(color === undefined ? [] : [color]), ...tooltip].map(field => axis(rows, field))]
    return {
      encoding: { x: xs, ...(color !== undefined && { color: colorOf(color) }) },
      layer: [
        ...(interval === undefined
          ? []
          : [
              {
                mark: { type: 'rule', strokeWidth: 1.5 },
                encoding: { y: { ...ys, field: interval[0] }, y2: { field: interval[1] } },
              },
            ]),
        {
          mark: { type: 'point', filled: true, size: 45 },
          params: [zoom, ...pick(color)],
          encoding: { y: ys, tooltip: told, ...faded(color) },
        },
      ],
    }
  }
}

/** A bar a row: y over x. */
export function bars(x: string, y: string, options: BarOptions = {}): Chart {
  return rows => {
    const xs = { ...axis(rows, x, xOf(options)), type: 'nominal', sort: null }
    const ys = axis(rows, y, yOf(options))
    const { color, yLog = false } = options
    return {
      mark: { type: 'bar' },
      params: pick(color),
      encoding: {
        x: { ...xs, axis: { labelAngle: rows.length > 8 ? -30 : 0, labelLimit: 240 } },
        y: yLog ? { ...ys, scale: { type: 'log', domainMin: below(rows, y) }, stack: null } : { ...ys, scale: { zero: true } },
        ...(yLog && { y2: { datum: below(rows, y) } }),
        ...(color !== undefined && { color: colorOf(color), xOffset: { field: color } }),
        tooltip: [xs, ys, ...(color === undefined ? [] : [axis(rows, color)])],
        ...faded(color),
      },
    }
  }
}

/** Where bars on a logarithmic axis begin: half of the smallest. */
function below(rows: readonly Row[], field: string): number {
  return Math.min(...rows.map(row => Number(row[field])).filter(value => value > 0)) / 2
}

/** How often a column's values fall into each of equal bins. */
export function histogram(x: string, options: HistogramOptions = {}): Chart {
  return rows => {
    const { color, at = {} } = options
    const xs = axis(rows, x, xOf(options))
    const marks = Object.entries(at).map(([name, value]) => ({ name, value }))
    return {
      layer: [
        {
          mark: { type: 'bar' },
          params: pick(color),
          encoding: {
            x: { ...xs, bin: { maxbins: 50 } },
            y: { aggregate: 'count', title: options.yTitle ?? 'number', stack: null },
            ...(color !== undefined && { color: colorOf(color) }),
            tooltip: [
              { ...xs, bin: { maxbins: 50 } },
              { aggregate: 'count', title: 'number' },
            ],
            ...faded(color, 0.5),
          },
        },
        ...(marks.length === 0 ? [] : [{ data: { values: marks }, layer: marked }]),
      ],
    }
  }
}

const marked = [
  { mark: { type: 'rule', strokeWidth: 2, strokeDash: [5, 3] }, encoding: { x: { field: 'value', type: 'quantitative' } } },
  {
    mark: { type: 'text', align: 'left', dx: 4, baseline: 'top', fontWeight: 'bold' },
    encoding: { x: { field: 'value', type: 'quantitative' }, y: { value: 2 }, text: { field: 'name' } },
  },
]

/** A map: the colour of each cell is the value at x and y. */
export function heatmap(x: string, y: string, value: string, options: HeatmapOptions = {}): Chart {
  return rows => {
    const values = rows.map(row => row[value]).filter(cell => typeof cell === 'number')
    const { middle, format = '.2~f' } = options
    const xs = { ...axis(rows, x, xOf(options)), type: 'ordinal', axis: { labelAngle: 0, format: options.xFormat } }
    const ys = {
      ...axis(rows, y, yOf(options)),
      type: 'ordinal',
      sort: 'descending',
      axis: { format: options.yFormat },
    }
    const reach = middle === undefined ? 0 : Math.max(...values.map(v => Math.abs(v - middle)))
    const scale =
      middle === undefined
        ? { scheme: 'blues' }
        : { scheme: 'redblue', domain: [middle - reach, middle + reach], domainMid: middle }
    const { dark, light } = darkness(values, middle, reach)
    return {
      encoding: { x: xs, y: ys },
      layer: [
        {
          mark: { type: 'rect' },
          encoding: {
            color: { field: value, type: 'quantitative', scale, legend: { format } },
            tooltip: [xs, ys, { field: value, type: 'quantitative', format }].map(({ ...field }) => ({
              ...field,
              axis: undefined,
              sort: undefined,
            })),
          },
        },
        {
          mark: { type: 'text' },
          encoding: {
            text: { field: value, type: 'quantitative', format },
            color: {
              condition: {
                test: `datum[${JSON.stringify(value)}] > ${dark} || datum[${JSON.stringify(value)}] < ${light}`,
                value: 'white',
              },
              value: '#222',
            },
          },
        },
      ],
    }
  }
}

/** Beyond which values a cell is dark, so that its figure is written in white. */
function darkness(values: readonly number[], middle: number | undefined, reach: number): { dark: number; light: number } {
  if (middle !== undefined) return { dark: middle + 0.6 * reach, light: middle - 0.6 * reach }
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return { dark: least + 0.6 * (most - least), light: least - 1 }
}

/** Candles: rows of `time`, `open`, `high`, `low` and `close`. */
export function candles({ yTitle = 'price' }: Pick<AxisOptions, 'yTitle'> = {}): Chart {
  return rows => {
    const xs = axis(rows, 'time')
    const ys = { ...axis(rows, 'low', { title: yTitle }), scale: { zero: false } }
    const told = ['time', 'open', 'high', 'low', 'close'].map(field => axis(rows, field))
    return {
      encoding: {
        x: xs,
        color: { condition: { test: 'datum.close >= datum.open', value: '#00798c' }, value: '#d1495b' },
        tooltip: told,
      },
      layer: [
        { mark: 'rule', params: [zoom], encoding: { y: ys, y2: { field: 'high' } } },
        {
          mark: { type: 'bar', size: Math.max(1, Math.min(8, 500 / rows.length)) },
          encoding: { y: { ...ys, field: 'open' }, y2: { field: 'close' } },
        },
      ],
    }
  }
}

/** The specification of a chart for these rows. */
export function specificationOf(chart: Chart, rows: readonly Row[]): Specification {
  return typeof chart === 'function' ? chart(rows) : chart
}
