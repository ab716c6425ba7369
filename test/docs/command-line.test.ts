/** docs/command-line.md is what the program's own description makes of it. */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { commandLine } from '../../src/cli/command-line.js'
import { root, textOf } from './pages.js'

it('docs/command-line.md is up to date (npm run pages writes it again)', async () => {
  const maker: { commandLinePage(of: typeof commandLine): string } = await import(
    pathToFileURL(join(root, 'scripts/lib/docs/command-line.mjs')).href
  )
  expect(textOf('docs/command-line.md')).toBe(maker.commandLinePage(commandLine))
})
