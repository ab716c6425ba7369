/** `<table>.chain.json`: the marks of a chain, beside the rows. Its head is in the manifest, so that one file cannot vouch for itself. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../core/index.js'
import type { Marks } from './chain-marks.js'
import { CorruptFile, withRetry } from './errors.js'
import { writeAtomic } from './files.js'
import type { RowChain } from './row-chain.js'

const chainFile = z.strictObject({
  /** A mark each so many steps that have rows. */
  every: z.number().int().positive(),
  /** Steps and rows, each as what it adds to the one before: that is shorter. */
  steps: z.array(z.number().int()),
  rows: z.array(z.number().int().nonnegative()),
  /** The first four bytes of each link, as hex without space between. */
  links: z.string().regex(/^([0-9a-f]{8})*$/),
})

/** Writes the marks of a table's chain; returns the path. */
export function writeChain(run: string, table: string, chain: RowChain): string {
  chain.end()
  const { every, steps, rows, links } = chain.marks.save()
  const path = chainPath(run, table)
  const content: z.infer<typeof chainFile> = {
    every,
    steps: steps.map(added),
    rows: rows.map(added),
    links: links.map(hex).join(''),
  }
  writeAtomic(path, `${JSON.stringify(content)}\n`)
  return path
}

/** The marks of a table's chain; undefined where the run has none. */
export function readChain(run: string, table: string): Marks | undefined {
  const path = chainPath(run, table)
  if (!existsSync(path)) return undefined
  const text = withRetry(path, 'reading', 0, () => {
    fault('storage.read')
    return readFileSync(path, 'utf8')
  })
  const read = chainFile.safeParse(parsed(text))
  const links = (read.data?.links.match(/.{8}/g) ?? []).map(text => Number.parseInt(text, 16))
  if (!read.success || read.data.steps.length !== links.length || read.data.rows.length !== links.length)
    throw new CorruptFile(path, { what: `reading ${path}`, expected: 'the marks of a chain', got: 'something else' })
  const { every, steps, rows } = read.data
  return { every, steps: sums(steps), rows: sums(rows), links }
}

function chainPath(run: string, table: string): string {
  return join(run, `${table}.chain.json`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function hex(link: number): string {
  return link.toString(16).padStart(8, '0')
}

function added(value: number, i: number, all: readonly number[]): number {
  return value - (all[i - 1] ?? 0)
}

function sums(deltas: readonly number[]): number[] {
  let sum = 0
  return deltas.map(delta => {
    sum += delta
    return sum
  })
}
