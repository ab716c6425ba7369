/** Loads the packages that write pictures. They are optional: only films need them. */

import { OperatorError } from '../../core/index.js'

/** The part of gifenc that is used; it comes without types. */
export interface Gifenc {
  GIFEncoder(): GifEncoder
  quantize(rgba: Uint8Array, colors: number): number[][]
  applyPalette(rgba: Uint8Array, palette: number[][]): Uint8Array
}

export interface GifEncoder {
  writeFrame(
    index: Uint8Array,
    width: number,
    height: number,
    options: { palette?: number[][]; delay: number; transparent: boolean; transparentIndex: number; dispose: number },
  ): void
  finish(): void
  bytes(): Uint8Array
}

export interface FastPng {
  encode(image: { width: number; height: number; data: Uint8Array; channels: 4 }): Uint8Array
}

/** A module of CommonJS has what it exports in `default`. */
export async function loadGifenc(load: () => Promise<unknown> = () => import('gifenc')): Promise<Gifenc> {
  const loaded = (await packageNamed(load, 'gifenc', '.gif')) as Gifenc & { default?: Gifenc }
  return loaded.default?.GIFEncoder === undefined ? loaded : loaded.default
}

export async function loadFastPng(load: () => Promise<unknown> = () => import('fast-png')): Promise<FastPng> {
  return (await packageNamed(load, 'fast-png', '.png')) as FastPng
}

async function packageNamed(load: () => Promise<unknown>, name: string, ending: string): Promise<unknown> {
  try {
    return await load()
  } catch (cause) {
    throw new OperatorError(
      {
        what: `a film in a ${ending} file needs the package ${name}, which is not installed`,
        next: `Install it: npm install ${name}`,
      },
      { cause },
    )
  }
}
