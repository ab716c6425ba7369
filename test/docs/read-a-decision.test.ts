/** docs/how-to/read-a-decision.md is true: its codes are those of the code, and its worked example is what the command says. */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import * as trading from '../../src/trading/index.js'
import { command } from '../cli/in-process.js'
import { temporaryFolder } from '../packaging/npm.js'
import { blocksOf, root, textOf } from './pages.js'

const page = 'docs/how-to/read-a-decision.md'

it('lists every reason code (npm run pages writes the tables again)', async () => {
  const maker: { withReasonCodes(page: string, of: typeof trading): string } = await import(
    pathToFileURL(join(root, 'scripts/lib/docs/reason-codes.mjs')).href
  )
  expect(textOf(page)).toBe(maker.withReasonCodes(textOf(page), trading))
})

it('shows what its commands say', async () => {
  const [commands] = blocksOf(page).filter(({ language }) => language === 'sh')
  const [shown] = blocksOf(page).filter(({ language }) => language === 'text')
  const [run = '', explain = ''] = commands?.text.split('\n') ?? []
  const folder = temporaryFolder('decision')
  const said = async (line: string) => command(line.split(' ').slice(1), folder)
  expect((await said(`${run} --quiet`)).code).toBe(0)
  expect((await said(explain)).stdout.trimEnd()).toBe(shown?.text)
}, 60_000)
