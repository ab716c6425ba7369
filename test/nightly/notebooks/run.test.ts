/** Every notebook runs from top to bottom, as `npm run notebooks -- --execute` runs it, and says again what it says in the repository. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { programOf } from '../../../scripts/lib/extras.mjs'
import { needsBuild } from '../../cli/mycelia.js'
import { codeCells, committed, notebookNames, textOf } from '../../notebooks/notebooks.js'

beforeEach(ctx => needsBuild(ctx))

const script = fileURLToPath(new URL('../../../scripts/notebooks.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mycelia-notebooks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The live one follows the clock of the wall; the real candles are not on every machine. */
const same = (name: string) => !name.startsWith('6') && (!name.startsWith('3') || process.env.MYCELIA_SHARED !== undefined)

describe('notebooks', () => {
  it.for(notebookNames)('%s', { timeout: 15 * 60_000 }, async (name, ctx) => {
    for (const program of ['jupyter', 'deno'])
      if (programOf(program) === undefined) return ctx.skip(`no ${program} on this machine`)
    const running = spawn(process.execPath, [script, '--execute', '--out', folder, name])
    let said = ''
    for (const stream of [running.stdout, running.stderr]) stream.on('data', chunk => (said += chunk))
    const [code] = await once(running, 'exit')
    expect(code, said).toBe(0)
    const cells = codeCells(join(folder, name))
    expect(textOf(cells.at(-1) as (typeof cells)[number]).join('')).toMatch(/^What was learnt: /)
    if (same(name)) expect(cells.map(textOf)).toEqual(committed(name).map(textOf))
  })
})
