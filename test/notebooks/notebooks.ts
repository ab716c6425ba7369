/** The notebooks as files: their cells, and what each showed. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const notebooksFolder = fileURLToPath(new URL('../../notebooks', import.meta.url))
export const notebookNames = readdirSync(notebooksFolder)
  .filter(name => name.endsWith('.ipynb'))
  .sort()

export interface Output {
  readonly output_type: string
  readonly name?: string
  readonly text?: string | readonly string[]
  readonly data?: Readonly<Record<string, string | readonly string[]>>
}

export interface CodeCell {
  readonly cell_type: string
  readonly execution_count?: number | null
  readonly outputs: readonly Output[]
}

export function codeCells(path: string): CodeCell[] {
  const { cells } = JSON.parse(readFileSync(path, 'utf8')) as { cells: CodeCell[] }
  return cells.filter(cell => cell.cell_type === 'code')
}

export const committed = (name: string): CodeCell[] => codeCells(join(notebooksFolder, name))

/** What a cell said in words and figures; pictures depend on fonts. */
export function textOf({ outputs }: CodeCell): string[] {
  const joined = (text: string | readonly string[] = '') => (typeof text === 'string' ? text : text.join(''))
  return outputs.map(({ text, data }) => joined(text ?? data?.['text/plain'])).filter(text => text !== '')
}
