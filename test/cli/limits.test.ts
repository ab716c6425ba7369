/** `mycelia doctor` lists the bounds of every room. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { allLimits } from '../../src/cli/limits.js'
import { root } from '../world/child-program.js'

test('every object of limits in the sources is listed under its room, with every bound in it', async () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
  const listed = await allLimits()
  let found = 0
  for (const file of files) {
    for (const [, name = ''] of readFileSync(join(root, 'src', file), 'utf8').matchAll(/^export const (\w*[lL]imits) = \{/gm)) {
      const bounds = ((await import(join(root, 'src', file))) as Record<string, object>)[name]
      const [room = ''] = file.split(/[\\/]/)
      expect(listed[room], `${name} of ${file}`).toMatchObject(bounds ?? {})
      found++
    }
  }
  expect(found).toBeGreaterThan(15)
})
