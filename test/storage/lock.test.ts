/** The lock of a run directory: one living holder, whoever died before, however many come at once. */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { FileInUse, lockFile, releaseThread } from '../../src/storage/index.js'
import { temporary } from './support.js'

/** A program of this package's sources, as one text. */
async function program(source: string): Promise<string> {
  const resolveDir = fileURLToPath(new URL('../../', import.meta.url))
  const stdin = { contents: source, resolveDir, loader: 'ts' as const }
  const { outputFiles } = await build({ stdin, bundle: true, write: false, platform: 'node', format: 'cjs' })
  return outputFiles[0]?.text ?? ''
}

/** The name of a claim, with some of its parts changed: host, space, pid, start, thread, number. */
function claimLike(folder: string, change: (parts: string[]) => string[]): string {
  const lock = lockFile(join(folder, 'run'))
  const [name = ''] = readdirSync(folder)
  lock.release()
  const [head = '', ...parts] = name.split('-')
  const file = join(folder, [head, ...change(parts)].join('-'))
  writeFileSync(file, '')
  return file
}

test('a second holder is refused and told the pid; when the first lets go, nothing is left of it', () => {
  const folder = temporary()
  const lock = lockFile(join(folder, 'run'))
  expect(() => lockFile(join(folder, 'run'))).toThrow(FileInUse)
  expect(() => lockFile(join(folder, 'run'))).toThrow(`process ${process.pid}, which has it open`)
  lock.release()
  lockFile(join(folder, 'run')).release()
  expect(readdirSync(folder)).toEqual([])
})

test.each([
  ['of a process that is gone', (parts: string[]) => parts.with(2, '4194303')],
  ['of a process whose pid another one has since', (parts: string[]) => parts.with(3, '17')],
  ['from before a reboot, or of a container that is gone', (parts: string[]) => parts.with(1, '00000000')],
])('a claim %s is removed', (_, change) => {
  const folder = temporary()
  claimLike(folder, change)
  lockFile(join(folder, 'run')).release()
  expect(readdirSync(folder)).toEqual([])
})

test('a claim of another machine is left alone, for it may live there', () => {
  const folder = temporary()
  const file = claimLike(folder, parts => parts.with(0, '00000000'))
  expect(() => lockFile(join(folder, 'run'))).toThrow('of another machine, which has it open')
  expect(() => lockFile(join(folder, 'run'))).toThrow(`If it is gone, remove ${file}.`)
})

test('what a thread held that was ended from outside is released for it, and nothing of another thread', () => {
  const folder = temporary()
  claimLike(folder, parts => parts.with(4, '7'))
  releaseThread(folder, 8)
  expect(() => lockFile(join(folder, 'run'))).toThrow(FileInUse)
  releaseThread(folder, 7)
  lockFile(join(folder, 'run')).release()
})

test('of many threads that clear up after a dead process at once, never two hold the lock', { timeout: 30_000 }, async () => {
  const folder = temporary()
  const source = `
    import { parentPort, workerData } from 'node:worker_threads'
    import { lockFile } from './src/storage/lock.js'
    const inside = new Int32Array(workerData.inside)
    let [held, most] = [0, 0]
    for (let n = 0; n < 60; n++) {
      try {
        const lock = lockFile(workerData.path)
        most = Math.max(most, Atomics.add(inside, 0, 1) + 1)
        held++
        Atomics.sub(inside, 0, 1)
        lock.release()
      } catch {}
    }
    parentPort.postMessage({ held, most })
  `
  const code = await program(source)
  const inside = new SharedArrayBuffer(4)
  claimLike(folder, parts => parts.with(2, '4194303'))
  const ends = await Promise.all(
    Array.from({ length: 4 }, () => {
      const worker = new Worker(code, { eval: true, workerData: { inside, path: join(folder, 'run') } })
      return new Promise<{ held: number; most: number }>((resolve, reject) => worker.on('message', resolve).on('error', reject))
    }),
  )
  expect(Math.max(...ends.map(({ most }) => most))).toBe(1)
  expect(ends.reduce((sum, { held }) => sum + held, 0)).toBeGreaterThan(0)
  expect(readdirSync(folder)).toEqual([])
})
