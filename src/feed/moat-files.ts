/** The option `moats`: recorded moat streams, `<moat>/<stream>.csv` with the columns time,stream,value. */

import { relative, sep } from 'node:path'
import { OperatorError, unknownName } from '../core/index.js'
import { type Moat, type MoatSeries, moats, parseMoatCsv, type RejectCounts } from '../market/index.js'
import { listFiles, readText } from './read-text.js'

export interface MoatFile {
  readonly moat: Moat
  readonly path: string
  /** SHA-256 of the file as found, hex. */
  readonly sha256: string
  readonly rows: number
  readonly rejected: RejectCounts
}

export interface LoadedMoats {
  readonly series: readonly MoatSeries[]
  readonly files: readonly MoatFile[]
}

/** Reads every stream file of a folder. Unknown moats, wrong shapes and a folder without streams throw an `OperatorError`. */
export async function loadMoats(folder: string): Promise<LoadedMoats> {
  const series: MoatSeries[] = []
  const files: MoatFile[] = []
  for (const path of (await listFiles(folder)).filter(f => /\.csv(?:\.gz)?$/i.test(f))) {
    const { moat, stream } = place(folder, path)
    let text = ''
    const sha256 = await readText(path, piece => {
      text += piece
    })
    const parsed = parseMoatCsv(text, path, moat, stream)
    for (const found of parsed.series) series.push(unique(found, series, path))
    files.push({ moat, path, sha256, rows: parsed.rows, rejected: parsed.rejected })
  }
  if (files.length > 0) return { series, files }
  throw new OperatorError({
    what: folder,
    expected: 'stream files such as code/Python.csv',
    got: 'none',
    next: 'Check the path.',
  })
}

function place(folder: string, path: string): { moat: Moat; stream: string } {
  const parts = relative(folder, path).split(sep)
  const [moatName = '', file = ''] = parts
  if (parts.length !== 2) {
    throw new OperatorError({ what: path, expected: 'a stream file as <moat>/<stream>.csv', got: parts.join('/') })
  }
  const moat = moats.find(m => m === moatName)
  if (moat === undefined) throw unknownName('moat', moatName, moats)
  return { moat, stream: file.replace(/\.csv(?:\.gz)?$/i, '') }
}

function unique(found: MoatSeries, known: readonly MoatSeries[], path: string): MoatSeries {
  if (!known.some(s => s.moat === found.moat && s.stream === found.stream)) return found
  throw new OperatorError({ what: path, expected: `one file for ${found.moat}:${found.stream}`, got: 'a second one' })
}
