/** A WebM, which ffmpeg encodes picture by picture while the run goes on. */

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, rmSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { OperatorError } from '../../core/index.js'
import type { Picture } from './painter.js'

export class WebmWriter {
  private readonly part: string
  private encoder: ChildProcessByStdio<Writable, null, Readable> | undefined
  private ended: Promise<void> | undefined
  private said = ''

  constructor(
    private readonly path: string,
    private readonly rate: number,
  ) {
    this.part = `${path}.part.webm`
  }

  async add({ width, height, rgba }: Picture): Promise<void> {
    this.encoder ??= this.start(width, height)
    const { stdin } = this.encoder
    if (!stdin.write(rgba)) await Promise.race([once(stdin, 'drain'), this.ended])
  }

  async finish(): Promise<void> {
    this.encoder?.stdin.end()
    await this.ended
    renameSync(this.part, this.path)
  }

  abandon(): void {
    this.encoder?.kill('SIGKILL')
    rmSync(this.part, { force: true })
  }

  private start(width: number, height: number): ChildProcessByStdio<Writable, null, Readable> {
    const input = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${width}x${height}`, '-r', String(this.rate), '-i', '-']
    const output = ['-an', '-c:v', 'libvpx-vp9', '-pix_fmt', 'yuv420p', '-b:v', '0', '-crf', '34', this.part]
    const encoder = spawn('ffmpeg', ['-y', '-loglevel', 'error', ...input, ...output], { stdio: ['pipe', 'ignore', 'pipe'] })
    encoder.stderr.on('data', chunk => {
      this.said = `${this.said}${chunk}`.slice(-600)
    })
    encoder.stdin.on('error', () => undefined) // it ended; why is what `ended` tells
    this.ended = new Promise((resolve, reject) => {
      encoder.on('error', cause => reject(noEncoder(cause)))
      encoder.on('close', code => (code === 0 ? resolve() : reject(failed(code, this.said))))
    })
    this.ended.catch(() => undefined) // it is told where it is awaited
    return encoder
  }
}

function noEncoder(cause: Error): OperatorError {
  const what = 'a film in a .webm file needs the program ffmpeg, which was not found'
  return new OperatorError({ what, next: 'Install ffmpeg, or write a .gif.' }, { cause })
}

function failed(code: number | null, said: string): OperatorError {
  return new OperatorError({ what: `ffmpeg ended with ${code}: ${said.trim()}`, next: 'Try a .gif, which needs no ffmpeg.' })
}
