import { expect, test } from 'vitest'
import { fitted, panned, zoomed } from '../../viz/draw/camera.js'
import { cssOf, parseColor, pixel, plainColor } from '../../viz/draw/color.js'
import { colorTable, shade } from '../../viz/draw/color-scale.js'
import { cellAt, cellX, cellY } from '../../viz/draw/places.js'
import { Raster } from '../../viz/draw/raster.js'
import { Sprites } from '../../viz/draw/sprite.js'

const red = pixel(255, 0, 0)
const white = pixel(255, 255, 255)

test('colours are read as browsers write them, and a word that only a browser knows is none', () => {
  expect(parseColor('#f00')).toBe(red)
  expect(parseColor('#FF0000')).toBe(red)
  expect(parseColor('rgb(255, 0, 0)')).toBe(red)
  expect(parseColor('rgb(100% 0% 0% / 50%)')).toBe(pixel(255, 0, 0, 128))
  expect(parseColor('tomato')).toBeUndefined()
  expect(parseColor('"><script>')).toBeUndefined()
  expect(cssOf(pixel(1, 2, 3))).toBe('rgb(1,2,3)')
})

test('a layer has its first colour at its least value, its last at its most, beyond them too, and blank where there is no number', () => {
  const table = colorTable(['#ffffff', '#ff0000'], plainColor)
  const colors = new Uint32Array(5)
  shade([0, 4, -9, 99, Number.NaN], 0, 4, table, 7, colors)
  expect([...colors]).toEqual([white, red, white, red, 7])
})

test('a layer without colours of its own is as bright as its values are high', () => {
  const bright = [...colorTable([], plainColor)].map(c => 0.21 * (c & 255) + 0.72 * ((c >> 8) & 255) + 0.07 * ((c >> 16) & 255))
  for (let i = 1; i < bright.length; i++) expect(bright[i]).toBeGreaterThanOrEqual((bright[i - 1] as number) - 1)
})

test('shapes stay within the picture, wherever they are stamped', () => {
  const raster = new Raster(10, 6)
  const sprite = new Sprites().of('circle', 5, 0)
  for (const [x, y] of [
    [-40, 3],
    [0, 0],
    [9, 5],
    [40, 3],
    [5, -40],
    [5, 40],
  ] as const)
    raster.stamp(sprite, x, y, red)
  raster.rect(-5, -5, 2, 2, red)
  raster.line(-30, -30, 60, 40, red, 255)
  expect(raster.pixels[0]).toBe(red)
})

test('what is stamped beside the picture leaves nothing in it, and what hangs over an edge does not come in at the other', () => {
  const sprite = new Sprites().of('circle', 5, 0)
  const stamped = (x: number, y: number) => {
    const raster = new Raster(10, 6)
    raster.stamp(sprite, x, y, red)
    return raster.pixels
  }
  for (const [x, y] of [
    [-40, 3],
    [40, 3],
    [5, -40],
    [5, 40],
  ] as const)
    expect([...stamped(x, y)]).toEqual(Array(60).fill(0))
  expect([0, 1, 2, 3, 4, 5].map(y => stamped(9, 3)[10 * y])).toEqual(Array(6).fill(0))
})

test('an arrow points where its angle does', () => {
  const raster = new Raster(41, 41)
  const weightAt = (angle: number) => {
    raster.fill(white)
    raster.stamp(new Sprites().of('arrow', 31, angle), 20.5, 20.5, red)
    const painted = [...raster.pixels.keys()].filter(i => raster.pixels[i] !== white)
    const farthest = painted
      .map(i => ({ x: (i % 41) - 20, y: Math.floor(i / 41) - 20 }))
      .sort((a, b) => b.x ** 2 + b.y ** 2 - (a.x ** 2 + a.y ** 2))
    return farthest
  }
  // The tail's two corners lie farther out than the tip, so the tip is told by the narrow side.
  const right = weightAt(0)
  expect(right.filter(({ x }) => x > 12).length).toBeLessThan(right.filter(({ x }) => x < -12).length)
  const down = weightAt(Math.PI / 2)
  expect(down.filter(({ y }) => y > 12).length).toBeLessThan(down.filter(({ y }) => y < -12).length)
})

test('sprites are made once for each shape, size and angle, and their memory is bounded', () => {
  const sprites = new Sprites()
  expect(sprites.of('circle', 9.2, 0)).toBe(sprites.of('circle', 8.9, 1))
  expect(sprites.of('arrow', 9, 0)).not.toBe(sprites.of('arrow', 9, 1))
  for (let size = 1; size < 400; size++) sprites.of('square', size, 0)
  expect(sprites.cleared).toBeGreaterThan(0)
})

test('a world that is fitted lies in the middle, and a zoom leaves the point under the pointer where it is', () => {
  const camera = fitted({ width: 40, height: 20 }, 820, 420, 10)
  expect(camera).toEqual({ scale: 20, x: 10, y: 10 })
  const near = zoomed(camera, 3, 210, 110, 1, 1_000)
  expect((210 - near.x) / near.scale).toBeCloseTo((210 - camera.x) / camera.scale)
  expect(zoomed(camera, 1e9, 0, 0, 1, 500).scale).toBe(500)
  const away = panned(camera, 1e6, -1e6, { width: 40, height: 20 }, 820, 420)
  expect(away.x).toBeLessThan(820)
  expect(away.y + 20 * away.scale).toBeGreaterThan(0)
})

test.each(['square', 'hex'] as const)('each cell of a %s grid is found where it is drawn', kind => {
  const space = { kind, width: 7, height: 5 }
  for (let cell = 0; cell < 35; cell++) expect(cellAt(space, cellX(space, cell), cellY(space, cell))).toBe(cell)
  expect(cellAt(space, -0.6, 0.5)).toBeUndefined()
  expect(cellAt(space, 3, 40)).toBeUndefined()
})
