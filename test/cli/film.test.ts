/** `mycelia film`: a run as pictures that can be read again, and one clear sentence where that cannot be. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { simulate } from 'mycelia'
import { afterAll, expect, it } from 'vitest'
import schelling from '../../scenarios/models/schelling.js'
import { loadGifenc } from '../../src/cli/film/load.js'
import { command } from './in-process.js'

const folder = mkdtempSync(join(tmpdir(), 'mycelia-film-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const film = (...args: string[]) => command(['film', ...args], folder)

/** Pictures of a GIF: each begins with its graphic control extension. */
function picturesIn(bytes: Buffer): number {
  let pictures = 0
  for (
    let at = bytes.indexOf('\u0021\u00f9\u0004', 0, 'latin1');
    at >= 0;
    at = bytes.indexOf('\u0021\u00f9\u0004', at + 1, 'latin1')
  )
    pictures++
  return pictures
}

it('writes a GIF with a picture of the start and one every so many steps, and leaves the run as it is', async () => {
  const told = await film('schelling', '--steps', '10', '--every', '3', '--size', '80', '--out', 'town.gif', '--json')
  const sim = simulate(schelling, { seed: 1 })
  sim.run({ steps: 10 })
  expect(JSON.parse(told.stdout)).toMatchObject({ pictures: 5, width: 80, height: 80, digest: sim.digest })
  const bytes = readFileSync(join(folder, 'town.gif'))
  expect(bytes.subarray(0, 6).toString()).toBe('GIF89a')
  expect(picturesIn(bytes)).toBe(5)
})

it('writes in a PNG the last step, each agent in the colour of its view', async () => {
  await film('schelling', '--steps', '4', '--size', '160', '--out', 'town.png')
  const sim = simulate(schelling, { seed: 1 })
  sim.run({ steps: 4 })
  const { grid } = sim.model
  const picture = decode(readFileSync(join(folder, 'town.png')))
  expect([picture.width, picture.height]).toEqual([160, 160])
  for (const resident of sim.model.residents) {
    const cell = grid.cellOf(resident)
    const at = 4 * ((4 * grid.yOf(cell) + 2) * 160 + 4 * grid.xOf(cell) + 2)
    const colors = [
      [0xd1, 0x49, 0x5b],
      [0x30, 0x63, 0x8e],
    ]
    expect([...picture.data.slice(at, at + 3)]).toEqual(colors[resident.group])
  }
})

it('says which endings and layers there are, and leaves no file', async () => {
  const ending = await film('schelling', '--out', 'town.avi')
  expect(ending.code).not.toBe(0)
  expect(ending.stderr).toContain('.gif, .png or .webm')
  const layer = await film('sugarscape', '--steps', '2', '--layer', 'salt', '--out', 'salt.gif')
  expect(layer.stderr).toContain('one of sugar, or none')
  expect([existsSync(join(folder, 'town.avi')), existsSync(join(folder, 'salt.gif'))]).toEqual([false, false])
})

it('says in one sentence that gifenc or ffmpeg is not there', async () => {
  await expect(loadGifenc(() => Promise.reject(new Error('not found')))).rejects.toThrow(
    'needs the package gifenc, which is not installed',
  )
  const without = await command(['film', 'schelling', '--steps', '2', '--out', 'town.webm'], folder, { PATH: folder })
  expect(without.stderr).toContain('needs the program ffmpeg, which was not found')
  expect(existsSync(join(folder, 'town.webm'))).toBe(false)
})
