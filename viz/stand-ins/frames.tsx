/** The whole page over parts that change at every picture: `?agents=10000` on a plane, or `?cells=100000` of a grid; for the bench of frames. */

import { render } from 'preact'
import { type About, type Clock, type Command, Parts, seriesName } from '../../src/view/index.js'
import { App } from '../shell/app.js'
import { beginTheme } from '../shell/theme.js'
import type { FrameSource, SourceState } from '../source/frame-source.js'

const asked = new URLSearchParams(location.search)
const agents = Number(asked.get('agents') ?? 0)
const cells = Number(asked.get('cells') ?? 0)
const charts = Number(asked.get('charts') ?? 20)
const points = 10_000
/** Doubles of a point, and points of a block. */
const width = 4
const block = 256

class MovingSource implements FrameSource {
  readonly parts = new Parts()
  readonly state: SourceState = 'open'
  readonly canControl = true
  readonly canCompare = false
  onTrouble = () => {}
  private readonly listeners = new Set<() => void>()
  private readonly xy = new Float32Array(2 * agents)
  private readonly look = new Uint16Array(cells)
  private step = 0

  constructor() {
    const side = Math.round(Math.sqrt(cells))
    const columns = Array.from({ length: charts }, (_, i) => `column ${i + 1}`)
    const about: About = {
      scenario: 'frames',
      title: 'Frames',
      seed: 1,
      params: {},
      parameters: [],
      steps: null,
      layers: [],
      columns,
      charts: columns,
      panels: [],
      trades: false,
      beyondLimits: { agents: 0, messages: 0 },
    }
    this.parts.advance()
    this.parts.setJson('about', about)
    this.parts.setJson('types', { Thing: agents + cells })
    this.parts.setJson(
      'looks',
      ['#30638e', '#d1495b', '#edae49'].map((color, i) => ({
        type: 'Thing',
        label: `look ${i}`,
        color,
        shape: cells > 0 ? 'square' : 'arrow',
      })),
    )
    this.parts.setJson(
      'space',
      cells > 0 ? { kind: 'square', width: side, height: Math.ceil(cells / side) } : { kind: 'plane', width: 100, height: 100 },
    )
    this.parts.setArray(
      'agents/Thing/id',
      Uint32Array.from({ length: agents + cells }, (_, i) => i + 1),
    )
    this.parts.setArray('agents/Thing/size', Float32Array.of(1))
    if (cells > 0)
      this.parts.setArray(
        'agents/Thing/cell',
        Uint32Array.from({ length: cells }, (_, i) => i),
      )
    for (const column of columns) this.writeLine(column)
    this.move()
    const again = () => {
      this.move()
      for (const listener of this.listeners) listener()
      requestAnimationFrame(again)
    }
    requestAnimationFrame(again)
  }

  ask(): void {}

  async command(_: Command): Promise<void> {}

  listen(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  close(): void {}

  /** Everything moves, and each line has another last point. */
  private move(): void {
    const { parts, xy, look } = this
    this.step++
    parts.advance()
    for (let i = 0; i < agents; i++) {
      const angle = i * 2.4 + this.step / 50
      xy[2 * i] = 50 + 49 * Math.sqrt(i / agents) * Math.cos(angle)
      xy[2 * i + 1] = 50 + 49 * Math.sqrt(i / agents) * Math.sin(angle)
    }
    for (let i = 0; i < cells; i++) look[i] = (i * 7 + this.step * (i % 13)) % 3
    if (cells > 0) parts.setArray('agents/Thing/look', look)
    else {
      parts.setArray('agents/Thing/xy', xy)
      parts.setArray('agents/Thing/look', Uint16Array.of(0))
    }
    parts.setArray('agents/Thing/angle', Float32Array.of(this.step / 20))
    for (let i = 0; i < charts; i++) this.writeLast(`column ${i + 1}`)
    const clock: Clock = {
      step: points + this.step,
      time: this.step,
      state: 'playing',
      newest: points + this.step,
      earliest: 0,
      speed: null,
      rate: 60,
      reason: null,
      digest: null,
      branch: 0,
    }
    parts.setJson('clock', clock)
  }

  private writeLine(column: string): void {
    const blocks = Math.floor(points / block)
    for (let k = 0; k < blocks; k++) this.parts.setArray(`${seriesName(column)}/block/${k}`, this.stretch(k * block, block))
  }

  private writeLast(column: string): void {
    const from = Math.floor(points / block) * block
    this.parts.setArray(`${seriesName(column)}/tail/0`, this.stretch(from, 1 + (this.step % 16)))
  }

  private stretch(from: number, count: number): Float64Array {
    const stretch = new Float64Array(width * count)
    for (let i = 0; i < count; i++) {
      const value = Math.sin((from + i) / 300) + Math.sin(from + i) / 5
      stretch.set([from + i, value - 0.1, value + 0.1, value], width * i)
    }
    return stretch
  }
}

beginTheme()
const app = document.getElementById('app')
if (app !== null) render(<App open={() => new MovingSource()} isOwn={true} />, app)
