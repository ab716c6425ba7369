/** How the charts answer a pointer: moving and zooming, picking a series, and telling the row that is near. */

import type { Specification } from './axes.js'

const hover = 'hover'

/** Dragging moves the axis, the wheel with Shift zooms: without Shift it scrolls the page. */
export const zoom = {
  name: 'zoom',
  select: { type: 'interval', encodings: ['x'], zoom: 'wheel![event.shiftKey]' },
  bind: 'scales',
}

/** A click in the legend picks a series. */
export function pick(series: string | undefined): object[] {
  return series === undefined ? [] : [{ name: 'pick', select: { type: 'point', fields: [series] }, bind: 'legend' }]
}

export function faded(series: string | undefined, whole = 1): object {
  return series === undefined ? {} : { opacity: { condition: { param: 'pick', value: whole }, value: 0.12 } }
}

export function hovered(y: object, tooltip: readonly object[]): object {
  return {
    name: hover,
    mark: { type: 'point', filled: true, size: 60 },
    params: [{ name: 'near', select: { type: 'point', on: 'pointerover', nearest: true, clear: 'pointerout' } }],
    encoding: { y, tooltip, opacity: { condition: { param: 'near', empty: false, value: 1 }, value: 0 } },
  }
}

/** Without the layers that only a pointer makes visible: a picture would hold each of their marks for nothing. */
export function withoutHover(specification: Specification): Specification {
  const { layer } = specification
  return Array.isArray(layer) ? { ...specification, layer: layer.filter(one => one.name !== hover) } : specification
}
