/** What charts draw with: the part of a canvas context that an SVG can record too. */

export interface Pen {
  fillStyle: string | CanvasGradient | CanvasPattern
  strokeStyle: string | CanvasGradient | CanvasPattern
  lineWidth: number
  globalAlpha: number
  font: string
  textAlign: CanvasTextAlign
  textBaseline: CanvasTextBaseline
  beginPath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  arc(x: number, y: number, radius: number, from: number, to: number): void
  closePath(): void
  fill(): void
  stroke(): void
  fillRect(x: number, y: number, width: number, height: number): void
  fillText(text: string, x: number, y: number): void
}

const anchors: Partial<Record<CanvasTextAlign, string>> = { center: 'middle', right: 'end', end: 'end' }
const baselines: Partial<Record<CanvasTextBaseline, string>> = { top: 'hanging', middle: 'central', bottom: 'text-after-edge' }

/** Writes an SVG. */
export class SvgPen implements Pen {
  fillStyle: Pen['fillStyle'] = '#000'
  strokeStyle: Pen['strokeStyle'] = '#000'
  lineWidth = 1
  globalAlpha = 1
  font = '12px sans-serif'
  textAlign: CanvasTextAlign = 'left'
  textBaseline: CanvasTextBaseline = 'alphabetic'
  private readonly shapes: string[] = []
  private path = ''

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {}

  beginPath(): void {
    this.path = ''
  }

  moveTo(x: number, y: number): void {
    this.path += `M${round(x)} ${round(y)}`
  }

  lineTo(x: number, y: number): void {
    this.path += `${this.path === '' ? 'M' : 'L'}${round(x)} ${round(y)}`
  }

  arc(x: number, y: number, radius: number, from: number, to: number): void {
    const r = round(radius)
    if (to - from >= 2 * Math.PI - 1e-9) {
      this.path += `M${round(x - radius)} ${round(y)}a${r} ${r} 0 1 0 ${round(2 * radius)} 0a${r} ${r} 0 1 0 ${round(-2 * radius)} 0`
      return
    }
    this.lineTo(x + radius * Math.cos(from), y + radius * Math.sin(from))
    const isLarge = to - from > Math.PI ? 1 : 0
    this.path += `A${r} ${r} 0 ${isLarge} 1 ${round(x + radius * Math.cos(to))} ${round(y + radius * Math.sin(to))}`
  }

  closePath(): void {
    this.path += 'Z'
  }

  fill(): void {
    this.add(`<path d="${this.path}" fill="${escaped(String(this.fillStyle))}"${this.opacity()}/>`)
  }

  stroke(): void {
    const width = round(this.lineWidth)
    this.add(
      `<path d="${this.path}" fill="none" stroke="${escaped(String(this.strokeStyle))}" stroke-width="${width}"${this.opacity()}/>`,
    )
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const [left, top] = [Math.min(x, x + width), Math.min(y, y + height)]
    const size = `width="${round(Math.abs(width))}" height="${round(Math.abs(height))}"`
    this.add(`<rect x="${round(left)}" y="${round(top)}" ${size} fill="${escaped(String(this.fillStyle))}"${this.opacity()}/>`)
  }

  fillText(text: string, x: number, y: number): void {
    const [, size = '12', family = 'sans-serif'] = /([\d.]+)px\s+(.*)$/.exec(this.font) ?? []
    const anchor = anchors[this.textAlign] ?? 'start'
    const baseline = baselines[this.textBaseline] ?? 'auto'
    const place = `x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" dominant-baseline="${baseline}"`
    const look = `font-size="${size}" font-family="${escaped(family)}" fill="${escaped(String(this.fillStyle))}"${this.opacity()}`
    this.add(`<text ${place} ${look}>${escaped(text)}</text>`)
  }

  /** The whole image. */
  toString(): string {
    const { width, height } = this
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n${this.shapes.join('\n')}\n</svg>\n`
  }

  private add(shape: string): void {
    this.shapes.push(shape)
  }

  private opacity(): string {
    return this.globalAlpha === 1 ? '' : ` opacity="${round(this.globalAlpha)}"`
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)
}
