/** Parses the texts of the options of sweeps: values to vary, a precision, a shard, a file of points. */

import { OperatorError } from '../core/index.js'
import type { Dimension, Point, Precision, Shard } from '../experiment/index.js'
import { readable, yaml } from './options.js'

/** One of a few words. */
export function oneOf<T extends string>(option: string, words: readonly T[]): (text: string) => T {
  return text => {
    const found = words.find(word => word === text)
    if (found !== undefined) return found
    throw new OperatorError({ what: option, expected: words.join(', '), got: text })
  }
}

/** `name=a:b:n`, `name=a:b` or `name=v1,v2`, collected over repetitions. */
export function variations(option: string): (text: string, before?: Record<string, Dimension>) => Record<string, Dimension> {
  return (text, before = {}) => {
    const [, name = '', values = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? []
    if (name === '')
      throw new OperatorError({ what: option, expected: 'name=values', got: text, next: `Try ${option} people=50,100,500.` })
    return { ...before, [name.trim()]: dimension(`${option} ${name}`, values) }
  }
}

const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`
const interval = new RegExp(`^(${number}):(${number})(?::(\\d+))?$`)

function dimension(what: string, text: string): Dimension {
  const [, from, to, n] = interval.exec(text) ?? []
  if (from !== undefined) return { from: Number(from), to: Number(to), ...(n !== undefined && { n: Number(n) }) }
  return yaml(what, `[${text}]`) as unknown[]
}

/** `gini=0.01`, or `gini=2%` of the mean. */
export function precision(option: string): (text: string) => Precision {
  return text => {
    const [, column, width, percent] = /^([^=]+)=(\d+\.?\d*|\.\d+)(%?)$/.exec(text) ?? []
    if (column === undefined)
      throw new OperatorError({ what: option, expected: 'column=width', got: text, next: `Try ${option} gini=2%.` })
    return percent === '%' ? { column, halfWidth: Number(width) / 100, isRelative: true } : { column, halfWidth: Number(width) }
  }
}

/** `2/8`. */
export function shard(option: string): (text: string) => Shard {
  return text => {
    const [, part, of] = /^(\d+)\/(\d+)$/.exec(text) ?? []
    if (part !== undefined) return { part: Number(part), of: Number(of) }
    throw new OperatorError({ what: option, expected: 'a part of all, counted from 1', got: text, next: `Try ${option} 2/8.` })
  }
}

/** The points of a file: a column a parameter, a row a point, values as YAML. */
export function pointsIn(option: string, path: string): Point[] {
  const [head = [], ...rows] = csvRows(readable(option, path))
  return rows.map((cells, i) => {
    if (cells.length === head.length)
      return Object.fromEntries(head.map((name, k) => [name, yaml(`${path}, point ${i + 1}, ${name}`, cells[k] ?? '')]))
    throw new OperatorError({ what: `point ${i + 1} of ${path}`, expected: `${head.length} values`, got: cells.length })
  })
}

/** Cells of comma-separated text by RFC 4180; lines without anything are left out. */
function csvRows(text: string): string[][] {
  const rows: string[][] = []
  let cells: string[] = []
  for (const [, quoted, plain = '', end] of text
    .replace(/^\uFEFF/, '')
    .matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    cells.push(quoted?.replaceAll('""', '"') ?? plain.trim())
    if (end === ',') continue
    if (cells.some(cell => cell !== '')) rows.push(cells)
    cells = []
  }
  return rows
}
