/**
 * What a power cut leaves of a run's files. A file keeps the bytes of its last fsync; a rename may be lost until its folder is
 * synced, or may come before the bytes of the file it renames; a new file has its name with its first fsync, as on ext4.
 */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import wealth from '../../scenarios/wealth.js'
import { readCheckpoint } from '../../src/storage/checkpoint-file.js'
import { writeAtomic } from '../../src/storage/files.js'
import { type RunResult, run } from '../../src/world/index.js'

interface File {
  /** Bytes of its last fsync; undefined before the first. */
  durable: Buffer | undefined
}

type Names = ReadonlyMap<string, File>

/** What the disk would hold after a cut now: names as far as they are certain, or all of them. */
const disk = vi.hoisted(() => {
  let folder: string | undefined
  let files = new Map<string, File>()
  let certain = new Map<string, File>()
  const open = new Map<number, string>()
  let onEvent = (): void => undefined
  return {
    files: (): Names => files,
    certain: (): Names => certain,
    /** Watches a folder from now on; `event` is called before every change of its files. */
    watch(path: string | undefined, event = (): void => undefined): void {
      folder = path
      files = new Map()
      certain = new Map()
      onEvent = event
    },
    wrapped<F extends object>(fs: F & typeof import('node:fs')): F {
      const own = (path: unknown) => folder !== undefined && String(path).startsWith(folder)
      return {
        ...fs,
        openSync(path: string, flags: string) {
          const fd = fs.openSync(path, flags)
          if (!own(path)) return fd
          onEvent()
          open.set(fd, path)
          if (!fs.fstatSync(fd).isDirectory() && !files.has(path)) files.set(path, { durable: undefined })
          return fd
        },
        closeSync(fd: number) {
          open.delete(fd)
          fs.closeSync(fd)
        },
        writeSync(fd: number, ...rest: [Uint8Array]) {
          if (open.has(fd)) onEvent()
          return fs.writeSync(fd, ...rest)
        },
        ftruncateSync(fd: number, length: number) {
          if (open.has(fd)) onEvent()
          fs.ftruncateSync(fd, length)
        },
        fsyncSync(fd: number) {
          fs.fsyncSync(fd)
          const path = open.get(fd)
          if (path === undefined) return
          onEvent()
          const file = files.get(path)
          if (file !== undefined) {
            if (file.durable === undefined) certain.set(path, file)
            file.durable = fs.readFileSync(path)
          } else {
            for (const name of [...certain.keys()].filter(name => name.startsWith(`${path}/`)))
              if (!files.has(name)) certain.delete(name)
            for (const [name, known] of files) if (name.startsWith(`${path}/`)) certain.set(name, known)
          }
        },
        renameSync(from: string, to: string) {
          if (own(to)) onEvent()
          fs.renameSync(from, to)
          const file = files.get(from)
          files.delete(from)
          if (own(to) && file !== undefined) files.set(to, file)
        },
        rmSync(path: string, options: object) {
          if (own(path)) onEvent()
          fs.rmSync(path, options)
          for (const name of [...files.keys()]) if (name === path || name.startsWith(`${path}/`)) files.delete(name)
        },
      }
    },
  }
})

vi.mock('node:fs', async original => disk.wrapped(await original<typeof import('node:fs')>()))

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), 'mycelia-cut-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

afterEach(() => disk.watch(undefined))

describe('a file that is replaced', () => {
  test.each([true, false])('C4: is the old one or the new one whole, and the new one once that is said (synced: %s)', sync => {
    const path = join(temporary(), 'file')
    const seen = new Set<string>()
    const look = () => {
      for (const names of [disk.files(), disk.certain()]) {
        const file = names.get(path)
        if (file !== undefined) seen.add(file.durable?.toString() ?? 'nothing')
      }
    }
    disk.watch(dirname(path), look)
    writeAtomic(path, 'old')
    seen.clear()
    writeAtomic(path, 'new', sync)
    look()
    // What nobody asked to be synced may be lost, and lost alone.
    expect([...seen].sort()).toEqual(sync ? ['new', 'old'] : ['nothing', 'old'])
    if (sync) for (const names of [disk.files(), disk.certain()]) expect(names.get(path)?.durable?.toString()).toBe('new')
  })
})

interface Image {
  readonly files: ReadonlyMap<string, Buffer>
  /** The newest checkpoint that had been acknowledged by then. */
  readonly acknowledged: number
}

const request = { scenario: wealth, params: { people: 12 }, steps: 40, seed: 3, checkpointEvery: 10 }
const same = ({ digest, outputs }: RunResult) => ({ digest, outputs })

/** Everything a power cut could have left at any instant of a run, each once. */
async function imagesOf(out: string): Promise<{ images: Image[]; whole: RunResult }> {
  const images = new Map<string, Image>()
  const acknowledged = () => {
    const names = [...disk.certain()].filter(([, { durable }]) => durable !== undefined).map(([name]) => basename(name))
    return Math.max(-1, ...names.map(name => Number(/^checkpoint-(\d+)\.bin$/.exec(name)?.[1] ?? -1)))
  }
  disk.watch(out, () => {
    for (const names of [disk.files(), disk.certain()]) {
      const files = new Map([...names].map(([name, { durable }]) => [relative(out, name), durable ?? Buffer.alloc(0)]))
      const key = [...files]
        .map(([name, bytes]) => `${name} ${bytes.toString('latin1')}`)
        .sort()
        .join()
      const image = { files, acknowledged: acknowledged() }
      const known = images.get(key)
      if (known === undefined || known.acknowledged < image.acknowledged) images.set(key, image)
    }
  })
  const whole = await run({ ...request, out })
  disk.watch(undefined)
  return { images: [...images.values()], whole }
}

function restored({ files }: Image): string {
  const out = join(temporary(), 'run')
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(out, name)), { recursive: true })
    writeFileSync(join(out, name), bytes)
  }
  return out
}

test('C4: after a cut at any instant a run goes on from its last acknowledged checkpoint or a later one, to the same tables', async () => {
  const { images, whole } = await imagesOf(join(temporary(), 'run'))
  const after = images.filter(({ acknowledged }) => acknowledged >= 0)
  expect(new Set(after.map(({ acknowledged }) => acknowledged)).size).toBeGreaterThan(3)
  expect(after.length).toBeGreaterThan(20)
  for (const image of after) {
    const out = restored(image)
    const names = readdirSync(out).join()
    expect(readCheckpoint(out).step, names).toBeGreaterThanOrEqual(image.acknowledged)
    expect(same(await run({ scenario: wealth, resume: out })), names).toEqual(same(whole))
  }
})
