/** The notebooks as they are in the repository: run from top to bottom, with their pictures. */

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { committed, notebookNames, textOf } from './notebooks.js'

describe.each(notebookNames)('%s', name => {
  const cells = committed(name)

  it('holds what each cell showed when it was run from top to bottom, and no error', () => {
    expect(cells.map(cell => cell.execution_count)).toEqual(cells.map((_, i) => i + 1))
    expect(cells.filter(cell => cell.outputs.length === 0)).toEqual([])
    expect(
      cells.flatMap(cell => cell.outputs).filter(output => output.output_type === 'error' || output.name === 'stderr'),
    ).toEqual([])
  })

  // pandas writes what is missing so.
  if (!name.endsWith('pandas.ipynb'))
    it('shows no figure that is none', () => {
      expect(cells.flatMap(textOf).filter(text => /\bNaN\b|\bundefined\b/.test(text))).toEqual([])
    })

  it('holds pictures, and ends with a sentence that says what was learnt', () => {
    const shown = cells.flatMap(({ outputs }) => outputs.map(({ data = {} }) => Object.entries(data).map(String).join()))
    expect(shown.filter(text => /<img alt|image\/png/.test(text)).length).toBeGreaterThanOrEqual(1)
    expect(cells.map(textOf).at(-1)?.join('')).toMatch(/^What was learnt: \S.+\.\s*$/s)
  })
})

it('a notebook that is not there is answered with those that are', () => {
  const script = fileURLToPath(new URL('../../scripts/notebooks.mjs', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, '--execute', 'nine'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toBe(`No notebook begins with "nine". There are: ${notebookNames.join(', ')}.\n`)
})
